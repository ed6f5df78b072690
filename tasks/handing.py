"""转办: the holder of a task hands it over for good to somebody else who holds its key, and says why.

What was typed so far goes along, and so do the co-signers; the queue, the deadline and its kind stay.
"""

from collections.abc import Sequence
from datetime import datetime

from engine import holding, submissions
from engine.cases.hanging import check_free, check_proxy
from ground.database import Session
from ground.people import Actor
from tasks import at_task, colleagues
from tasks.at_task import AtTask, act, said
from tasks.colleagues import Colleague


def to_whom(session: Session, wait_ref: str, by: Actor, now: datetime) -> Sequence[Colleague]:
    """Who can be handed this task by this person; the same refusals as the act itself."""
    return _to_whom(_checked(at_task.seen(session, wait_ref, by, now)))


def hand_over(wait_ref: str, to: str, reason: str, *, by: Actor, key: str, now: datetime) -> str:
    """Give the task to this person. NotYours, NoProxy, AwaitsCosigners, NotAmong, NoWords say why not."""

    def change(at: AtTask) -> None:
        words = said(reason)
        (taker,) = colleagues.chosen([to], _to_whom(_checked(at)), 1)
        form = at.folder.home(at.item.element).forms[at.item.form]
        holding.pass_on(at.session, at.item.id, taker, at.now)
        submissions.pass_draft(at.session, at.item, form, by.person or 0, taker, at.now)
        at.record("task.handed_over", persons=[taker], reason=words)
        at.write("task_handed_over", [taker], words)

    return act("handover", wait_ref, by, key, now, change)


def _checked(at: AtTask) -> AtTask:
    at.check_holder()
    check_proxy(at.folder, at.item)
    check_free(at.session, at.item)
    return at


def _to_whom(at: AtTask) -> list[Colleague]:
    return colleagues.of_queue(at)
