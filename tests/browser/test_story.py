"""One application in the browser, from the county to the register: everybody does their part."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PDF, Desk

pytestmark = pytest.mark.browser

TODAY_FIELDS = 'input[type="date"]'
EXPERTS = ("李国华", "王晓东", "赵明慧", "郑凯", "彭丽娟", "韩志远", "田春梅", "胡静", "邱伟", "魏岚", "贺鹏", "谢敏")
CHECKS = ("policy", "quality", "environment", "safety", "property", "competition", "law", "other")


def test_one_application_walks_from_the_county_to_the_register(desk: Desk) -> None:
    number = _applies(desk)
    _county_signs(desk)
    _city_reports(desk)
    _organs_answer(desk)
    _department_accepts(desk)
    _panel_is_drawn(desk)
    _experts_review(desk)
    _department_skips_the_visit(desk)
    _somebody_else_rechecks(desk)
    _organs_answer(desk)
    _notice_runs_out(desk)
    _leader_decides(desk)
    _public_finds_it(desk)
    assert number
    assert desk.faults == []


def _applies(desk: Desk) -> str:
    desk.enter("刘敏")
    desk.go("/applications/new")
    desk.page.get_by_role("button", name="开始申报").click()
    expect(desk.page.locator("h1")).to_have_text("填报信息表")
    desk.submit()
    assert "已办结" in desk.said()
    desk.claim_next()
    desk.answer({"outcome": "stamp", "scan": PDF})
    desk.submit()
    assert "已办结" in desk.said()
    desk.go("/cases")
    desk.page.locator("a.main").first.click()
    expect(desk.page.locator("aside .waits")).to_contain_text("所在地主管部门审核签批")
    return desk.page.locator("aside dl.facts dd").first.inner_text()


def _county_signs(desk: Desk) -> None:
    desk.enter("杨丽")
    desk.claim_next()
    day = _today(desk)
    desk.answer({"verified": ["figures", "plan", "bodies", "stamp"], "opinion": "材料真实完整。", "outcome": "forward"})
    desk.answer({"signer": "杨丽", "signed_on": day})
    desk.submit()
    assert "已办结" in desk.said()


def _city_reports(desk: Desk) -> None:
    desk.enter("周平")
    desk.claim_next()
    met = {f"item{n}": "met" for n in range(1, 6)}
    mechanism = ["body", "plan", "building", "policies"]
    desk.answer({"complete": "true", "mechanism": mechanism, **met, "admission": "none"})
    desk.answer({"opinion": "拟同意上报。", "outcome": "forward"})
    desk.submit()
    assert "已办结" in desk.said()
    for name in ("谭斌", "曹云"):
        desk.enter(name)
        desk.claim_next()
        desk.answer({"opinion": "同意。", "outcome": "agree"})
        desk.submit()
        assert "已办结" in desk.said()
    desk.enter("周平")
    desk.claim_next()
    letter = {"incoming_number": "宜商务〔2026〕12号", "dated_on": _today(desk), "signer": "曹云"}
    desk.answer({**letter, "scan": PDF, "outcome": "forward"})
    desk.submit()
    assert "已办结" in desk.said()


def _organs_answer(desk: Desk) -> None:
    """One organ is asked about every condition and answers 无."""
    desk.enter("陈静")
    desk.claim_next()
    for check in CHECKS:
        for box in desk.page.locator(f'[name="{check}"]:not([value="sc_market"])').all():
            box.uncheck()
        desk.answer({check: ["sc_market"]})
    desk.submit()
    assert "已办结" in desk.said()
    desk.enter("范宇")
    desk.claim_next()
    for nth in range(len(CHECKS)):
        desk.answer({f"answers.{nth}.answer": "none", f"answers.{nth}.evidence": "系统查询，无此情形。"})
    desk.answer({"signer": "范宇"})
    desk.submit()
    assert "已办结" in desk.said()


def _department_accepts(desk: Desk) -> None:
    desk.enter("陈静")
    desk.claim_next()
    desk.answer({"formal": ["form", "plan", "bodies", "stamp", "letter"]})
    desk.answer({"opinion": "符合条件，予以受理。", "outcome": "accept"})
    desk.submit()
    assert "已办结" in desk.said()


def _panel_is_drawn(desk: Desk) -> None:
    desk.enter("陈静")
    desk.claim_next()
    desk.answer({"confirmed": ["checked"]})
    desk.submit()
    assert "已办结" in desk.said()
    desk.enter("徐宏")
    desk.claim_next()
    desk.answer({"outcome": "confirm", "verified": ["seed", "excluded", "replay"]})
    desk.submit()
    assert "已办结" in desk.said()


def _experts_review(desk: Desk) -> None:
    members = _asked(desk, {"outcome": "accept", "pledge": ["signed"]})
    assert len(members) == 5
    sheet = {"pledge": ["agreed"], "c1": "20", "c2": "12.5", "c3": "20", "c4": "12", "c5": "16"}
    assert _asked(desk, {**sheet, "opinion": "产业基础较好。"}) == members
    assert _asked(desk, {}, leader=members[0]) == members
    desk.enter(members[0])
    desk.open_held()
    desk.answer({"strengths": "产业集聚明显。", "problems": "品牌不强。", "advice": "建议加强品牌培育。"})
    desk.submit()
    assert "已办结" in desk.said()
    desk.enter("陈静")
    desk.claim_next()
    desk.answer({"sheets": PDF, "report": PDF})
    desk.submit()
    assert "已办结" in desk.said()


def _asked(desk: Desk, answers: dict[str, Any], leader: str = "") -> list[str]:
    """Whoever of the experts has a task gives these answers, or votes for this member; their names."""
    found = []
    for name in EXPERTS:
        desk.enter(name)
        desk.go("/tasks?held=mine")
        if not desk.page.locator("table.queue a.main").count():
            continue
        desk.page.locator("table.queue a.main").first.click()
        desk.answer(answers)
        if leader:
            desk.page.get_by_role("radio", name=leader, exact=True).check()
        if "c1" in answers:
            expect(desk.page.locator('output[data-total="total"]')).to_have_text("80.5")
        desk.submit()
        assert "已办结" in desk.said()
        found.append(name)
    return found


def _department_skips_the_visit(desk: Desk) -> None:
    desk.enter("陈静")
    desk.claim_next()
    desk.answer({"outcome": "skip", "reason": "材料充分，分歧不大。"})
    desk.submit()
    assert "已办结" in desk.said()


def _somebody_else_rechecks(desk: Desk) -> None:
    desk.enter("徐宏")
    desk.claim_next()
    desk.answer({"verified": ["panel", "scores", "admission", "visit"]})
    desk.answer({"opinion": "复核无误。", "outcome": "confirm"})
    desk.submit()
    assert "已办结" in desk.said()


def _notice_runs_out(desk: Desk) -> None:
    desk.go("/notices")
    expect(desk.page.locator("main")).to_contain_text("公示")
    desk.enter("高远")
    for _day in range(8):
        desk.go("/tasks")
        if desk.page.locator("table.queue a.main").count():
            return
        desk.move_clock("前进1个工作日")
    pytest.fail("the notice did not end")


def _leader_decides(desk: Desk) -> None:
    desk.claim_next()
    desk.answer({"outcome": "designate", "reason": "公示无异议，予以认定。", "signer": "高远"})
    desk.answer({"decided_on": _today(desk)})
    desk.submit()
    assert "已办结" in desk.said()


def _public_finds_it(desk: Desk) -> None:
    desk.page.locator(".bar .mine").get_by_role("button", name="退出").click()
    desk.go("/register?q=筠连")
    expect(desk.page.locator("table tbody")).to_contain_text("筠连")


def _today(desk: Desk) -> str:
    return desk.page.locator(".demo time").get_attribute("datetime")[:10]
