"""What one case tells another: a row in the sender's transaction, delivered once as a move of the receiver.

In order per sender, right after the commit; while nobody waits for it, it is kept until its date.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, bindparam, literal, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.spiff.correlation import Told
from ground.database import Row, Session
from ground.types import MICROSECOND, Code, Document, Id, Instant, Whole

KEPT = timedelta(days=30)


class Message(Row):
    """A message under way: to whom, its name, a few scalars, what it is about, and whether it has arrived."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_receiver", "receiver", "name", "delivered_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sender_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    receiver: Mapped[str] = mapped_column(Code(120))
    name: Mapped[str] = mapped_column(Code())
    data: Mapped[dict[str, Any]] = mapped_column(Document)
    keys: Mapped[dict[str, Any] | None] = mapped_column(Document)
    dedupe: Mapped[str] = mapped_column(Code(200), unique=True)
    sent_at: Mapped[datetime] = mapped_column(Instant)
    kept_until: Mapped[datetime] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)


def post(
    session: Session,
    *,
    sender_id: int | None,
    receiver: str,
    name: str,
    data: Mapping[str, Any],
    dedupe: str,
    now: datetime,
    keys: Mapping[str, Any] | None = None,
    kept_until: datetime | None = None,
) -> bool:
    """Write a message, once for each `dedupe`; True if it is new. It is kept for 30 days unless it says otherwise."""
    return session.put_once(
        Message,
        {
            "sender_id": sender_id,
            "receiver": receiver,
            "name": name,
            "data": dict(data),
            "keys": dict(keys) if keys else None,
            "dedupe": dedupe,
            "sent_at": now,
            "kept_until": kept_until or now + KEPT,
        },
    )


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A message that has not arrived, and who sent it."""

    id: int
    sender_id: int | None
    told: Told


def waiting_for(session: Session, receivers: Sequence[str], names: Sequence[str], now: datetime) -> list[UnderWay]:
    """What has been sent to one of these addresses and has not arrived, oldest first."""
    rows = session.peek(_UNDER_WAY, {"receivers": list(receivers), "names": list(names), "now": now})
    return [UnderWay(row.id, row.sender_id, Told(row.name, row.data, row.keys or {})) for row in rows]


def keep_longer(session: Session, receivers: Sequence[str], since: datetime, longer: timedelta) -> None:
    """The time in which nobody could take them, from `since` on, does not count against what was under way then."""
    session.execute(
        update(Message)
        .where(Message.receiver.in_(list(receivers)), Message.delivered_at.is_(None), Message.kept_until > since)
        .values(kept_until=Message.kept_until + literal(longer // MICROSECOND, Whole))
    )


def under_way(session: Session, receiver: str, now: datetime) -> bool:
    """Whether anything that was sent to this address has not arrived."""
    return (
        session.scalar(
            select(Message.id)
            .where(Message.receiver == receiver, Message.delivered_at.is_(None), Message.kept_until > now)
            .limit(1)
        )
        is not None
    )


def arrived(session: Session, message_id: int, now: datetime) -> bool:
    """Mark a message as delivered; False if another move has taken it."""
    changed = session.execute(
        update(Message).where(Message.id == message_id, Message.delivered_at.is_(None)).values(delivered_at=now)
    )
    return changed.rowcount == 1


_UNDER_WAY = (
    select(Message.id, Message.name, Message.data, Message.keys, Message.sender_id)
    .where(
        Message.receiver.in_(bindparam("receivers", expanding=True)),
        Message.name.in_(bindparam("names", expanding=True)),
        Message.delivered_at.is_(None),
        Message.kept_until > bindparam("now"),
    )
    .order_by(Message.id)
)
