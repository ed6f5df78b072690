"""What else holds a case, which its own rows do not say: an objection to its base, a job of it that is tried again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from bases.documents import document
from bases.verdicts import objection
from ground import jobs
from ground.database import Session
from ground.errors import Missing
from tasks.reasons import Reason

BASE = "base:"


def of(store: Session, rows: Sequence[Any]) -> Mapping[int, Sequence[Reason]]:
    """By case, what is to be said of it beside its own reasons."""
    found: dict[int, list[Reason]] = defaultdict(list)
    for row, since in _objected(store, rows):
        found[row.case_id].append(Reason("objection", None, since))
    for case, attempts in _tried_again(store, rows):
        found[case].append(Reason("job", None, None, {"n": attempts}))
    return found


def _objected(store: Session, rows: Sequence[Any]) -> list[tuple[Any, Any]]:
    """The cases whose notice has ended, and whose base an objection holds still."""
    about = {row.case_id: int(row.subject.removeprefix(BASE)) for row in rows if row.subject.startswith(BASE)}
    held = objection.held_since(store, set(about.values())) if about else {}
    return [
        (row, held[about[row.case_id]])
        for row in rows
        if about.get(row.case_id) in held and objection.holding(store, row.case_id, about[row.case_id])
    ]


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
