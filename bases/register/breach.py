"""Breaches: a duty to report that was not kept by a date the text or a served notice fixes (Articles 8 and 14).

A breach is a fact with its evidence; it decides nothing. A passed 系统默认时限 makes none. One duty not kept by one
date is one breach, however often it is looked at: «missing» until the report comes, «late» from then on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, Select, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Id, Instant, Text, Whole

LATE, MISSING, FALSE = "late", "missing", "false"
KINDS = (LATE, MISSING, FALSE)
BINDING = ("text", "notice")
MOST_EVIDENCE = 2000


class Breach(Row):
    """One duty that was not kept: of a base (handed in by `organ_id`), or of a city itself, then without a base."""

    __tablename__ = "breach"
    __table_args__ = (Index("ix_breach_base", "base_id", "due_on"), Index("ix_breach_city", "city", "due_on"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Code(120), unique=True)
    base_id: Mapped[int | None] = mapped_column(Id, ForeignKey("base.id"))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    city: Mapped[str] = mapped_column(Code(6))
    kind: Mapped[str] = mapped_column(Code())
    duty: Mapped[str] = mapped_column(Code())
    year: Mapped[int] = mapped_column(Whole)
    due_on: Mapped[date] = mapped_column(Day)
    due_kind: Mapped[str] = mapped_column(Code(10))
    clause: Mapped[str] = mapped_column(Text(60))
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    evidence: Mapped[str] = mapped_column(Text(MOST_EVIDENCE))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    made_good_at: Mapped[datetime | None] = mapped_column(Instant)


class NotBinding(Refused):
    """Only a date of the text or of a served notice can be missed: a passed default is grey and makes no breach."""

    code = "breach.not_binding"
    status = 422


@dataclass(frozen=True)
class Duty:
    """Which duty of whom, by which date: what makes two looks at the same breach the same."""

    duty: str
    base_id: int | None
    organ_id: int
    due_on: date

    @property
    def key(self) -> str:
        """A base's duty is the base's, whichever organ hands it in; a city's is its organ's."""
        whose = f"base:{self.base_id}" if self.base_id is not None else f"organ:{self.organ_id}"
        return f"{self.duty}:{whose}:{self.due_on}"


def record(
    session: Session,
    *,
    base_id: int | None,
    organ_id: int,
    city: str,
    kind: str,
    duty: str,
    year: int,
    due_on: date,
    due_kind: str,
    clause: str,
    case_id: int | None,
    evidence: str,
    at: datetime,
) -> bool:
    """Write the fact down, once for this duty and date; False if it stands already. NotBinding for a default."""
    if due_kind not in BINDING or kind not in KINDS:
        raise NotBinding(duty=duty, due_kind=due_kind, kind=kind)
    values = {
        "key": Duty(duty, base_id, organ_id, due_on).key,
        "base_id": base_id,
        "organ_id": organ_id,
        "city": city,
        "kind": kind,
        "duty": duty,
        "year": year,
        "due_on": due_on,
        "due_kind": due_kind,
        "clause": clause,
        "case_id": case_id,
        "evidence": evidence[:MOST_EVIDENCE],
        "recorded_at": at,
    }
    return session.put_once(Breach, values)


def made_good(session: Session, duty: Duty, at: datetime) -> bool:
    """The report has come after all: what was missing is late, and stays a breach. False where there is none."""
    found = session.execute(
        update(Breach)
        .where(Breach.key == duty.key, Breach.kind == MISSING)
        .values(kind=LATE, made_good_at=at)
        .returning(Breach.id)
    )
    return found.one_or_none() is not None


def of_base(session: Session, base_id: int, since: date, until: date) -> Sequence[Record[Any]]:
    """The breaches of a base with a due day in this span (both days included), oldest first."""
    return session.execute(_due(since, until).where(Breach.base_id == base_id)).all()


def of_city(session: Session, city: str, since: date, until: date) -> Sequence[Record[Any]]:
    """The breaches in a city: its bases' and its own; its own stand without a base."""
    return session.execute(_due(since, until).where(Breach.city == city)).all()


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """What a case has seen missed, oldest first."""
    return session.execute(
        select(*Breach.__table__.columns).where(Breach.case_id == case_id).order_by(Breach.due_on, Breach.id)
    ).all()


def _due(since: date, until: date) -> Select[Any]:
    return (
        select(*Breach.__table__.columns)
        .where(Breach.due_on >= since, Breach.due_on <= until)
        .order_by(Breach.due_on, Breach.id)
    )
