"""A lost reply, a double click, a second tab: the same key gets the first move's answer; nothing moves twice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.steps import CaseFacts
from ground.database import Row, Session, reading
from ground.errors import Refused
from ground.people import Actor
from ground.types import Code, Document, Id, Instant


class MoveKey(Row):
    """A move that was confirmed under a client's key, and what it answered."""

    __tablename__ = "move_key"

    key: Mapped[str] = mapped_column(Code(240), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    result: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)


class Repeated(Refused):
    """The same key has moved this case before."""

    code = "case.repeated"


def once(name: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do it, or, where it is refused and had been done under this key, answer what was answered then."""
    try:
        return act()
    except Refused:
        with reading() as session:
            earlier = recorded(session, name)
        if earlier is None:
            raise
        return earlier


def key_of(by: Actor, act: str, target: str, key: str) -> str:
    """Keys are each person's own, and good for one act on one thing."""
    return f"{by.person}:{act}:{target}:{key[:80]}"


def recorded(session: Session, key: str) -> dict[str, Any] | None:
    """What a move under this key had answered."""
    result: dict[str, Any] | None = session.scalar(select(MoveKey.result).where(MoveKey.key == key))
    return result


def confirm(session: Session, key: str, case: CaseFacts, result: dict[str, Any], now: datetime) -> None:
    """Keep what this move answers, with its commit; Repeated then, if the key has been used meanwhile."""
    confirmed = {"key": key, "case_id": case.id, "result": result, "at": now}
    session.later_once(MoveKey, confirmed, lambda: Repeated(case=case.number))
