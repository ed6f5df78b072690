"""An incident entered by customs: it is checked and settled, and only what is confirmed is there for Article 14."""

import pytest
from sqlalchemy import select

from bases.register import ledgers
from bases.register.ledgers import incident, marks
from engine import cases
from engine.cases import Case
from engine.waits import Wait
from ground import clock, jobs
from ground.database import reading, transaction
from ground.errors import Missing
from tasks import queue
from tests.bases import ledger, moves
from tests.bases.ledger import INCIDENT

FOUND = {"asked": "成都海关", "facts": "通报属实。", "finding": "confirmed", "basis": "通报〔2026〕3号"}
AGREED = {"opinion": "同意。", "outcome": "agree"}


def entered(who: str = "ren.jie") -> str:
    with transaction() as session:
        ref = ledger.add(session, "adverse_event", "B042", who, **INCIDENT)
    jobs.run_due(clock.now())
    return ref


def do(element: str, login: str, answers: dict[str, str]) -> None:
    """Complete the task that waits there, as this person."""
    with transaction() as session:
        wait = session.execute(select(Wait.ref).where(Wait.element == element)).scalar_one()
        by = moves.actor(session, login, clock.now())
        queue.claim(session, wait, by, clock.now())
    cases.complete(wait, answers, by=by, key=f"{element}{wait}", received_at=clock.now())


def said(ref: str) -> list[str]:
    with reading() as session:
        row = ledgers.by_ref(session, ref)
        found = marks.of(session, ledgers.of("adverse_event"), [row], clock.today())[row.id]
        return [mark.code for mark in found]


def confirmed() -> list[str]:
    with reading() as session:
        return [row.label for row in incident.confirmed(session, ledger.base_id(session, "B042"))]


@pytest.mark.parametrize("who", ["ren.jie", "hu.peng"])
def test_r_14_3_an_entry_opens_a_check_task_and_unconfirmed_it_is_no_ground(database, who):
    """R-14.3: customs and emergency management alike; it is a ground for nobody before the head has agreed."""
    ref = entered(who)
    jobs.run_due(clock.now())

    with reading() as session:
        assert len(session.execute(select(Wait.id).where(Wait.element == "check")).all()) == 1
    assert said(ref) == ["ledger.checking"]
    do("check", "chen.jing", FOUND)
    assert confirmed() == []
    do("confirm", "ma.jun", AGREED)
    assert said(ref) == ["ledger.confirmed"]
    assert confirmed() == ["抽检不合格"]


def test_what_cannot_be_established_is_no_ground_and_a_return_is_checked_again(database):
    ref = entered()
    do("check", "chen.jing", FOUND)
    do("confirm", "ma.jun", {"opinion": "再核。", "outcome": "return", "reason": "缺处罚决定。"})
    do("check", "chen.jing", {"asked": "成都海关", "facts": "无法核实。", "finding": "unconfirmed"})
    do("confirm", "ma.jun", AGREED)

    assert said(ref) == ["ledger.unconfirmed"]
    assert confirmed() == []


@pytest.mark.parametrize("login", ["liu.min", "yang.li", "zhou.ping", "ren.jie", "song.ying"])
def test_nobody_outside_the_department_sees_the_check(database, login):
    entered()
    with reading() as session:
        case = session.scalar(select(Case.ref))
        with pytest.raises(Missing):
            cases.find(session, case, moves.actor(session, login, clock.now()))
