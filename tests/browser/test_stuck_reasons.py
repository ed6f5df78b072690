"""A case stuck for each reason is found by the supervisor, explained in words, and got moving by what helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import insert, select, update

from bases.verdicts import notice, objection
from engine import cases, incidents
from engine.cases import Case
from engine.waits import Timer, Wait
from ground import clock, jobs
from ground.database import transaction
from ground.grants import Grant
from ground.ids import ref as new_ref
from ground.jobs.embedded import Job
from tasks import going_back
from tests.bases import cooperating, noticed
from tests.browser.desk import Desk
from tests.browser.inside import inside
from tests.engine import desk as moves, flows
from tests.engine.test_calls_in_cases import HEARS, NEWS, SAYS, caller

pytestmark = pytest.mark.browser

DAYS = 8
SUPERVISOR, HEAD, OFFICER, OTHER = "梁波", "马骏", "陈静", "张睿"
GIVER, LAWYER, SECRETARY, TRADE, EXPERT = "孟洁", "钟律", "邵琦", "陶怡", "李国华"
SETTLED = 20_000


@dataclass(frozen=True)
class Stuck:
    """A case that was brought to stand: its number, its ref, the ref of its open task."""

    number: str
    ref: str
    task: str


PERIOD = (
    '<bpmn:intermediateCatchEvent id="period" name="公示期"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">deadline("decision")</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
CHOOSES = (
    '<bpmn:startEvent id="begin"/>'
    + flows.user("ask")
    + '<bpmn:exclusiveGateway id="which"/>'
    + flows.user("then")
    + '<bpmn:endEvent id="done"/>'
    + flows.flow("begin", "ask")
    + flows.flow("ask", "which")
    + flows.flow("which", "then", flows.FORWARD)
    + flows.flow("then", "done")
)


@pytest.fixture(scope="module")
def stood(address: str, data: Path) -> Mapping[str, Stuck]:
    """One case for each reason, begun by the services, and eight working days later."""
    assert address
    with inside(data):
        _publish()
        begun = {name: begin() for name, begin in BEGINNINGS.items()}
        with transaction() as session:
            session.execute(
                update(Grant).where(Grant.role == "legal").values(valid_to=clock.today() - timedelta(days=1))
            )
    return begun


@pytest.fixture
def later(desk: Desk, stood: Mapping[str, Stuck], data: Path) -> Mapping[str, Stuck]:
    """The same, eight working days after; the first test that asks lets them pass."""
    with inside(data):
        since = _moved_at(stood["unclaimed"])
        passed = (clock.now() - since).days
    desk.enter(SUPERVISOR)
    for _day in range(DAYS if passed < DAYS else 0):
        desk.move_clock("前进1个工作日")
        desk.page.wait_for_load_state()
    if passed < DAYS:
        with inside(data):
            for bring in FAULTS.values():
                bring(stood)
    return stood


def found(desk: Desk, one: Stuck) -> Locator:
    """Its row on the supervisor's board."""
    desk.enter(SUPERVISOR)
    desk.go(f"/stuck?q={one.number}")
    row = desk.page.locator("tbody tr")
    expect(row).to_have_count(1)
    return row.first


def gone(desk: Desk, one: Stuck) -> None:
    """It is no longer among what is stuck."""
    desk.enter(SUPERVISOR)
    desk.go(f"/stuck?q={one.number}")
    expect(desk.page.locator("tbody tr")).to_have_count(0)
    assert not desk.faults


def urged(desk: Desk, row: Locator, level: str = "urge") -> None:
    """The supervisor sends an order about it from the board."""
    row.get_by_role("button", name="催办、督办").click()
    expect(desk.page.locator("form[data-form]")).to_be_visible()
    desk.answer({"level": level, "request": "请在3个工作日内办理。"})
    desk.submit()


def done(desk: Desk, name: str, task: str) -> None:
    """Whoever it waits for does it at their desk."""
    desk.enter(name)
    desk.go(f"/tasks/{task}")
    desk.claim()
    desk.answer({"outcome": "forward", "opinion": "同意。"})
    desk.submit()
    desk.page.wait_for_load_state()


def granted(desk: Desk, login: str, role: str) -> None:
    """The security administrator gives somebody the role at the Department."""
    desk.enter(GIVER)
    desk.go("/upkeep/grants")
    desk.page.locator("#f-who").fill(login)
    desk.page.locator("#f-as").select_option(role)
    desk.page.locator("#f-at").select_option("sc-mofcom")
    desk.page.get_by_role("button", name="授予", exact=True).click()


def test_a_task_that_nobody_claims_is_urged_and_then_done(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["unclaimed"]
    row = found(desk, one)
    expect(row).to_contain_text("个工作日无人领取（商务厅经办人 · 四川省商务厅）")
    urged(desk, row)
    done(desk, OFFICER, one.task)
    gone(desk, one)


def test_a_task_that_was_claimed_and_lies_is_given_to_another_by_the_head(
    desk: Desk, later: Mapping[str, Stuck]
) -> None:
    one = later["untouched"]
    expect(found(desk, one)).to_contain_text("陈静领取后")
    desk.enter(HEAD)
    desk.go(f"/stuck?q={one.number}")
    desk.page.get_by_role("link", name="改派、延期、中止").click()
    desk.page.locator("select[name=to]").select_option(label=OTHER)
    desk.page.get_by_label("理由").first.fill("陈静外出。")
    desk.page.get_by_role("button", name="改派", exact=True).click()
    done(desk, OTHER, one.task)
    gone(desk, one)


def test_a_role_that_nobody_holds_is_given_to_somebody(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["no_holder"]
    expect(found(desk, one)).to_contain_text("没有在岗人员")
    granted(desk, "zhong.lv", "legal")
    done(desk, LAWYER, one.task)
    gone(desk, one)


def test_a_step_that_everybody_must_keep_apart_from_is_done_by_a_new_holder(
    desk: Desk, later: Mapping[str, Stuck]
) -> None:
    one = later["kept_apart"]
    expect(found(desk, one)).to_contain_text("都办过须与本环节分开的环节")
    granted(desk, "tao.yi", "meeting_secretary")
    done(desk, TRADE, one.task)
    gone(desk, one)


def test_an_expert_who_is_silent_is_reminded_and_answers(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["silent"]
    row = found(desk, one)
    expect(row).to_contain_text("没有答复")
    urged(desk, row, "remind")
    done(desk, EXPERT, one.task)
    gone(desk, one)


def test_a_limit_that_was_broken_is_ordered_to_be_kept(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["overdue"]
    row = found(desk, one)
    expect(row).to_contain_text("超过时限")
    expect(row).to_contain_text("提出督办")
    urged(desk, row, "order")
    done(desk, OFFICER, one.task)
    gone(desk, one)


def test_a_default_that_has_passed_accuses_nobody_and_is_urged(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["past"]
    row = found(desk, one)
    expect(row).to_contain_text("不作为逾期")
    expect(row).not_to_contain_text("提出督办")
    urged(desk, row)
    done(desk, OFFICER, one.task)
    gone(desk, one)


def test_a_day_of_a_provisional_calendar_says_so(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["provisional"]
    expect(found(desk, one)).to_contain_text("时限按暂定的工作日历推算")
    done(desk, OFFICER, one.task)
    gone(desk, one)


def test_what_was_sent_back_and_did_not_come_again_is_urged_and_comes(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["returned"]
    row = found(desk, one)
    expect(row).to_contain_text("退回后")
    urged(desk, row)
    done(desk, OFFICER, one.task)
    gone(desk, one)


def test_an_incident_is_passed_by_an_act_by_hand_of_two_persons(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["incident"]
    row = found(desk, one)
    expect(row).to_contain_text("运行异常：")
    row.get_by_role("link", name="流程处置").click()
    handled(desk, "move", {"source": "ask", "target": "then"})
    desk.enter(HEAD)
    desk.go(f"/cases/{one.ref}")
    expect(desk.page.locator("ul.waits")).to_contain_text("then")
    gone(desk, one)


def test_a_timer_that_failed_is_tried_again_by_two_persons(desk: Desk, later: Mapping[str, Stuck]) -> None:
    one = later["timer"]
    row = found(desk, one)
    expect(row).to_contain_text("定时没有执行")
    row.get_by_role("link", name="流程处置").click()
    handled(desk, "retry", {})
    gone(desk, one)


def test_an_objection_that_holds_a_base_leads_to_its_case(desk: Desk, later: Mapping[str, Stuck], data: Path) -> None:
    one = later["objection"]
    row = found(desk, one)
    expect(row).to_contain_text("公示期内的异议没有办结")
    expect(row).to_contain_text("该件停在“")
    row.locator("li a").first.click()
    expect(desk.page.locator(".under").first).to_contain_text("异议")
    with inside(data), transaction() as session:
        held = session.scalar(select(objection.Objection.id))
        objection.settle(session, held, objection.REJECTED, clock.now())
    expect(found(desk, one)).not_to_contain_text("异议没有办结")
    assert not desk.faults


def test_work_that_failed_is_tried_again_by_itself(desk: Desk, later: Mapping[str, Stuck], data: Path) -> None:
    one = later["job"]
    expect(found(desk, one)).to_contain_text("后台任务失败3次，正在重试")
    desk.go(f"/cases/{one.ref}?tab=jobs")
    expect(desk.page.locator("tbody tr").first).to_contain_text("失败后重试")
    with inside(data), transaction() as session:
        session.execute(update(Job).where(Job.dedupe == "stood").values(run_at=clock.now()))
    desk.move_clock("前进1个工作日")
    expect(found(desk, one)).not_to_contain_text("后台任务失败")
    assert not desk.faults


def test_a_case_that_waits_for_another_says_for_which_and_goes_on_when_that_is_done(
    desk: Desk, later: Mapping[str, Stuck]
) -> None:
    one, other = later["message"], later["speaker"]
    desk.enter(SUPERVISOR)
    desk.go("/stuck/waiting")
    row = desk.page.locator("tbody tr", has_text=one.number)
    expect(row).to_contain_text(f"等待 {other.number}，该件停在“ask”（商务厅经办人")
    row.get_by_role("link", name=other.number).click()
    expect(desk.page.locator(".under").first).to_contain_text(other.number)
    done(desk, OFFICER, other.task)
    desk.enter(SUPERVISOR)
    desk.go(f"/cases/{one.ref}")
    expect(desk.page.locator("ul.waits")).to_contain_text("then", timeout=SETTLED)
    assert not desk.faults


def handled(desk: Desk, act: str, chosen: Mapping[str, str]) -> None:
    """流程处置: the supervisor proposes it after a look at what it changes, the head approves."""
    page = desk.page
    desk.page.goto(f"{page.url.partition('?')[0]}?act={act}")
    for name, value in chosen.items():
        page.locator(f"#f-{name}").select_option(value)
    page.locator("#f-reason").fill("排除故障后继续。")
    page.locator("#f-basis").fill("督办单〔2026〕1号")
    page.get_by_role("button", name="预演", exact=True).click()
    page.get_by_role("button", name="提请批准").click()
    expect(page.get_by_text("已提出，待处室负责人批准。")).to_be_visible()
    at = page.url.removeprefix(desk.address)
    desk.enter(HEAD)
    desk.go(at)
    page.get_by_role("button", name="批准并执行").click()
    expect(page.get_by_text("已批准并执行。")).to_be_visible()


def _publish() -> None:
    expert = cooperating.person("li.guohua").person
    for parts in (
        flows.in_a_row("row", 2),
        flows.folder("lawyers", flows.row(flows.user("ask", role="legal"))),
        flows.folder(
            "apart",
            flows.row(
                flows.user("ask", role="meeting_secretary"),
                flows.user("check", role="meeting_secretary", more='jidi:separate="ask"'),
            ),
        ),
        flows.folder("judged", flows.row(flows.user("judge", role="expert", scope=f"person({expert})"))),
        flows.folder("limited", flows.row(flows.user("ask", more='jidi:deadline="intake"'), flows.user("then"))),
        flows.folder("sleeps", flows.row(PERIOD)),
        flows.folder("chooses", CHOOSES),
        caller(flows.user("ask"), SAYS.format(more=""), key="speaker", messages=NEWS),
        caller(HEARS.format(more=""), flows.user("then"), key="listener", messages=NEWS),
    ):
        moves.publish(parts)


def _begun(process: str, name: str, subject: str = "") -> str:
    return moves.start(process, cooperating.person("chen.jing"), key=name, subject=subject or f"base:9{len(name)}")


def _stuck(ref: str) -> Stuck:
    waits = moves.waits(ref)
    return Stuck(moves.row(ref).number, ref, next(iter(waits.values())).ref if waits else "")


def _plain(process: str, name: str) -> Any:
    return lambda: _stuck(_begun(process, name))


def _untouched() -> Stuck:
    one = _stuck(_begun("row", "untouched"))
    moves.claim(one.task, cooperating.person("chen.jing"))
    return one


def _kept_apart() -> Stuck:
    ref = _begun("apart", "apart")
    moves.do(ref, "ask", cooperating.person("shao.qi"))
    return _stuck(ref)


def _returned() -> Stuck:
    ref = _begun("row", "returned")
    moves.do(ref, "task_1", cooperating.person("chen.jing"))
    other = cooperating.person("zhang.rui")
    wait = moves.waits(ref)["task_2"].ref
    moves.claim(wait, other)
    going_back.send_back(wait, "task_1", by=other, reason="请补充依据。", asked=[], key="back")
    return _stuck(ref)


def _incident() -> Stuck:
    one = _stuck(_begun("chooses", "incident"))
    with pytest.raises(cases.Stopped):
        moves.do(one.ref, "ask", cooperating.person("chen.jing"), {"outcome": "return", "opinion": "x"})
    return one


def _objection() -> Stuck:
    with transaction() as session:
        found_ = noticed.published(session, clock.now())
        base = notice.bases_of(session, [found_.id])[found_.id][1]
        noticed.objected(session, found_, "B042", clock.now())
        values = {"ref": new_ref(), "case_id": base.case_id, "token": "t", "element": "decide", "form": "decide"}
        values |= {"queue": "prov_leader@1", "opened_at": clock.now(), "due_at": clock.now() + timedelta(days=60)}
        session.execute(insert(Wait).values(**values, lendable=False, provisional=False, hung=False))
        ref = session.scalar(select(Case.ref).where(Case.id == base.case_id))
    jobs.run_due(clock.now())
    return _stuck(ref)


BEGINNINGS = {
    "unclaimed": _plain("row", "unclaimed"),
    "untouched": _untouched,
    "no_holder": _plain("lawyers", "no_holder"),
    "kept_apart": _kept_apart,
    "silent": _plain("judged", "silent"),
    "overdue": _plain("limited", "overdue"),
    "past": _plain("limited", "past"),
    "provisional": _plain("limited", "provisional"),
    "returned": _returned,
    "incident": _incident,
    "timer": _plain("sleeps", "timer"),
    "job": _plain("row", "job"),
    "objection": _objection,
    "message": lambda: _stuck(_begun("listener", "message", "base:77")),
    "speaker": lambda: _stuck(_begun("speaker", "speaker", "base:77")),
}


def _row(one: Stuck) -> Any:
    return moves.row(one.ref)


def _moved_at(one: Stuck) -> Any:
    return _row(one).started_at


def _say(one: Stuck, **facts: Any) -> None:
    with transaction() as session:
        session.execute(
            update(Wait).where(Wait.ref == one.task).values(due_at=clock.now() - timedelta(days=2), **facts)
        )


def _stop(one: Stuck) -> None:
    with transaction() as session:
        values = {"stopped": True, "due_at": clock.now()}
        session.execute(update(Timer).where(Timer.case_id == _row(one).id).values(**values))
        incidents.report(session, _row(one).id, "engine.failed", "period", {}, clock.now())


def _fail(one: Stuck) -> None:
    with transaction() as session:
        jobs.enqueue(session, "message.deliver", {"receiver": one.ref}, dedupe="stood")
        values = {"attempts": 3, "run_at": clock.now() + timedelta(days=90)}
        session.execute(update(Job).where(Job.dedupe == "stood").values(**values))


def _close(_one: Stuck) -> None:
    with transaction() as session:
        session.execute(update(notice.Notice).values(state=notice.CLOSED))


# What no act of a person can bring about, or only a limit of the text.
FAULTS = {
    "overdue": lambda stood: _say(stood["overdue"], due_kind="text", due_on=clock.today() - timedelta(days=3)),
    "past": lambda stood: _say(stood["past"]),
    "provisional": lambda stood: _say(stood["provisional"], provisional=True),
    "timer": lambda stood: _stop(stood["timer"]),
    "job": lambda stood: _fail(stood["job"]),
    "objection": lambda stood: _close(stood["objection"]),
}
