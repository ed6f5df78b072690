"""What happens when the date of a notice to supplement passes: a task for the officer, nothing by itself (R-9.2)."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from bases import demo
from bases.filing import supplement
from engine import cases
from engine.waits import Wait
from ground import clock, files
from ground.database import reading, transaction
from tasks import letters, timers
from tests.stories.test_designation import INTAKE, Story
from tests.web import support
from tests.web.reviewing import Reviewer

NOTICE = {
    "items": [{"field": "tax", "missing": "缺上年数据。"}, {"field": "plan", "missing": "规划未盖章。"}],
    "due_on": "2026-12-07",
    "hand_in": "本系统在线补正",
}
EXTENDED = {"outcome": "extend", "until": "2026-12-21", "reason": "规划正在用印。"}


@pytest.fixture
def story(database, tmp_path) -> Story:
    """An application that the intake has sent back by a notice, due on 7 December."""
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())
    one = Story("liu.min", "B042")
    one.at_the_report()
    one.report("zhou.ping")
    one.consult()
    one.do("chen.jing", "intake", {**INTAKE, "outcome": "return", "reason": "材料不全。"})
    one.do("chen.jing", "supplement:draft", NOTICE)
    return one


def over(stopped_clock, day: str) -> None:
    """The end of this day."""
    stopped_clock[0] = clock.end_of(date.fromisoformat(day))
    timers.fire_due(clock.now())


def waiting(story: Story, element: str):
    with reading() as session:
        return session.execute(
            select(Wait.due_on, Wait.due_kind, Wait.queue).where(
                Wait.case_id == story.row().id, Wait.element == element
            )
        ).one()


def notice(story: Story):
    with reading() as session:
        return supplement.of_case(session, story.row().id)[-1]


def test_r_9_2_the_filler_s_task_is_due_on_the_day_fixed_in_the_served_notice(story):
    assert story.open() == ["fill_supplement"]
    asked = waiting(story, "fill_supplement")
    assert (asked.due_on, asked.due_kind) == (date(2026, 12, 7), "notice")


def test_r_9_2_the_passed_day_gives_the_officer_a_task_and_takes_nothing_from_the_filler(story, stopped_clock):
    stopped_clock[0] = clock.end_of(date(2026, 12, 6))
    timers.fire_due(clock.now())
    assert story.open() == ["fill_supplement"]

    over(stopped_clock, "2026-12-07")

    assert story.open() == ["fill_supplement", "supplement_late"]
    assert waiting(story, "supplement_late").queue.startswith("prov_officer@")
    story.send_form("fill_supplement", chain="已补充。")
    assert story.open() == ["stamp"]
    assert (notice(story).answered_on, notice(story).closed_on) == (date(2026, 12, 8), None)


def test_an_extension_is_given_once_with_a_reason_and_moves_the_filler_s_day(story, stopped_clock):
    over(stopped_clock, "2026-12-07")
    for wrong in ({**EXTENDED, "reason": ""}, {**EXTENDED, "until": "2026-12-08"}):
        with pytest.raises(cases.Invalid):
            story.do("chen.jing", "supplement_late", wrong)
    with reading() as session:
        wait = session.execute(
            select(Wait.ref).where(Wait.case_id == story.row().id, Wait.element == "supplement_late")
        ).one()
    cases.complete(wait.ref, EXTENDED, by=story.person("chen.jing"), key="extended")

    assert story.open() == ["fill_supplement"]
    assert waiting(story, "fill_supplement").due_on == date(2026, 12, 21)
    stands = notice(story)
    assert (stands.due_on, stands.extended_from) == (date(2026, 12, 21), date(2026, 12, 7))
    with reading() as session:
        told = [row.template for row in letters.inbox(session, story.person("liu.min"))]
    assert "supplement_extended" in told

    over(stopped_clock, "2026-12-21")
    assert story.open() == ["fill_supplement", "supplement_late"]
    with pytest.raises(cases.Invalid) as again:
        story.do("chen.jing", "supplement_late", {**EXTENDED, "until": "2027-01-08"})
    assert [each.code for each in again.value.detail["problems"]] == ["supplement.extended_before"]


@pytest.mark.parametrize("outcome", ["as_is", "refuse"])
def test_without_the_supplement_the_intake_decides_and_only_by_a_signature(story, stopped_clock, outcome):
    over(stopped_clock, "2026-12-07")
    story.do("chen.jing", "supplement_late", {"outcome": outcome, "reason": "期满没有报送。"})
    assert story.open() == ["intake"]
    assert (notice(story).closed_on, notice(story).answered_on) == (date(2026, 12, 8), None)
    assert story.row().outcome is None

    story.do("chen.jing", "intake", {**INTAKE, "outcome": "return", "reason": "仍须补正。"})
    story.do("chen.jing", "supplement:draft", {**NOTICE, "due_on": "2026-12-28"})
    assert story.open() == ["supplement:approve"]
    story.do("ma.jun", "supplement:approve", {"outcome": "approve", "reason": "情况特殊。"})
    assert story.open() == ["fill_supplement"]
    assert notice(story).round == 2


def test_no_other_role_decides_on_a_supplement_that_is_late(story, stopped_clock):
    over(stopped_clock, "2026-12-07")
    for stranger in ("liu.min", "zhou.ping", "xu.hong"):
        with pytest.raises(StopIteration):
            story.do(stranger, "supplement_late", {"outcome": "refuse", "reason": "不等了。"})
    assert story.open() == ["fill_supplement", "supplement_late"]


def test_the_filler_sees_what_the_notice_names_and_the_city_what_changed(story, tmp_path):
    pages = support.application(tmp_path / "pages")
    with reading() as session:
        ref = session.scalar(select(Wait.ref).where(Wait.element == "fill_supplement"))
    filler = Reviewer(pages, "liu.min")
    filler.send(f"/tasks/{ref}/claim")
    page = filler.go(f"/tasks/{ref}")
    assert re.search("需修改[0-9]+项", page.text)
    assert "缺上年数据。" in page.text
    story.send_form("fill_supplement", chain="已补充配套企业。")
    with reading() as session:
        view = cases.look(session, story.case, story.person("zhou.ping"))
    newest = [row.seq for row in view.submissions if row.form == "information"][-1]
    changed = Reviewer(pages, "zhou.ping").go(f"/cases/{story.case}/papers/{newest}/differences")
    assert "已补充配套企业" in changed.text
