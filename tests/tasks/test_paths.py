"""The path of a case from its story: steps with their times, what was sent back or taken away, what is off the map."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest

from engine.folders import Folder, digest_of
from ground import calendar, clock
from tasks import following, paths
from tests.engine import flows
from tests.tasks.test_elapsed import MONDAY
from web import shipped


@dataclass(frozen=True)
class Line:
    at: datetime
    kind: str
    element: str | None = None
    by: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    version_id: int = 1


def folder(parts: Mapping[str, bytes]) -> Folder:
    return Folder(1, digest_of(parts), parts)


THREE = following.of(folder(flows.in_a_row("three", 3)))


def read(*lines: Line) -> paths.Path:
    return paths.read(lines, lambda _version: THREE)


def at(days: int, hour: int = 9) -> datetime:
    return clock.start_of(MONDAY + timedelta(days=days)) + timedelta(hours=hour)


def opened(day: int, place: str, queue: str = "prov_officer@1", due: date | None = None, kind: str = "text") -> Line:
    detail = {"queue": queue, "due_on": due.isoformat() if due else None, "due_kind": kind if due else None}
    return Line(at(day), "task.opened", place, detail=detail)


def claimed(day: int, place: str, by: int = 7) -> Line:
    return Line(at(day, 10), "task.claimed", place, by)


def sent(day: int, place: str, by: int = 7, queue: str = "prov_officer@1") -> Line:
    return Line(at(day), "task.completed", place, by, {"queue": queue})


STARTED = Line(at(0), "case.started")


@pytest.fixture
def known(session) -> calendar.Calendar:
    return calendar.load(session)


def test_a_step_waits_until_it_is_taken_and_is_worked_on_until_it_is_sent(known):
    path = read(STARTED, opened(0, "task_1"), claimed(2, "task_1"), sent(7, "task_1"), opened(7, "task_2"))
    first, second = path.steps
    assert (first.element, first.by, first.how) == ("task_1", 7, paths.FLOW)
    assert (path.waited(first, at(9), known), path.worked(first, at(9), known)) == (2, 3)  # over a weekend
    assert second.open
    assert (path.waited(second, at(9), known), path.worked(second, at(9), known)) == (2, 0)


def test_a_suspension_stops_the_days_and_moves_the_limit(known):
    due = MONDAY + timedelta(days=2)
    path = read(
        STARTED,
        opened(0, "task_1", due=due),
        Line(at(1), "case.suspended"),
        Line(at(3), "case.resumed", detail={"days": 2}),
        sent(4, "task_1"),
    )
    (step,) = path.steps
    assert step.due_on == due + timedelta(days=2)
    assert not step.late(MONDAY + timedelta(days=30))
    assert path.waited(step, at(9), known) == 2


def test_what_is_sent_after_its_day_is_late_and_so_is_what_lies_open_then():
    due = MONDAY + timedelta(days=2)
    path = read(STARTED, opened(0, "task_1", due=due), sent(3, "task_1"), opened(3, "task_2", due=due))
    assert [step.late(MONDAY + timedelta(days=9)) for step in path.steps] == [True, True]
    assert [step.late(due) for step in path.steps] == [True, False]
    assert path.steps[0].due_kind == "text"


def test_a_recounted_limit_is_the_new_one():
    due = MONDAY + timedelta(days=2)
    after = due + timedelta(days=1)
    recounted = Line(at(1), "deadline.recounted", "task_1", detail={"before_on": str(due), "after_on": str(after)})
    assert read(STARTED, opened(0, "task_1", due=due), recounted).steps[0].due_on == after


def test_who_gives_it_back_has_not_taken_it():
    released = Line(at(2), "task.released", "task_1", 7)
    (step,) = read(STARTED, opened(0, "task_1"), claimed(1, "task_1"), released).steps
    assert step.taken is None


def test_several_of_one_step_at_once_are_told_apart_by_whom_they_ask():
    path = read(
        STARTED,
        opened(0, "task_1", "person:5"),
        opened(0, "task_1", "person:6"),
        sent(2, "task_1", 6, "person:6"),
    )
    assert [(step.queue, step.open) for step in path.steps] == [("person:5", True), ("person:6", False)]
    assert path.variant == ["task_1"]


def test_what_opens_again_was_taken_away_before_and_what_is_open_at_the_end_too():
    path = read(STARTED, opened(0, "task_1"), opened(2, "task_1"), Line(at(3), "case.cancelled"))
    assert [step.withdrawn for step in path.steps] == [True, True]
    assert not any(step.open or step.late(MONDAY) for step in path.steps)


def test_a_step_that_was_left_for_an_earlier_one_has_sent_back():
    path = read(
        STARTED,
        opened(0, "task_1"),
        sent(1, "task_1"),
        opened(1, "task_2"),
        sent(2, "task_2"),
        opened(2, "task_1"),
        sent(3, "task_1"),
        opened(3, "task_2"),
    )
    assert [step.sent_back for step in path.steps] == [False, True, False, False]
    assert path.steps[2].how == paths.UNKNOWN  # in a row nothing leads back


def test_a_step_that_the_diagram_does_not_let_follow_is_named_and_one_that_it_does_is_not():
    ahead = read(STARTED, opened(0, "task_1"), sent(1, "task_1"), opened(1, "task_3"))
    assert [step.how for step in ahead.steps] == [paths.FLOW, paths.UNKNOWN]
    elsewhere = read(STARTED, opened(0, "task_2"))
    assert [step.how for step in elsewhere.steps] == [paths.UNKNOWN]
    gone = read(STARTED, opened(0, "task_1"), sent(1, "task_1"), opened(1, "task_9"))
    assert gone.steps[-1].how == paths.UNKNOWN


def test_what_was_moved_by_hand_says_so():
    moved = Line(at(1), "case.moved", "task_3", 9, {"source": "task_1", "to": "task_3"})
    path = read(STARTED, opened(0, "task_1"), moved, opened(1, "task_3"))
    assert [(step.how, step.withdrawn) for step in path.steps] == [(paths.FLOW, True), (paths.HAND, False)]


def test_of_what_a_message_began_nothing_is_held_against_the_diagram():
    arrived = Line(at(1), "message.arrived")
    assert read(STARTED, opened(0, "task_1"), arrived, opened(1, "task_3")).steps[1].how == paths.FLOW


def test_the_shipped_diagrams_let_something_follow_on_every_task_but_the_last():
    parts = {orjson.loads(each["process.json"])["key"]: each for each in shipped.folders()}
    made: dict[str, Folder] = {}
    made.update({key: Folder(1, digest_of(each), each, made) for key, each in parts.items()})
    ways = following.of(made["designation-case"])
    assert ways.at_start() == {"fill"}
    assert ways.after("city_review") == {"fill", "leader_sign", "report", "section_review"}
    assert "expert_review:recusals" in ways.after("intake")
    assert "decide" not in ways.after("fill")
    assert ways.after("nowhere") == frozenset()
    assert not ways.knows("intake_end")


def test_a_called_process_leads_back_to_where_it_was_called():
    parts = {orjson.loads(each["process.json"])["key"]: each for each in shipped.folders()}
    made: dict[str, Folder] = {}
    made.update({key: Folder(1, digest_of(each), each, made) for key, each in parts.items()})
    assert "visit_decision" in following.of(made["designation-case"]).after("expert_review:report")
