"""委托代理: who acts for whom, in which organ, through which days, narrowed by process and region; it ends by itself.

What is lent is the keys of the principal's own grants and nothing else: a substitute can do tasks with them and holds
no role by them, and what somebody was lent they cannot lend on. Both days are included.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Row as Record,
    SQLColumnExpression,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from ground import ids, parameters, people
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused
from ground.grants import LENDABLE, Grant
from ground.organs import Organ, valid
from ground.people import Actor, Lent, Name, Person
from ground.types import Code, Day, Id, Instant, Ref

LONGEST = "substitution.longest"
MOST_AT_ONCE = 20
MOST_LISTED = 200
READERS = ("secadmin", "auditor")


class Substitution(Row):
    """One person acts for another in their organ, from day to day."""

    __tablename__ = "substitution"
    __table_args__ = (Index(None, "substitute_id", "valid_to"), Index(None, "principal_id", "valid_to"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    principal_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organ_id: Mapped[int] = mapped_column(ForeignKey("organ.id"))
    process: Mapped[str] = mapped_column(Code(60))
    region: Mapped[str] = mapped_column(Code(6))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date] = mapped_column(Day)
    named_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class NotOfOwnOrgan(Refused):
    """A substitute works in the organ in which they are to act, and so does whoever names them."""

    code = "substitution.organ"
    status = 422


class Oneself(Refused):
    """Nobody is their own substitute."""

    code = "substitution.oneself"
    status = 422


class DaysWrong(Refused):
    """It begins today or later, ends no earlier than it begins, and lasts `longest` days at most."""

    code = "substitution.days"
    status = 422


class Chained(Refused):
    """No chain: who has named a substitute of their own for one of these days acts for nobody else."""

    code = "substitution.chained"


class TooMany(Refused):
    """One person has as many substitutes as one person may have."""

    code = "substitution.too_many"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a principal wants: whom (ref), in which organ, from when until when, for which process and region."""

    substitute: str
    organ: int
    valid_from: date
    valid_to: date
    process: str = ""
    region: str = ""


def name(session: Session, by: Actor, wish: Wish, now: datetime) -> str:
    """Name a substitute and return the ref; the same wish again is the same substitution.

    The desk has checked that process and region exist. NotOfOwnOrgan, Oneself, DaysWrong, Chained, TooMany, Missing.
    """
    today = local_day(now)
    _check_days(session, wish, today)
    _lends(by, wish.organ)
    # One after another for each principal, so that a double click finds the first.
    session.execute(select(Person.id).where(Person.id == by.person).with_for_update())
    substitute = session.scalar(select(Person.id).where(Person.ref == wish.substitute, Person.active))
    if substitute is None:
        raise Missing(person=wish.substitute)
    if substitute == by.person:
        raise Oneself
    if not session.execute(_WORKS_THERE, {"person": substitute, "organ": wish.organ, "on": today}).scalar():
        raise NotOfOwnOrgan
    facts = {
        "principal_id": by.person,
        "substitute_id": substitute,
        "organ_id": wish.organ,
        "process": wish.process,
        "region": wish.region,
        "valid_from": wish.valid_from,
        "valid_to": wish.valid_to,
    }
    same = [getattr(Substitution, column) == value for column, value in facts.items()]
    earlier = session.scalar(select(Substitution.ref).where(Substitution.ended_at.is_(None), *same))
    if earlier is not None:
        return str(earlier)
    _check_chain(session, int(substitute), wish)
    if session.execute(_OPEN_OF, {"person": by.person, "on": today}).scalar_one() >= MOST_AT_ONCE:
        raise TooMany(most=MOST_AT_ONCE)
    ref = ids.ref()
    session.execute(insert(Substitution).values(ref=ref, named_at=now, ended_at=None, **facts))
    return ref


def end(session: Session, by: Actor, ref: str, now: datetime) -> None:
    """It ends now; by the principal or the substitute, and Missing for everybody else. Ended twice is ended once."""
    concerned = or_(Substitution.principal_id == by.person, Substitution.substitute_id == by.person)
    found = session.scalar(select(Substitution.id).where(Substitution.ref == ref, concerned))
    if found is None:
        raise Missing(substitution=ref)
    session.execute(
        update(Substitution).where(Substitution.id == found, Substitution.ended_at.is_(None)).values(ended_at=now)
    )


def of(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """What this person has named or was named for, the newest first, as far as it is not long past."""
    concerned = or_(Substitution.principal_id == by.person, Substitution.substitute_id == by.person)
    return session.execute(_LISTED.where(concerned).limit(MOST_LISTED)).all()


def listed(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """Every substitution, the newest first, for whoever gives roles and whoever audits."""
    if not any(by.has(role) for role in READERS):
        raise Forbidden(needs=READERS)
    return session.execute(_LISTED.limit(MOST_LISTED)).all()


def candidates(session: Session, by: Actor, on: date) -> list[tuple[int, Name]]:
    """Whom this person could name today: each with the organ in which both of them work, in Chinese order."""
    organs = {held.organ_id for held in by.held if held.role in LENDABLE}
    rows = session.execute(_COLLEAGUES, {"person": by.person, "organs": list(organs), "on": on})
    return [(row.organ_id, Name(row.id, row.ref, row.name, row.name_en)) for row in rows]


def actor(session: Session, person_id: int, on: date) -> Actor:
    """The person with the keys held on this day, and beside them what others have lent."""
    return replace(people.actor(session, person_id, on), lent=lent(session, person_id, on))


def lent(session: Session, person_id: int, on: date) -> tuple[Lent, ...]:
    """Every key that others have lent this person for this day, while both of them work in that organ."""
    rows = session.execute(_LENT, {"person": person_id, "on": on})
    return tuple(
        Lent(people.role_key(row.role, row.organ_id), row.id, row.name, row.name_en, row.process, row.region)
        for row in rows
    )


def serving(person: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether anybody's substitution of this person holds on the day `on`: to ask for the keys only then."""
    return exists().where(Substitution.substitute_id == person, _holds())


def stands(principal: SQLColumnExpression[Any], substitute: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether the one may act for the other on the day `on`."""
    return exists().where(Substitution.principal_id == principal, Substitution.substitute_id == substitute, _holds())


def _check_days(session: Session, wish: Wish, today: date) -> None:
    longest = int(parameters.values(session, (LONGEST,), today)[LONGEST].value)
    days = (wish.valid_to - wish.valid_from).days + 1
    if wish.valid_from < today or not 1 <= days <= longest:
        raise DaysWrong(longest=longest)


def _lends(by: Actor, organ: int) -> None:
    if not any(held.organ_id == organ and held.role in LENDABLE for held in by.held):
        raise NotOfOwnOrgan


def _check_chain(session: Session, substitute: int, wish: Wish) -> None:
    away = exists().where(
        Substitution.principal_id == substitute,
        Substitution.ended_at.is_(None),
        Substitution.valid_from <= wish.valid_to,
        Substitution.valid_to >= wish.valid_from,
    )
    if session.scalar(select(away)):
        raise Chained


def _holds() -> ColumnElement[bool]:
    on = bindparam("on", type_=Day())
    return (Substitution.valid_from <= on) & (Substitution.valid_to >= on) & Substitution.ended_at.is_(None)


def _working(person: SQLColumnExpression[Any], organ: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether this person holds a role there on the day `on` that has tasks of its own."""
    own = aliased(Grant)
    return exists().where(own.person_id == person, own.organ_id == organ, own.role.in_(LENDABLE), valid(own))


_principal, _substitute = aliased(Person), aliased(Person)
_LENT = (
    select(
        _principal.id,
        _principal.name,
        _principal.name_en,
        Grant.role,
        Grant.organ_id,
        Substitution.process,
        Substitution.region,
    )
    .join(_principal, _principal.id == Substitution.principal_id)
    .join(Grant, (Grant.person_id == _principal.id) & (Grant.organ_id == Substitution.organ_id))
    .where(
        Substitution.substitute_id == bindparam("person"),
        _holds(),
        _principal.active,
        Grant.role.in_(LENDABLE),
        valid(Grant),
        _working(Substitution.substitute_id, Substitution.organ_id),
    )
    .order_by(Substitution.id, Grant.id)
)
_LISTED = (
    select(
        Substitution.ref,
        Substitution.principal_id,
        Substitution.substitute_id,
        Substitution.process,
        Substitution.region,
        Substitution.valid_from,
        Substitution.valid_to,
        Substitution.named_at,
        Substitution.ended_at,
        _principal.name.label("principal_name"),
        _principal.name_en.label("principal_name_en"),
        _substitute.name.label("substitute_name"),
        _substitute.name_en.label("substitute_name_en"),
        Organ.name.label("organ_name"),
        Organ.name_en.label("organ_name_en"),
    )
    .join(_principal, _principal.id == Substitution.principal_id)
    .join(_substitute, _substitute.id == Substitution.substitute_id)
    .join(Organ, Organ.id == Substitution.organ_id)
    .order_by(Substitution.valid_to.desc(), Substitution.id.desc())
)
_COLLEAGUES = (
    select(Grant.organ_id, Person.id, Person.ref, Person.name, Person.name_en)
    .join(Person, Person.id == Grant.person_id)
    .where(
        Grant.organ_id.in_(bindparam("organs", expanding=True)),
        Grant.role.in_(LENDABLE),
        valid(Grant),
        Person.active,
        Person.id != bindparam("person"),
    )
    .group_by(Grant.organ_id, Person.id, Person.ref, Person.name, Person.name_en, Person.sort_key)
    .order_by(Grant.organ_id, Person.sort_key, Person.id)
)
_WORKS_THERE = select(_working(bindparam("person", type_=Id), bindparam("organ", type_=Id)))
_OPEN_OF = (
    select(func.count())
    .select_from(Substitution)
    .where(
        Substitution.principal_id == bindparam("person"),
        Substitution.ended_at.is_(None),
        Substitution.valid_to >= bindparam("on", type_=Day()),
    )
)
