"""What is behind a figure: one base's values of a year, every version with its reason, and the form of a correction."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases import register
from bases.filing import approval, comparison, values
from bases.measures import indicators
from ground import clock
from ground.database import Session, reading, transaction
from ground.errors import Missing
from web.door import said, session
from web.figures import saying, years
from web.figures.blueprint import desk


@desk.get("/figures/bases/<ref>")
def of_base(ref: str) -> str:
    """The figures of one base and year: the newest, and, where there is more than one version, all of them."""
    me, year = session.actor(), years.asked()
    with reading() as store:
        base = _seen(store, ref)
        found = [row for row in values.versions(store, base.id) if row.year in {year - 1, year}]
        locked = year in approval.years(store, base.id)
        stage = approval.stages(store, year).get(base.id)
    newest: dict[tuple[str, int], Any] = {(row.indicator, row.year): row for row in found}
    items = [code for code in indicators.by_code() if any((code, one) in newest for one in (year - 1, year))]
    return render_template(
        "figures/pages/base.html",
        base=base,
        year=year,
        years=(year - 1, year, year + 1),
        items=items,
        newest=newest,
        changed=_changed(found),
        stage=saying.STAGES.get(stage or approval.FIRST),
        say=saying,
        shown=shown,
        amounts=[code for code in items if indicators.by_code()[code].is_amount and (code, year) in newest],
        may_correct=locked and me.has(values.OFFICER),
    )


@desk.post("/figures/bases/<ref>/corrections")
def correct(ref: str) -> Answer:
    """更正: another version of an approved figure, with its reason."""
    given, year = request.form, years.asked()
    with transaction() as store:
        base = _seen(store, ref)
        key = (given.get("item", "")[:20], year)
        reason, typed = given.get("reason", ""), given.get("value", "")[:40]
        values.correct(store, base.id, key, typed, reason, session.actor(), clock.now())
    answer: Answer = redirect(url_for("figures.of_base", ref=ref, year=year), 303)
    said.tell(answer, "figures.corrected")
    return answer


def shown(row: Any) -> str:
    """One version as people read it: a number, how many a list counts, or what was answered."""
    item = indicators.by_code()[row.indicator]
    if row.amount is not None:
        return str(item.typed(row.amount))
    number = comparison.number_in(row.body)
    return saying.answer(row.body) if number is None else str(number)


def _changed(found: list[Any]) -> list[tuple[Any, Any]]:
    """Each version that took the place of another one, beside it; the newest first."""
    before: dict[tuple[str, int], Any] = {}
    pairs = []
    for row in found:
        key = (row.indicator, row.year)
        if key in before:
            pairs.append((before[key], row))
        before[key] = row
    return sorted(pairs, key=lambda pair: (pair[1].filed_at, pair[1].id), reverse=True)


def _seen(store: Session, ref: str) -> Any:
    """A base that this person has to do with; Missing for all others."""
    found = next((row for row in register.bases_of(store, session.actor()) if row.ref == ref), None)
    if found is None:
        raise Missing(base=ref)
    return found
