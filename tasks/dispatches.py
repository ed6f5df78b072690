"""What becomes of a letter outside the house: a row per letter and channel, written with the letter itself.

`waiting` until it was handed over (`sent`), given up (`failed`) or not wished for any more (`dropped`). What was given
up stands in its case as an incident, and the administrator sends it again. Each letter leaves once by each channel
that its reader has chosen.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import cases, history, incidents
from ground import channels, jobs
from ground.channels import Address, Undelivered
from ground.database import Row, Session, table
from ground.errors import Forbidden
from ground.people import Actor
from ground.types import Code, Id, Instant, Ref, Text, Whole

KIND = "letter.post"
# After each failure so long; some four hours in all, so that a server may be down for a morning.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 60, 60))
# While a line is down, one letter in so long finds out, and the others wait without being tried.
REST = timedelta(minutes=1)
SENDER = "sysadmin"
WAITING, SENT, FAILED, DROPPED = "waiting", "sent", "failed", "dropped"


class Dispatch(Row):
    """One letter by one channel."""

    __tablename__ = "dispatch"
    __table_args__ = (
        Index("ix_dispatch_standing", "channel", "state", "tried_at"),
        Index("ix_dispatch_case", "case_id", "state"),
    )

    letter_ref: Mapped[str] = mapped_column(Ref, ForeignKey("letter.ref"), primary_key=True)
    channel: Mapped[str] = mapped_column(Code(10), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    state: Mapped[str] = mapped_column(Code(10))
    tries: Mapped[int] = mapped_column(Whole)
    tried_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text(60))


def plan(session: Session, case_id: int | None, readers: Mapping[str, int], now: datetime) -> None:
    """Let letters (ref to person) of a case or of none leave, each by the open channels that its reader has chosen."""
    chosen = _ways(session, readers)
    ways = [(ref, channel) for ref, person in readers.items() for channel in chosen[person]]
    if not ways:
        return
    fresh = {"case_id": case_id, "state": WAITING, "tries": 0}
    session.execute(insert(Dispatch), [{"letter_ref": ref, "channel": channel, **fresh} for ref, channel in ways])
    for ref, channel in ways:
        _ask(session, ref, channel, now, f"letter:{ref}:{channel}")


def waiting(session: Session, letter_ref: str, channel: str) -> Record[Any] | None:
    """The row, if the letter has still to leave by this channel."""
    return session.execute(_WAITING, {"letter": letter_ref, "on": channel}).one_or_none()


def rests(session: Session, channel: str, now: datetime) -> bool:
    """Whether this channel failed a moment ago, so that trying it again would only hold up what else is to be done."""
    return session.execute(_RESTING, {"on": channel, "since": now - REST}).first() is not None


def put_off(session: Session, row: Record[Any], now: datetime) -> None:
    """Look again after the channel's rest; this counts as no attempt."""
    _ask(session, row.letter_ref, row.channel, now + REST, None)


def sent(session: Session, row: Record[Any], now: datetime) -> None:
    """It was handed over; with its last letter on its way, the case has no incident of this kind any more."""
    _settle(session, row, now, state=SENT, reason=None)
    if row.tries and row.case_id is not None and not _any_failed(session, row.case_id):
        for ref in incidents.end(session, row.case_id, incidents.UNDELIVERED, now):
            cases.note(session, row.case_id, history.Fact("incident.closed", now, None, None, {"incident": ref}))


def dropped(session: Session, row: Record[Any], now: datetime) -> None:
    """Its reader wishes to be told by this channel no more."""
    _settle(session, row, now, state=DROPPED, reason=None)


def failed(session: Session, row: Record[Any], no: Undelivered, now: datetime) -> None:
    """It was not: try again later, or, after the last time or for good reason, give up and say so in its case."""
    if not no.lasting and row.tries < len(PAUSES):
        _settle(session, row, now, state=WAITING, reason=no.reason)
        _ask(session, row.letter_ref, row.channel, now + PAUSES[row.tries], None)
        return
    _settle(session, row, now, state=FAILED, reason=no.reason)
    if row.case_id is None:
        return
    facts = {"letter": row.letter_ref, "channel": row.channel, "reason": no.reason}
    ref, new = incidents.report(session, row.case_id, incidents.UNDELIVERED, None, facts, now)
    if new:
        detail = {"incident": ref, "code": incidents.UNDELIVERED, "channel": row.channel}
        cases.note(session, row.case_id, history.Fact("incident.opened", now, None, None, detail))


def send_again(session: Session, channel: str, by: Actor, now: datetime) -> int:
    """Let everything that was given up on this channel leave anew; how many. Forbidden but for the administrator."""
    if not by.has(SENDER):
        raise Forbidden(needs=SENDER)
    rows = session.execute(
        update(Dispatch)
        .where(Dispatch.channel == channel, Dispatch.state == FAILED)
        # It has been tried before: that is what ends the incident when it leaves this time.
        .values(state=WAITING, tries=1, reason=None)
        .returning(Dispatch.letter_ref)
    ).all()
    for row in rows:
        _ask(session, row.letter_ref, channel, now, None)
    return len(rows)


def standing(session: Session) -> dict[tuple[str, str], int]:
    """How many letters are waiting, sent and given up, by channel and state."""
    counted = select(Dispatch.channel, Dispatch.state, func.count().label("letters"))
    rows = session.execute(counted.group_by(Dispatch.channel, Dispatch.state))
    return {(row.channel, row.state): row.letters for row in rows}


def given_up(session: Session, limit: int = 100) -> Sequence[Record[Any]]:
    """What did not leave, the latest first: letter_ref, channel, tries, tried_at, reason."""
    wanted = select(Dispatch).where(Dispatch.state == FAILED)
    return session.execute(wanted.order_by(Dispatch.tried_at.desc(), Dispatch.letter_ref).limit(limit)).all()


def _ways(session: Session, readers: Mapping[str, int]) -> dict[int, list[str]]:
    """The channels of each person: the outbox takes everybody's, the others only where the person gave an address."""
    ours = [channels.OUTBOX] if channels.OUTBOX in channels.open_ones() else []
    found = {person: list(ours) for person in readers.values()}
    others = [name for name in channels.open_ones() if name != channels.OUTBOX]
    if others:
        chosen = select(Address.person_id, Address.channel).where(
            Address.person_id.in_(set(readers.values())), Address.channel.in_(others)
        )
        for row in session.execute(chosen.order_by(Address.person_id, Address.channel)):
            found[row.person_id].append(row.channel)
    return found


def _ask(session: Session, letter_ref: str, channel: str, at: datetime, dedupe: str | None) -> None:
    jobs.enqueue(session, KIND, {"letter": letter_ref, "channel": channel}, run_at=at, dedupe=dedupe)


def _settle(session: Session, row: Record[Any], now: datetime, *, state: str, reason: str | None) -> None:
    which = {"letter": row.letter_ref, "on": row.channel}
    session.execute(_SETTLE, {**which, "state": state, "tries": row.tries + 1, "tried_at": now, "reason": reason})


def _any_failed(session: Session, case_id: int) -> bool:
    wanted = select(1).where(Dispatch.case_id == case_id, Dispatch.state == FAILED)
    return session.execute(wanted.limit(1)).first() is not None


_IS = (Dispatch.letter_ref == bindparam("letter"), Dispatch.channel == bindparam("on"))
_WAITING = select(Dispatch).where(*_IS, Dispatch.state == WAITING)
_RESTING = (
    select(1)
    .where(Dispatch.channel == bindparam("on"), Dispatch.state == WAITING, Dispatch.reason.is_not(None))
    .where(Dispatch.tried_at > bindparam("since", type_=Instant()))
    .limit(1)
)
_SETTLE = update(table(Dispatch)).where(*_IS)
