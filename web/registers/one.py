"""One entry of a register: its answers, what is said of it, who made it, and every change with its reason."""

from typing import Any

from flask import redirect, render_template, url_for
from sqlalchemy import Row as Record
from werkzeug.wrappers import Response as Answer

from bases.filing import clusters
from bases.measures import indicators
from bases.register import ledgers
from bases.register.ledgers import incident, marks, options, reading
from bases.register.ledgers.definition import Register
from engine import cases
from engine.forms.differing import differences
from ground import clock, ids
from ground.database import Session, reading as read_only
from ground.errors import Missing
from web.door import session
from web.door.language import pick
from web.fields import differing, shown
from web.registers import naming
from web.registers.blueprint import desk


@desk.get("/registers/<code>/entries/<ref>")
def one(code: str, ref: str) -> str:
    """The entry as it stands, with its history."""
    me = session.actor()
    with read_only() as store:
        register, entry = known(store, code, ref)
        lines = reading.history(store, entry)
        form, words = options.reading(store, register, [line.answers for line in lines])
        said = marks.of(store, register, [entry], clock.today()).get(entry.id, [])
        return render_template(
            "registers/pages/one.html",
            register=register,
            entry=entry,
            sheet=naming.sheet(form, words, entry.answers, clock.today().year),
            place=naming.places(store, register, [entry])[entry.id],
            marks=[naming.mark(each) for each in said],
            lines=list(reversed(_lines(lines, form, words))),
            persons=naming.persons(store, {line.by_person for line in lines}),
            actings=naming.actings(store, {line.acting for line in lines}),
            changes=entry.state == "live" and ledgers.changes_as(store, register, me, entry) is not None,
            publishes=entry.state == "live" and ledgers.publishes(register, me),
            cluster=_cluster(store, entry),
            key=ids.ref(),
            naming=naming,
        )


@desk.get("/registers/of-case/<ref>")
def of_case(ref: str) -> Answer:
    """The incident that a case checks: the way there from its tasks."""
    with read_only() as store:
        facts = cases.find(store, ref, session.actor())
        entry = incident.of_case(store, facts.id)
    return redirect(url_for("registers.one", code="adverse_event", ref=entry.ref), 303)


def known(store: Session, code: str, ref: str) -> tuple[Register, Record[Any]]:
    """The entry of this register, for whoever may see it."""
    entry = ledgers.find(store, ref, session.actor())
    if entry.register != code:
        raise Missing(entry=ref)
    return ledgers.of(code), entry


def _cluster(store: Session, entry: Record[Any]) -> dict[str, Any] | None:
    """The bases of a cluster with what they have filed for last year, and the totals."""
    if entry.register != "cluster":
        return None
    year = clock.today().year - 1
    items = indicators.by_code()
    return {
        "year": year,
        "whole": clusters.of(store, entry.answers.get("bases") or [], year),
        "items": [(code, pick(items[code].zh, items[code].en)) for code in clusters.ITEMS],
        "words": lambda code, amount: shown.number(clusters.words(code, amount)),
    }


def _lines(lines: Any, form: Any, words: Any) -> list[tuple[Any, list[differing.Change]]]:
    """Each version with what it changed."""
    found, before = [], None
    for line in lines:
        changed: list[differing.Change] = []
        if before is not None and before.answers != line.answers:
            old, new = (naming.sheet(form, words, each.answers, 0) for each in (before, line))
            changed = differing.changes(old, new, differences(form, before.answers, line.answers))
        found.append((line, changed))
        before = line
    return found
