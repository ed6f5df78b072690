"""The yearly assessment begins by an officer or on its day, once a year, and opens nothing by the clock (R-11.2)."""

from datetime import date

import pytest
from sqlalchemy import select

from bases.verdicts import campaign
from engine.cases import Case
from engine.waits import Wait
from ground import clock, jobs
from ground.database import reading, transaction
from tests.bases import moves
from tests.conftest import MORNING

PLAN = campaign.Plan(2027, date(2027, 4, 1), date(2027, 4, 30), None, "article12")


def planned(session, changes: campaign.Plan = PLAN) -> int:
    number = campaign.prepare(session, None, MORNING)
    campaign.plan(session, number, moves.open_case(session, "B041", MORNING).id, changes)
    return number


def test_a_campaign_without_dates_in_their_order_or_criteria_is_refused(session):
    wrong = campaign.Plan(2027, date(2027, 4, 30), date(2027, 4, 1), None, "article12")
    for each in (wrong, campaign.Plan(2027, date(2027, 4, 1), date(2027, 4, 1), None, "")):
        with pytest.raises(campaign.Incomplete):
            planned(session, each)


def test_s_2_3_a_year_is_assessed_once(session):
    campaign.change(session, planned(session), drafting=None)
    with pytest.raises(campaign.YearTaken):
        planned(session)


@pytest.fixture
def pass_to(stopped_clock):
    """The beginning of this day, for the house's clock and for a store of jobs that keeps other time."""

    def move(day: date) -> None:
        by = clock.start_of(day) - stopped_clock[0]
        stopped_clock[0] += by
        with transaction() as session:
            jobs.bring_forward(session, by)
        jobs.run_due(clock.now())

    return move


def waiting() -> list[str]:
    with reading() as session:
        rows = session.execute(select(Wait.element).join(Case, Case.id == Wait.case_id))
        return [row.element for row in rows]


def test_on_the_first_of_april_the_officer_is_asked_to_plan_and_nothing_is_opened(database, pass_to):
    assert database
    with transaction() as session:
        campaign.expect(session, clock.today())
        campaign.expect(session, clock.today())
    pass_to(date(2027, 3, 31))
    assert waiting() == []
    pass_to(date(2027, 4, 1))
    assert waiting() == ["plan"]
    with reading() as session:
        (begun,) = campaign.every(session)
        assert (begun.state, begun.year, begun.created_by) == (campaign.DRAFT, None, None)
        by = moves.actor(session, "chen.jing", clock.now())
    assert campaign.begin(by=by, key="mine").number
    assert waiting() == ["plan"]


def test_where_the_year_has_one_the_day_begins_none_and_the_next_is_expected(database, pass_to):
    assert database
    with transaction() as session:
        campaign.change(session, planned(session), drafting=None)
        campaign.expect(session, clock.today())
    pass_to(date(2027, 4, 1))
    assert waiting() == []
    pass_to(date(2028, 4, 1))
    assert waiting() == ["plan"]
