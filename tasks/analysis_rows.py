"""What analyses count: one row a case and one a step, reckoned anew from its history after a case has moved.

History is only ever added to, so a row stands as long as its case has no newer line and the calendar stays. An
analysis then counts these small rows and never reads two million lines; work on cases does not wait for either.
"""

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, Row as Record, delete, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from engine import definitions
from engine.cases import Case
from engine.history import History
from ground import calendar, clock, leases
from ground.calendar import Calendar
from ground.database import Row, Session, reading, table
from ground.leases import Held
from ground.types import Code, Day, Document, Flag, Id, Instant, Whole
from tasks import elapsed, following, paths
from tasks.paths import Path

AT_ONCE = 20
# Between two handfuls work on cases goes first.
PAUSE_SECONDS = 0.02
MOST_STEPS = 60
MOST_DAYS = 999
# Behind what they are found by, the indexes hold all that is grouped or asked: no row is looked up for an analysis.
COUNTED_CASE = ("variant", "by_hand", "unknown", "city", "version_id")
COUNTED_STEP = ("waited", "worked", "sent_back", "due_kind", "late", "due_on", "city", "version_id", "case_id")
FOLLOWED = frozenset(
    {
        "task.opened",
        "task.claimed",
        "task.released",
        "task.completed",
        "task.rekeyed",
        "deadline.recounted",
        "timer.fired",
        *paths.NAMELESS,
        *paths.ENDS,
        "message.sent",
        "case.suspended",
        "case.resumed",
        "case.moved",
    }
)


class AnalysedCase(Row):
    """One case: how far its history was read, its variant, its working days, and where it left its diagram."""

    __tablename__ = "analysed_case"
    __table_args__ = (
        Index("ix_analysed_case_process", "process_id", "month", "days", *COUNTED_CASE),
        Index("ix_analysed_case_reckoned", "reckoned_at"),
    )

    # No foreign key: on PostgreSQL its check would lock the case against whoever moves it.
    case_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"))
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    city: Mapped[str] = mapped_column(Code(4))
    seq: Mapped[int] = mapped_column(Whole)
    calendar: Mapped[str] = mapped_column(Code(64))
    month: Mapped[str] = mapped_column(Code(7))
    ended: Mapped[bool] = mapped_column(Flag)
    variant: Mapped[str] = mapped_column(Code(64))
    days: Mapped[int | None] = mapped_column(Whole)
    left_out: Mapped[int] = mapped_column(Whole)
    returns: Mapped[int] = mapped_column(Whole)
    by_hand: Mapped[int] = mapped_column(Whole)
    unknown: Mapped[int] = mapped_column(Whole)
    reckoned_at: Mapped[datetime] = mapped_column(Instant)


class AnalysedStep(Row):
    """One step of a case: its working days until it was taken and from then on, its limit, what came of it."""

    __tablename__ = "analysed_step"
    __table_args__ = (Index("ix_analysed_step_process", "process_id", "month", "element", *COUNTED_STEP),)

    case_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"))
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    city: Mapped[str] = mapped_column(Code(4))
    element: Mapped[str] = mapped_column(Code(120))
    month: Mapped[str | None] = mapped_column(Code(7))
    queue: Mapped[str] = mapped_column(Code(120))
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    waited: Mapped[int | None] = mapped_column(Whole)
    worked: Mapped[int | None] = mapped_column(Whole)
    due_on: Mapped[date | None] = mapped_column(Day)
    due_kind: Mapped[str | None] = mapped_column(Code(10))
    late: Mapped[bool] = mapped_column(Flag)
    sent_back: Mapped[bool] = mapped_column(Flag)
    how: Mapped[str] = mapped_column(Code(10))


class Variant(Row):
    """A sequence of steps that at least one case of a process has gone through."""

    __tablename__ = "variant"

    process_id: Mapped[int] = mapped_column(Id, ForeignKey("process.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(Code(64), primary_key=True)
    steps: Mapped[list[str]] = mapped_column(Document)


@dataclass(frozen=True)
class Line:
    """A line of history with the version that it was written on, as `paths.read` takes it."""

    at: datetime
    kind: str
    by: int | None
    element: str | None
    detail: Mapping[str, Any]
    version_id: int


@dataclass(frozen=True)
class Made:
    """What one reading made of some cases: the rows to put in the place of their old ones, and how far it came."""

    cases: Sequence[dict[str, Any]]
    steps: Sequence[dict[str, Any]]
    variants: Mapping[tuple[int, str], Sequence[str]]
    after: int


def keep(held: Held) -> None:
    """Reckon every case that has moved since it was reckoned last, a handful at a time; one node does it for all."""
    after = 0
    while True:
        with reading() as session:
            made = reckoned(session, after, clock.now())
        if made is None:
            return
        with leases.writing(held) as session:
            store(session, made)
        leases.renew(held, clock.now())
        after = made.after
        threading.Event().wait(PAUSE_SECONDS)


def reckon_all(session: Session, now: datetime) -> int:
    """The same in one transaction, for a trial or a bench; how many cases it read."""
    after, read = 0, 0
    while made := reckoned(session, after, now):
        store(session, made)
        after, read = made.after, read + len(made.cases)
    return read


def reckoned(session: Session, after: int, now: datetime) -> Made | None:
    """What the next handful of cases behind this number comes to; None where none has moved."""
    digest = session.scalar(calendar.DIGEST) or ""
    rows = session.execute(_moved(after, digest)).all()
    if not rows:
        return None
    known = calendar.read(session, digest)
    stories = _stories(session, [row.id for row in rows])
    made_cases: list[dict[str, Any]] = []
    made_steps: list[dict[str, Any]] = []
    variants: dict[tuple[int, str], Sequence[str]] = {}
    for row in rows:
        one = _Reckoning(session, row, stories.get(row.id, []), known, now)
        made_steps += one.steps()
        made_cases.append({**one.case(), "calendar": digest})
        variants[row.process_id, one.digest] = one.variant
    return Made(made_cases, made_steps, variants, rows[-1].id)


def store(session: Session, made: Made) -> None:
    """Put these rows in the place of what was known of their cases."""
    numbers = [row["case_id"] for row in made.cases]
    for kind in (AnalysedStep, AnalysedCase):
        session.execute(delete(kind).where(kind.case_id.in_(numbers)))
    for (process, digest), steps in made.variants.items():
        session.put_once(Variant, {"process_id": process, "digest": digest, "steps": list(steps)})
    session.execute(insert(table(AnalysedCase)), list(made.cases))
    if made.steps:
        session.execute(insert(table(AnalysedStep)), list(made.steps))


class _Reckoning:
    """One case's story as rows."""

    def __init__(
        self, session: Session, row: Record[Any], lines: Sequence[Record[Any]], known: Calendar, now: datetime
    ) -> None:
        self._row, self._known, self._now = row, known, now
        folder = definitions.pinned(session, row.release_id)
        under = definitions.written_under(session, folder)
        self._lines = list(versioned(lines, row.version_id))
        self._folder = folder
        self._path: Path = paths.read(self._lines, lambda version: following.of(under(version)))
        self._until = row.ended_at or now
        steps = self._path.variant
        # A case of ten thousand rounds is told by its first ones.
        self.variant = steps if len(steps) <= MOST_STEPS else [*steps[:MOST_STEPS], "…"]
        self.digest = hashlib.sha256(orjson.dumps(self.variant)).hexdigest()

    def case(self) -> dict[str, Any]:
        used = elapsed.of_case(self._lines, self._role, self._until, self._known)
        how = [step.how for step in self._path.steps]
        return {
            **self._shared(),
            "seq": self._row.seq,
            "month": f"{clock.local_day(self._until):%Y-%m}",
            "ended": self._row.ended_at is not None,
            "variant": self.digest,
            "days": min(used.days, MOST_DAYS) if used and self._row.ended_at else None,
            "left_out": used.suspended + used.supplemented + used.returned if used else 0,
            "returns": sum(step.sent_back for step in self._path.steps),
            "by_hand": how.count(paths.HAND),
            "unknown": how.count(paths.UNKNOWN),
            "reckoned_at": self._now,
        }

    def steps(self) -> list[dict[str, Any]]:
        return [self._step(number, step) for number, step in enumerate(self._path.steps, start=1)]

    def _step(self, number: int, step: paths.Step) -> dict[str, Any]:
        done = step.left is not None and not step.withdrawn
        # Lines of before did not say the kind; what has a limit without one is counted as ours and accuses nobody.
        kind = (step.due_kind or "default") if step.due_on else None
        return {
            **self._shared(),
            "version_id": step.version_id,
            "number": number,
            "element": step.element,
            "month": f"{clock.local_day(step.left):%Y-%m}" if done and step.left else None,
            "queue": step.queue,
            "by_person": step.by if done else None,
            "waited": min(self._path.waited(step, self._now, self._known), MOST_DAYS) if done else None,
            "worked": min(self._path.worked(step, self._now, self._known), MOST_DAYS) if done else None,
            "due_on": step.due_on if kind and not step.withdrawn else None,
            "due_kind": kind if not step.withdrawn else None,
            "late": done and step.late(clock.local_day(self._now)),
            "sent_back": step.sent_back,
            "how": step.how,
        }

    def _shared(self) -> dict[str, Any]:
        return {
            "case_id": self._row.id,
            "process_id": self._row.process_id,
            "version_id": self._row.version_id,
            "city": self._row.region[:4],
        }

    def _role(self, place: str) -> str | None:
        element = self._folder.element(place)
        return element.role if element else None


def versioned(lines: Sequence[Any], now: int) -> Iterable[Line]:
    """Each line with the version on which it was written; `now` is the one that the case is on."""
    found = []
    for line in reversed(lines):
        found.append(Line(line.at, line.kind, line.by_person, line.element, line.detail, now))
        if line.kind == "case.migrated":
            now = line.detail["source"]
    return reversed(found)


def _moved(after: int, digest: str) -> Any:
    return (
        select(
            Case.id,
            Case.seq,
            Case.process_id,
            Case.release_id,
            Case.version_id,
            Case.region,
            Case.ended_at,
        )
        .outerjoin(AnalysedCase, AnalysedCase.case_id == Case.id)
        .where(
            Case.id > after,
            or_(
                AnalysedCase.case_id.is_(None),
                AnalysedCase.seq != Case.seq,
                AnalysedCase.calendar != digest,
            ),
        )
        .order_by(Case.id)
        .limit(AT_ONCE)
    )


def _stories(session: Session, numbers: Sequence[int]) -> dict[int, list[Record[Any]]]:
    rows = session.execute(
        select(History.case_id, History.at, History.kind, History.by_person, History.element, History.detail)
        .where(History.case_id.in_(numbers), History.kind.in_(FOLLOWED))
        .order_by(History.case_id, History.seq)
    )
    return {case: list(lines) for case, lines in groupby(rows, key=lambda row: row.case_id)}
