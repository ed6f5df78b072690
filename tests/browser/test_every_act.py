"""Every act of a reviewer on one running designation: what it does, and what it leaves behind."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from playwright.sync_api import Page, expect

from ground import clock, files, jobs
from tests.bases import cooperating
from tests.browser.desk import Desk
from tests.browser.inside import inside
from tests.browser.test_desk import sent
from tests.engine import desk as moves, flows
from tests.web import reviewing, support

pytestmark = pytest.mark.browser

OFFICER, OTHER, HEAD, LAWYER, CHECKER, TRADE, SECRETARY = "陈静", "张睿", "马骏", "钟律", "徐宏", "陶怡", "邵琦"
INTAKE = {
    "formal": ["form", "plan", "bodies", "stamp", "letter"],
    "opinion": "予以受理。",
    "outcome": "accept",
}
BULK = {**flows.FORM, "bulk": ["outcome", "opinion"]}


@pytest.fixture(scope="module")
def ref(address: str, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An application that county and city have sent to the Department, free in its queue; the ref of its case."""
    assert address
    with inside(data), pytest.MonkeyPatch.context() as patch:
        files.keep_in(data / "files")
        today = clock.today().isoformat()
        patch.setitem(reviewing.COUNTY, "signed_on", today)
        patch.setitem(reviewing.LETTER, "dated_on", today)
        reviewing.at_the_department(support.application(tmp_path_factory.mktemp("pages")))
        jobs.run_due(clock.now())
        yield reviewing.newest()


def opened(desk: Desk, name: str, ref: str) -> Page:
    """The task of this case, claimed by this person if it is free, open before them."""
    desk.enter(name)
    desk.go(f"/cases/{ref}")
    desk.follow(desk.page.locator("ul.waits a").first)
    desk.claim()
    return desk.page


def more(desk: Desk, act: str, whom: list[str], words: str, **chosen: str) -> None:
    """One of 更多操作 at the open task."""
    page = desk.page
    page.get_by_text("更多操作").click()
    page.get_by_role("link", name=act, exact=True).click()
    for name in chosen.values():
        page.get_by_label(name).first.check()
    for name in whom:
        page.get_by_label(name).first.check()
    page.locator("#f-words").fill(words)
    page.locator(".form-sheet .btn-primary").click()
    expect(page.locator(".said")).to_contain_text("已")


def agreed(desk: Desk, name: str, opinion: str = "同意") -> None:
    """A co-signer says what they think."""
    desk.enter(name)
    desk.go("/tasks")
    desk.page.get_by_role("region", name="请我会签").get_by_role("link").first.click()
    desk.page.get_by_label(opinion, exact=True).check()
    desk.page.get_by_label("具体意见").fill(f"{opinion}。")
    desk.page.get_by_role("button", name="提交意见").click()


def test_what_one_keeps_for_oneself_at_a_task(desk: Desk, ref: str) -> None:
    """跟进日期, 草稿, 常用语."""
    page = opened(desk, OFFICER, ref)
    task = page.url
    page.get_by_text("跟进日期").first.click()
    page.locator("input[name=on]").fill(page.locator("input[name=on]").get_attribute("min") or "")
    page.locator(".sheet").get_by_role("button", name="保存").click()
    desk.go("/phrases")
    page.locator("#f-words").fill("材料齐全，符合规定。")
    page.get_by_role("button", name="保存", exact=True).first.click()
    page.goto(task)
    expect(page.locator("details.names summary").first).to_contain_text("跟进20")
    page.get_by_role("button", name="常用语：受理意见").click()
    page.get_by_role("menuitem", name="材料齐全").click()
    expect(page.locator('[name="opinion"]')).to_have_value("材料齐全，符合规定。")
    page.get_by_role("button", name="保存草稿").last.click()
    page.goto(task)
    expect(page.locator('[name="opinion"]')).to_have_value("材料齐全，符合规定。")
    assert not desk.faults


def test_a_remark_and_a_copy_to_read(desk: Desk, ref: str) -> None:
    """批注, 抄送, 待阅 and 已阅."""
    page = opened(desk, OFFICER, ref)
    more(desk, "批注", [], "总体规划缺第三页，已电话核实。")
    expect(page.get_by_role("region", name="批注")).to_contain_text("缺第三页")
    more(desk, "抄送", [HEAD], "请了解。")
    desk.enter(HEAD)
    desk.go("/tasks/reading")
    row = page.locator("tbody tr", has_text="抄送")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="标为已阅").click()
    expect(page.locator("tbody tr", has_text="抄送")).to_have_count(0)
    desk.enter("梁波")
    desk.go(f"/cases/{ref}?tab=letters")
    expect(page.locator("tbody tr", has_text="抄送")).to_contain_text("已读")
    assert not desk.faults


def test_co_signers_before_are_waited_for_and_can_be_dropped(desk: Desk, ref: str) -> None:
    """前加签 by all, 减签."""
    page = opened(desk, OFFICER, ref)
    task = page.url
    more(desk, "加签", [LAWYER, TRADE], "请审核依据。", mode="前加签", rule="全部同意")
    page.goto(task)
    desk.answer(INTAKE)
    desk.submit()
    expect(page.locator("main")).to_contain_text("会签意见还没有齐")
    page.goto(task)
    dropped = page.get_by_role("region", name="会签").locator("li", has_text=TRADE)
    dropped.get_by_text("减签").first.click()
    dropped.locator("input[name=words]").fill("不涉及贸易摩擦。")
    dropped.get_by_role("button", name="减签").click()
    expect(page.locator(".said")).to_contain_text("已减签")
    agreed(desk, LAWYER)
    page = opened(desk, OFFICER, ref)
    expect(page.get_by_role("region", name="会签")).to_contain_text("同意")
    assert not [fault for fault in desk.faults if "409" not in fault]


def test_a_task_is_handed_over_lent_prepared_and_given_back(desk: Desk, ref: str) -> None:
    """转办, 委派 and 交回."""
    page = opened(desk, OFFICER, ref)
    more(desk, "转办", [OTHER], "本周外出。")
    expect(page.locator(".said")).to_contain_text("已转办")
    page = opened(desk, OTHER, ref)
    task = page.url
    more(desk, "委派", [OFFICER], "请先核对形式审查。")
    page = opened(desk, OFFICER, ref)
    expect(page.locator("main")).to_contain_text("张睿委派您准备本件")
    desk.answer({**INTAKE, "opinion": "已核对，拟予受理。"})
    page.get_by_role("button", name="交回").click()
    expect(page.locator(".said")).to_contain_text("已交回委派人")
    desk.enter(OTHER)
    page.goto(task)
    expect(page.locator('[name="opinion"]')).to_have_value("已核对，拟予受理。")
    desk.go("/letters")
    expect(page.locator("tbody")).to_contain_text("转办：")
    assert not desk.faults


def test_the_waiting_side_urges_once(desk: Desk, ref: str) -> None:
    """催办."""
    desk.enter("刘敏")
    desk.go(f"/cases/{ref}")
    desk.page.get_by_role("button", name="催办", exact=True).click()
    expect(desk.page.locator("main")).to_contain_text("最近一次催办")
    expect(desk.page.get_by_role("button", name="催办", exact=True)).to_have_count(0)
    assert not desk.faults


def test_a_majority_beside_any_one_after_and_a_substitute_who_sends_it_in_both_names(desk: Desk, ref: str) -> None:
    """并加签 by majority, 后加签 by any, 委托代理; then it goes on by itself; 呈批件."""
    page = opened(desk, OTHER, ref)
    task = page.url
    more(desk, "加签", [LAWYER, CHECKER, TRADE], "请会签。", mode="并加签", rule="过半数同意")
    agreed(desk, LAWYER)
    agreed(desk, CHECKER)
    desk.enter(OTHER)
    page.goto(task)
    more(desk, "加签", [HEAD, SECRETARY], "请把关。", mode="后加签", rule="任一同意")
    named(desk, OFFICER)
    page = opened(desk, OFFICER, ref)
    expect(page.locator("main")).to_contain_text("您代张睿办理本件")
    desk.answer(INTAKE)
    desk.submit()
    expect(page.locator(".said")).to_contain_text("等待会签")
    agreed(desk, HEAD)
    expect(page.locator(".said")).to_contain_text("会签已经通过")
    desk.enter(OFFICER)
    desk.go(f"/cases/{ref}")
    expect(page.locator("main")).to_contain_text("陈静代张睿")
    with page.expect_download() as download:
        page.get_by_role("link", name="呈批件").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert not desk.faults


def named(desk: Desk, whom: str) -> None:
    """Whoever is at the desk names this substitute for today."""
    page = desk.page
    desk.go("/substitutes")
    choices = page.locator("#f-who option").all_inner_texts()
    page.locator("#f-who").select_option(label=next(one for one in choices if whom in one))
    today = page.locator("#f-from").get_attribute("min") or ""
    page.locator("#f-from").fill(today)
    page.locator("#f-to").fill(today)
    page.get_by_role("button", name="登记委托").click()
    expect(page.locator("main")).to_contain_text("代理中")


def test_what_was_sent_is_taken_back_until_somebody_has_claimed_it(desk: Desk) -> None:
    """撤回."""
    sent(desk, "江涛")
    page = desk.page
    desk.go("/cases")
    page.locator("a.main").first.click()
    page.get_by_text("撤回已提交的").click()
    page.get_by_role("button", name="撤回", exact=True).click()
    expect(page.locator(".said")).to_contain_text("已撤回")
    desk.enter("任静")
    desk.go("/tasks")
    expect(page.locator("table.queue tbody tr")).to_have_count(0)
    assert not desk.faults


def test_what_the_history_keeps_of_all_that(desk: Desk, ref: str) -> None:
    """Each act is a line with its reason; an applicant reads nothing of what an office does among its own people."""
    kept = ("转办给张睿：本周外出", "委派给陈静准备", "减签陶怡", "加签（前加签", "抄送马骏", "催办")
    desk.enter("梁波")
    desk.go(f"/cases/{ref}")
    for words in kept:
        expect(desk.page.locator("main")).to_contain_text(words)
    desk.enter("刘敏")
    desk.go(f"/cases/{ref}")
    for words in kept[:5]:
        expect(desk.page.locator("main")).not_to_contain_text(words)
    assert not desk.faults


def test_tasks_of_one_step_are_done_by_one_form_and_what_waits_for_co_signers_says_so(
    desk: Desk, ref: str, data: Path
) -> None:
    """批量办理."""
    assert ref
    with inside(data):
        moves.publish(
            flows.folder(
                "many",
                flows.row(flows.user("check", role="fair_trade")),
                more={"forms/opinion.json": orjson.dumps(BULK)},
            )
        )
        officer = cooperating.person("chen.jing")
        begun = [moves.start("many", officer, key=f"m{n}", subject=f"base:{n}") for n in (81, 82, 83)]
        waiting = moves.waits(begun[2])["check"].ref
    desk.enter(TRADE)
    page = desk.page
    desk.go(f"/tasks/{waiting}")
    desk.claim()
    more(desk, "加签", [LAWYER], "请会签。", mode="后加签", rule="全部同意")
    desk.go("/tasks?process=many")
    for box in page.locator("td.pick input").all():
        box.check()
    page.get_by_role("button", name="批量办理所选").click()
    expect(page.locator("main aside")).to_contain_text("本次办理")
    desk.answer({"outcome": "forward", "opinion": "同意。"})
    desk.submit()
    expect(page.locator(".under")).to_contain_text("办结2件，已提交等待会签1件，没有办成0件。")
    expect(page.locator("main li", has_text="等待会签")).to_have_count(1)
    assert not desk.faults
