"""抄送: copies of a task's case to persons for reading, in their 待阅 box.

A copy carries the case's number and title and a note, and opens nothing: whoever reads it sees of the case what their
role shows them, and can be sent it only if it shows them the case.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from engine import cases
from engine.cases.hanging import check_proxy
from ground.database import Session
from ground.people import Actor
from tasks import at_task, colleagues
from tasks.at_task import AtTask, act, said

MOST = 20


def to_whom(session: Session, wait_ref: str, by: Actor, now: datetime) -> Sequence[Record[Any]]:
    """Who can be sent a copy by this person, each with a role and organ; the same refusals as the act itself."""
    at = at_task.seen(session, wait_ref, by, now)
    _check(at)
    return colleagues.of_case(at)


def copy(wait_ref: str, persons: Sequence[str], note: str, *, by: Actor, key: str, now: datetime) -> str:
    """Send these persons a copy, with a note of what to read."""

    def change(at: AtTask) -> None:
        _check(at)
        words = said(note)
        sent = colleagues.chosen(persons, colleagues.of_case(at), MOST)
        at.record("task.copied", persons=sent, reason=words)
        at.write("task_copied", sent, words)

    return act("copy", wait_ref, by, key, now, change)


def _check(at: AtTask) -> None:
    """Whoever holds the task's key, or holds the task itself."""
    check_proxy(at.folder, at.item)
    if at.item.queue not in at.by.keys and at.item.held_by != at.by.person:
        raise cases.NotYours(wait=at.item.ref, held_by=at.item.held_by, at=at.item.held_at)
