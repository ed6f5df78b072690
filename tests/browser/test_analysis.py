"""The path of a case in the browser: its order stands on the shapes of the diagram, and the same in the table below."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.test_desk import sent

pytestmark = pytest.mark.browser

DRAWN = 20_000  # a large drawing on a busy machine


def test_the_path_of_a_case_stands_on_its_diagram(desk: Desk) -> None:
    sent(desk, "刘敏")
    desk.go("/cases")
    desk.page.locator("a.main").first.click()
    desk.page.get_by_role("link", name="流程图").click()
    badge = desk.page.locator(".diagram-badge").first
    expect(badge).to_be_visible(timeout=DRAWN)
    assert (badge.get_attribute("title") or "").count("工作日") == 1
    rows = desk.page.locator("table.cards tbody tr")
    assert badge.text_content() == "#1"
    assert rows.count() >= 1
    assert desk.faults == []
