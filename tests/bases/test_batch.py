"""A batch: when one can apply, who is in it, and what its quota still has room for (R-4.1, R-4.2)."""

from datetime import date

import pytest

from bases.verdicts import batch, batch_entry, batch_ranking, ranking
from ground.clock import local_day
from tests.bases import moves
from tests.conftest import MORNING

PLAN = batch.Plan(2026, date(2026, 11, 2), date(2026, 11, 30), quota=2, rolling=3, criteria="article10")
TODAY = local_day(MORNING)


def announced(session, planned=PLAN):
    by = moves.actor(session, "chen.jing", MORNING).person
    number = batch.prepare(session, by, MORNING)
    case = moves.open_case(session, "B041", MORNING)
    batch.plan(session, number, case.id, planned)
    batch.called(session, number, "川商贸发〔2026〕10号")
    batch.announce(session, number)
    return batch.by_id(session, number)


def entered(session, number, key, **facts: object):
    case = moves.open_case(session, key, MORNING)
    batch_entry.enter(session, number, case.id, moves.base(session, key))
    batch_entry.amend(session, case.id, **facts)
    return case.id


def test_r_4_1_a_batch_without_dates_in_their_order_is_refused(session):
    wrong = batch.Plan(2026, date(2026, 11, 30), date(2026, 11, 2), None, None, "article10")
    with pytest.raises(batch.NoCriteria):
        announced(session, wrong)
    with pytest.raises(batch.NoCriteria):
        announced(session, batch.Plan(2026, TODAY, TODAY, None, None, ""))


def test_r_4_1_one_applies_from_the_first_day_to_the_last(session):
    found = announced(session)
    assert batch.open_on(session, date(2026, 11, 2)).id == found.id
    assert batch.open_on(session, date(2026, 11, 30)).id == found.id
    for day in (date(2026, 11, 1), date(2026, 12, 1)):
        with pytest.raises(batch.NotOpen) as refused:
            batch.open_on(session, day)
        assert refused.value.detail == {"opens_on": "2026-11-02", "closes_on": "2026-11-30"}


def test_a_batch_that_is_not_announced_takes_nobody(session):
    by = moves.actor(session, "chen.jing", MORNING).person
    number = batch.prepare(session, by, MORNING)
    batch.plan(session, number, moves.open_case(session, "B041", MORNING).id, PLAN)
    with pytest.raises(batch.NoBatch):
        batch.open_on(session, TODAY)


def test_the_ranking_reads_what_is_ready_and_keeps_the_tie_until_a_person_settles_it(session):
    found = announced(session)
    first = entered(session, found.id, "B042", state=batch_entry.READY, average=9000, visited=True)
    second = entered(session, found.id, "B043", state=batch_entry.READY, average=8000)
    third = entered(session, found.id, "B045", state=batch_entry.READY, average=8000)
    entered(session, found.id, "B041", state=batch_entry.UNDER_WAY)
    places = batch_ranking.order(session, found, TODAY)
    assert {each.case: each.listed for each in places} == {first: "proposed", second: None, third: None}
    chosen = {second: ranking.Choice("proposed", "产业链更完整"), third: ranking.Choice("reserve", "材料次之")}
    batch_ranking.settle(session, ranking.choose(places, 2, batch_ranking.pass_mark(session, TODAY), chosen))
    assert [(each.case_id, each.visited) for each in batch_ranking.proposed(session, found.id)] == [
        (first, True),
        (second, False),
    ]
    assert batch_entry.of_case(session, third).reason == "材料次之"


def test_the_quota_is_spent_by_earlier_lists_and_by_who_stands_on_a_notice(session):
    found = announced(session)
    entered(session, found.id, "B042", state=batch_entry.DECIDED, average=9000, outcome="designate")
    entered(session, found.id, "B043", state=batch_entry.READY, average=8000, noticed=True, listed="proposed")
    entered(session, found.id, "B045", state=batch_entry.READY, average=7900)
    assert batch_entry.room(session, found) == 0
    assert [each.listed for each in batch_ranking.order(session, found, TODAY)] == ["reserve"]
    assert batch_entry.stages(session, found.id) == {"decided": 1, "ready": 2}
