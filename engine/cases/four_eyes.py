"""Four eyes: whoever did one step of a case may not do another that its diagram keeps apart from it."""

from typing import Any

from sqlalchemy import Row as Record

from engine import submissions
from engine.folders import Folder
from engine.spiff.diagrams import AT
from ground.database import Session
from ground.errors import Refused
from ground.people import Actor


class Separate(Refused):
    """Four eyes: whoever did the earlier step may not do this one."""

    code = "task.separate"
    status = 403


def check_separate(
    session: Session, folder: Folder, wait: Record[Any], by: Actor, principal: int | None = None
) -> None:
    """Refuse whoever completed one of the steps that this one must be apart from (a recheck from its handler).

    A substitute is refused, too, where their `principal` did: what one may not do, another may not do for them.
    """
    if not kept_apart(session, folder, wait).isdisjoint({by.person, principal}):
        raise Separate(wait=wait.ref)


def kept_apart(session: Session, folder: Folder, wait: Record[Any]) -> set[int]:
    """The persons who may not do this task, because of what they did before in the case."""
    element = folder.element(wait.element)
    process, at, _ = wait.element.rpartition(AT)
    apart = [f"{process}{at}{each}" for each in element.separate] if element else []
    return submissions.completers(session, wait.case_id, apart) if apart else set()
