"""A difficulty of an enterprise from its base up to the joint meeting, by the clock and by reason (P15)."""

from datetime import timedelta

import pytest

from bases.cooperation import issue
from engine import cases, history
from ground import calendar, clock
from ground.database import reading
from ground.errors import Forbidden, Missing
from tests.bases import cooperating as desk

# What the statements are is proved on both databases by the first story here.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
WRITTEN = {
    "enterprise": "三江电池有限公司",
    "source": "enterprise",
    "kind": "logistics",
    "title": "锂电池出口订舱困难",
    "matter": "锂电池属危险货物，航次减少。",
    "wish": "协调增加铁路班列舱位。",
}
ANSWERED = {"outcome": "solved", "answer": "已协调班列每周增加两个舱位。"}
REPLIED = {"replied_on": "2026-11-23", "way": "visit", "satisfaction": "satisfied", "answer": ANSWERED["answer"]}


@pytest.fixture
def begun(database):
    assert database
    return issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="once").ref


def registered(ref: str, **changes: str) -> None:
    desk.do(desk.FILLER, ref, "register", {**WRITTEN, **changes})


def row(ref: str):
    with reading() as session:
        return issue.of_case(session, desk.case(ref).id)


def after(element: str, ref: str):
    """The first moment at which the day of this task is over."""
    return clock.end_of(desk.task(ref, element).due_on)


def kinds(ref: str) -> list[tuple[str, dict]]:
    with reading() as session:
        return [(line.kind, dict(line.detail)) for line in history.read(session, desk.case(ref).id)]


def workdays(from_, to) -> int:
    with reading() as session:
        days = calendar.load(session)
    return sum(days.is_workday(from_ + timedelta(days=n)) for n in range(1, (to - from_).days + 1))


@pytest.mark.performs("S-3.7 and R-7.4")
def test_s_3_7_unsolved_it_goes_up_by_the_clock_from_base_to_joint_meeting_and_the_trail_is_kept(begun, stopped_clock):
    """S-3.7, R-7.4: 5 working days at the base, 10 at county and city, 15 at the department, then the pool."""
    registered(begun)
    seen = []
    for element, allowed in (
        ("base_handle", 5),
        ("county_handle", 10),
        ("city_handle", 10),
        ("department_handle", 15),
    ):
        task = desk.task(begun, element)
        assert workdays(clock.today(), task.due_on) == allowed
        assert task.due_kind == "default"
        seen.append(row(begun).level)
        desk.pass_time(stopped_clock, after(element, begun))
    assert seen == ["base", "county", "city", "department"]
    assert row(begun).level == "meeting"
    assert desk.waiting(begun) == ["meeting_handle"]
    with reading() as session:
        assert [one.case_ref for one in issue.waiting_for_meeting(session)] == [begun]
        mine = desk.case(begun)
        assert history.verify(session, mine.id, history.Head(mine.seq, mine.head)) is None
    trail = [detail["source"] for kind, detail in kinds(begun) if kind == "issue.lapsed"]
    assert trail == ["base", "county", "city", "department"]


@ONE
def test_s_3_7_whoever_held_it_before_goes_on_reading(begun, stopped_clock):
    registered(begun)
    desk.do(desk.FILLER, begun, "base_handle", {"outcome": "up", "reason": "需要铁路部门协调。"})
    desk.pass_time(stopped_clock, after("county_handle", begun))
    for login in (desk.FILLER, desk.COUNTY, desk.CITY):
        with reading() as session:
            assert cases.look(session, begun, desk.person(login)).case.ref == begun
    raised = [detail for kind, detail in kinds(begun) if kind == "issue.raised"]
    assert raised == [{"source": "base", "target": "county", "reason": "需要铁路部门协调。"}]


@ONE
def test_s_3_7_a_level_asks_the_base_answers_and_the_enterprise_says_how_satisfied_it_is(begun):
    registered(begun)
    desk.do(desk.FILLER, begun, "base_handle", {"outcome": "up", "reason": "需要县级协调。"})
    desk.do(desk.COUNTY, begun, "county_handle", {"outcome": "ask", "question": "每周需要多少舱位？"})
    asked = {"question": "每周需要多少舱位？", "supplied": "每周两个。"}
    desk.do(desk.FILLER, begun, "county_supply", asked)
    desk.do(desk.COUNTY, begun, "county_handle", ANSWERED)
    assert row(begun).answer == ANSWERED["answer"]
    assert desk.do(desk.FILLER, begun, "reply", REPLIED).outcome == "solved"
    assert (row(begun).state, row(begun).satisfaction) == ("closed", "satisfied")


@ONE
def test_m_4_7_trade_friction_lands_with_fair_trade_and_its_answer_stands_in_the_base_s_file(begun):
    registered(begun, kind="trade_friction", title="遭遇反倾销调查")
    assert desk.waiting(begun) == ["friction_handle"]
    assert desk.task(begun, "friction_handle").queue.startswith("fair_trade@")
    desk.do("tao.yi", begun, "friction_handle", {"outcome": "explained", "answer": "已组织应诉培训。"})
    with reading() as session:
        file = issue.listed(session, desk.person(desk.FILLER), desk.base().ref)
    assert [(one.title, one.answer, one.result) for one in file] == [
        ("遭遇反倾销调查", "已组织应诉培训。", "explained")
    ]


@ONE
def test_what_the_meeting_could_not_wait_for_is_answered_by_the_department(begun):
    registered(begun, kind="trade_friction")
    desk.do("tao.yi", begun, "friction_handle", {"outcome": "up", "reason": "涉及多个部门。"})
    desk.do("chen.jing", begun, "meeting_handle", ANSWERED)
    assert desk.do(desk.FILLER, begun, "reply", REPLIED).outcome == "solved"


@ONE
def test_only_the_filler_of_a_named_base_registers(database):
    assert database
    ref = desk.base().ref
    for login in ("liu.min", desk.CITY, "chen.jing", "du.wen"):
        with pytest.raises(Forbidden):
            issue.begin(ref, by=desk.person(login), key="other")
    with pytest.raises(issue.NotNamed):
        issue.begin(desk.base("B042").ref, by=desk.person("liu.min"), key="draft")


@ONE
def test_another_city_and_another_base_see_nothing(begun):
    registered(begun)
    for login in ("song.ying", "tang.hao", "ren.jie"):
        with reading() as session:
            assert issue.listed(session, desk.person(login)) == []
            with pytest.raises(Missing):
                issue.listed(session, desk.person(login), desk.base().ref)
            with pytest.raises(Missing):
                cases.look(session, begun, desk.person(login))
