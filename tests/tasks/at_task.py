"""Scenes for the acts at an open task: an officer of the department who holds one, and colleagues beside."""

from sqlalchemy import select

from engine import cases, history
from engine.cases import Case
from engine.waits import Wait
from ground import clock
from ground.database import reading
from tasks import letters
from tests.engine import desk

WHY = "出差，请代为办理。"


def claimed(officer, process="row", element="task_1", key="k"):
    """A case whose first task the officer holds: its ref, and the task's."""
    case = desk.start(process, officer, key=key)
    wait = desk.waits(case)[element]
    desk.claim(wait.ref, officer)
    return case, wait.ref


def holder(case, element="task_1"):
    return desk.waits(case)[element].held_by


def told(case):
    """The kinds of line in the history, oldest first, without what the engine writes at every move."""
    with reading() as session:
        rows = history.read(session, desk.row(case).id)
    return [row.kind for row in rows if row.kind.split(".")[0] in {"loan", "cosign"} or row.kind in OURS]


OURS = {"task.handed_over", "task.copied", "task.commented", "task.completed"}


def lines(case, kind):
    with reading() as session:
        return [row for row in history.read(session, desk.row(case).id) if row.kind == kind]


def letters_of(person):
    """The templates of this person's letters, newest first."""
    with reading() as session:
        return [row.template for row in letters.inbox(session, person)]


def seen_kinds(case, by):
    with reading() as session:
        return {line.kind for line in cases.story(session, case, by)}


def open_tasks(case):
    with reading() as session:
        rows = session.execute(select(Wait.element).join(Case, Case.id == Wait.case_id).where(Case.ref == case))
        return sorted(row.element for row in rows)


def do(act, *arguments: object, by, key="k"):
    """An act now, under this key."""
    return act(*arguments, by=by, key=key, now=clock.now())
