"""An objection that came by letter, and one whose handler leaves: who reads the objector, and when (R-9.6)."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from bases.demo.papers import pdf
from bases.verdicts import handling, notice, objection, objector, reassigning
from bases.verdicts.objection import Letter
from engine import cases
from engine.waits import Wait
from ground import clock, files, grants, jobs, people
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tests.bases import moves, noticed
from tests.stories.test_objection import ONE, Desk


@pytest.fixture
def desk(database, tmp_path):
    files.keep_in(tmp_path / "files")
    made = Desk()
    with transaction() as session:
        organ = made.person("xu.hong").held[0].organ_id
        for login, name in (("lu.yao", "陆遥"), ("mei.lin", "梅林")):
            grants.give(session, people.add_person(session, login, name, login), "prov_officer", organ, clock.today())
    return made


def reads(login: str, desk: Desk) -> bool:
    try:
        with reading() as session:
            return objector.read(session, desk.ref, moves.actor(session, login, clock.now())).name == noticed.NAME
    except Missing:
        return False


def given_to(desk: Desk, name: str, by: str = "xu.hong", reason: str = "原经办人调离。") -> None:
    reassigning.reassign(desk.ref, name, by=desk.person(by), reason=reason, now=clock.now())


def holder(desk: Desk) -> list[tuple[str, int | None]]:
    with reading() as session:
        rows = session.execute(select(Wait.element, Wait.held_by).where(Wait.case_id == desk.row().case_id))
        return sorted((row.element, row.held_by) for row in rows)


def test_r_9_6_a_handler_who_leaves_reads_the_objector_no_longer_and_the_next_only_from_then(desk):
    desk.examined()
    assert (reads("chen.jing", desk), reads("lu.yao", desk)) == (True, False)

    given_to(desk, "陆遥")

    assert (reads("chen.jing", desk), reads("lu.yao", desk)) == (False, True)


def test_r_9_6_what_the_handler_is_asked_for_goes_to_the_new_one_also_while_others_are_asked(desk):
    desk.examined()
    given_to(desk, "陆遥")
    desk.do("liu.min", "ask_base", {"statement": "数据取自海关。"})
    desk.do("zhou.ping", "ask_city", {"verified": "untrue", "statement": "数据一致。"})

    assert holder(desk) == [("findings", desk.person("lu.yao").person)]
    given_to(desk, "梅林")
    assert holder(desk) == [("findings", desk.person("mei.lin").person)]
    finding = {"found": "数据一致。", "outcome": "rejected", "reason": "不属实。"}
    with pytest.raises(StopIteration):
        desk.do("lu.yao", "findings", finding)
    desk.do("mei.lin", "findings", finding)
    desk.do("gao.yuan", "decide", {"opinion": "同意。", "outcome": "agree"})
    assert holder(desk) == [("reply", desk.person("mei.lin").person)]


@ONE
def test_r_9_6_nobody_who_had_a_hand_in_the_base_s_case_gets_it_and_nobody_but_the_head_gives_it(desk):
    desk.do("xu.hong", "assign", {"handler": "陈静"})

    with pytest.raises(handling.NotApart):
        given_to(desk, "张蕊")
    for login in ("chen.jing", "gao.yuan", "zhou.ping"):
        with pytest.raises(Forbidden):
            given_to(desk, "陆遥", by=login)
    with pytest.raises(cases.NoReason):
        given_to(desk, "陆遥", reason=" ")
    with pytest.raises(reassigning.NotToBeHandedOver):
        given_to(desk, "陈静")
    assert reads("chen.jing", desk)


@ONE
def test_before_a_handler_is_named_there_is_nothing_to_hand_over(desk):
    with pytest.raises(reassigning.NotToBeHandedOver):
        given_to(desk, "陆遥")
    assert desk.open() == ["assign"]


@ONE
def test_the_history_tells_that_it_was_handed_over_and_names_nobody_who_objected(desk):
    desk.examined()
    given_to(desk, "陆遥")

    with reading() as session:
        lines = cases.story(session, desk.case().ref, desk.person("xu.hong"))
    told = [line for line in lines if line.kind == "objection.reassigned"]
    assert [line.detail["reason"] for line in told] == ["原经办人调离。"]
    assert noticed.NAME not in str(lines)


def letter(desk: Desk, on: date, key: str = "letter", **changes: object):
    clerk = desk.person("chen.jing").person
    with transaction() as session:
        found = session.execute(select(notice.Notice.ref).where(notice.Notice.id == desk.notice)).scalar_one()
        page = notice.by_ref(session, found)
        scan = files.receive(BytesIO(pdf(["letter"])), "来函.pdf")
        facts = noticed.given(**{"evidence": (scan,), **changes})
        return objector.object_to(
            session, page, desk.base, facts, key=key, now=clock.now(), letter=Letter(on, clerk or 0)
        )


def test_r_9_6_a_letter_within_the_notice_counts_by_the_day_on_which_it_arrived(desk, stopped_clock):
    arrived = clock.today() + timedelta(days=1)
    stopped_clock[0] += timedelta(days=30)

    taken = letter(desk, arrived)
    jobs.run_due(clock.now())

    with reading() as session:
        row = objection.by_ref(session, taken.ref)
        assert (row.state, row.arrived_on, row.settled_at) == ("received", arrived, None)
        assert row.reply_due_on == date(2026, 12, 15)
        assert row.case_id is not None
        assert objection.open_for(session, desk.notice, desk.base)


def test_r_9_6_a_late_letter_is_a_clue_with_its_day_and_holds_nothing(desk, stopped_clock):
    with reading() as session:
        closes = session.scalar(select(notice.Notice.closes_on).where(notice.Notice.id == desk.notice))
    stopped_clock[0] += timedelta(days=30)

    taken = letter(desk, closes + timedelta(days=1))
    jobs.run_due(clock.now())

    with reading() as session:
        row = objection.by_ref(session, taken.ref)
        assert (row.state, row.arrived_on, row.case_id) == ("clue", closes + timedelta(days=1), None)
        count = next(each for each in objection.report(session, desk.notice) if each.base_id == desk.base)
        assert (count.objections, count.clues) == (1, 1)


@ONE
@pytest.mark.parametrize("days", [-1, 1])
def test_a_letter_from_before_the_notice_or_from_tomorrow_is_refused(desk, days):
    with pytest.raises(objection.NotThatDay):
        letter(desk, clock.today() + timedelta(days=days))


@ONE
def test_a_clue_is_read_by_whom_the_head_names_and_by_nobody_else(desk, stopped_clock):
    stopped_clock[0] += timedelta(days=30)
    desk.ref = letter(desk, clock.today()).ref

    assert not reads("chen.jing", desk)
    given_to(desk, "陆遥", reason="线索核实。")

    assert reads("lu.yao", desk)
    assert not reads("xu.hong", desk)
    assert desk.row().state == "clue"


@ONE
def test_a_clue_that_had_a_case_tells_in_its_history_to_whom_it_was_given_and_why(desk):
    with transaction() as session:
        noticed.objected(session, notice.by_ref(session, _notice(desk)), "B043", clock.now(), name="", contact="")
    jobs.run_due(clock.now())
    with reading() as session:
        desk.ref = session.execute(select(objection.Objection.ref).where(objection.Objection.state == "clue")).scalar()

    given_to(desk, "陆遥", reason="线索核实。")

    with reading() as session:
        lines = cases.story(session, desk.case().ref, desk.person("xu.hong"))
    assert [line.detail["reason"] for line in lines if line.kind == "objection.reassigned"] == ["线索核实。"]


def _notice(desk: Desk) -> str:
    with reading() as session:
        return str(session.scalar(select(notice.Notice.ref).where(notice.Notice.id == desk.notice)))
