"""Cases migrated in bulk: one job with progress, each case in its own transaction, taken up again where it was cut off.

What is to be done stands as rows before the first case moves. A case and its row are written in one commit, so after a
crash nothing is done twice and nothing is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, func, insert, literal, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases.case import Case
from engine.cases.hand import check
from engine.cases.migrating import NOTHING, Verdict, aim, moved
from engine.cases.under_way import Moving
from engine.definitions import Version
from ground import clock, jobs, people
from ground.database import Row, Session, reading, transaction
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Code, Document, Id, Instant, Ref, Text

KIND = "case.migrate"
AT_ONCE = 100


class CaseMigration(Row):
    """A migration in bulk: to which version, with which mapping and new dates, by whom and why."""

    __tablename__ = "case_migration"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    mapping: Mapped[dict[str, str]] = mapped_column(Document)
    rearm: Mapped[list[str]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(Text(500))
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class CaseMigrationItem(Row):
    """One case of it: `waiting`, or what became of it, with the verdict."""

    __tablename__ = "case_migration_item"
    __table_args__ = (Index("ix_case_migration_item_state", "migration_id", "state", "case_id"),)

    migration_id: Mapped[int] = mapped_column(Id, ForeignKey("case_migration.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    state: Mapped[str] = mapped_column(Code())
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class Taken(Refused):
    """Another runner has done this case in the meantime."""

    code = "migrate.done_already"


@dataclass(frozen=True)
class Progress:
    """How far it is: how many cases by what became of them, how many are left, and whether it is over."""

    total: int
    left: int
    results: Mapping[str, int]
    ended_at: datetime | None


def start(
    to: str,
    *,
    by: Actor,
    reason: str,
    mapping: Mapping[str, str] = NOTHING,
    rearm: Sequence[str] = (),
    case_refs: Sequence[str] | None = None,
) -> str:
    """Begin to move these cases, or all of the process that are not closed, to the version of this ref; its own ref."""
    check("migrate", by, reason)
    with transaction() as session:
        goal = aim(session, to, mapping, rearm, reason)
        values = {
            "ref": new_ref(),
            "version_id": goal.folder.version_id,
            "mapping": dict(mapping),
            "rearm": list(rearm),
            "reason": reason,
            "by_person": by.person,
            "began_at": clock.now(),
        }
        number = session.scalar(insert(CaseMigration).values(**values).returning(CaseMigration.id))
        which = [Case.ref.in_(list(case_refs))] if case_refs is not None else [Case.status != "closed"]
        cases = select(literal(number), Case.id, literal("waiting"), literal("{}")).where(
            Case.process_id == goal.process_id, Case.version_id != goal.folder.version_id, *which
        )
        columns = ["migration_id", "case_id", "state", "detail"]
        session.execute(insert(CaseMigrationItem).from_select(columns, cases))
        jobs.enqueue(session, KIND, {"migration": number})
    return str(values["ref"])


def candidates(session: Session, to: str, by: Actor, limit: int = 500) -> Sequence[Record[Any]]:
    """The running cases that do not stand on the version of this ref yet: ref, number, title, version_number."""
    check("migrate", by, "asked")
    goal = session.execute(select(Version.id, Version.process_id).where(Version.ref == to)).one_or_none()
    if goal is None:
        raise Missing(version=to)
    return session.execute(
        select(Case.ref, Case.number, Case.title, Version.number.label("version_number"))
        .join(Version, Version.id == Case.version_id)
        .where(Case.process_id == goal.process_id, Case.version_id != goal.id, Case.status != "closed")
        .order_by(Case.id)
        .limit(limit)
    ).all()


def progress(session: Session, ref: str) -> Progress:
    """How far the migration of this ref is."""
    row = _one(session, CaseMigration.ref == ref)
    counted = session.execute(
        select(CaseMigrationItem.state, func.count().label("cases"))
        .where(CaseMigrationItem.migration_id == row.id)
        .group_by(CaseMigrationItem.state)
    )
    results = {each.state: each.cases for each in counted}
    total, left = sum(results.values()), results.pop("waiting", 0)
    return Progress(total, left, results, row.ended_at)


def items(session: Session, ref: str, state: str, limit: int = 100) -> Sequence[Record[Any]]:
    """The cases of which this became, with their verdicts: ref, number, title, version_id, detail, done_at."""
    return session.execute(
        select(Case.ref, Case.number, Case.title, Case.version_id, CaseMigrationItem.detail, CaseMigrationItem.done_at)
        .join(Case, Case.id == CaseMigrationItem.case_id)
        .join(CaseMigration, CaseMigration.id == CaseMigrationItem.migration_id)
        .where(CaseMigration.ref == ref, CaseMigrationItem.state == state)
        .order_by(Case.id)
        .limit(limit)
    ).all()


@jobs.handler(KIND)
def run(payload: Mapping[str, Any]) -> None:
    """Do the next hundred cases, and ask for the rest as another job, so that none runs longer than its lease."""
    with reading() as session:
        row = _one(session, CaseMigration.id == payload["migration"])
        to = session.scalar(select(Version.ref).where(Version.id == row.version_id))
        goal = aim(session, to, row.mapping, row.rearm, row.reason)
        by = people.actor(session, row.by_person, clock.today()) if row.by_person else people.SYSTEM
        waiting = _waiting(session, row.id)
    for each in waiting:
        _settle(row.id, each.id, moved(each.ref, goal, by, partial(_claim, row.id, each.id)))
    with transaction() as session:
        if _waiting(session, row.id):
            jobs.enqueue(session, KIND, dict(payload))
        else:
            session.execute(
                update(CaseMigration)
                .where(CaseMigration.id == row.id, CaseMigration.ended_at.is_(None))
                .values(ended_at=clock.now())
            )


def _one(session: Session, which: Any) -> Record[Any]:
    row = session.execute(select(CaseMigration).where(which)).one_or_none()
    if row is None:
        raise Missing(what="migration")
    return row


def _waiting(session: Session, migration_id: int) -> Sequence[Record[Any]]:
    return session.execute(
        select(Case.id, Case.ref)
        .join(CaseMigrationItem, CaseMigrationItem.case_id == Case.id)
        .where(CaseMigrationItem.migration_id == migration_id, CaseMigrationItem.state == "waiting")
        .order_by(Case.id)
        .limit(AT_ONCE)
    ).all()


def _claim(migration_id: int, case_id: int, move: Moving) -> None:
    """In the case's own transaction, under its lock: this case is done by whoever finds it waiting."""
    if _mark(move.session, migration_id, case_id, "moved", {}) != 1:
        raise Taken(case=move.case.ref)


def _settle(migration_id: int, case_id: int, verdict: Verdict) -> None:
    """Keep what became of a case beside it; one that another runner has done keeps what that one wrote."""
    if verdict.why == Taken.code:
        return
    detail = {"elements": verdict.elements, "why": verdict.why, "opened": verdict.opened, "closed": verdict.closed}
    done = verdict.result in {"moved", "there"}
    with transaction() as session:
        _mark(session, migration_id, case_id, verdict.result, detail, was="moved" if done else "waiting")


def _mark(
    session: Session, migration_id: int, case_id: int, state: str, detail: Mapping[str, Any], was: str = "waiting"
) -> int:
    return session.execute(
        update(CaseMigrationItem)
        .where(
            CaseMigrationItem.migration_id == migration_id,
            CaseMigrationItem.case_id == case_id,
            CaseMigrationItem.state == was,
        )
        .values(state=state, detail=dict(detail), done_at=clock.now())
    ).rowcount
