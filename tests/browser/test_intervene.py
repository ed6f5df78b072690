"""A case got moving in the browser: two steps pointed at, what would change looked at, approved by another, moved."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

DRAWN = 20_000  # a large drawing on a busy machine


def test_a_token_is_moved_by_pointing_with_preview_and_approval(desk: Desk):
    page = desk.page
    desk.enter("梅玲")
    number = begin(desk)
    desk.enter("梁波")
    desk.go(f"/pushes/new?q={number}")
    page.locator("table a.main").first.click()
    page.get_by_role("link", name="流程处置").last.click()
    canvas = page.locator(".diagram-canvas [data-element-id=county_handle]").first
    expect(page.get_by_role("button", name="适应窗口")).to_be_visible(timeout=DRAWN)
    page.get_by_role("button", name="适应窗口").click()
    canvas.click(force=True)
    expect(page.locator("#f-target")).to_have_value("county_handle")
    expect(page.locator("[data-pointed]")).to_contain_text("主管部门办理")
    page.locator("#f-reason").fill("登记人员调离")
    page.locator("#f-basis").fill("督办单〔2026〕3号")
    page.get_by_role("button", name="预演", exact=True).click()
    expect(page.get_by_role("heading", name="新开的待办")).to_be_visible()
    page.get_by_role("button", name="提请批准").click()
    expect(page.get_by_text("已提出，待处室负责人批准。")).to_be_visible()
    at = page.url.removeprefix(desk.address)
    desk.enter("马骏")
    desk.go("/home")
    page.get_by_role("link", name="待批准的流程处置").click()
    page.locator("table a.main").first.click()
    assert page.url.endswith(at)
    page.get_by_role("button", name="批准并执行").click()
    expect(page.get_by_text("已批准并执行。")).to_be_visible()
    page.get_by_role("link", name="查看办件").click()
    expect(page.locator("ul.waits")).to_contain_text("主管部门办理")
    assert not desk.faults


def begin(desk: Desk) -> str:
    """A difficulty of her base, begun; its number."""
    desk.go("/issues")
    desk.follow(desk.page.get_by_role("button", name="登记企业困难").first)
    return re.findall(r"\d{4}-\S+?-\d{3}", desk.page.locator(".under").first.inner_text())[0]
