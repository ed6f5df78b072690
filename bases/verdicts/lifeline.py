"""The life of a base on one time line: names, decisions, half-years, revocations, the plaque; others add their rows.

A part that knows more registers a source, `@lines`, which gives the rows of one base; codes and days, never words.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from bases.register import title
from bases.verdicts import plaque, plaque_return, rectification, revocation
from bases.verdicts.decision import Decision
from ground.clock import local_day
from ground.database import Session


@dataclass(frozen=True)
class Happened:
    """One row: its day, what it is as a code with its facts, and in which case; `inside` is for the Department only."""

    on: date
    what: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    case_id: int | None = None
    inside: bool = False


Source = Callable[[Session, int], Iterable[Happened]]
_sources: list[Source] = []


def lines(source: Source) -> Source:
    """Register what gives further rows."""
    _sources.append(source)
    return source


def of_base(session: Session, base_id: int, *, inside: bool) -> list[Happened]:
    """The rows of a base, the newest first; those for the Department only if asked for."""
    every = [line for source in _sources for line in source(session, base_id) if inside or not line.inside]
    return sorted(every, key=lambda line: line.on)[::-1]


@lines
def names(session: Session, base_id: int) -> Iterable[Happened]:
    """Names given and ended."""
    for row in title.titles_of(session, [base_id]).get(base_id, ()):
        facts = {"kind": row.kind, "document": row.document or ""}
        yield Happened(row.valid_from, "title.given", facts)
        if row.valid_to is not None:
            yield Happened(row.valid_to, "title.ended", facts)


@lines
def decisions(session: Session, base_id: int) -> Iterable[Happened]:
    """What was signed about it."""
    wanted = select(Decision.signed_on, Decision.kind, Decision.outcome, Decision.clause, Decision.case_id)
    for row in session.execute(wanted.where(Decision.base_id == base_id).order_by(Decision.id)):
        yield Happened(row.signed_on, "decided", {"kind": row.kind, "outcome": row.outcome}, row.case_id)


@lines
def half_years(session: Session, base_id: int) -> Iterable[Happened]:
    """Rectifications that were served, with both ends, and the applications for reassessment."""
    for row in rectification.of_base(session, base_id):
        if row.begins_on is not None:
            ends = {"ends_on": row.ends_on, "material_due": row.material_due}
            yield Happened(row.begins_on, "rectification.served", ends, row.case_id)
        if row.applied_on is not None:
            yield Happened(row.applied_on, "rectification.applied", {}, row.case_id)


@lines
def revocations(session: Session, base_id: int) -> Iterable[Happened]:
    """Revocations that were begun, with their ground, and whether outside an assessment."""
    for row in revocation.of_base(session, base_id):
        what = "revocation.outside" if row.outside else "revocation.opened"
        yield Happened(local_day(row.opened_at), what, {"ground": row.ground}, row.case_id, inside=True)


@lines
def plaques(session: Session, base_id: int) -> Iterable[Happened]:
    """The plaque handed over, and what became of it."""
    for row in plaque.of_base(session, base_id):
        yield Happened(row.handed_on, "plaque.handed", {"number": row.number})
    gone = plaque_return.of_base(session, base_id)
    if gone is not None:
        yield Happened(gone.settled_on, f"plaque.{gone.what}", {}, gone.case_id)
