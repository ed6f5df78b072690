"""The case row: begun and numbered, locked, noted, and moved on under the guard of its `rev`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import history
from engine.definitions import Release
from ground import clock
from ground.database import Row, Session, table
from ground.errors import Stale
from ground.ids import ref as new_ref
from ground.types import Bytes, Code, Id, Instant, Ref, Text, Whole


class Case(Row):
    """One case: what it is about, the release it is pinned to, and the state that moves it along."""

    __tablename__ = "cases"  # `case` is a word of SQL
    __table_args__ = (
        Index("ix_cases_region", "region", "id"),
        Index("ix_cases_organ", "organ_id", "id"),
        Index("ix_cases_subject", "subject", "process_id"),
        Index("ix_cases_starter", "started_by", "id"),
        Index(
            "ix_cases_moved",
            *("moved_at", "id", "process_id", "region", "status"),
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    number: Mapped[str] = mapped_column(Text(60), unique=True)
    title: Mapped[str] = mapped_column(Text(200))
    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"))
    release_id: Mapped[int] = mapped_column(Id, ForeignKey("release.id"))
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    subject: Mapped[str] = mapped_column(Code(120))
    alone: Mapped[str | None] = mapped_column(Code(200), unique=True)
    region: Mapped[str] = mapped_column(Code(6), ForeignKey("region.code"))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    status: Mapped[str] = mapped_column(Code())
    outcome: Mapped[str | None] = mapped_column(Code(120))
    started_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    moved_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    rev: Mapped[int] = mapped_column(Whole)
    seq: Mapped[int] = mapped_column(Whole)
    head: Mapped[str] = mapped_column(Text(64))
    state: Mapped[bytes] = mapped_column(Bytes)


class CaseNumber(Row):
    """The last number given out for a process in a year."""

    __tablename__ = "case_number"

    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"), primary_key=True)
    year: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Whole)


class Party(Row):
    """A person who was asked by name, and so may see this one case."""

    __tablename__ = "party"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)


def reporting_year(case: Any) -> int:
    """上年: the year before the one in which the case began."""
    return clock.local_day(case.started_at).year - 1


def lock(session: Session, case_id: int) -> Record[Any]:
    """Take the case's row before any other row of the case, as every move does; the head of its chain, its status."""
    return session.execute(_LOCK, {"case": case_id}).one()


def lock_free(session: Session, case_id: int) -> Record[Any] | None:
    """The same if nobody else has it; None, at once, if somebody has."""
    return session.execute(_LOCK_FREE, {"case": case_id}).one_or_none()


def note(session: Session, case_id: int, fact: history.Fact) -> None:
    """Add a line to a case's history for an act that does not move it (a claim, a remark)."""
    head = lock(session, case_id)
    after = history.write(session, case_id, history.Head(head.seq, head.head), [fact])
    session.later(_NOTE, [{"case": case_id, "to_seq": after.seq, "to_head": after.hash}])


def next_number(session: Session, process_id: int, year: int, word: str) -> str:
    """The number people read: `2026-认定-007`."""
    session.put_once(CaseNumber, {"process_id": process_id, "year": year, "last": 0})
    last = session.scalar(
        update(CaseNumber)
        .where(CaseNumber.process_id == process_id, CaseNumber.year == year)
        .values(last=CaseNumber.last + 1)
        .returning(CaseNumber.last)
    )
    return f"{year}-{word}-{last:03d}"


def on_release(session: Session, release: Record[Any], word: str, now: datetime) -> dict[str, Any]:
    """What a new case on this release is called, and what it is pinned to."""
    return {
        "ref": new_ref(),
        "number": next_number(session, release.process_id, clock.local_day(now).year, word),
        "process_id": release.process_id,
        "release_id": release.release_id,
        "version_id": release.version_id,
    }


def running(session: Session) -> Mapping[int, int]:
    """How many cases that are not closed stand on each version."""
    rows = session.execute(
        select(Case.version_id, func.count().label("cases")).where(Case.status != "closed").group_by(Case.version_id)
    )
    return {row.version_id: row.cases for row in rows}


def by_policy(session: Session) -> Mapping[str, int]:
    """How many cases that are not closed rest on each policy."""
    rows = session.execute(
        select(Release.policy, func.count().label("cases"))
        .select_from(Case)
        .join(Release, Release.id == Case.release_id)
        .where(Case.status != "closed")
        .group_by(Release.policy)
    )
    return {row.policy: row.cases for row in rows}


def join(session: Session, case_id: int, person_id: int) -> None:
    """This person was asked by name: from now on they may see the case."""
    session.later_once(Party, {"case_id": case_id, "person_id": person_id})


def create(session: Session, values: Mapping[str, Any]) -> int:
    """Write the row of a new case."""
    return int(session.scalar(insert(Case).values(**values).returning(Case.id)))


def store(session: Session, values: Mapping[str, Any], number: str, *, ended: bool) -> None:
    """Write what a move made of a case, with its commit; Stale then, if another move was quicker (`rev`)."""
    session.later(_CLOSE if ended else _GO_ON, [values], lambda: Stale(case=number))


_LOCK = select(Case.seq, Case.head, Case.status).where(Case.id == bindparam("case")).with_for_update()
_LOCK_FREE = _LOCK.with_for_update(skip_locked=True)
_NOTE = (
    update(table(Case)).where(Case.id == bindparam("case")).values(seq=bindparam("to_seq"), head=bindparam("to_head"))
)
_GO_ON = (
    update(table(Case))
    .where(Case.id == bindparam("case"), Case.rev == bindparam("from_rev"))
    .values(
        rev=bindparam("to_rev"),
        seq=bindparam("to_seq"),
        head=bindparam("to_head"),
        state=bindparam("to_state"),
        moved_at=bindparam("now"),
    )
)
_CLOSE = _GO_ON.values(status="closed", outcome=bindparam("to_outcome"), ended_at=bindparam("now"), alone=None)
