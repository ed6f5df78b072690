"""Ctrl-K in the browser, and a connection that is lost while somebody types: nothing of it is lost, no fault shows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def test_ctrl_k_leads_anywhere_and_a_lost_connection_keeps_what_was_typed(desk: Desk):
    desk.enter("刘敏")
    page = desk.page
    page.keyboard.press("Control+k")
    page.keyboard.type("常用")
    expect(page.locator("[data-palette-hits] a").first).to_have_text("常用语")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/phrases$"))
    desk.go("/applications/new")
    page.get_by_role("button", name="开始申报").click()
    expect(page.locator("form[data-form]")).to_be_visible()
    page.wait_for_load_state()  # with what keeps drafts: on a busy machine it comes after the form
    state = page.locator("[data-draft-state]")
    field = page.locator('[name="contact"]')
    page.context.set_offline(True)
    field.fill("断网时写的")
    expect(state).to_contain_text("网络不通", timeout=8_000)
    desk.submit()
    expect(state).to_contain_text("没有提交")
    expect(field).to_have_value("断网时写的")
    assert page.evaluate("Object.keys(sessionStorage).some((name) => name.startsWith('jidi:typed:'))")
    page.context.set_offline(False)
    expect(state).to_contain_text("草稿已保存", timeout=20_000)
    assert not page.evaluate("Object.keys(sessionStorage).some((name) => name.startsWith('jidi:typed:'))")
    page.reload()
    expect(field).to_have_value("断网时写的")
    assert not [fault for fault in desk.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
