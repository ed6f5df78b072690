"""A signed decision on a name that is held: written once for rectification and revocation, never without a person.

What binds (Article 13(2)) is departed from only by the leadership's meeting: number, day and topic of its minutes, and
a reason (文件未规定，系统默认).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row as Record, insert, select

from bases.register import change, title
from bases.verdicts import leaders
from bases.verdicts.decision import Decision, Signature, Unsigned
from engine.steps import Move
from ground.clock import local_day
from ground.database import Session
from ground.errors import Refused
from ground.ids import ref as new_ref

KEEP, REVOKE = "keep", "revoke"


class UnknownOutcome(Refused):
    """The name is kept, or it is withdrawn."""

    code = "signing.unknown_outcome"
    status = 422


class NoMinutes(Refused):
    """保留命名 against a binding proposal needs the minutes of the leadership's meeting and a reason."""

    code = "signing.no_minutes"
    status = 422


class WrongDay(Refused):
    """A decision is not dated after the day on which it is sent."""

    code = "signing.wrong_day"
    status = 422


class NoGround(Refused):
    """A name is withdrawn on one of the grounds of the text, and on none but those."""

    code = "signing.no_ground"


@dataclass(frozen=True)
class Minutes:
    """The minutes of a leadership meeting: number, day, topic."""

    number: str
    on: date
    topic: str

    def values(self) -> dict[str, Any]:
        """As the tables keep them."""
        return {"minutes_number": self.number, "minutes_on": self.on, "minutes_topic": self.topic}


def minutes(answers: Mapping[str, Any]) -> Minutes | None:
    """The minutes that a form names; None unless all three are there."""
    number, on, topic = (answers.get(f"minutes_{name}") for name in ("number", "on", "topic"))
    return Minutes(number, date.fromisoformat(on), topic) if number and on and topic else None


def check(outcome: str, reason: str, said: Minutes | None, ground: str | None, *, binding: bool) -> None:
    """UnknownOutcome; NoGround; NoMinutes where the ground binds and the name is kept without them or a reason."""
    if outcome not in {KEEP, REVOKE}:
        raise UnknownOutcome(outcome=outcome, known=(KEEP, REVOKE))
    if outcome == REVOKE and not ground:
        raise NoGround
    if binding and outcome == KEEP and (said is None or not reason.strip()):
        raise NoMinutes


def signature(move: Move, element: str) -> tuple[Signature, Mapping[str, Any]]:
    """What a leader signed at this step, with all that the form said; Unsigned where no person did."""
    sent = leaders.signed(move, element)
    answers, latest = sent.answers, local_day(sent.received_at)
    on = date.fromisoformat(answers["decided_on"]) if answers.get("decided_on") else latest
    if on > latest:
        raise WrongDay(on=on.isoformat(), latest=latest.isoformat())
    reason = answers.get("reason") or ""
    return Signature(sent.by, sent.received_at, on, answers["outcome"], reason), answers


def write(session: Session, base_id: int, case_id: int, kind: str, clause: str, signed: Signature) -> int:
    """Enter the decision and return its number; Unsigned without a person."""
    if not signed.person:
        raise Unsigned(case=case_id)
    values = {
        "ref": new_ref(),
        "case_id": case_id,
        "base_id": base_id,
        "kind": kind,
        "outcome": signed.outcome,
        "clause": clause,
        "reason": signed.reason,
        "signed_by": signed.person,
        "signed_on": signed.on,
        "signed_at": signed.at,
        "document": signed.document,
    }
    return int(session.scalar(insert(Decision).values(**values).returning(Decision.id)))


def newest(session: Session, case_id: int, kind: str) -> Record[Any] | None:
    """The newest decision of this kind in a case."""
    wanted = select(*Decision.__table__.columns).where(Decision.case_id == case_id, Decision.kind == kind)
    return session.execute(wanted.order_by(Decision.id.desc()).limit(1)).one_or_none()


def basis(case_id: int, signed: Signature, document: str | None = None) -> title.Signed:
    """What the register asks for: the case, the person, the day from which it holds, the number of the document."""
    return title.Signed(change.Source(signed.at, signed.on, case_id, signed.person), document)
