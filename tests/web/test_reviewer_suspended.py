"""What people see of a case that was suspended or cancelled by hand: its state, and why, in both languages."""

import pytest

from bases import demo
from engine import cases
from ground import clock, files
from ground.database import transaction
from tests.engine import desk
from tests.web import reviewing
from tests.web.reviewing import Reviewer


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def by_head(act, case):
    head = desk.person("head", "prov_division_head")
    getattr(cases, act)(case, by=head, reason="当事人申请", key="k")


def the_case(office):
    return Reviewer(office, "liu.min").go("/cases").all("a.main")[0].get("href")


def test_a_suspended_task_says_so_and_offers_no_form(office):
    reviewing.at_the_county(office)
    case = the_case(office)
    by_head("suspend", case.rpartition("/")[2])
    county = Reviewer(office, "yang.li").go("/tasks")
    assert "已中止" in county.text
    assert "本件已中止办理" in county.go(county.all("table.queue a.main")[0].get("href")).text
    assert not county.page.xpath("//form[@data-form]")
    assert not county.page.xpath("//form[contains(@action, '/claim')]")
    ref = county.path.split("/")[2].partition("?")[0]
    assert "本件已中止办理" in county.send(f"/tasks/{ref}/claim").text
    filler = Reviewer(office, "liu.min").go(case)
    assert "撤回申报" not in filler.text  # while it is suspended nothing can be sent to it
    for words in ("已中止", "中止办理：当事人申请", "时限按中止的天数顺延"):
        assert words in filler.text
    assert "已中止" in filler.go("/cases").text
    filler.client.set_cookie("jidi-language", "en")
    assert "Suspended: 当事人申请" in filler.go(case).text


def test_a_cancelled_case_is_shown_as_ended_by_hand(office):
    reviewing.at_the_county(office)
    case = the_case(office)
    by_head("cancel", case.rpartition("/")[2])
    filler = Reviewer(office, "liu.min").go(case)
    assert "已终止" in filler.text
    assert "终止办件：当事人申请" in filler.text
