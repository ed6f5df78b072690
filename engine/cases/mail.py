"""What a case tells others while it moves, and what it hears from them: rows of the move's own transaction.

Within the case it arrives before the move is over; elsewhere right after the commit.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from engine import messages, waits
from engine.spiff.instance import Instance, Token, Told
from engine.steps import Move


def tell(move: Move, to: str, name: str, data: Mapping[str, Any], *, dedupe: str) -> None:
    """Send what a step tells another case; the same `dedupe` again is not sent twice."""
    sent = messages.post(
        move.session, sender_id=move.case.id, receiver=to, name=name, data=data, dedupe=dedupe, now=move.now
    )
    if sent:
        _deliver(move, to, dedupe)


def say(move: Move, told: Told) -> str:
    """Send what the diagram says: to its address, else to whatever is under way about the same subject. To whom."""
    to, dedupe = told.to or move.case.subject, f"{move.case.id}:{told.id}"
    messages.post(
        move.session,
        sender_id=move.case.id,
        receiver=to,
        name=told.name,
        data=told.data,
        keys=told.keys,
        dedupe=dedupe,
        now=move.now,
        kept_until=told.keep.after(move.now) if told.keep else None,
    )
    _deliver(move, to, dedupe)
    return to


def heard(move: Move, instance: Instance) -> messages.UnderWay | None:
    """The oldest message that somebody in this case waits for, now marked as arrived."""
    listening = {token.element.message or "" for token in instance.tokens() if _listens(token)}
    if not listening:
        return None
    addresses = [move.case.ref, move.case.subject]
    for found in messages.waiting_for(move.session, addresses, sorted(listening), move.now):
        if instance.receiver(found.told) and messages.arrived(move.session, found.id, move.now):
            return found
    return None


def give(move: Move, signals: Iterable[str], rev: int) -> None:
    """Let the other cases hear what was thrown in this one; `rev` tells this throw from those of other moves."""
    for name in sorted(signals):
        if waits.anybody_hears(move.session, name, move.case.id):
            key = f"{move.case.id}:{rev}:{name}"
            move.enqueue("signal.give", {"name": name, "sender": move.case.id, "key": key}, dedupe=f"signal:{key}")


def _deliver(move: Move, to: str, dedupe: str) -> None:
    move.enqueue("message.deliver", {"receiver": to}, dedupe=f"message:{dedupe}")


def _listens(token: Token) -> bool:
    """A message that a person sends, by their role, comes from nobody else."""
    return token.kind == "message" and not token.element.role
