"""A change of a base (变更备案): who begins it, what stands now, and the record of before and after from its day on.

The text is silent (opinion 四(二)); everything here is «文件未规定,系统默认».
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record

from bases.cooperation import own_base
from bases.register import base, change
from engine import cases
from ground import organs
from ground.database import Session
from ground.errors import Refused
from ground.people import Actor

PROCESS = "base-change"
NAME, AREA, ORGAN, CONTACT = "name", "area", "organ", "contact"
WHAT = (NAME, AREA, ORGAN, CONTACT)
# A leader signs these; the others the department records.
SIGNED = frozenset({NAME, AREA})
UNKNOWN = "—"


class NotNamed(Refused):
    """A change is recorded of a base that holds a name; this one holds none (any more)."""

    code = "change.base_not_named"


class Unsigned(Refused):
    """A change of name or area is signed by a leader before it is recorded."""

    code = "change.unsigned"


class StoodOtherwise(Refused):
    """The register has changed since the form was filled in: what stood before is not what it says."""

    code = "change.stood_otherwise"


@dataclass(frozen=True)
class Wanted:
    """One item of a change."""

    what: str
    before: str
    after: str


def begin(base_ref: str, *, by: Actor, key: str, received_at: datetime | None = None) -> cases.Started:
    """Begin a change of one's own base, one at a time; Forbidden for everybody who does not fill in for it."""
    return own_base.begin(PROCESS, base_ref, NotNamed, alone=True, by=by, key=key, received_at=received_at)


def value_at(session: Session, found: Record[Any], what: str, day: date) -> str:
    """N-9: what this base was called, or how large it was, or who ran it and how to reach it, on any day."""
    lines = change.of_base(session, found.id)
    return str(change.value_at(lines, what, day, _now(session, found, what)))


def values_at(session: Session, found: Record[Any], day: date) -> dict[str, str]:
    """All of them on one day."""
    return {what: value_at(session, found, what, day) for what in WHAT}


def lines_of(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """Every recorded change of these items, the newest first."""
    return [line for line in reversed(change.of_base(session, base_id)) if line.what in WHAT]


def wanted(answers: Mapping[str, Any]) -> list[Wanted]:
    """The items of a form that say something new."""
    rows = answers.get("changes") or []
    return [Wanted(row["what"], row.get("was") or "", row["becomes"]) for row in rows if row.get("becomes")]


def record(session: Session, found: Record[Any], items: Sequence[Wanted], source: change.Source) -> None:
    """Write before and after of each item, and what the register shows from now on."""
    lines = change.of_base(session, found.id)
    for one in items:
        stands = str(change.value_at(lines, one.what, date.max, _now(session, found, one.what)))
        if stands != one.before:
            raise StoodOtherwise(base=found.ref, what=one.what)
        change.record(session, found.id, one.what, one.before, one.after, source)
    new = {one.what: one.after for one in items}
    base.amend(session, found.id, new.get(NAME), int(new[AREA]) if AREA in new else None)


def _now(session: Session, found: Record[Any], what: str) -> str:
    """What the register says where no change of it was ever recorded."""
    if what == NAME:
        return str(found.name)
    if what == AREA:
        return UNKNOWN if found.area_mu is None else str(found.area_mu)
    if what == ORGAN:
        return organs.bodies(session, [found.organ_id])[found.organ_id].name
    return UNKNOWN
