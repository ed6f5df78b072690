"""What else holds a case, which its own rows do not say: an objection, another case's message, a job tried again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bases.documents import document
from bases.verdicts import objection
from ground import jobs
from ground.database import Session
from ground.errors import Missing
from ground.people import Actor
from tasks import awaited as handed
from tasks.awaited import Other
from tasks.reasons import Reason
from web.reviewer import awaited

BASE = "base:"


def of(store: Session, rows: Sequence[Any], me: Actor) -> Mapping[int, Sequence[Reason]]:
    """By case, what is to be said of it beside its own reasons; of another case only what this person may know."""
    found: dict[int, list[Reason]] = defaultdict(list)
    for row, since, other in _objected(store, rows, me):
        found[row.case_id].append(Reason("objection", None, since, other))
    for case, each in awaited.of(store, rows, me).items():
        found[case] += [Reason("message", one.element, None, _facts(one.number, one.ref, one.then)) for one in each]
    for case, attempts in _tried_again(store, rows):
        found[case].append(Reason("job", None, None, {"n": attempts}))
    return found


def _objected(store: Session, rows: Sequence[Any], me: Actor) -> list[tuple[Any, Any, Mapping[str, str]]]:
    """The cases whose notice has ended and whose base an objection holds still: since when, and in which case."""
    about = {row.case_id: int(row.subject.removeprefix(BASE)) for row in rows if row.subject.startswith(BASE)}
    held = objection.held_since(store, set(about.values())) if about else {}
    stopped = [
        row
        for row in rows
        if about.get(row.case_id) in held and objection.holding(store, row.case_id, about[row.case_id])
    ]
    handled = objection.handled_in(store, {about[row.case_id] for row in stopped}) if stopped else {}
    others = handed.among(store, handled.values(), me)
    where = awaited.stand(store, others)
    return [
        (row, held[base], _told(others, where, handled.get(base))) for row in stopped for base in [about[row.case_id]]
    ]


def _told(others: Mapping[int, Other], where: Mapping[int, str], case: int | None) -> Mapping[str, str]:
    other = others.get(case or 0)
    return _facts(other.case.number, other.case.case_ref, where[other.case.case_id]) if other else _facts()


def _facts(number: str = "", ref: str = "", then: str = "") -> Mapping[str, str]:
    return {"number": number, "ref": ref, "then": then}


def _tried_again(store: Session, rows: Sequence[Any]) -> list[tuple[int, int]]:
    """The cases that a failed job is about: it names their ref, or a paper of theirs."""
    listed = {row.case_id for row in rows}
    refs = {row.case_ref: row.case_id for row in rows}
    found = []
    for job in jobs.retrying(store):
        named = {refs[value] for value in map(_ref, job.payload.values()) if value in refs}
        if "document" in job.payload:
            named |= {_of_paper(store, str(job.payload["document"]))} & listed
        found += [(case, job.attempts) for case in sorted(named)]
    return found


def _ref(value: object) -> str:
    """The ref in what a job was given: `case:7k2…`, or the ref alone."""
    return str(value).rpartition(":")[2]


def _of_paper(store: Session, ref: str) -> int:
    try:
        return int(document.by_ref(store, ref).case_id)
    except Missing:
        return 0
