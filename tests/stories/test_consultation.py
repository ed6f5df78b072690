"""Organs are asked about the conditions of admission and answer (S-1.3, R-4.5, R-10.6), begun by itself."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from bases.filing import values
from bases.filing.values import Filing, Value
from bases.review import eligibility, gate
from engine import cases, forms, submissions
from engine.cases import Case
from engine.forms import FormContext
from engine.history import History
from ground import clock, files, parameters
from ground.database import reading, transaction
from ground.errors import Missing
from tasks import letters, open_task, queue, timers
from tests.bases import moves
from tests.bases.asking import FOUR, Asking
from tests.ground.papers import png

# What the statements are is proved on both databases by the first stories here.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def scan() -> list[str]:
    with transaction() as session:
        by = moves.actor(session, "chen.jing", clock.now())
        return [files.store(session, BytesIO(png()), "复函.png", by, clock.now()).ref]


def pass_the_deadline(monkeypatch, days: int = 12) -> None:
    later = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: later)
    timers.fire_due(later)


def test_s_1_3_four_organs_are_asked_at_the_same_time_and_their_answers_are_summed_up(database):
    """R-10.6: all answer 无, so nothing stands against intake."""
    asking = Asking()
    assert sorted(wait.item for wait in asking.open()) == ["sc-ecology", "sc-emergency", "sc-industry", "sc-market"]
    assert {str(wait.due_on) for wait in asking.open()} == {"2026-11-30"}

    assert asking.all_answer().outcome == "consulted"

    assert asking.admission() == "clear"
    assert asking.gate() == []
    with reading() as session:
        rows = eligibility.newest(session, asking.case.id, 1)
    assert {(row.how, row.answer, row.evidence) for row in rows} == {("online", "none", "系统查询，2026-11-23")}
    assert {str(row.answered_on) for row in rows} == {"2026-11-23"}


@pytest.mark.performs("R-10.6")
def test_r_10_6_environment_none_and_safety_found_stops_at_admission(database):
    asking = Asking()
    asking.all_answer(safety="found", law="unknown")

    assert asking.admission() == "found"
    assert asking.gate(unknown_reason="已核") == [("outcome", "admission.found")]


@ONE
def test_r_10_6_what_cannot_be_verified_needs_a_reason_to_go_on(database):
    asking = Asking()
    asking.all_answer(law="unknown")

    assert asking.admission() == "unknown"
    assert asking.gate() == [("unknown_reason", "admission.unknown_reason")]
    assert asking.gate(unknown_reason="已向法院查询，公示前再核。") == []


@ONE
def test_r_10_6_each_round_counts_by_itself_and_an_unasked_one_shuts_the_way(database):
    """有 at the second asking keeps the base off the notice, although the first found nothing."""
    asking = Asking()
    with reading() as session:
        context = FormContext(session, asking.case)
        assert [each.code for each in gate.before_the_notice({"outcome": "confirm"}, context)] == [
            "admission.not_asked"
        ]
    asking.all_answer()
    again = Asking(2)
    again.all_answer(environment="found")
    with reading() as session:
        context = FormContext(session, again.case)
        assert [each.code for each in gate.before_the_notice({"outcome": "confirm"}, context)] == ["admission.found"]


@ONE
def test_the_request_begins_with_the_table_of_organs_and_three_years_and_this_one(database):
    """R-10.6: the period is three full calendar years and the current one to the day."""
    asking = Asking()
    with reading() as session:
        begins = forms.prefilled("consultation_request", session, asking.case)
    assert (begins["period_from"], begins["period_to"]) == ("2023-01-01", "2026-11-23")
    assert begins["law"] == ["cd_customs", "sc_tax", "sc_credit"]
    assert "reported" not in begins
    with reading() as session:
        told = forms.prefilled("consultation_opinion", session, asking.case, "sc-emergency")
    assert told == {
        "period_from": "2023-01-01",
        "period_to": "2026-11-23",
        "answers": [{"item": "safety"}],
    }


@ONE
def test_f_3_26_what_the_base_itself_reported_stands_in_the_request(database):
    """F-3.26: item 26 of the form pre-fills the checks of admission."""
    asking = Asking()
    with transaction() as session:
        base = moves.base(session, "B042")
        values.file(session, base.id, {("I26", 2024): Value(None, body=True)}, Filing(clock.now()))
        assert forms.prefilled("consultation_request", session, asking.case)["reported"] == "2024"


@ONE
def test_a_liaison_sees_the_case_while_asked_and_no_longer(database):
    """Default deny: another department knows of the case only while it has something to answer."""
    asking = Asking()
    with reading() as session:
        liaison = moves.actor(session, "jin.lu", clock.now())
        assert cases.find(session, asking.ref, liaison).ref == asking.ref
    asking.answer("sc-ecology")
    with reading() as session, pytest.raises(Missing):
        cases.find(session, asking.ref, liaison)


@ONE
def test_an_organ_answers_what_it_was_asked_and_nothing_else(database):
    asking = Asking()
    rows = asking.rows("sc-market")
    for wrong in (rows[:-1], [*rows, {**rows[0], "item": "policy"}], [*rows[:-1], rows[0]]):
        with pytest.raises(cases.Invalid) as refused:
            asking.do("fan.yu", {"answers": wrong, "signer": "范宇"}, "sc-market")
        assert [problem.code for problem in refused.value.detail["problems"]] == ["consultation.items"]


@ONE
def test_a_silent_organ_is_reminded_and_the_officer_waits_or_files_what_came_on_paper(database, monkeypatch, tmp_path):
    """S-1.3, R-4.5: four at once, the silent one alone is reminded; silence is no opinion only where it is set."""
    files.keep_in(tmp_path / "files")
    asking = Asking()
    assert [wait.element.rpartition(":")[2] for wait in asking.open()] == ["opinion"] * 4
    for organ in ("sc-industry", "sc-market", "sc-ecology"):
        asking.answer(organ)
    pass_the_deadline(monkeypatch)
    assert [login for login in ("hu.peng", "fan.yu", "jin.lu") if reminded(login)] == ["hu.peng"]
    assert sorted(wait.element.rpartition(":")[2] for wait in asking.open()) == ["chase", "opinion"]

    silence = {"organ": "sc_emergency", "outcome": "silence", "reason": "逾期"}
    with pytest.raises(cases.Invalid) as refused:
        asking.do("chen.jing", silence, "sc-emergency")
    assert [problem.code for problem in refused.value.detail["problems"]] == ["consultation.no_silence"]
    with pytest.raises(cases.Invalid):
        asking.do("chen.jing", {"organ": "sc_market", "outcome": "wait"}, "sc-emergency")

    asking.do("chen.jing", {"organ": "sc_emergency", "outcome": "wait"}, "sc-emergency")
    assert [wait.element.rpartition(":")[2] for wait in asking.open()] == ["opinion"]
    pass_the_deadline(monkeypatch)
    paper = {"organ": "sc_emergency", "outcome": "paper", "scan": scan(), "number": "川应急函〔2026〕9号"}
    moved = asking.do("chen.jing", {**paper, "answers": asking.rows("sc-emergency")}, "sc-emergency")

    assert moved.outcome == "consulted"
    with reading() as session:
        rows = {row.item: row for row in eligibility.newest(session, asking.case.id)}
    assert (rows["safety"].how, rows["safety"].answer) == ("paper", "none")


@pytest.mark.performs("S-1.3 and R-4.5")
def test_silence_counts_as_no_finding_only_where_the_department_says_so(database, monkeypatch):
    """Four are asked at once, the silent one is reminded, and «逾期视为无意见» waits for the parameter."""
    asking = Asking()
    assert len(asking.open()) == 4
    for organ in ("sc-industry", "sc-market", "sc-ecology"):
        asking.answer(organ)
    pass_the_deadline(monkeypatch)
    assert reminded("hu.peng")
    assert not reminded("fan.yu")
    silence = {"organ": "sc_emergency", "outcome": "silence", "reason": "两次催办无回复"}
    with pytest.raises(cases.Invalid) as refused:
        asking.do("chen.jing", silence, "sc-emergency")
    assert [problem.code for problem in refused.value.detail["problems"]] == ["consultation.no_silence"]

    with transaction() as session:
        parameters.change(session, "consultation.silence_is_none", True, clock.today())
    assert asking.do("chen.jing", silence, "sc-emergency").outcome == "consulted"
    with reading() as session:
        rows = {row.item: row for row in eligibility.newest(session, asking.case.id)}
    assert (rows["safety"].how, rows["safety"].answer) == ("silence", "none")
    assert asking.admission() == "clear"


def reminded(login: str) -> bool:
    """Whether this person was written to about what is overdue."""
    with reading() as session:
        inbox = letters.inbox(session, moves.actor(session, login, clock.now()))
    return "overdue" in {letter.template for letter in inbox}


@ONE
def test_an_organ_without_a_liaison_goes_to_the_officer_at_once(database, tmp_path):
    files.keep_in(tmp_path / "files")
    asking = Asking(other=["sc_credit"])
    waits = {wait.item: wait.element.rpartition(":")[2] for wait in asking.open()}
    assert waits["sc-credit"] == "chase"
    paper = {"organ": "sc_credit", "outcome": "paper", "scan": scan(), "answers": asking.rows("sc-credit")}
    asking.do("chen.jing", paper, "sc-credit")
    assert asking.all_answer().outcome == "consulted"


@ONE
def test_the_head_adds_an_organ_and_takes_one_off_while_the_others_go_on(database):
    """加签, 减签: what nobody answers any more stays unknown; the wait of the organ taken off is closed."""
    asking = Asking()
    before = {wait.item: wait.ref for wait in asking.open()}
    change = {
        "removed": ["sc_ecology"],
        "added": [{"organ": "sc_tax", "item": "law"}],
        "reason": "生态环境厅另有安排。",
    }
    asking.change("ma.jun", change)

    after = {wait.item: wait.ref for wait in asking.open()}
    assert sorted(after) == ["sc-emergency", "sc-industry", "sc-market", "sc-tax"]
    assert {organ: after[organ] for organ in ("sc-market", "sc-industry")} == {
        organ: before[organ] for organ in ("sc-market", "sc-industry")
    }
    for organ in ("sc-industry", "sc-market", "sc-emergency"):
        assert asking.answer(organ).outcome is None
    assert asking.answer("sc-tax").outcome == "consulted"
    assert asking.admission() == "unknown"


@ONE
def test_only_the_head_changes_who_is_asked_and_only_what_can_be_changed(database):
    asking = Asking()
    asking.answer("sc-market")
    for login in ("chen.jing", "zhou.ping", "liu.min", "fan.yu"):
        with pytest.raises((cases.NotYours, Missing)):
            asking.change(login, {"removed": ["sc_ecology"], "reason": "试"})
    wrong = (
        ({}, "consultation.no_change"),
        ({"removed": ["sc_market"]}, "consultation.not_asked"),
        ({"added": [{"organ": "sc_ecology", "item": "law"}]}, "consultation.asked_already"),
        ({"added": [{"organ": "sc_market", "item": "law"}]}, "consultation.asked_already"),
    )
    for answers, code in wrong:
        with pytest.raises(cases.Invalid) as refused:
            asking.change("ma.jun", {**answers, "reason": "试"})
        assert [problem.code for problem in refused.value.detail["problems"]] == [code]


@ONE
def test_with_any_answer_enough_the_rest_is_waited_for_no_more(database):
    """S-1.3: the modes 全部, 任一, 过半数 count check by check."""
    asking = Asking(**{**{item: ["sc_market", "sc_ecology"] for item in FOUR}, "mode": "any"})
    assert asking.answer("sc-ecology").outcome == "consulted"
    assert asking.open() == []
    assert asking.admission() == "clear"


@ONE
def test_a_liaison_of_another_organ_neither_answers_nor_reads(database):
    """Attack: a task of one organ is not there for another, and what was answered is read by the department only."""
    asking = Asking()
    _, market = asking.of("fan.yu")
    with reading() as session:
        other = moves.actor(session, "jin.lu", clock.now())
        with pytest.raises(Missing):
            open_task.look(session, market.ref, other)
    with transaction() as session, pytest.raises((cases.NotYours, Missing)):
        queue.claim(session, market.ref, other, clock.now())
    asking.answer("sc-market", quality="found")
    for login, sees in (("liu.min", 0), ("yang.li", 0), ("zhou.ping", 0), ("chen.jing", 2), ("du.wen", 2)):
        with reading() as session:
            view = cases.look(session, asking.ref, moves.actor(session, login, clock.now()))
        assert len(view.submissions) == sees, login
    with reading() as session, pytest.raises(Missing):
        cases.look(session, asking.ref, moves.actor(session, "guo.ning", clock.now()))


@ONE
def test_neither_history_nor_the_engine_s_data_hold_an_answer(database):
    asking = Asking()
    asking.answer("sc-market", quality="found")
    with reading() as session:
        lines = session.execute(select(History.detail).where(History.case_id == asking.case.id)).scalars().all()
        state = session.scalar(select(Case.state).where(Case.id == asking.case.id))
    assert "found" not in repr(lines)
    assert b"found" not in state


@ONE
def test_attack_what_was_written_to_the_organ_cannot_be_sent_back_as_something_else(database):
    """What the first values fix is kept as they say it, whether it was sent along or not."""
    asking = Asking()
    rows = asking.rows("sc-ecology")
    with pytest.raises(cases.Invalid) as refused:
        asking.do("jin.lu", {"answers": rows, "signer": "金璐", "period_from": "2020-01-01"}, "sc-ecology")
    assert [(each.path, each.code) for each in refused.value.detail["problems"]] == [("period_from", "field.fixed")]
    asking.do("jin.lu", {"answers": rows, "signer": "金璐"}, "sc-ecology")
    with reading() as session:
        kept = submissions.at(session, asking.case.id, "consultation_organ:opinion")[-1].answers
        asked = submissions.at(session, asking.case.id, "request")[-1].answers
    assert kept["period_from"] == asked["period_from"]
