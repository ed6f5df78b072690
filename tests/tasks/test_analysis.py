"""What analyses count: rows that follow the history, spreads by step, limits by kind, variants, and whose cases."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine import cases
from ground import clock, leases
from ground.database import reading, transaction
from ground.people import Actor
from tasks import analysis, analysis_lists, analysis_rows, analysis_scope, scheduler
from tasks.analysis import Analysis
from tasks.analysis_rows import AnalysedCase
from tasks.analysis_scope import Filters
from tasks.spreads import Spread
from tests.engine import desk, flows

LIMITED = flows.folder(
    "limited",
    '<bpmn:startEvent id="begin"/>'
    + flows.user("ask", more='jidi:deadline="intake"')
    + flows.user("check")
    + '<bpmn:exclusiveGateway id="which" default="which_done"/><bpmn:endEvent id="done"/>'
    + flows.flow("begin", "ask")
    + flows.flow("ask", "check")
    + flows.flow("check", "which")
    + flows.flow("which", "ask", 'outcome == "return"')
    + flows.flow("which", "done"),
)
BACK = {"outcome": "return", "opinion": "请补正"}


@pytest.fixture
def officer(database):
    desk.publish(LIMITED)
    return desk.person("officer", "prov_officer")


@pytest.fixture
def head(database):
    return desk.person("head", "prov_division_head")


def of(by: Actor, **filters: str) -> Analysis:
    with transaction() as session:
        analysis_rows.reckon_all(session, clock.now())
    with reading() as session:
        return analysis.of(session, scope(session, by, **filters))


def scope(session, by, **filters: str):
    return analysis_scope.of(session, by, Filters(**{"process": "limited", **filters}), clock.today())


def listed(by: Actor, what: str, of_: str = "", filters: Mapping[str, str] | None = None) -> list[str]:
    with reading() as session:
        rows, _ = analysis_lists.listed(session, scope(session, by, **(filters or {})), what, of_)
        return [row.case_ref for row in rows]


def through(officer, stopped_clock, key, *days: int, answers=desk.FORWARD):
    case = desk.start("limited", officer, key=key, subject=f"base:{key}")
    for element, wait in zip(("ask", "check"), days, strict=False):
        stopped_clock[0] += timedelta(days=wait)
        desk.do(case, element, officer, answers)
    return case


def test_a_spread_knows_its_median_and_its_ninetieth():
    assert Spread({1: 5, 4: 4, 9: 1}).median == 1
    assert Spread({1: 5, 4: 4, 9: 1}).ninety == 4
    assert Spread({}).median is None


def test_days_are_counted_by_step_and_trend_and_the_costliest_step_stands_first(officer, head, stopped_clock):
    one = through(officer, stopped_clock, "1", 1, 3)
    two = through(officer, stopped_clock, "2", 4, 1)
    found = of(head)
    assert found.cases == 2
    assert found.whole.n == 2
    days = {stage.element: stage.whole.counts for stage in found.stages}
    assert days == {"ask": {1: 1, 2: 1}, "check": {3: 1, 1: 1}}
    assert found.stages[0].element == "check"
    assert found.stages[0].share == pytest.approx(4 / 7)
    assert all(stage.waited == stage.whole for stage in found.stages)  # each was taken and sent in one moment
    assert set(found.trend) == {"2026-11", "2026-12"}
    assert listed(head, "ended", "2026-12") == [two]
    assert set(listed(head, "cases")) == {one, two}
    assert set(listed(head, "sent", filters={"element": "ask"})) == {one, two}


def test_what_was_sent_back_and_gone_through_again_is_counted_and_another_variant(officer, head, stopped_clock):
    through(officer, stopped_clock, "1", 1, 1)
    back = through(officer, stopped_clock, "2", 1, 1, answers=BACK)
    desk.do(back, "ask", officer)
    desk.do(back, "check", officer)
    found = of(head)
    assert {stage.element: stage.returned for stage in found.stages} == {"ask": 0, "check": 1}
    assert {tuple(way.steps): way.n for way in found.ways} == {
        ("ask", "check"): 1,
        ("ask", "check", "ask", "check"): 1,
    }
    assert found.variants == 2
    assert listed(head, "returned") == [back]
    again = next(way for way in found.ways if len(way.steps) == 4)
    assert listed(head, "variant", again.digest) == [back]
    assert found.unknown == 0


def test_limits_are_kept_apart_by_kind_and_what_lies_open_past_its_day_is_late(officer, head, stopped_clock):
    kept = through(officer, stopped_clock, "1", 1, 1)
    late = through(officer, stopped_clock, "2", 30, 1)
    lying = through(officer, stopped_clock, "3")
    found = of(head)
    assert [(limit.kind, limit.due, limit.late) for limit in found.limits] == [("default", 2, 1)]
    assert found.late == 1
    stopped_clock[0] += timedelta(days=30)
    found = of(head)
    (limit,) = found.limits
    assert (limit.due, limit.late, round(limit.kept, 2)) == (3, 2, 0.33)
    assert set(listed(head, "late", "default")) == {late, lying}
    assert set(listed(head, "due", "default")) == {late, lying, kept}
    assert set(listed(head, "overrun")) == {late, lying}
    assert listed(head, "late", "text") == []


def test_a_suspension_does_not_make_a_step_late_nor_its_case_slow(officer, head, stopped_clock):
    case = desk.start("limited", officer)
    cases.suspend(case, by=head, reason="等待", key="s")
    stopped_clock[0] += timedelta(days=60)
    cases.resume(case, by=head, reason="继续", key="r")
    desk.do(case, "ask", officer)
    desk.do(case, "check", officer)
    found = of(head)
    assert [(limit.due, limit.late) for limit in found.limits] == [(1, 0)]
    assert found.whole.counts == {0: 1}


def test_a_move_by_hand_is_named_as_such(officer, head, stopped_clock):
    case = desk.start("limited", officer)
    cases.move(case, "ask", "check", by=head, reason="环节设置有误", key="m")
    found = of(head)
    assert (found.by_hand, found.unknown) == (1, 0)
    assert listed(head, "by_hand") == [case]


def test_a_row_follows_its_case_and_is_not_read_again_while_it_stands(officer, head, stopped_clock):
    case = through(officer, stopped_clock, "1", 1)
    assert of(head).whole.n == 0
    with transaction() as session:
        assert analysis_rows.reckon_all(session, clock.now()) == 0
    desk.do(case, "check", officer)
    assert of(head).whole.n == 1


def test_housekeeping_reckons_what_has_moved(officer, head, stopped_clock):
    through(officer, stopped_clock, "1", 1, 1)
    every, work = scheduler.HOUSEKEEPING["analyse"]
    leases.alone("analyse", every, work)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(AnalysedCase)) == 1


def test_a_city_counts_its_own_and_reads_the_provinces_median_where_it_names_nobody(officer, head, stopped_clock):
    city = desk.person("city", "city_section_head", organ="city-510700")
    other = desk.person("other", "city_section_head", organ="city-510100")
    organ = officer.held[0].organ_id
    for region, days in (("510703", 1), ("510104", 2), ("511500", 3)):
        case = cases.start(
            "limited", subject="base:1", region=region, organ=organ, title="例", by=officer, key=region
        ).ref
        stopped_clock[0] += timedelta(days=days)
        desk.do(case, "ask", officer)
        desk.do(case, "check", officer)
    assert of(head).cases == 3
    assert of(head).province is None
    mine = of(city)
    assert mine.cases == 1
    assert mine.province is not None
    assert {stage.province for stage in mine.stages} != {None}
    assert of(other).cases == 1
    assert len(listed(city, "cases")) == 1
    assert of(city, city="5115").cases == 0
    assert of(city, city="5115").province == mine.province


def test_of_two_cities_neither_is_told_a_median_that_is_the_others(officer, stopped_clock):
    city = desk.person("city", "city_section_head", organ="city-510700")
    organ = officer.held[0].organ_id
    for region in ("510703", "510104"):
        case = cases.start(
            "limited", subject="base:1", region=region, organ=organ, title="例", by=officer, key=region
        ).ref
        desk.do(case, "ask", officer)
        desk.do(case, "check", officer)
    found = of(city)
    assert found.province is None
    assert {stage.province for stage in found.stages} == {None}


def test_whoever_sees_no_case_counts_none(officer, stopped_clock):
    through(officer, stopped_clock, "1", 1, 1)
    found = of(desk.person("stranger", "expert"))
    assert (found.cases, found.stages, found.ways) == (0, [], [])


def test_a_persons_work_is_for_the_head_of_the_unit_alone(officer, head, stopped_clock):
    through(officer, stopped_clock, "1", 1, 1)
    of(head)
    with reading() as session:
        ((row, spread),) = analysis.workload(session, scope(session, head))
        assert (row.name, spread.n) == ("officer", 2)
    watcher = desk.person("watcher", "supervisor")
    with reading() as session:
        assert analysis.workload(session, scope(session, watcher)) == []
    elsewhere = desk.person("mayor", "city_section_head", organ="city-510700")
    with reading() as session:
        assert analysis.workload(session, scope(session, elsewhere)) == []


def test_months_and_versions_narrow(officer, head, stopped_clock):
    through(officer, stopped_clock, "1", 1, 1)
    assert of(head, since="2026-12").whole.n == 0
    assert of(head, until="2026-10").cases == 0
    assert of(head, version="1").cases == 1
    assert of(head, version="9").cases == 0
    assert of(head, process="none").cases == 0
