"""The cases that one case has to do with: who told it something, whom it told, and what else its base or batch has."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Record, or_, select

from engine import history
from engine.cases.case import Case
from engine.cases.sight import visible
from engine.definitions import Process
from ground.database import Session
from ground.people import Actor

MOST = 50
SHARED = ("base:", "batch:")
TOLD, SENT, SAME = ("told_by", "told", "same_subject")


@dataclass(frozen=True)
class Link:
    """Another case and how it is linked: it told this one something, was told something, or is about the same."""

    how: str
    case: Record[Any]


def of(session: Session, case: Record[Any], by: Actor) -> list[Link]:
    """Those of them that this person may know of, the newest first; two statements."""
    senders: set[int] = set()
    receivers: set[str] = set()
    for line in history.read(session, case.id):
        if line.kind == "message.arrived" and isinstance(line.detail.get("sender"), int):
            senders.add(line.detail["sender"])
        elif line.kind == "message.told":
            receivers.add(str(line.detail.get("to")))
    same = [Case.subject == case.subject] if case.subject.startswith(SHARED) else []
    rows = session.execute(
        select(
            Case.id,
            Case.ref.label("case_ref"),
            Case.number,
            Case.title,
            Case.region,
            Case.release_id,
            Case.status,
            Case.outcome,
            Case.started_at,
            Process.key.label("process"),
        )
        .join(Process, Process.id == Case.process_id)
        .where(or_(Case.id.in_(senders), Case.ref.in_(receivers), *same), Case.id != case.id, visible(by))
        .order_by(Case.id.desc())
        .limit(MOST)
    ).all()
    return [Link(_how(row, senders, receivers), row) for row in rows]


def _how(row: Record[Any], senders: set[int], receivers: set[str]) -> str:
    if row.id in senders:
        return TOLD
    return SENT if row.case_ref in receivers else SAME
