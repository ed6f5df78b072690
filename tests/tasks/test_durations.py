"""The way of a case through stages, from what happened to it: days, what passed, what was sent back."""

from datetime import date, timedelta

import pytest

from ground import calendar, clock
from ground.database import reading
from tasks import durations
from tasks.durations import Way
from tests.tasks.test_elapsed import MONDAY, Line

ORDER = ["filing", "city", "intake"]
STEPS = {"fill": "filing", "fill_supplement": "filing", "city_review": "city", "sign": "city", "intake": "intake"}


def stage(place: str) -> str:
    return STEPS.get(place, "other")


@pytest.fixture
def known(database):
    assert database
    with reading() as session:
        return calendar.load(session)


def day(number: int) -> date:
    """The so many-th day after a Monday."""
    return MONDAY + timedelta(days=number)


def told(*steps: tuple[int, str, str | None]) -> list[Line]:
    return [Line(day(number), kind, element) for number, kind, element in steps]


def walked(known, lines: list[Line], until: int = 9) -> Way:
    return durations.way(lines, ORDER, stage, clock.start_of(day(until)), known)


def test_working_days_are_counted_from_the_day_after_a_stage_was_reached(known):
    way = walked(
        known,
        told(
            (0, "task.opened", "fill"),
            (1, "task.completed", "fill"),
            (1, "task.opened", "city_review"),
            (7, "task.completed", "city_review"),
            (7, "task.opened", "intake"),
        ),
    )
    assert way.days == {"filing": 1, "city": 4, "intake": 2}  # 28 and 29 November 2026 are a weekend
    assert way.inside == {"intake"}
    assert not way.returned


def test_a_stage_that_is_reached_twice_keeps_the_days_of_both_times_and_who_sent_back_is_named(known):
    way = walked(
        known,
        told(
            (0, "task.opened", "fill"),
            (1, "task.completed", "fill"),
            (1, "task.opened", "city_review"),
            (2, "task.completed", "city_review"),
            (2, "task.opened", "fill"),
            (4, "task.completed", "fill"),
            (4, "task.opened", "city_review"),
        ),
    )
    assert way.days["filing"] == 3
    assert way.returned == {"city"}


def test_a_supplement_is_no_return(known):
    way = walked(
        known,
        told(
            (0, "task.opened", "fill_supplement"),
            (0, "task.completed", "fill_supplement"),
            (0, "task.opened", "intake"),
            (1, "task.completed", "intake"),
            (1, "task.opened", "fill_supplement"),
        ),
    )
    assert not way.returned


def test_two_tasks_side_by_side_count_their_days_once_and_a_suspension_counts_none(known):
    side = walked(
        known,
        told(
            (0, "task.opened", "city_review"),
            (0, "task.opened", "sign"),
            (2, "task.completed", "city_review"),
            (3, "task.completed", "sign"),
        ),
    )
    assert side.days == {"city": 3}
    stood = walked(
        known,
        told(
            (0, "task.opened", "city_review"),
            (1, "case.suspended", None),
            (3, "case.resumed", None),
            (4, "task.completed", "city_review"),
        ),
    )
    assert stood.days == {"city": 2}


def test_median_and_ninetieth_percentile_are_those_of_whoever_passed():
    ways = {
        number: Way(days={"city": number}, inside={"city"} if number == 20 else set())
        for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20)
    }
    (figures,) = durations.by_stage(ways, ORDER)
    assert (len(figures.entered), len(figures.passed), len(figures.inside)) == (11, 10, 1)
    assert (figures.median, figures.ninety) == (5.5, 9)
    assert figures.returned_share == 0


def test_where_nobody_has_passed_there_is_no_median():
    (figures,) = durations.by_stage({1: Way(days={"city": 3}, inside={"city"})}, ORDER)
    assert figures.median is None
    assert figures.ninety is None
