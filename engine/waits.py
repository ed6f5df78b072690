"""What a case waits for, as rows: a person (`wait`), a date (`timer`), a message or a signal (`subscription`).

A row exists only while it waits, so a page of the queue costs the same at a thousand and at a million. These are
the only statements that open or close one; who holds a task is written by `holding`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Row as Record,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.spiff.elements import Element
from ground import bell, clock
from ground.database import Row, Session, table
from ground.ids import ref as new_ref
from ground.types import Code, Day, Document, Flag, Id, Instant, Ref

# Later ones need no ring: each node looks every second.
SOON = timedelta(seconds=bell.LOOK_SECONDS)
# Few tasks are held for somebody else, and only those are in the index.
_FOR_SOMEBODY: Any = dict.fromkeys(("sqlite_where", "postgresql_where"), text("held_for IS NOT NULL"))


class Wait(Row):
    """A person's task that is open: which queue it is in, who holds it and for whom, until when.

    `held_for` is the principal if a substitute holds it; `lendable` says whether one ever may.
    """

    __tablename__ = "wait"
    __table_args__ = (
        Index("ix_wait_queue", "queue", "held_by", "due_at", "id"),
        Index("ix_wait_holder", "held_by", "due_at", "id"),
        Index("ix_wait_case", "case_id", "opened_at", "due_at", "held_by", "element", "queue"),
        Index("ix_wait_due", "due_at", "id"),
        Index("ix_wait_held_for", "held_for", "due_at", "id", **_FOR_SOMEBODY),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    token: Mapped[str] = mapped_column(Code(32))
    element: Mapped[str] = mapped_column(Code(120))
    form: Mapped[str] = mapped_column(Code())
    item: Mapped[Any] = mapped_column(Document, nullable=True)
    queue: Mapped[str] = mapped_column(Code(120))
    held_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    held_for: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    lendable: Mapped[bool] = mapped_column(Flag)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None] = mapped_column(Day)
    due_kind: Mapped[str | None] = mapped_column(Code())
    deadline: Mapped[str | None] = mapped_column(Code())
    clause: Mapped[str | None] = mapped_column(Code())
    provisional: Mapped[bool] = mapped_column(Flag)
    # Whether co-signers, a loan or what was sent may hang on it: whoever completes it looks for them only then.
    hung: Mapped[bool] = mapped_column(Flag, default=False, server_default=false())


class Timer(Row):
    """A date that a diagram waits for."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "stopped", "due_at", "id"), Index("ix_timer_case", "case_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    token: Mapped[str] = mapped_column(Code(32))
    element: Mapped[str] = mapped_column(Code(120))
    due_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None] = mapped_column(Day)
    due_kind: Mapped[str | None] = mapped_column(Code())
    deadline: Mapped[str | None] = mapped_column(Code())
    stopped: Mapped[bool] = mapped_column(Flag)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)


class Subscription(Row):
    """A message or a signal that a diagram waits for, and who may send the message if a person can."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_case", "case_id", "message"),
        Index("ix_subscription_signal", "signal", "case_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    token: Mapped[str] = mapped_column(Code(32))
    element: Mapped[str] = mapped_column(Code(120))
    message: Mapped[str | None] = mapped_column(Code())
    signal: Mapped[str | None] = mapped_column(Code(120))
    sender: Mapped[str | None] = mapped_column(Code(120))
    form: Mapped[str | None] = mapped_column(Code())


@dataclass(frozen=True)
class Standing:
    """A row that waits: its kind (wait, timer or subscription), number, token and, for a timer, when it is due."""

    kind: str
    id: int
    token: str
    element: str
    due_at: datetime | None
    hung: bool = False


_CASE = bindparam("case", type_=Id)
_STANDING = union_all(
    select(
        literal("wait").label("kind"),
        Wait.id,
        Wait.token,
        Wait.element,
        literal(None, Instant).label("due_at"),
        Wait.hung,
    ).where(Wait.case_id == _CASE),
    select(literal("timer"), Timer.id, Timer.token, Timer.element, Timer.due_at, false()).where(Timer.case_id == _CASE),
    select(
        literal("subscription"),
        Subscription.id,
        Subscription.token,
        Subscription.element,
        literal(None, Instant),
        false(),
    ).where(Subscription.case_id == _CASE),
)

TABLES: Mapping[str, type[Wait | Timer | Subscription]] = {"wait": Wait, "timer": Timer, "subscription": Subscription}

_OPEN = {kind: insert(table(row)) for kind, row in TABLES.items()}
_CLOSE = {kind: delete(table(row)).where(row.id == bindparam("gone")) for kind, row in TABLES.items()}
_OPEN_AT = select(Wait.id).where(Wait.case_id == _CASE, Wait.element == bindparam("element")).limit(1)
_alarm: list[Callable[[datetime], None]] = [lambda _due_at: None]


def set_alarm(ring: Callable[[datetime], None]) -> None:
    """Have this called after each commit that opened a timer, with the instant at which it is due."""
    _alarm[0] = ring


def standing(session: Session, case_id: int) -> list[Standing]:
    """Everything that this case waits for, in one statement."""
    rows = session.execute(_STANDING, {"case": case_id}).all()
    return [Standing(row.kind, row.id, row.token, row.element, row.due_at, row.hung) for row in rows]


def open_all(session: Session, kind: str, rows: Sequence[dict[str, Any]]) -> None:
    """Gather rows to open, of one kind; a timer also sets the alarm."""
    if kind == "wait":
        rows = [{"ref": new_ref(), **row} for row in rows]
    session.later(_OPEN[kind], rows)
    if kind == "timer" and rows:
        _set_alarm(session, min(row["due_at"] for row in rows))


def close_all(session: Session, kind: str, ids: Collection[int]) -> None:
    """Gather rows to close, of one kind."""
    session.later(_CLOSE[kind], [{"gone": number} for number in ids])


def anybody_hears(session: Session, signal: str, but: int) -> bool:
    """Whether a case other than this one listens for a signal now."""
    others = select(Subscription.id).where(Subscription.signal == signal, Subscription.case_id != but)
    return session.scalar(others.limit(1)) is not None


def open_at(session: Session, case_id: int, element: str) -> bool:
    """Whether any task of this element is still open in this case."""
    return session.execute(_OPEN_AT, {"case": case_id, "element": element}).first() is not None


def next_due(session: Session) -> datetime | None:
    """When the first timer is due."""
    due: datetime | None = session.scalar(
        select(Timer.due_at).where(Timer.stopped.is_(False)).order_by(Timer.due_at).limit(1)
    )
    return due


def due_timers(session: Session, now: datetime, limit: int) -> Sequence[Record[Any]]:
    """The timers whose instant has come, oldest first."""
    return session.execute(
        select(Timer.id, Timer.case_id, Timer.due_at)
        .where(Timer.stopped.is_(False), Timer.due_at <= now)
        .order_by(Timer.due_at, Timer.id)
        .limit(limit)
    ).all()


def stop_timers(session: Session, case_id: int, now: datetime) -> None:
    """Set a case's due timers aside after an incident, so that they stop nobody else; its next move fires them."""
    session.execute(update(Timer).where(Timer.case_id == case_id, Timer.due_at <= now).values(stopped=True))


def set_aside(session: Session, case_id: int) -> None:
    """A suspended case: its timers stand still, and its tasks are due at no instant; their days still stand there."""
    session.execute(update(Timer).where(Timer.case_id == case_id).values(stopped=True))
    session.execute(update(Wait).where(Wait.case_id == case_id).values(due_at=clock.NEVER))


def take_up(session: Session, case_id: int, after: timedelta, days: int) -> None:
    """A resumed case: its due days move on by as many days, and instants that are no day's end by the time `after`."""
    for kind in (Wait, Timer):
        rows = session.execute(select(kind.id, kind.due_on, kind.due_at).where(kind.case_id == case_id)).all()
        for row in rows:
            at, on = _later(row, after, days)
            session.execute(update(kind).where(kind.id == row.id).values(due_at=at, due_on=on))
    session.execute(update(Timer).where(Timer.case_id == case_id).values(stopped=False))
    first = session.scalar(select(func.min(Timer.due_at)).where(Timer.case_id == case_id))
    if first is not None:
        _set_alarm(session, first)


def rename(session: Session, kind: str, id_: int, place: str, element: Element) -> None:
    """What waits stands at another place in the version that its case has moved to; everything else of it stays."""
    names: dict[str, Any] = {"element": place}
    if kind != "timer":
        names["form"] = element.form
    if kind == "subscription":
        names["message"] = element.message
    if kind == "wait" and element.signed:
        names["lendable"] = False
    of = TABLES[kind]
    session.execute(update(of).where(of.id == id_).values(**names))


def hang(session: Session, id_: int) -> None:
    """Something hangs on this task from now on."""
    session.execute(update(Wait).where(Wait.id == id_).values(hung=True))


def ask_sender(session: Session, id_: int, queue: str) -> None:
    """Somebody else may send the message that is waited for."""
    session.execute(update(Subscription).where(Subscription.id == id_).values(sender=queue))


def put_off(session: Session, kind: str, id_: int, dates: Mapping[str, Any]) -> None:
    """A new date for a task or timer; a timer also sets the alarm."""
    of = TABLES[kind]
    session.execute(update(of).where(of.id == id_).values(**dates))
    if kind == "timer":
        _set_alarm(session, dates["due_at"])


def _set_alarm(session: Session, first: datetime) -> None:
    session.after_commit(lambda: _alarm[0](first))
    if first <= clock.now() + SOON:
        bell.ring(session)


def _later(row: Record[Any], after: timedelta, days: int) -> tuple[datetime, date | None]:
    if row.due_on is None or (row.due_at != clock.NEVER and row.due_at != clock.end_of(row.due_on)):
        at = row.due_at if row.due_at == clock.NEVER else row.due_at + after
        return at, row.due_on and clock.local_day(at)
    on = row.due_on + timedelta(days=days)
    return clock.end_of(on), on
