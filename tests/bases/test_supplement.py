"""补正 (R-9.2, N-7): one notice with everything, a second only with approval, its items at the fields."""

from datetime import date

import pytest

from bases.filing import remarks, supplement, supplement_steps
from engine import forms
from engine.forms import FormContext
from ground import clock, parameters
from ground.clock import local_day
from tests.bases import moves
from tests.bases.moves import Sent

ITEMS = [
    {"field": "tax", "missing": "缺上年数据。"},
    {"field": "email", "missing": "格式有误。"},
    {"field": "plan", "missing": "规划未盖章。"},
]
DRAFT = {"items": ITEMS, "due_on": "2026-12-07", "hand_in": "本系统在线补正"}


@pytest.fixture
def move(session):
    return moves.moving(session, "B042", clock.now())


def sent(move, answers, by="chen.jing", seq=1):
    return Sent(answers, moves.actor(move.session, by, move.now).person, move.now, seq)


def served(move, **changed: object):
    move.sent["draft"] = [sent(move, {**DRAFT, **changed}, seq=10)]
    return supplement_steps.serve(move)


def remarked(move):
    return [(one.field, one.text) for one in remarks.at_fields(move.session, move.case)]


def test_r_9_2_two_fields_and_one_file_missing_give_one_notice_with_three_items(move):
    move.sent["draft"] = [sent(move, DRAFT)]
    assert supplement_steps.draft(move) == {"needs_approval": False}
    assert supplement_steps.serve(move) == {"supplemented": True, "supplement_due": "2026-12-07"}

    (notice,) = supplement.of_case(move.session, move.case.id)
    assert [item["field"] for item in notice.items] == ["tax", "email", "plan"]
    assert (notice.round, notice.due_on, notice.served_on) == (1, date(2026, 12, 7), local_day(move.now))
    assert move.lines == [("supplement.served", {"round": 1, "items": 3, "due_on": "2026-12-07"})]
    assert remarked(move) == [("tax", "缺上年数据。"), ("email", "格式有误。"), ("plan", "规划未盖章。")]
    assert supplement.asked(move.session, {move.case.id}) == {move.case.id: 3}


def test_r_9_2_a_second_notice_without_approval_is_refused(move):
    served(move)
    supplement.answer(move.session, move.case.id, date(2026, 12, 1))

    assert supplement_steps.draft(move) == {"needs_approval": True}
    for approval in ([], [sent(move, {"outcome": "refuse", "reason": "已告知"}, "ma.jun", seq=11)]):
        move.sent["approve"] = approval
        with pytest.raises(supplement.Unapproved):
            served(move)
    assert len(supplement.of_case(move.session, move.case.id)) == 1


def test_r_9_2_a_second_notice_that_the_head_approves_keeps_who_and_why(move):
    served(move)
    supplement.answer(move.session, move.case.id, date(2026, 12, 1))
    move.sent["approve"] = [sent(move, {"outcome": "approve", "reason": "新发现盖章页缺失。"}, "ma.jun", seq=11)]
    served(move)

    notice = supplement.of_case(move.session, move.case.id)[-1]
    assert (notice.round, notice.reason) == (2, "新发现盖章页缺失。")
    assert notice.approved_by == moves.actor(move.session, "ma.jun", move.now).person


def test_an_approval_given_before_the_draft_counts_for_nothing(move):
    """Attack: what was approved was another draft."""
    served(move)
    supplement.answer(move.session, move.case.id, date(2026, 12, 1))
    move.sent["approve"] = [sent(move, {"outcome": "approve", "reason": "同意"}, "ma.jun", seq=9)]
    with pytest.raises(supplement.Unapproved):
        served(move)


def test_a_notice_waits_for_the_answer_to_the_one_before(move):
    served(move)
    with pytest.raises(supplement.Unanswered):
        served(move)


def test_how_many_rounds_an_officer_may_ask_for_is_a_parameter(move):
    parameters.change(move.session, "supplement.max_rounds", 2, date(2026, 11, 20))
    served(move)
    supplement.answer(move.session, move.case.id, date(2026, 12, 1))
    assert served(move)["supplemented"] is True


def test_n_7_a_notice_that_is_answered_leaves_its_two_dates_and_no_remark(move):
    served(move)
    supplement.answer(move.session, move.case.id, date(2026, 12, 1))
    (notice,) = supplement.of_case(move.session, move.case.id)
    assert (notice.served_on, notice.answered_on) == (local_day(move.now), date(2026, 12, 1))
    assert remarked(move) == []
    assert supplement.asked(move.session, {move.case.id}) == {}


def test_left_without_approval_it_goes_back_to_intake(move):
    assert supplement_steps.leave(move) == {"supplemented": False}
    assert move.kinds() == ["supplement.left"]


def test_two_remarks_at_one_field_stand_below_each_other(move):
    served(move, items=[ITEMS[0], {"field": "tax", "missing": "与完税证明不一致。"}])
    assert remarked(move) == [("tax", "缺上年数据。"), ("tax", "与完税证明不一致。")]


def test_the_draft_begins_with_ten_working_days_and_wants_a_day_ahead(move):
    begins = forms.prefilled("supplement_notice", move.session, move.case)
    assert begins["due_on"] == "2026-12-07"
    answers = {**DRAFT, "items": [ITEMS[0], ITEMS[0]], "due_on": "2026-11-23"}
    found = supplement_steps.draft_is_whole(answers, FormContext())
    assert [(problem.path, problem.code) for problem in found] == [
        ("due_on", "supplement.due_passed"),
        ("items.1.missing", "supplement.named_twice"),
    ]
    assert supplement_steps.draft_is_whole(DRAFT, FormContext()) == []
