"""The supervisor finds a stuck case, reads why, urges it, and its unit has the order at once."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

DAYS = 6


def test_a_stuck_case_is_found_explained_and_urged(desk: Desk) -> None:
    desk.enter("刘敏")
    desk.go("/applications/new")
    desk.page.get_by_role("button", name="开始申报").click()
    expect(desk.page.locator("h1")).to_have_text("填报信息表")
    for _day in range(DAYS):
        desk.move_clock("前进1个工作日")
    desk.enter("梁波")
    desk.go("/home")
    desk.page.locator(".figures a", has_text="停滞办件").click()
    row = desk.page.locator("tbody tr", has_text="认定").first
    expect(row).to_contain_text("刘敏领取后")
    number = row.locator("td").first.inner_text()
    row.get_by_role("button", name="催办、督办").click()
    expect(desk.page.locator("form[data-form]")).to_be_visible()
    desk.answer({"level": "urge", "request": "请在3个工作日内办理。"})
    desk.submit()
    desk.go(f"/stuck?q={number}")
    expect(desk.page.locator("tbody tr").first).to_contain_text("已发起：黄·催办")
    assert not desk.faults
