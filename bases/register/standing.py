"""The standing of a named base: 限期整改, back to its name, or without it. A person has signed it (13, 14).

A clock, a score and nobody cannot change it: every function asks for a deciding case and a person, and the table
`base` holds neither 限期整改 nor 取消命名 without both.
"""

from typing import Any

from sqlalchemy import Row as Record, select, update

from bases.register import base, change, title
from bases.register.base import Base
from bases.register.title import Signed, Title
from ground import parameters
from ground.clock import local_day
from ground.database import Session
from ground.errors import Missing, Refused
from ground.people import Person

MAX_TIMES = "rectify.max_times"
STATUS = "status"


class Unsigned(Refused):
    """No person has signed for this, or no case has decided it: nothing changes the standing of a base by itself."""

    code = "standing.unsigned"


class NotNamed(Refused):
    """Only a base with a valid provincial name is rectified or loses it."""

    code = "standing.not_named"


class NotRectifying(Refused):
    """The base is not being rectified."""

    code = "standing.not_rectifying"


class Again(Refused):
    """The base has been rectified as often as is allowed before it is assessed again (文件未规定，系统默认：一次)."""

    code = "standing.again"


def rectify(session: Session, base_id: int, signed: Signed) -> None:
    """Article 13(2): 限期整改 begins; Again past `rectify.max_times` since the name was last confirmed."""
    _check(session, signed)
    found = _locked(session, base_id)
    if found.status not in {base.DESIGNATED, base.RECTIFYING} or _provincial(session, base_id) is None:
        raise NotNamed(base=base_id, status=found.status)
    most = int(parameters.value(session, MAX_TIMES, local_day(signed.source.at)).value)
    if times(session, base_id) >= most:
        raise Again(base=base_id, most=most)
    _write(session, found, base.RECTIFYING, signed)


def under_way(session: Session, base_id: int) -> bool:
    """Whether the base is being rectified now."""
    return bool(session.scalar(select(Base.status).where(Base.id == base_id)) == base.RECTIFYING)


def keep(session: Session, base_id: int, signed: Signed) -> None:
    """Article 13(2): passed the reassessment, so the name is kept, and the count begins anew."""
    _check(session, signed)
    found = _locked(session, base_id)
    if found.status != base.RECTIFYING:
        raise NotRectifying(base=base_id, status=found.status)
    _write(session, found, base.DESIGNATED, signed)


def revoke(session: Session, base_id: int, signed: Signed) -> None:
    """Articles 13(2), 14: the provincial name ends on the day decided; a national one only the Ministry ends."""
    _check(session, signed)
    found = _locked(session, base_id)
    held = _provincial(session, base_id)
    if found.status not in {base.DESIGNATED, base.RECTIFYING} or held is None:
        raise NotNamed(base=base_id, status=found.status)
    on = signed.source.holds_from or local_day(signed.source.at)
    session.execute(update(Title).where(Title.id == held).values(valid_to=on))
    change.record(session, base_id, "title", title.PROVINCIAL, None, signed.source)
    _write(session, found, base.REVOKED, signed)


def times(session: Session, base_id: int) -> int:
    """How often 限期整改 has begun since the name was given or last confirmed."""
    lines = [line for line in change.of_base(session, base_id) if line.what == STATUS]
    number = 0
    for line in lines:
        number = number + 1 if line.after == base.RECTIFYING else 0
    return number


def _check(session: Session, signed: Signed) -> None:
    """A deciding case, and a person who is one of ours; the system is none."""
    source = signed.source
    known = source.by_person and session.scalar(select(Person.id).where(Person.id == source.by_person))
    if source.case_id is None or not known:
        raise Unsigned(case=source.case_id, person=source.by_person)


def _locked(session: Session, base_id: int) -> Record[Any]:
    found = session.execute(select(Base.id, Base.status).where(Base.id == base_id).with_for_update()).one_or_none()
    if found is None:
        raise Missing(base=base_id)
    return found


def _provincial(session: Session, base_id: int) -> int | None:
    wanted = select(Title.id).where(Title.base_id == base_id, Title.kind == title.PROVINCIAL, Title.valid_to.is_(None))
    found: int | None = session.scalar(wanted.order_by(Title.id.desc()).limit(1))
    return found


def _write(session: Session, found: Record[Any], status: str, signed: Signed) -> None:
    decided = {"decided_in": signed.source.case_id, "decided_by": signed.source.by_person}
    session.execute(update(Base).where(Base.id == found.id).values(status=status, **decided))
    change.record(session, found.id, STATUS, found.status, status, signed.source)
