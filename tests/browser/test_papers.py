"""A letter from its draft to its issue, as seven people of the department do it in their browsers."""

import re
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import expect

from tests.browser.desk import PDF, Desk

TITLE = "四川省商务厅关于商请提供外贸基地数据的函"
DRAFT = {
    "title": TITLE,
    "body": "请提供2026年外贸基地有关数据。\n联系人：陈静。",
    "disclosure_reason": "属于部门之间的工作往来。",
    "outcome": "submit",
}


def test_d_2_a_letter_goes_from_its_draft_to_its_issue_and_its_addressees(desk: Desk):
    desk.enter("陈静")
    desk.go("/documents/new")
    desk.page.locator("tr", has_text="商请函").first.get_by_role("button").click()
    expect(desk.page.locator("form[data-form]")).to_be_visible()
    desk.answer(DRAFT)
    desk.submit()
    assert "已办结" in desk.said()
    _do(desk, "马骏", {"verified": ["facts", "wording", "disclosure"], "outcome": "approve"})
    _do(desk, "罗文", {"verified": ["kind", "words", "addressees", "disclosure"], "outcome": "approve"})
    _do(desk, "高远", {"signer": "高远", "outcome": "approve"})
    _do(desk, "罗文", {"verified": ["procedure", "attachments", "format", "unchanged"], "outcome": "approve"})
    today = _today(desk)
    _do(desk, "罗文", {"number": f"川商贸函〔{today[:4]}〕9001号", "dated_on": today, "final": PDF})
    _do(desk, "罗文", {"outcome": "approve", "sealed_on": today, "copies": "8"})
    _do(desk, "罗文", {"issued_on": today})

    desk.go("/documents?q=" + TITLE)
    desk.page.locator("main a", has_text=TITLE).first.click()
    expect(desk.page.locator("main")).to_contain_text(f"川商贸函〔{today[:4]}〕9001号")
    expect(desk.page.locator("main")).to_contain_text("已印发")
    assert desk.findings() == []
    assert desk.faults == []


def _do(desk: Desk, name: str, answers: Mapping[str, Any]) -> None:
    """Be this person, find the task of the letter, claim it and send its form."""
    desk.enter(name)
    desk.go("/tasks?q=商请函")
    desk.follow(desk.page.locator("table.queue a.main").first)
    desk.claim()
    expect(desk.page.locator("form[data-form]")).to_be_visible()
    desk.answer(answers)
    desk.submit()
    assert "已办结" in desk.said()


def _today(desk: Desk) -> str:
    found = re.search(r"(\d{4})年(\d{1,2})月(\d{1,2})日", desk.page.locator(".demo").inner_text())
    assert found
    year, month, day = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}"
