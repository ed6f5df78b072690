"""The desk in the browser: keys, drafts, rows and totals in place, one click one act, files beside the work."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import PDF, Desk

pytestmark = pytest.mark.browser

FIRST_LOAD = 60_000


@pytest.fixture
def filling(desk: Desk) -> Desk:
    """An application that is being filled in; another base a test, or the one that is under way."""
    desk.enter("唐浩")
    desk.go("/applications/new")
    begin = desk.page.get_by_role("button", name="开始申报")
    if begin.count():
        begin.click()
    else:
        desk.open_held()
    expect(desk.page.locator("form[data-form]")).to_be_visible()
    return desk


def sent(desk: Desk, filler: str) -> None:
    """The application of this filler lies with its county, with its stamp."""
    desk.enter(filler)
    desk.go("/applications/new")
    begin = desk.page.get_by_role("button", name="开始申报")
    if begin.count():
        begin.click()
        desk.submit()
        desk.claim_next()
        desk.answer({"outcome": "stamp", "scan": PDF})
        desk.submit()


@pytest.fixture
def signing(desk: Desk) -> Desk:
    """The county of Huaying with an application to sign open before it."""
    sent(desk, "江涛")
    desk.enter("任静")
    desk.go("/tasks?held=mine")
    if desk.page.locator("table.queue a.main").count():
        desk.open_held()
    else:
        desk.claim_next()
    return desk


def test_what_is_typed_is_kept_by_itself_and_there_again(filling: Desk) -> None:
    filling.answer({"contact": "李雷雷"})
    expect(filling.page.locator("[data-draft-state]")).to_contain_text("草稿已保存", timeout=8_000)
    filling.page.reload()
    expect(filling.page.locator('[name="contact"]')).to_have_value("李雷雷")


def test_leaving_by_a_tab_keeps_what_was_typed_a_moment_ago(filling: Desk) -> None:
    filling.answer({"address": "刚刚输入的地址"})
    filling.page.get_by_role("link", name="流程图").click()
    expect(filling.page.locator(".diagram svg").first).to_be_visible()
    filling.page.locator(".tabs").get_by_role("link", name="办理", exact=True).click()
    expect(filling.page.locator('[name="address"]')).to_have_value("刚刚输入的地址")


def test_when_the_session_has_ended_the_text_stays_and_the_page_says_so(filling: Desk) -> None:
    filling.page.context.clear_cookies()
    filling.answer({"contact": "还在这里"})
    expect(filling.page.locator("[data-draft-state]")).to_contain_text("登录已结束", timeout=8_000)
    expect(filling.page.locator('[name="contact"]')).to_have_value("还在这里")


def test_after_signing_in_again_elsewhere_the_page_goes_on_saving(filling: Desk) -> None:
    path = filling.page.url
    other = filling.page.context.new_page()
    filling.page.context.clear_cookies()
    filling.answer({"contact": "先写一句"})
    link = filling.page.locator("[data-sign-in]")
    expect(link).to_be_visible(timeout=8_000)
    other.goto(filling.address + (link.get_attribute("href") or ""))
    other.get_by_role("button", name="以唐浩身份进入").click()
    expect(other.locator("h1")).to_have_text("填报信息表")
    filling.answer({"contact": "又写一句"})
    expect(filling.page.locator("[data-draft-state]")).to_contain_text("草稿已保存", timeout=8_000)
    expect(link).to_be_hidden()
    assert filling.page.url == path


def test_rows_grow_and_shrink_in_place(filling: Desk) -> None:
    rows = filling.page.locator('[data-rows="leading_enterprises"] tr[data-row]')
    before = rows.count()
    filling.page.locator('button[value="add:leading_enterprises"]').click()
    expect(rows).to_have_count(before + 1)
    expect(filling.page.locator(f'[name="leading_enterprises.{before}.name"]')).to_be_focused()
    filling.page.keyboard.type("新企业")
    filling.page.locator('button[value="drop:leading_enterprises.0"]').click()
    expect(rows).to_have_count(before)
    expect(filling.page.locator(f'[name="leading_enterprises.{before - 1}.name"]')).to_have_value("新企业")
    expect(rows.last.locator("th")).to_have_text(str(before))
    filling.page.locator(f'button[value="drop:leading_enterprises.{before - 1}"]').click()


def test_not_applicable_puts_the_row_aside_and_keeps_what_was_typed(filling: Desk) -> None:
    box = filling.page.locator('[name="provincial_brands.na"]')
    count = filling.page.locator('[name="provincial_brands.y1.count"]')
    box.uncheck()
    count.fill("2")
    box.check()
    expect(count).to_have_js_property("readOnly", value=True)
    box.uncheck()
    expect(count).to_have_value("2")
    count.fill("")
    box.check()


def test_a_wrong_form_leads_from_the_summary_to_each_field(filling: Desk) -> None:
    filling.answer({"contact": "", "gross_output.y1": "１２．５"})
    filling.submit()
    summary = filling.page.locator("[data-problems]")
    expect(summary).to_be_focused()
    assert filling.wrong()[0] == "联系人：请填写这一项"
    filling.page.locator(".error-summary a").first.click()
    expect(filling.page.locator('[name="contact"]')).to_be_in_viewport()
    expect(filling.page.locator('[name="gross_output.y1"]')).to_have_value("１２．５")
    filling.page.reload()


def test_a_double_click_is_one_act(desk: Desk) -> None:
    desk.enter("何雪")
    desk.go("/applications/new")
    desk.page.get_by_role("button", name="开始申报").click()
    sent: list[str] = []
    desk.page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/completion") else None)
    desk.page.locator(".actions .btn-primary").dblclick()
    expect(desk.page.locator(".said")).to_contain_text("已办结")
    assert len(sent) == 1
    desk.go("/tasks/done")
    expect(desk.page.locator("table tbody tr")).to_have_count(1)


def test_the_queue_is_walked_by_keys(desk: Desk) -> None:
    sent(desk, "于芳")
    desk.enter("尹波")
    desk.go("/tasks")
    desk.page.keyboard.press("j")
    row = desk.page.locator("table.queue tbody tr").first
    expect(row.locator("a.main")).to_be_focused()
    desk.page.keyboard.press("x")
    expect(row.locator("input[type=checkbox]")).to_be_checked()
    expect(desk.page.locator("[data-selected]")).to_contain_text("已选1件")
    desk.page.keyboard.press("?")
    expect(desk.page.locator("dialog[data-keys]")).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("n")
    expect(desk.page.locator("h1")).to_have_text("所在地主管部门审核签批")


def test_keys_can_be_switched_off_and_leave_typing_alone(desk: Desk) -> None:
    sent(desk, "于芳")
    desk.enter("尹波")
    desk.go("/tasks")
    desk.page.locator("[name=q]").press_sequentially("jxn")
    expect(desk.page.locator("[name=q]")).to_have_value("jxn")
    desk.page.locator("[data-open-keys]").click()
    desk.page.locator("[data-keys-off]").check()
    desk.page.keyboard.press("Escape")
    desk.page.locator("h1").click()
    desk.page.keyboard.press("n")
    expect(desk.page).to_have_url(desk.address + "/tasks")


def test_a_section_that_asks_nothing_now_is_not_there(signing: Desk) -> None:
    section = signing.page.locator("fieldset", has_text="签批人")
    expect(section).to_be_hidden()
    signing.answer({"outcome": "forward"})
    expect(section).to_be_visible()


def test_a_field_appears_when_its_answer_asks_for_it(signing: Desk) -> None:
    reason = signing.page.locator('[data-field="reason"]')
    expect(reason).to_be_hidden()
    signing.answer({"outcome": "return"})
    expect(reason).to_be_visible()
    signing.answer({"outcome": "forward"})
    expect(reason).to_be_hidden()


def test_a_paper_is_looked_at_beside_the_form(signing: Desk) -> None:
    signing.answer({"opinion": "一边看一边写"})
    signing.page.evaluate("document.querySelectorAll('.given details').forEach((paper) => (paper.open = true))")
    link = signing.page.locator(".given a[data-beside]").first
    link.click()
    expect(signing.page.locator(".beside canvas").first).to_be_visible()
    expect(signing.page.locator('[name="opinion"]')).to_have_value("一边看一边写")
    signing.page.keyboard.press("Escape")
    expect(signing.page.locator(".beside")).to_be_hidden()
    expect(link).to_be_focused()


def test_the_first_load_of_the_queue_is_light(browser: Browser, address: str) -> None:
    context = browser.new_context()
    desk = Desk(context, address)
    desk.enter("周平")
    fresh = browser.new_context(storage_state=context.storage_state())
    page = fresh.new_page()
    page.goto(f"{address}/tasks", wait_until="networkidle")
    weights = page.evaluate(
        "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((entry) => entry.encodedBodySize)"
    )
    assert sum(weights) <= FIRST_LOAD
    fresh.close()
    context.close()


def test_without_javascript_the_form_still_works(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    desk = Desk(context, address)
    desk.enter("罗强")
    desk.go("/applications/new")
    begin = desk.page.get_by_role("button", name="开始申报")
    if begin.count():
        desk.follow(begin)
    rows = desk.page.locator('[data-rows="leading_enterprises"] tr[data-row]')
    before = rows.count()
    desk.page.locator('button[value="add:leading_enterprises"]').click()
    expect(rows).to_have_count(before + 1)
    desk.page.locator('[data-field="other_files"] input[type=file]').set_input_files(
        [{"name": "补充.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    desk.page.locator(".actions button[value=save]").click()
    expect(desk.page.locator('[data-field="other_files"]')).to_contain_text("补充.pdf")
    desk.submit()
    expect(desk.page.locator(".said")).to_contain_text("已办结")
    context.close()
