"""What handling takes in working days: what lay with the applicant or stood still counts against nobody."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from ground import calendar, clock
from ground.database import reading
from tasks import elapsed
from tasks.elapsed import Used

MONDAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Line:
    """A line of a story, at nine in the morning of a day."""

    day: date
    kind: str
    element: str | None = None

    @property
    def at(self) -> datetime:
        """The instant."""
        return clock.start_of(self.day) + timedelta(hours=9)


@pytest.fixture
def known(database):
    assert database
    with reading() as session:
        return calendar.load(session)


def role(place):
    return "base_filler" if place in {"fill", "supplement:send", "fill_supplement"} else "prov_officer"


def on(number):
    return MONDAY + timedelta(days=number)


BEGUN = (Line(on(-5), "task.opened", "fill"), Line(on(0), "task.completed", "fill"), Line(on(0), "task.opened", "look"))


def used(known, until, more=()):
    return elapsed.of_case([*BEGUN, *more], role, Line(until, "").at, known)


def test_handling_begins_when_the_applicant_has_sent_it(known):
    assert elapsed.of_case(BEGUN[:1], role, Line(on(0), "").at, known) is None
    assert used(known, on(0)) == Used(0)
    assert used(known, on(7)) == Used(5)  # five working days and a weekend


def test_a_case_that_no_applicant_fills_in_is_handled_from_its_start(known):
    assert elapsed.of_case([Line(on(0), "task.opened", "look")], role, Line(on(2), "").at, known) == Used(2)


def test_n_7_days_with_the_applicant_after_a_return_do_not_count_against_the_holder(known):
    returned = (Line(on(1), "task.completed", "look"), Line(on(1), "task.opened", "fill"))
    again = (Line(on(3), "task.completed", "fill"), Line(on(3), "task.opened", "look"))
    assert used(known, on(4), (*returned, *again)) == Used(2, returned=2)
    assert used(known, on(4), returned) == Used(1, returned=3)  # it still lies there


@pytest.mark.parametrize("place", ["supplement:send", "fill_supplement"])
def test_n_7_days_of_a_supplement_do_not_count_against_the_holder(known, place):
    asked = (Line(on(1), "task.opened", place), Line(on(4), "task.completed", place))
    assert used(known, on(7), asked) == Used(2, supplemented=3)


def test_n_7_suspended_days_count_once_even_while_it_lay_with_the_applicant(known):
    returned = (Line(on(1), "task.completed", "look"), Line(on(1), "task.opened", "fill"))
    stood = (Line(on(2), "case.suspended"), Line(on(4), "case.resumed"))
    assert used(known, on(7), (*returned, *stood)) == Used(1, suspended=2, returned=2)


def test_a_task_counts_from_its_opening_without_what_was_suspended(known):
    stood = [Line(on(1), "case.suspended"), Line(on(3), "case.resumed")]
    assert elapsed.of_task(stood, Line(on(0), "").at, Line(on(4), "").at, known) == Used(2, suspended=2)
