"""The pictures of docs/editing-diagrams.md: each page is there in both languages; GUIDE_PICTURES=folder keeps them."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.test_owner import DRAWN, begin, change, choose

pytestmark = pytest.mark.browser

KEY, WITH_TABLE = "base-change", "designation-case"
FOLDER = os.environ.get("GUIDE_PICTURES")
QUALITY = 72


def keep(page: Page, name: str, language: str) -> None:
    """Keep what stands on the page, if somebody wants the pictures."""
    if FOLDER:
        path = Path(FOLDER) / f"{name}-{language}.jpg"
        page.screenshot(path=path, type="jpeg", quality=QUALITY, animations="disabled")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_page_of_the_guide_stands_as_it_is_shown_there(desk: Desk, language: str):
    desk.enter("秦岚")
    begin(desk, KEY)
    if language == "zh":  # one draft for both: the second finds it as the first has left it
        choose(desk, "city_review")
        change(desk, "名称", "市（州）核对")
    desk.page.context.add_cookies([{"name": "jidi-language", "value": language, "url": desk.address}])
    desk.go(f"/processes/{KEY}/draft")
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)
    choose(desk, "city_review")
    expect(desk.page.locator("[data-properties] select").first).to_be_visible()
    keep(desk.page, "editor", language)
    for name in ("trial", "tests", "proposal"):
        desk.go(f"/processes/{KEY}/draft/{name}")
        expect(desk.page.locator("h1")).to_be_visible()
        if desk.page.locator(".diagram").count():
            expect(desk.page.locator(".diagram-controls").first).to_be_visible(timeout=DRAWN)
        keep(desk.page, name, language)
    desk.go(f"/processes/{KEY}/comparison?to=draft")
    expect(desk.page.locator(".diagram-controls")).to_have_count(2, timeout=DRAWN)
    keep(desk.page, "comparison", language)
    begin_table(desk)
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)
    keep(desk.page, "table", language)
    assert desk.faults == []


def begin_table(desk: Desk) -> None:
    """The table editor on a draft; the first time round it is opened by the button."""
    desk.go(f"/processes/{WITH_TABLE}")
    change_it = desk.page.locator(f'form[action="/processes/{WITH_TABLE}/draft"] button')
    if change_it.count():
        change_it.click()
    desk.go(f"/processes/{WITH_TABLE}/draft/tables/site-visit.dmn")
