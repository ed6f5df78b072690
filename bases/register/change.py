"""What has changed about a base, when it was recorded and from which day it holds; lines are only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.clock import local_day
from ground.database import Row, Session
from ground.types import Code, Day, Document, Id, Instant

APPLICATION, REFUSED, WITHDRAWN = "application", "refused", "withdrawn"


class Change(Row):
    """One line of a base's history: `recorded_at` is when we knew it, `holds_from` when it became so."""

    __tablename__ = "base_history"

    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    holds_from: Mapped[date] = mapped_column(Day)
    what: Mapped[str] = mapped_column(Code())
    before: Mapped[Any] = mapped_column(Document, nullable=True)
    after: Mapped[Any] = mapped_column(Document, nullable=True)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


@dataclass(frozen=True)
class Source:
    """Where a change comes from: when it was recorded, from which day it holds, in which case, signed by whom."""

    at: datetime
    holds_from: date | None = None
    case_id: int | None = None
    by_person: int | None = None


def record(session: Session, base_id: int, what: str, before: Any, after: Any, source: Source) -> None:
    """Add a line; two writers at once meet at its number, and one of them is refused."""
    seq = (session.scalar(select(func.max(Change.seq)).where(Change.base_id == base_id)) or 0) + 1
    session.execute(
        insert(Change).values(
            base_id=base_id,
            seq=seq,
            recorded_at=source.at,
            holds_from=source.holds_from or local_day(source.at),
            what=what,
            before=before,
            after=after,
            case_id=source.case_id,
            by_person=source.by_person,
        )
    )


def value_at(lines: Sequence[Record[Any]], what: str, day: date, now: Any) -> Any:
    """N-9: what held on this day, as it is known by these lines of a base; `now` where nothing has ever changed.

    Of two lines that hold from one day the later recorded one is right.
    """
    of_it = [line for line in lines if line.what == what]
    held = [line for line in of_it if line.holds_from <= day]
    if held:
        return max(held, key=lambda line: (line.holds_from, line.seq)).after
    return min(of_it, key=lambda line: (line.holds_from, line.seq)).before if of_it else now


def was_refused(session: Session, base_id: int) -> bool:
    """Whether an application of this base has been refused before."""
    lines = of_base(session, base_id)
    return any(line.what == APPLICATION and line.after == REFUSED for line in lines)


def of_base(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """The history of a base, oldest line first."""
    return session.execute(
        select(*Change.__table__.columns).where(Change.base_id == base_id).order_by(Change.seq)
    ).all()
