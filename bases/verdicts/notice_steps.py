"""What a diagram may call of a notice: open it for one base or for all that a batch proposes, and close it."""

from collections.abc import Mapping
from typing import Any

from bases import register
from bases.verdicts import batch, batch_ranking, notice, objection
from engine.steps import Move, step
from ground.database import Session


def proposed(session: Session, case: Any, *, visited: bool = False) -> list[batch_ranking.Proposed]:
    """The bases that a notice of this case lists: those of its batch, or the one base that it is about."""
    if (number := batch.number(case.subject)) is not None:
        return batch_ranking.proposed(session, number)
    base = register.of_subject(session, case.subject)
    return [batch_ranking.Proposed(base.id, case.id, base.name, base.city, visited)]


@step("notice.open", returns=("notice_closes",))
def open_(move: Move) -> dict[str, Any]:
    """Publish the notice; what the timer waits for is the printed end date."""
    listed = proposed(move.session, move.case, visited=visited(move))
    published = notice.publish(move.session, listed, move.case.id, move.now)
    closes = published.closes_on.isoformat()
    move.record(
        "notice.opened",
        notice=published.ref,
        opens_on=published.opens_on.isoformat(),
        closes_on=closes,
        digest=published.digest,
        bases=len(listed),
        visited=any(each.visited for each in listed),
    )
    return {"notice_closes": closes}


@step("notice.close", returns=("objections",))
def close(move: Move) -> Mapping[str, Any]:
    """The period is over; the page stays, marked as closed, and the report says how many objected to which base."""
    ended = notice.close(move.session, move.case.id, move.now)
    report = objection.report(move.session, ended.id)
    objections = sum(each.objections for each in report)
    move.record(
        "notice.closed",
        notice=ended.ref,
        closes_on=ended.closes_on.isoformat(),
        objections=objections,
        clues=sum(each.clues for each in report),
        per_base={each.base_ref: each.objections for each in report if each.objections},
    )
    return {"objections": objections}


def visited(move: Any) -> bool:
    """Whether the one base of this case was visited: by the called process, or by the task that stood here before."""
    return bool(move.data.get("visited")) or bool(move.submissions("visit"))
