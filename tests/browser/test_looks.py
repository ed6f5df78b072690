"""How pages look to everybody: nothing for axe to find, no page wider than a phone, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

PUBLIC = ("/register", "/notices", "/disclosed", "/about/measures", "/sign-in")
LISTS = (
    "/home",
    "/tasks",
    "/tasks?held=free&q=x",
    "/tasks/reading",
    "/tasks/done",
    "/tasks/drafts",
    "/tasks/closed",
    "/cases",
    "/cases/late",
    "/applications/new",
    "/letters",
)
OWNER = ("/processes", "/processes/designation-case", "/profile")


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Desk]:
    """Somebody with a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield Desk(context, address)
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_for_axe_to_find_and_no_page_wider_than_a_phone(phone: Desk, language: str) -> None:
    found: list[str] = []
    for path in PUBLIC:
        _look(phone, path, found)
    _under_way(phone)
    _speak(phone, language)
    for path in (*LISTS, *OWNER):
        _look(phone, path, found)
    for path in (*_case(phone), *_task(phone)):
        _look(phone, path, found)
    _wrong(phone)
    _judge(phone, "the form with faults", found)
    _speak(phone, "zh")
    assert found == []


def test_a_line_of_tabs_on_a_phone_shows_the_one_that_is_open_and_moves_nothing_else(phone: Desk) -> None:
    _under_way(phone)
    case = _case(phone)[0]
    for path, tab in ((f"{case}?tab=letters", "通知"), (case, "办理经过"), ("/tasks/closed", "办结")):
        phone.go(path)
        open_tab = phone.page.locator(".tabs [aria-current]", has_text=tab)
        expect(open_tab).to_be_in_viewport(ratio=0.9)  # its lower edge lies on the line
        assert phone.page.evaluate("[scrollX, scrollY]") == [0, 0]
    assert not phone.faults


def _under_way(desk: Desk) -> None:
    """An application that is being filled in."""
    desk.enter("唐浩")
    desk.go("/applications/new")
    begin = desk.page.get_by_role("button", name="开始申报")
    if begin.count():
        begin.click()
        expect(desk.page.locator("form[data-form]")).to_be_visible()


def _speak(desk: Desk, language: str) -> None:
    desk.go("/profile")
    desk.page.locator(f"input[name=language][value={language}]").check()
    desk.page.locator("main form button").last.click()


def _case(desk: Desk) -> list[str]:
    desk.go("/cases")
    path = desk.page.locator("table a.main").first.get_attribute("href") or ""
    return [path, f"{path}?tab=papers", f"{path}?tab=diagram", f"{path}?tab=files", f"{path}/messages/withdraw"]


def _task(desk: Desk) -> list[str]:
    desk.go("/tasks?held=mine")
    path = (desk.page.locator("table.queue a.main").first.get_attribute("href") or "").split("?")[0]
    return [f"{path}?tab=history", f"{path}?tab=diagram", f"{path}?tab=files", path]


def _wrong(desk: Desk) -> None:
    desk.page.locator('[name="contact"]').fill("")
    desk.page.locator('[name="gross_output.y1"]').fill("x")
    desk.page.locator('[name="tax.y1"]').fill("0.01")
    desk.page.locator(".actions .btn-primary").click()
    expect(desk.page.locator("[data-problems]")).to_be_visible()


def _look(desk: Desk, path: str, found: list[str]) -> None:
    desk.go(path)
    if desk.page.locator("[data-diagram]").count():
        expect(desk.page.locator("[data-diagram] svg").first).to_be_visible()
    _judge(desk, path, found)


def _judge(desk: Desk, where: str, found: list[str]) -> None:
    found += [f"{where}: {finding}" for finding in desk.findings()]
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    if width > desk.page.evaluate("innerWidth"):
        found.append(f"{where}: {width} px wide")
