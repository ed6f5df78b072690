"""Open due dates reckoned again after the calendar has changed: only those that the calendar alone had made.

A date that a served notice fixed stays as it is printed. One that was put off, or that an expression of the diagram
worked out, does not follow from its start and its deadline, and stays, too. The days that a case stood suspended
are kept. A job takes a hundred cases at a time, each under its lock, and goes on where it was cut off.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, func, insert, select, union, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import history, waits
from engine.cases.case import Case, lock, note
from engine.cases.suspension import Suspension
from engine.waits import TABLES, Timer, Wait
from ground import calendar, clock, deadlines, jobs, parameters
from ground.calendar import Calendar, KnownDay
from ground.database import Row, Session, transaction
from ground.deadlines import Due
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.types import Code, Day, Document, Id, Instant, Ref, Text, Whole

KIND = "calendar.recount"
AT_ONCE = 100
MOVED, BY_NOTICE, OTHERWISE = "", "notice", "otherwise"


class Recount(Row):
    """One change of the calendar: which days were otherwise before, by whom, and whether every date was looked at."""

    __tablename__ = "recount"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    year: Mapped[int] = mapped_column(Whole)
    source: Mapped[str] = mapped_column(Text(300))
    before: Mapped[Any] = mapped_column(Document)
    changed: Mapped[int] = mapped_column(Whole)
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Recounted(Row):
    """A date that would be another by the new calendar: moved (`kept` is empty), or kept, and why."""

    __tablename__ = "recounted"

    recount_id: Mapped[int] = mapped_column(Id, ForeignKey("recount.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code(10), primary_key=True)
    row_id: Mapped[int] = mapped_column(Id, primary_key=True)
    element: Mapped[str] = mapped_column(Code(120))
    before_on: Mapped[date] = mapped_column(Day)
    after_on: Mapped[date] = mapped_column(Day)
    kept: Mapped[str] = mapped_column(Code(20))


class Running(Refused):
    """The dates of an earlier change are still being reckoned; one after the other."""

    code = "calendar.recounting"


@dataclass(frozen=True)
class Shift:
    """One date that differs: what it was, what it would be, and why it is kept if it is."""

    case_id: int
    kind: str
    row_id: int
    element: str
    before_on: date
    due: Due
    after_on: date
    kept: str


class Reckoner:
    """The two calendars, and the terms as they held on the day on which each date began to run."""

    def __init__(self, session: Session, old: Calendar, new: Calendar) -> None:
        self._session = session
        self._calendars = (old, new)
        self._terms: dict[tuple[str, date], tuple[Due, Due] | None] = {}

    def shifts(self, case_id: int) -> Iterator[tuple[Shift, bool]]:
        """Every date of a case that differs, and those of which only is new that they are certain now (False)."""
        rows = _rows(self._session, case_id)
        stood = self._session.execute(
            select(Suspension.began_at, Suspension.days).where(
                Suspension.case_id == case_id, Suspension.days.is_not(None)
            )
        ).all()
        for kind, row, opened_at in rows:
            found = self._reckoned(row.deadline, opened_at)
            if found is None:
                continue
            days = timedelta(days=sum(each.days for each in stood if each.began_at >= opened_at))
            old, new = found
            kept = BY_NOTICE if row.due_kind == "notice" else OTHERWISE if old.on + days != row.due_on else MOVED
            shift = Shift(case_id, kind, row.id, row.element, row.due_on, new, row.due_on + (new.on - old.on), kept)
            if old.on != new.on:
                yield shift, True
            elif not kept and old.provisional != new.provisional:
                yield shift, False

    def _reckoned(self, key: str, opened_at: datetime) -> tuple[Due, Due] | None:
        start = clock.local_day(opened_at)
        if (key, start) not in self._terms:
            self._terms[key, start] = self._both(key, start)
        return self._terms[key, start]

    def _both(self, key: str, start: date) -> tuple[Due, Due] | None:
        try:
            name = parameters.DEADLINE + key
            terms = parameters.values(self._session, (name, deadlines.COUNT_START), start)
            first = terms[deadlines.COUNT_START].value is True
            old, new = (deadlines.reckon(each, terms[name], key, start, count_start=first) for each in self._calendars)
        except Refused:
            return None  # a term that is no more, or a day that the calendar does not reach: the date stays
        return old, new


def preview(session: Session, days: Iterable[KnownDay]) -> list[Shift]:
    """Every open date that these days would move, or that is kept though it differs; nothing is written."""
    old = calendar.load(session)
    reckoner = Reckoner(session, old, Calendar((old.days | {one.day: one for one in days}).values()))
    return [shift for case_id in _cases(session, 0, None) for shift, differs in reckoner.shifts(case_id) if differs]


def start(session: Session, days: Sequence[KnownDay], *, year: int, source: str, by: int, now: datetime) -> str:
    """Write these days and have every open date reckoned again right after the commit; the ref of the change."""
    if session.scalar(select(Recount.id).where(Recount.ended_at.is_(None)).limit(1)) is not None:
        raise Running
    known = calendar.load(session).days
    before = [known[one.day] for one in days if one.day in known and known[one.day] != one]
    calendar.put(session, days)
    values = {
        "ref": new_ref(),
        "year": year,
        "source": source,
        "before": [[str(one.day), one.is_workday, one.name, one.source, one.note] for one in before],
        "changed": sum(known[one.day].is_workday != one.is_workday for one in days if one.day in known),
        "by_person": by,
        "began_at": now,
    }
    number = session.scalar(insert(Recount).values(**values).returning(Recount.id))
    jobs.enqueue(session, KIND, {"recount": number, "after": 0})
    return str(values["ref"])


def every(session: Session) -> Sequence[Record[Any]]:
    """All changes of the calendar, newest first."""
    return session.execute(select(Recount).order_by(Recount.id.desc())).all()


def one(session: Session, ref: str) -> Record[Any]:
    """The change of this ref."""
    row = session.execute(select(Recount).where(Recount.ref == ref)).one_or_none()
    if row is None:
        raise Missing(recount=ref)
    return row


def results(session: Session, recount_id: int, limit: int) -> Sequence[Record[Any]]:
    """What moved and what was kept, those that moved first: number, title, ref, element, both days, kept."""
    return session.execute(
        select(Recounted, Case.number, Case.ref, Case.version_id)
        .join(Case, Case.id == Recounted.case_id)
        .where(Recounted.recount_id == recount_id)
        .order_by(Recounted.kept, Case.number, Recounted.kind.desc(), Recounted.row_id)
        .limit(limit)
    ).all()


def counts(session: Session, recount_id: int) -> Mapping[str, int]:
    """How many dates moved (under the empty word) and how many were kept, by why."""
    rows = session.execute(
        select(Recounted.kept, func.count().label("dates"))
        .where(Recounted.recount_id == recount_id)
        .group_by(Recounted.kept)
    )
    return {row.kept: row.dates for row in rows}


@jobs.handler(KIND)
def run(payload: Mapping[str, Any]) -> None:
    """Reckon the next hundred cases, and ask for the rest as another job; a second run of one finds nothing to move."""
    with transaction() as session:
        row = session.execute(select(Recount).where(Recount.id == payload["recount"])).one()
        new = calendar.load(session)
        before = {one.day: one for one in (KnownDay(date.fromisoformat(day), *rest) for day, *rest in row.before)}
        reckoner = Reckoner(session, Calendar((new.days | before).values()), new)
        found = _cases(session, payload["after"], AT_ONCE)
        for case_id in found:
            lock(session, case_id)
            _move(session, row.id, [*reckoner.shifts(case_id)])
        if found:
            jobs.enqueue(session, KIND, {"recount": row.id, "after": found[-1]})
        else:
            session.execute(update(Recount).where(Recount.id == row.id).values(ended_at=clock.now()))


def _move(session: Session, recount_id: int, shifts: Sequence[tuple[Shift, bool]]) -> None:
    told = {(one.before_on, one.after_on) for one, _ in shifts if one.kind == "wait"}
    for shift, differs in shifts:
        if not shift.kept:
            _put(session, shift)
        # The reminder at the edge of a task moves with it, and the history says it once.
        with_task = shift.kind == "timer" and (shift.before_on, shift.after_on) in told
        if differs and _written(session, recount_id, shift) and not shift.kept and not with_task:
            detail = {"before_on": str(shift.before_on), "after_on": str(shift.after_on), "row": shift.kind}
            fact = history.Fact("deadline.recounted", clock.now(), None, shift.element, detail)
            note(session, shift.case_id, fact)
            session.flush()


def _written(session: Session, recount_id: int, shift: Shift) -> bool:
    names = ("case_id", "kind", "row_id", "element", "before_on", "after_on", "kept")
    values = {name: getattr(shift, name) for name in names}
    return session.put_once(Recounted, {"recount_id": recount_id, **values})


def _put(session: Session, shift: Shift) -> None:
    """A suspended case's tasks are due at no instant before it is resumed; only their day moves."""
    of = TABLES[shift.kind]
    dates: dict[str, Any] = {"due_on": shift.after_on}
    if shift.kind == "timer":
        waits.put_off(session, "timer", shift.row_id, dates | {"due_at": clock.end_of(shift.after_on)})
        return
    dates["provisional"] = shift.due.provisional
    session.execute(update(of).where(of.id == shift.row_id).values(**dates))
    session.execute(
        update(Wait)
        .where(Wait.id == shift.row_id, Wait.due_at != clock.NEVER)
        .values(due_at=clock.end_of(shift.after_on))
    )


def _cases(session: Session, after: int, limit: int | None) -> list[int]:
    """The cases after this number in which a date follows from a deadline."""
    asked = [select(row.case_id).where(row.deadline.is_not(None), row.deadline != "") for row in (Wait, Timer)]
    found = union(*asked).subquery()
    statement = select(found.c.case_id).where(found.c.case_id > after).order_by(found.c.case_id)
    return list(session.execute(statement.limit(limit) if limit else statement).scalars())


def _rows(session: Session, case_id: int) -> list[tuple[str, Record[Any], datetime]]:
    """The tasks and timers of a case that have a deadline and a day, and since when each runs.

    A timer from before that was kept runs since the task that has its deadline and its day, if there is one.
    """
    tasks, timers = (
        session.execute(
            select(row)
            .where(row.case_id == case_id, row.deadline.is_not(None), row.deadline != "", row.due_on.is_not(None))
            .order_by(row.id)
        ).all()
        for row in (Wait, Timer)
    )
    since = {(row.deadline, row.due_on): row.opened_at for row in tasks}
    of_timers = [(row, row.opened_at or since.get((row.deadline, row.due_on))) for row in timers]
    return [
        *(("wait", row, row.opened_at) for row in tasks),
        *(("timer", row, at) for row, at in of_timers if at is not None),
    ]
