"""The process owner's desk in the browser: from a shortened deadline to running cases, and a process that is new."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ground import clock, files
from tests.browser.desk import PDF, Desk
from tests.browser.inside import inside
from tests.web import reviewing, support

pytestmark = pytest.mark.browser

DRAWN = 20_000  # a large drawing on a busy machine
ELSEWHERE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="urn:elsewhere">
<bpmn:process id="seal" isExecutable="true" camunda:historyTimeToLive="30"><bpmn:startEvent id="begin" name="提出"/>
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="apply"/>
<bpmn:userTask id="apply" name="用印申请" camunda:candidateGroups="office" camunda:formKey="embedded:seal.html"/>
<bpmn:sequenceFlow id="f2" sourceRef="apply" targetRef="finish"/><bpmn:endEvent id="finish" name="办结"/>
</bpmn:process></bpmn:definitions>"""
GROUNDS = {"f-basis": "川商外贸函〔2026〕12号", "f-note": "市州初审改为10个工作日"}


@pytest.fixture
def other(browser: Browser, address: str) -> Desk:
    """The second owner, in a browser of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.set_default_timeout(15_000)
    yield Desk(context, address)
    context.close()


def begin(desk: Desk, key: str) -> None:
    """Open the draft of a process in the editor."""
    desk.go(f"/processes/{key}")
    change = desk.page.get_by_role("button", name="依这一版修改")
    if change.count():
        change.click()
    else:
        desk.go(f"/processes/{key}/draft")
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)


def choose(desk: Desk, element: str) -> None:
    """Select a shape."""
    desk.page.locator(f'[data-element-id="{element}"]').first.click(force=True)


def find(desk: Desk, name: str) -> None:
    """Select a shape by its name, as on a large drawing; it comes to the middle, large enough to read."""
    desk.page.locator("[data-find]").click()
    desk.page.locator(".djs-search-input input").fill(name)
    desk.page.keyboard.press("Enter")


def change(desk: Desk, label: str, value: str) -> None:
    """Type into a property of the chosen shape and wait until it is kept."""
    field = desk.page.get_by_label(label)
    with desk.page.expect_response(lambda reply: reply.request.method == "PUT" and reply.ok):
        field.fill(value)
        field.blur()
    expect(desk.page.locator("[data-state]")).to_have_text("已保存")


def beside(desk: Desk, step: str, name: str, into: str, *, role: str, form: str) -> None:
    """Draw a task of the province that begins with what follows a step, and leads into an element behind it."""
    find(desk, step)
    pad = desk.page.locator(".djs-context-pad .entry")
    pad.and_(desk.page.locator("[data-action='append.append-task']")).click()
    desk.page.keyboard.press("Escape")
    pad.and_(desk.page.locator("[data-action=replace]")).click()
    desk.page.locator(".djs-popup [data-id=replace-with-user-task]").click()
    change(desk, "名称", name)
    for label, value in (("办理身份", role), ("范围", "province"), ("表单", form)):
        with desk.page.expect_response(lambda reply: reply.request.method == "PUT" and reply.ok):
            desk.page.get_by_label(label, exact=True).select_option(value)
    desk.page.locator("[data-fit]").click()
    pad.and_(desk.page.locator("[data-action=connect]")).click()
    with desk.page.expect_response(lambda reply: reply.request.method == "PUT" and reply.ok):
        choose(desk, into)


def propose(desk: Desk, key: str) -> str:
    """Lay the draft before the other owner; the address of the proposal."""
    desk.go(f"/processes/{key}/draft/proposal")
    for box in desk.page.locator("[name=acknowledged]").all():
        box.check()
    for field, words in GROUNDS.items():
        desk.page.locator(f"#{field}").fill(words)
    desk.page.get_by_role("button", name="送审", exact=True).click()
    expect(desk.page.get_by_text("已送审")).to_be_visible()
    return desk.page.url.removeprefix(desk.address)


def approve(other: Desk, where: str) -> int:
    """Let it come into force; the number of the version."""
    other.enter("夏宁")
    other.go(where)
    other.page.get_by_role("button", name="核准", exact=True).click()
    expect(other.page.get_by_text("已发布，新办件按这一版办理")).to_be_visible()
    found = re.search(r"第(\d+)版", other.page.locator("h1").inner_text())
    assert found
    return int(found.group(1))


def test_an_owner_changes_a_rule_and_the_running_cases_go_on_by_it(
    desk: Desk, other: Desk, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Deadline, opinion beside, finding mended, tried, compared, approved, migrated; then the case is asked by it."""
    key = "designation-case"
    with inside(data), pytest.MonkeyPatch.context() as patch:
        files.keep_in(data / "files")
        patch.setitem(reviewing.COUNTY, "signed_on", clock.today().isoformat())
        reviewing.at_the_report(support.application(tmp_path_factory.mktemp("pages")))
        ref = reviewing.newest()
    desk.enter("秦岚")
    begin(desk, key)

    find(desk, "市（州）初审")
    expect(desk.page.get_by_label("改为（天数或者月数）")).to_have_value("15")
    change(desk, "改为（天数或者月数）", "10")
    beside(desk, "上报商务厅", "处室意见", "consult", role="prov_division_head", form="recheck")
    twice = desk.page.locator(".finding", has_text="可能同时打开")
    twice.get_by_role("button", name="插入并行网关").click()
    expect(twice).to_have_count(0, timeout=DRAWN)
    expect(desk.page.locator("[data-count]")).to_contain_text("没有问题")

    desk.go(f"/processes/{key}/draft/trial")
    expect(desk.page.get_by_role("heading", name="填报信息表")).to_be_visible()
    desk.go(f"/processes/{key}/comparison?to=draft")
    expect(desk.page.get_by_text("15个工作日 → 10个工作日")).to_be_visible()
    expect(desk.page.locator(".compared .djs-element.is-added")).not_to_have_count(0, timeout=DRAWN)

    desk.go(f"/processes/{key}/draft/tests")
    desk.page.get_by_label("办理结果").select_option("confirm")
    desk.page.get_by_role("button", name="一并补上").click()
    expect(desk.page.locator(".said")).to_contain_text("个测试中补上“处室意见”")
    expect(desk.page.get_by_text("未通过")).to_have_count(0)

    number = approve(other, propose(desk, key))
    other.go(f"/processes/{key}/versions/{number}/migration")
    expect(other.page.get_by_text("可以迁移").first).to_be_visible()
    other.page.locator("#f-reason").fill("统一期限，增加处室意见")
    other.page.get_by_role("button", name="开始迁移").click()
    _until(other, "完成")

    _reports(desk, ref, data)
    _gives_an_opinion(other, ref)
    desk.enter("陈静")
    desk.go(f"/cases/{ref}")
    expect(desk.page.locator("ul.waits")).to_contain_text("征求意见")
    assert desk.faults == []
    assert other.faults == []


def _reports(desk: Desk, ref: str, data: Path) -> None:
    """The city sends the case to the Department."""
    desk.enter("周平")
    desk.go(f"/cases/{ref}")
    desk.page.locator("ul.waits a").first.click()
    with inside(data):
        day = clock.today().isoformat()
    desk.answer({"incoming_number": "宜商务〔2026〕12号", "dated_on": day, "signer": "曹云", "scan": PDF})
    desk.answer({"outcome": "forward"})
    desk.submit()
    assert "已办结" in desk.said()


def _gives_an_opinion(other: Desk, ref: str) -> None:
    """Only the new step is open: the organs are not asked before it is done."""
    other.enter("马骏")
    other.go(f"/cases/{ref}")
    expect(other.page.locator("ul.waits a")).to_have_text(["处室意见"])
    other.follow(other.page.locator("ul.waits a"))
    other.claim()
    other.answer({"verified": ["panel", "scores", "admission", "visit"], "opinion": "同意。", "outcome": "confirm"})
    other.submit()
    assert "已办结" in other.said()


def test_a_mistake_is_marked_on_its_shape_and_one_click_mends_it(desk: Desk) -> None:
    desk.enter("秦岚")
    begin(desk, "base-change")
    choose(desk, "city_returned_label")
    desk.page.get_by_label("默认出口").uncheck()
    expect(desk.page.locator(".finding").first).to_be_visible(timeout=DRAWN)
    expect(desk.page.locator(".djs-element.has-error, .djs-element.has-warning").first).to_be_visible()
    desk.page.locator(".finding").get_by_role("button", name="设默认出口").first.click()
    expect(desk.page.locator("[data-count]")).to_contain_text("没有问题", timeout=DRAWN)
    assert desk.faults == []


def test_a_condition_is_put_together_from_the_fields_in_reach_and_read_in_words(desk: Desk) -> None:
    desk.enter("秦岚")
    begin(desk, "base-change")
    find(desk, "city_agreed")
    desk.page.get_by_label("字段").select_option("outcome")
    desk.page.get_by_role("button", name="填入").click()
    expect(desk.page.get_by_text("请先填写值。")).to_be_visible()
    value = desk.page.get_by_label("值", exact=True)
    code, label = value.locator("option").nth(1).evaluate("one => [one.value, one.textContent]")
    value.select_option(code)
    with desk.page.expect_response(lambda reply: reply.request.method == "PUT" and reply.ok):
        desk.page.get_by_role("button", name="填入").click()
    condition = desk.page.get_by_label("条件", exact=True)
    expect(condition).to_have_value(f'outcome == "{code}"')
    expect(desk.page.locator("[data-properties]")).to_contain_text(f"办理结果是“{label}”")
    desk.page.get_by_label("比较").select_option("!=")
    desk.page.get_by_label("值", exact=True).select_option(code)
    desk.page.get_by_role("button", name="+ 或者").click()
    expect(condition).to_have_value(f'outcome == "{code}" or outcome != "{code}"')
    desk.page.locator("[data-undo]").click()
    assert desk.faults == []


def test_of_several_answers_one_is_asked_for_and_what_binds_less_is_bracketed(desk: Desk) -> None:
    desk.enter("秦岚")
    begin(desk, "base-change")
    several = re.compile(r'("name": ?"outcome".*?"type": ?)"choice"')
    desk.page.route(
        "**/base-change/draft",
        lambda route: route.fulfill(body=several.sub(r'\1"choices"', route.fetch().text()), content_type="text/html"),
    )
    desk.go("/processes/base-change/draft")
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)
    find(desk, "city_agreed")
    condition = desk.page.get_by_label("条件", exact=True)
    change(desk, "条件", 'outcome == "agree" or outcome == "return"')
    find(desk, "city_review")
    find(desk, "city_agreed")
    desk.page.get_by_label("比较").select_option("not in")
    desk.page.get_by_label("值", exact=True).select_option("return")
    desk.page.get_by_role("button", name="+ 并且").click()
    expect(condition).to_have_value('(outcome == "agree" or outcome == "return") and "return" not in outcome')
    desk.page.get_by_label("值", exact=True).select_option("agree")
    desk.page.get_by_role("button", name="填入").click()
    expect(condition).to_have_value('"agree" in outcome')
    expect(desk.page.locator("[data-properties]")).to_contain_text("办理结果包括“同意”")
    change(desk, "条件", 'outcome == "agree"')
    assert desk.faults == []


def test_a_process_is_built_from_a_template_and_run_by_two_roles(desk: Desk, other: Desk) -> None:
    key = f"fair-{int(time.time()) % 100_000}"
    desk.enter("秦岚")
    found(desk, key, "境外展会参展")
    expect(desk.page.locator("[data-count]")).to_contain_text("没有问题")
    approve(other, propose(desk, key))
    desk.enter("陈静")
    desk.go("/matters/new")
    card = desk.page.locator("article", has_text="境外展会参展").last
    card.get_by_label("事项名称").fill("2027年东盟博览会")
    card.get_by_role("button", name="发起").click()
    desk.answer({"subject": "2027年东盟博览会", "content": "组织五个基地参展。"})
    desk.submit()
    other.enter("马骏")
    other.go("/tasks?words=2027年东盟博览会")
    other.follow(
        other.page.locator("table.queue a.main", has_text="2027年东盟博览会")
        .or_(other.page.locator("table.queue tr", has_text="2027年东盟博览会").locator("a.main"))
        .first
    )
    other.claim()
    other.answer({"outcome": "agree"})
    other.submit()
    assert desk.faults == []
    assert other.faults == []


def found(desk: Desk, key: str, name: str) -> None:
    """Begin a new process from the template of one who drafts and one who approves, in the editor."""
    desk.go("/processes/new")
    desk.page.get_by_label("流程名称").fill(name)
    desk.page.get_by_label("流程编号").fill(key)
    desk.page.get_by_label("办件编号里的简称").fill(key[-5:])
    desk.page.get_by_label("一人起草一人审批").check()
    desk.page.get_by_role("button", name="建立草稿").click()
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)


def test_the_step_of_a_running_case_is_matched_by_pointing_at_two_shapes(desk: Desk, other: Desk) -> None:
    key = f"match-{int(time.time()) % 100_000}"
    desk.enter("秦岚")
    found(desk, key, "接待来访")
    approve(other, propose(desk, key))
    desk.enter("陈静")
    desk.go("/matters/new")
    card = desk.page.locator("article", has_text="接待来访").last
    card.get_by_label("事项名称").fill("接待代表团")
    card.get_by_role("button", name="发起").click()
    desk.enter("秦岚")
    begin(desk, key)
    desk.rewrite(key, "draft", "prepare")
    number = approve(other, propose(desk, key))

    other.go(f"/processes/{key}/versions/{number}/migration")
    expect(other.page.get_by_text("需要指明新环节").first).to_be_visible()
    old, new = other.page.locator("[data-match=old]"), other.page.locator("[data-match=new]")
    shape = new.locator(".djs-shape[data-element-id=prepare]")
    expect(shape).to_be_visible(timeout=DRAWN)
    expect(other.page.locator("[data-matched]")).to_contain_text("还没有选，暂时留在原版本")
    other.page.set_viewport_size({"width": 390, "height": 844})  # both pictures are in sight on a telephone, too
    new.scroll_into_view_if_needed()
    for picture in (old, new):
        expect(picture.locator(".djs-shape[data-element-id=approve]")).to_be_in_viewport()
    other.page.set_viewport_size({"width": 1280, "height": 900})
    old.locator(".djs-shape[data-element-id=draft]").click(force=True)
    shape.click(force=True)
    expect(other.page.locator("select[name='map.draft']")).to_have_value("prepare")
    expect(other.page.locator("[data-matched]")).to_contain_text("“起草”的办件移到“起草”")
    assert other.findings() == []
    other.page.locator("#f-reason").fill("环节改名")
    other.page.get_by_role("button", name="开始迁移").click()
    _until(other, "完成")
    expect(other.page.locator("table")).to_contain_text("接待代表团")
    desk.enter("陈静")
    desk.go("/tasks?q=接待代表团")
    desk.page.locator("table.queue a.main").first.click()
    expect(desk.page.locator("main")).to_contain_text("接待代表团")
    desk.answer({"subject": "接待代表团", "content": "安排座谈。"})
    desk.submit()
    assert "已办结" in desk.said()
    assert desk.faults == []
    assert other.faults == []


def test_a_file_from_another_modeler_is_imported_its_report_read_and_published(desk: Desk, other: Desk) -> None:
    key = f"seal-{int(time.time()) % 100_000}"
    desk.enter("秦岚")
    desk.import_diagram(key, "用印登记", ELSEWHERE)
    expect(desk.page.get_by_role("heading", name="导入报告")).to_be_visible()
    report = desk.page.locator("main").inner_text()
    assert "用印申请 办理身份已按原系统的写法读入：office。" in report
    assert "用印申请 没有写明办理范围。" in report
    desk.page.get_by_role("link", name="打开草稿").click()
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)
    expect(desk.page.locator(".djs-shape[data-element-id=apply]")).to_be_visible()  # a picture was laid out
    find(desk, "用印申请")
    for label, value in (("办理身份", "prov_officer"), ("范围", "province"), ("表单", "review")):
        with desk.page.expect_response(lambda reply: reply.request.method == "PUT" and reply.ok):
            desk.page.get_by_label(label, exact=True).select_option(value)
    expect(desk.page.locator("[data-count]")).to_contain_text("0 处必须改正", timeout=DRAWN)
    number = approve(other, propose(desk, key))
    assert number == 1
    desk.enter("陈静")
    desk.go("/matters/new")
    card = desk.page.locator("article", has_text="用印登记").last
    card.get_by_label("事项名称").fill("第一次用印")
    card.get_by_role("button", name="发起").click()
    expect(desk.page.get_by_text("第一次用印").first).to_be_visible()
    assert desk.faults == []


def test_a_drawing_goes_through_the_editor_without_losing_a_word(desk: Desk) -> None:
    desk.enter("秦岚")
    for key in ("consultation", "expert_review", "objection", "revocation"):
        begin(desk, key)
        choose(desk, desk.page.locator(".djs-shape[data-element-id]").nth(2).get_attribute("data-element-id") or "")
        before = desk.page.get_by_label("依据（条款）").input_value()
        change(desk, "依据（条款）", "附件")
        change(desk, "依据（条款）", before)
        desk.go(f"/processes/{key}/comparison?to=draft")
        expect(desk.page.get_by_text("两个版本没有差别")).to_be_visible()
    assert desk.faults == []


def test_a_table_is_changed_in_its_editor_and_the_check_answers(desk: Desk) -> None:
    desk.enter("秦岚")
    begin(desk, "designation-case")
    desk.go("/processes/designation-case/draft/parts/site-visit.dmn")
    desk.page.get_by_role("link", name="DMN 编辑器").click()
    expect(desk.page.locator("[data-ready]")).to_be_visible(timeout=DRAWN)
    write(desk, "in_2_2", "> 20x")
    expect(desk.page.locator("[data-findings]")).to_contain_text("第2行“专家评分分差”：无法识别“> 20x”")
    write(desk, "in_2_2", "> 20")
    expect(desk.page.locator("[data-count]")).to_have_text("这张表没有问题")
    expect(desk.page.locator(".bjs-powered-by svg").first).to_be_visible()  # the mark that bpmn.io's licence asks for
    assert desk.findings() == []
    desk.page.get_by_label("取行方式").click()
    desk.page.locator(".options .option", has_text="唯一").click()
    expect(desk.page.locator("[data-findings]")).to_contain_text("行同时符合，而此表只允许一行")
    desk.page.locator("[data-undo]").click()
    expect(desk.page.locator("[data-count]")).to_have_text("这张表没有问题")
    english_left(desk)
    desk.page.get_by_role("link", name="逐格修改").click()
    expect(desk.page.get_by_label("专家评分分差 2")).to_have_value("> 20")
    expect(desk.page.get_by_label("依据 2")).to_have_value("9")
    assert desk.faults == []


def test_a_form_is_made_from_nothing_by_the_keyboard_alone(desk: Desk) -> None:
    desk.enter("秦岚")
    begin(desk, "base-change")
    desk.go("/processes/base-change/draft/parts")
    desk.page.get_by_label("表单名称").fill("参展申请")
    desk.page.keyboard.press("Enter")
    add = desk.page.locator("#at-0 > details.adding")
    add.get_by_label("名称", exact=True).first.fill("参展企业")
    first_column = add.get_by_role("group", name="第一列，或者每年填报的内容")
    expect(first_column).to_be_hidden()
    add.get_by_label("类型", exact=True).first.select_option("rows")
    expect(first_column).to_be_visible()  # what only a table of rows needs
    add.get_by_label("名称", exact=True).first.press("Enter")
    wrong = first_column.get_by_label("名称", exact=True)
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(first_column).to_contain_text("请填写名称，即填表人看到的文字")
    assert desk.findings() == []
    wrong.fill("企业名称")
    wrong.press("Enter")
    expect(desk.page.frame_locator("iframe").get_by_text("企业名称")).to_be_visible()
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.locator("#at-0\\.0 > details > summary").focus()
    if not desk.page.locator("#at-0\\.0 > details[open]").count():
        desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#at-0\\.0").get_by_text("增加一列")).to_be_visible()
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 390
    assert desk.findings() == []
    assert desk.faults == []


def english_left(desk: Desk) -> None:
    """The table editor speaks Chinese throughout: handles, the box of a column with its type, the menu of a row."""
    desk.page.locator("th.input-cell").first.dblclick()
    expect(desk.page.get_by_label("类型", exact=True)).to_have_text("是或者否")
    desk.page.get_by_label("类型", exact=True).click()
    expect(desk.page.locator(".options .option")).to_have_text(["文字", "是或者否", "数", "整数", "日期"])
    assert english(desk) == set()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Escape")
    desk.page.locator("td.rule-index").first.click(button="right")
    expect(desk.page.get_by_role("menu", name="决策表菜单")).to_be_visible()
    assert english(desk) == set()
    desk.page.keyboard.press("Escape")


def english(desk: Desk) -> set[str]:
    """What the editor's parts are called in Latin letters, but for the mark that bpmn.io's licence asks for."""
    found = desk.page.evaluate("""() => [...document.querySelectorAll("[data-canvas] *")].flatMap((one) =>
      ["title", "aria-label", "placeholder"].map((name) => one.getAttribute(name) ?? ""))""")
    return {each for each in found if re.fullmatch(r"[A-Za-z ()]{3,}", each)}


def write(desk: Desk, cell: str, text: str) -> None:
    """Type into a cell of the table editor and wait until it is kept."""
    field = desk.page.locator(f'[data-element-id="{cell}"] .content-editable')
    with desk.page.expect_response(lambda reply: reply.request.method == "PUT" and reply.ok):
        field.fill(text)
        field.blur()


def _until(desk: Desk, words: str) -> None:
    for _ in range(20):
        if words in desk.page.locator(".under").first.inner_text():
            return
        desk.page.wait_for_timeout(500)
        desk.page.reload()
    raise AssertionError(desk.page.locator(".under").first.inner_text())
