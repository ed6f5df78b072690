"""退回修改: whoever reviews sends the case back to a step that it has passed, with the fields to change.

The token is moved and the task opens again for whoever did it; from there the case goes its drawn way once more. What
stands for good is never gone back past, and what was sent stays where it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from engine import history
from engine.cases import passed
from engine.cases.case import Case
from engine.cases.hand import go_on
from engine.cases.opening import Again
from engine.cases.under_way import Moving
from engine.folders import Folder
from engine.spiff.elements import NO_WAY_BACK
from engine.spiff.hosts import Nobody
from engine.spiff.instance import Instance
from engine.spiff.placing import Signed, TargetNotReachable
from engine.waits import Wait
from ground.database import Session
from ground.errors import Refused

MOST_WORDS = 500
SPLITS = frozenset({"parallel", "inclusive"})


class NotFromHere(Refused):
    """This step reviews nothing, is signed itself, or its diagram lets it send nothing back."""

    code = "back.not_from_here"
    status = 403


class NotPassed(Refused):
    """The case has not passed this step, or its diagram does not name it for this one."""

    code = "back.not_passed"


class Unreasoned(Refused):
    """A sending back says why, and a remark what to change: each in at most 500 characters."""

    code = "back.unreasoned"
    status = 422


class UnknownField(Refused):
    """The form of that step has no such field, or one was named twice."""

    code = "back.unknown_field"
    status = 422


@dataclass(frozen=True)
class Target:
    """A step that the case may be sent back to: who sent it when, which open tasks are lost with it.

    `whole`: it lies between a split and its join, so that all branches begin anew.
    """

    element: str
    by: int | None
    at: datetime
    lost: tuple[str, ...]
    whole: bool


def admits(folder: Folder, place: str, applicant: str) -> bool:
    """Whether this step sends anything back: a user task that reviews, unless its diagram says `none`."""
    element = folder.element(place)
    if element is None or element.kind != "user" or NO_WAY_BACK in element.back:
        return False
    return element.role != applicant and not passed.is_guarded(place, folder)


def targets(session: Session, wait: Record[Any], folder: Folder) -> list[Target]:
    """Where the task `wait` may send its case back to, what was sent last first; nothing is moved."""
    lines = history.read(session, wait.case_id)
    state = session.scalar(select(Case.state).where(Case.id == wait.case_id))
    token = session.scalar(select(Wait.token).where(Wait.ref == wait.ref))
    found = []
    for one in passed.passed(lines):
        try:
            found.append(_tried(Instance.thaw(state, folder.diagram, Nobody()), folder, lines, wait, token, one))
        except Refused:
            continue
    return found


def send_back(
    move: Moving,
    wait: Record[Any],
    target: str,
    reason: str,
    asked: Sequence[Mapping[str, str]],
    acting: str,
) -> Again:
    """Put the token back and open the task there again; what came of it is known when this returns.

    NotPassed, Barred, Signed, TargetNotReachable and `hand.Stuck` say why it cannot be.
    """
    _check_words(reason, asked)
    lines = history.read(move.session, move.case.id)
    one = next((each for each in passed.passed(lines) if each.element == target), None)
    if one is None:
        raise NotPassed(element=target)
    _check_fields(move.folder, target, asked)
    remarks = [{"field": each["field"], "remark": each["remark"].strip()} for each in asked]
    move.record(
        "task.sent_back", element=wait.element, target=target, reason=reason.strip(), asked=remarks, acting=acting
    )
    gone = _tried(move.instance, move.folder, lines, wait, wait.token, one)
    for place in gone.lost:
        move.record("task.closed", element=place)
    again = Again(one.by)
    move.reopen(target, again)
    go_on(move)
    move.settle()
    return again


def users(instance: Instance) -> set[tuple[str, str]]:
    """The tasks that persons are asked to do: token and place."""
    return {(one.id, instance.diagram.place(one.element)) for one in instance.tokens() if one.kind == "user"}


def _tried(
    instance: Instance,
    folder: Folder,
    lines: Sequence[Any],
    wait: Record[Any],
    token: str,
    one: passed.Passed,
) -> Target:
    """The token is moved in this instance, if it may be."""
    element = folder.element(wait.element)
    named = element.back if element else ()
    process = wait.element.rpartition(":")[0]
    if one.element == wait.element or (named and one.element.removeprefix(f"{process}:") not in named):
        raise NotPassed(element=one.element)
    if passed.is_guarded(one.element, folder):
        raise Signed(elements=[one.element])
    passed.check(lines, one.opened, folder)
    before = users(instance)
    at = instance.move(wait.element, one.element, token, back=True)
    _check_place(folder, at, one.element)
    lost = sorted({place for each, place in before - users(instance) if each != token})
    if passed.lying_with(lost, folder):
        raise Signed(elements=lost)
    return Target(one.element, one.by, one.at, tuple(lost), at != one.element)


def _check_place(folder: Folder, at: str, target: str) -> None:
    """Only into a scope that is open: a closed one would begin anew from its own start."""
    element = folder.element(at)
    if at != target and (element is None or element.kind not in SPLITS):
        raise TargetNotReachable(element=target, why="not_open")


def _check_words(reason: str, asked: Sequence[Mapping[str, str]]) -> None:
    words = [reason, *(each["remark"] for each in asked)]
    if not all(each.strip() and len(each.strip()) <= MOST_WORDS for each in words):
        raise Unreasoned(most=MOST_WORDS)


def _check_fields(folder: Folder, target: str, asked: Sequence[Mapping[str, str]]) -> None:
    element = folder.element(target)
    form = folder.form(target, element.form if element else None)
    known = set(form.fields) if form else set()
    names = [each["field"] for each in asked]
    if not set(names) <= known or len(set(names)) < len(names):
        raise UnknownField(fields=sorted(set(names) - known))
