"""The templates a process owner begins with: each is without a fault, and a case made of it goes its whole way."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import definitions
from engine.cases import Case
from engine.waits import Wait
from ground import clock
from ground.database import reading
from tasks import timers
from tests.engine import desk
from web.owner import founding

NAMES = ("plain", "review", "escalation", "report")
MATTER = {"subject": "参展", "content": "组织五个基地参展。"}
AGREE, RETURN = {"outcome": "agree"}, {"outcome": "return", "reason": "请补充。"}
ORGANS = ("sc-finance", "sc-tax", "sc-market")


def made(name: str) -> str:
    """A process of its own made from this template and in force; its key."""
    key = f"{name}-own"
    desk.publish(founding.from_template(name, {"key": key, "name": "自建", "number": key}))
    return key


def asked(case: str) -> list[str]:
    """The steps that are asked of somebody now."""
    with reading() as session:
        rows = select(Wait.element).join(Case, Case.id == Wait.case_id).where(Case.ref == case).order_by(Wait.element)
        return list(session.execute(rows).scalars())


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_nothing_that_must_be_mended(database, name):
    parts = founding.from_template(name, {"key": "own", "name": "自建", "number": "自建"})
    with reading() as session:
        assert definitions.findings(session, parts, clock.now()) == []


@pytest.mark.parametrize(("mode", "needed"), [("any", 1), ("majority", 2), ("all", 3)])
def test_a_review_is_countersigned_by_as_many_as_its_drafter_has_said(database, mode, needed):
    key = made("review")
    officer, head = desk.person("officer", "prov_officer"), desk.person("head", "prov_division_head")
    leader = desk.person("leader", "prov_leader")
    signers = [desk.person(f"of-{organ}", "dept_liaison", organ=organ) for organ in ORGANS]
    case = desk.start(key, officer)
    desk.do(case, "draft", officer, MATTER)
    desk.do(case, "review", head, AGREE)
    desk.do(case, "choose", officer, {"signers": list(ORGANS), "mode": mode})
    assert asked(case) == ["countersign"] * 3
    for signer in signers[:needed]:
        assert "countersign" in asked(case)
        with reading() as session:
            mine = select(Wait.ref).where(Wait.element == "countersign", Wait.queue.in_(signer.keys))
            wait = session.scalar(mine)
        desk.claim(wait, signer)
        desk.cases.complete(wait, AGREE, by=signer, key=wait)
    assert asked(case) == ["decide"]
    desk.do(case, "decide", leader, AGREE)
    assert desk.row(case).status == "closed"


@pytest.mark.parametrize("back_to", ["draft", "review"])
def test_a_leader_sends_a_review_back_to_the_step_they_name(database, back_to):
    key = made("review")
    officer, head = desk.person("officer", "prov_officer"), desk.person("head", "prov_division_head")
    signer = desk.person("signer", "dept_liaison", organ=ORGANS[0])
    case = desk.start(key, officer)
    desk.do(case, "draft", officer, MATTER)
    desk.do(case, "review", head, AGREE)
    desk.do(case, "choose", officer, {"signers": [ORGANS[0]], "mode": "all"})
    desk.do(case, "countersign", signer, AGREE)
    desk.do(case, "decide", desk.person("leader", "prov_leader"), {**RETURN, "back_to": back_to})
    assert asked(case) == [back_to]


def test_a_matter_climbs_from_city_to_head_as_their_days_run_out(database, stopped_clock):
    key = made("escalation")
    filer = desk.person("filer", "city_officer", organ="city-510700")
    case = desk.start(key, filer)
    desk.do(case, "ask", filer, MATTER)
    seen = []
    for _step in range(40):
        seen += [step for step in asked(case) if step not in seen]
        stopped_clock[0] += timedelta(days=5)
        timers.fire_due(clock.now())
    assert seen == ["city", "department", "head"]
    head = desk.person("head", "prov_division_head")
    desk.do(case, "head", head, {"reply": "已协调解决。", "outcome": "solved"})
    assert desk.row(case).status == "closed"


def test_a_report_that_is_sent_back_is_filled_in_again(database):
    key = made("report")
    filer, officer = desk.person("filer", "city_officer", organ="city-510700"), desk.person("officer", "prov_officer")
    case = desk.start(key, filer)
    report = {"period": "2026年11月", "content": "进出口平稳。"}
    desk.do(case, "fill", filer, report)
    desk.do(case, "check", officer, RETURN)
    desk.do(case, "fill", filer, report)
    desk.do(case, "check", officer, AGREE)
    assert desk.row(case).status == "closed"
