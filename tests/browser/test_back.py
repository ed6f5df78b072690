"""Sent back to a step that was passed: the way there, what the page says before, and what the filler then finds."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.test_desk import sent

pytestmark = pytest.mark.browser


def test_a_county_sends_an_application_back_and_its_filler_finds_why_and_where(desk: Desk) -> None:
    sent(desk, "江涛")
    desk.enter("任静")
    desk.claim_next()
    desk.page.get_by_role("link", name="退回前序环节").click()
    desk.page.get_by_role("row").filter(has_text="填报信息表").get_by_role("link", name="选择").click()
    expect(desk.page.get_by_role("heading", name="退回到“填报信息表”")).to_be_visible()
    desk.page.get_by_label("退回理由").fill("上年税收与完税证明不一致。")
    desk.page.locator("details", has=desk.page.locator('[name="remark.tax"]')).locator("summary").click()
    desk.page.locator('[name="remark.tax"]').fill("请核对上年税收。")
    desk.page.get_by_role("button", name="退回前序环节").click()
    expect(desk.page.get_by_text("已退回到“填报信息表”修改")).to_be_visible()
    desk.enter("江涛")
    desk.open_held()
    expect(desk.page.get_by_text("由“所在地主管部门审核签批”退回")).to_be_visible()
    expect(desk.page.locator("#m-tax")).to_contain_text("请核对上年税收。")
    assert desk.faults == []
