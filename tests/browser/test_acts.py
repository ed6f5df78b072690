"""A task is countersigned in the browser: asked, sent, agreed to, gone on; the pages without findings of axe."""

from playwright.sync_api import expect

from tests.browser.desk import Desk

PLAN = {
    "title": "四川省商务厅关于商请核对会签流程的函",
    "body": "请核对。\n联系人：陈静。",
    "disclosure_reason": "属于部门之间的工作往来。",
    "outcome": "submit",
}


def test_a_draft_is_countersigned_after_it_was_sent(desk: Desk):
    desk.enter("陈静")
    desk.go("/documents/new")
    desk.follow(desk.page.locator("tr", has_text="商请函").first.get_by_role("button"))
    task = desk.page.url
    desk.page.get_by_text("更多操作").click()
    assert desk.findings() == []
    desk.page.get_by_role("link", name="加签").click()
    desk.page.get_by_label("后加签").check()
    desk.page.get_by_label("马骏").check()
    desk.page.get_by_label("会签事由").fill("请核对措辞。")
    assert desk.findings() == []
    desk.page.get_by_role("button", name="加签").click()
    desk.page.goto(task)
    desk.answer(PLAN)
    desk.submit()
    assert "等待会签" in desk.said()

    desk.enter("马骏")
    desk.go("/tasks")
    desk.page.get_by_role("region", name="请我会签").get_by_role("link").first.click()
    expect(desk.page.locator("main")).to_contain_text(PLAN["title"])
    desk.page.get_by_label("同意", exact=True).check()
    desk.page.get_by_label("具体意见").fill("同意。")
    assert desk.findings() == []
    desk.page.get_by_role("button", name="提交意见").click()
    assert "会签已经通过" in desk.said()
    assert desk.faults == []
