"""The city's letter (来文): number, date, signer and stamped scan; one letter may carry several of the city's bases.

Article 9: a city reports with its letter, and takes back what it has reported with another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, Select, func, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.forms import FormContext, Problem, check, prefill
from ground import clock, people
from ground.database import Row, Session
from ground.errors import Refused
from ground.ids import ref as new_ref
from ground.organs import Organ
from ground.types import Code, Day, Id, Instant, Ref, Text

REPORT, WITHDRAWAL = "report", "withdrawal"
WITH_A_LETTER = frozenset({"forward", "agree"})
MOST = 10
ASKED = ("incoming_number", "dated_on", "signer", "scan")


class IncomingLetter(Row):
    """One letter of one city, as it was entered first; it is never changed."""

    __tablename__ = "incoming_letter"
    __table_args__ = (Index("ix_incoming_letter_organ", "organ_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    number: Mapped[str] = mapped_column(Text(60), unique=True)
    dated_on: Mapped[date] = mapped_column(Day)
    signer: Mapped[str] = mapped_column(Text(60))
    scan: Mapped[str] = mapped_column(Ref)
    entered_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)


class Carried(Row):
    """A case that a letter reports or takes back."""

    __tablename__ = "incoming_letter_case"
    __table_args__ = (Index("ix_incoming_letter_case_case", "case_id"),)

    letter_id: Mapped[int] = mapped_column(Id, ForeignKey("incoming_letter.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(Code(20), primary_key=True)
    carried_at: Mapped[datetime] = mapped_column(Instant)


class Incomplete(Refused):
    """Article 9: nothing is reported without the number, the date, the signer and the stamped scan of the letter."""

    code = "letter.incomplete"
    status = 422


class OfAnotherCity(Refused):
    """This letter was sent by another city."""

    code = "letter.of_another_city"
    status = 422


class Differs(Refused):
    """The letter of this number was entered with another date or another signer."""

    code = "letter.differs"
    status = 422


@dataclass(frozen=True)
class Letter:
    """What stands on the letter, as it was typed; `scan` is the ref of a stored file."""

    number: str
    dated_on: date
    signer: str
    scan: str


def city_of(session: Session, region: str, on: date) -> int:
    """The number of the organ that reports for the city of this region; 0 where there is none."""
    key = people.resolve(session, "city_officer", "case-city", None, region, on).key
    return int(key.partition("@")[2])


def read(answers: Mapping[str, Any]) -> Letter:
    """The letter in a form; Incomplete names what is missing."""
    missing = [name for name in ASKED if not answers.get(name)]
    if missing:
        raise Incomplete(missing=missing)
    return Letter(
        answers["incoming_number"].strip(),
        date.fromisoformat(answers["dated_on"]),
        answers["signer"].strip(),
        answers["scan"],
    )


def agreeing(session: Session, organ_id: int, letter: Letter) -> Record[Any] | None:
    """The letter of this number if it is known; OfAnotherCity or Differs where it is not this one."""
    found = session.execute(_COLUMNS.where(IncomingLetter.number == letter.number)).one_or_none()
    if found is None:
        return None
    if found.organ_id != organ_id:
        raise OfAnotherCity(number=letter.number)
    if (found.dated_on, found.signer) != (letter.dated_on, letter.signer):
        raise Differs(number=letter.number, dated_on=found.dated_on.isoformat(), signer=found.signer)
    return found


def file(session: Session, letter: Letter, *, organ_id: int, case_id: int, purpose: str, by: int, now: datetime) -> str:
    """Let this letter carry the case, entering it if it is new; its ref."""
    entered = {"organ_id": organ_id, "scan": letter.scan, "entered_by": by, "entered_at": now, "ref": new_ref()}
    session.put_once(
        IncomingLetter,
        {**entered, "number": letter.number, "dated_on": letter.dated_on, "signer": letter.signer},
    )
    found = agreeing(session, organ_id, letter)
    if found is None:
        raise Incomplete(missing=["incoming_number"])
    session.put_once(Carried, {"letter_id": found.id, "case_id": case_id, "purpose": purpose, "carried_at": now})
    return str(found.ref)


def of_case(session: Session, case_id: int, purpose: str | None = None) -> list[Record[Any]]:
    """The letters that carry a case, oldest first; with a purpose only those that report it or take it back."""
    wanted = _CARRYING.where(Carried.case_id == case_id).order_by(Carried.carried_at, IncomingLetter.id)
    return list(session.execute(wanted if purpose is None else wanted.where(Carried.purpose == purpose)))


def cases_of(session: Session, ref: str) -> list[int]:
    """The cases that a letter carries, in the order in which they came."""
    rows = session.execute(
        select(Carried.case_id)
        .join(IncomingLetter, IncomingLetter.id == Carried.letter_id)
        .where(IncomingLetter.ref == ref)
        .order_by(Carried.carried_at, Carried.case_id)
    )
    return [row.case_id for row in rows]


@check("incoming_letter")
def fits(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-9.1: a number that is known already is a letter of this city, with the same date and signer."""
    if context.session is None or context.case is None or answers.get("outcome") not in WITH_A_LETTER:
        return []
    if any(not answers.get(name) for name in ASKED):
        return []
    try:
        agreeing(context.session, city_of(context.session, context.case.region, clock.today()), read(answers))
    except Refused as no:
        return [Problem("incoming_number", no.code, dict(no.detail))]
    return []


@prefill("incoming_letter")
def newest(session: Session, case: Any) -> Mapping[str, Any]:
    """The letter that this city reported with last, since one letter may carry several bases."""
    organ = city_of(session, case.region, clock.today())
    found = session.execute(_reporting(organ).limit(1)).one_or_none()
    return {} if found is None else answers_of(found)


def to_choose(session: Session, case: Any) -> Sequence[Record[Any]]:
    """The letters that the city of this case has reported with, the newest first, each with how many it carries."""
    return session.execute(_reporting(city_of(session, case.region, clock.today())).limit(MOST)).all()


def answers_of(letter: Record[Any]) -> Mapping[str, Any]:
    """A letter that is known, as a form asks for it."""
    known = {"incoming_number": letter.number, "dated_on": letter.dated_on.isoformat()}
    return {**known, "signer": letter.signer, "scan": letter.scan}


def _reporting(organ_id: int) -> Select[Any]:
    """The letters with which this city has reported, the newest first."""
    carried = (
        select(Carried.letter_id, func.count().label("carries"))
        .where(Carried.purpose == REPORT)
        .group_by(Carried.letter_id)
        .subquery()
    )
    return (
        select(*IncomingLetter.__table__.columns, carried.c.carries)
        .join(carried, carried.c.letter_id == IncomingLetter.id)
        .where(IncomingLetter.organ_id == organ_id)
        .order_by(IncomingLetter.id.desc())
    )


_COLUMNS = select(*IncomingLetter.__table__.columns)
_CARRYING = (
    select(*IncomingLetter.__table__.columns, Carried.case_id, Carried.purpose, Carried.carried_at, Organ.name)
    .join(Carried, Carried.letter_id == IncomingLetter.id)
    .join(Organ, Organ.id == IncomingLetter.organ_id)
)
