"""The notice and the decision after it (R-2.1, R-9.5, R-9.7)."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bases import register
from bases.register import change
from bases.verdicts import decision, notice, notice_steps, steps
from ground import calendar, clock, parameters
from ground.clock import SHANGHAI
from ground.errors import Missing
from tests.bases import moves
from tests.bases.moves import Sent


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)


def opened(session, day="2026-11-23", **sent: list[Sent]):
    move = moves.moving(session, "B042", at(day), "xu.hong", **sent)
    closes = notice_steps.open_(move)["notice_closes"]
    return move, closes


def closed(session):
    move, closes = opened(session)
    move.now = clock.end_of(date.fromisoformat(closes))
    notice_steps.close(move)
    return move


def signed(move, outcome, by="gao.yuan", **answers: str):
    signer = moves.actor(move.session, by, move.now).person
    move.sent["decide"] = [Sent({"outcome": outcome, "reason": "经公示无异议", **answers}, signer, move.now)]
    return signer


@pytest.mark.parametrize(
    ("start", "closes"),
    [
        ("2026-09-28", "2026-10-10"),
        ("2026-02-10", "2026-02-24"),
        ("2026-04-29", "2026-05-09"),
        ("2026-11-23", "2026-11-30"),
    ],
)
def test_r_9_5_a_notice_runs_five_working_days_after_its_first(session, start, closes):
    move, ends = opened(session, start)

    published = notice.by_ref(session, move.lines[0][1]["notice"])
    assert ends == closes
    assert published.closes_on == date.fromisoformat(closes)
    assert (
        f"至{int(closes[:4])}年{int(closes[5:7])}月{int(closes[8:])}日（5个工作日）" in published.body["paragraphs"][1]
    )


def test_r_9_5_with_the_start_day_counted_the_notice_ends_a_day_earlier(session):
    parameters.change(session, "wd.count_start_day", True, date(2026, 9, 1))

    assert opened(session, "2026-09-28")[1] == "2026-10-09"


def test_r_9_5_a_calendar_corrected_later_leaves_the_printed_date(session):
    move, closes = opened(session)
    calendar.put(session, [calendar.KnownDay(date(2026, 11, 25), False, "新增假日", "official")])

    assert notice.by_ref(session, move.lines[0][1]["notice"]).closes_on.isoformat() == closes == "2026-11-30"


def test_r_9_5_the_snapshot_carries_a_digest_that_shows_any_change(session):
    move, _closes = opened(session)
    published = notice.by_ref(session, move.lines[0][1]["notice"])

    assert notice.digest_of(published.body) == published.digest
    assert notice.digest_of(published.body | {"title": "另一个"}) != published.digest


@pytest.mark.parametrize("visited", [True, False])
def test_r_9_5_only_a_visited_base_is_said_to_have_been_visited(session, visited):
    sent = {"visit": [Sent({}, None, clock.now())]} if visited else {}
    move, _closes = opened(session, **sent)

    text = notice.by_ref(session, move.lines[0][1]["notice"]).body["paragraphs"][0]

    assert ("实地考察" in text) is visited
    assert "已认定" not in text


def test_the_notice_prints_where_objections_go(session):
    move, _closes = opened(session)

    assert "监督电话（机关纪委）：028-00000000" in notice.by_ref(session, move.lines[0][1]["notice"]).body["contact"]


def test_a_notice_is_on_the_public_page_from_its_first_to_its_last_day(session):
    move, closes = opened(session)
    ref, last = move.lines[0][1]["notice"], date.fromisoformat(closes)

    assert [row.ref for row in notice.running(session, date(2026, 11, 23))] == [ref]
    found = notice.running(session, last)[0].id
    assert [row.name for row in notice.bases_of(session, [found])[found]] == ["宜宾市筠连县"]
    assert notice.running(session, last + timedelta(days=1)) == []
    assert notice.running(session, date(2026, 11, 22)) == []


def test_a_notice_does_not_close_before_its_last_day_is_over(session):
    move, closes = opened(session)
    move.now = at(closes, 23)
    with pytest.raises(notice.StillRunning):
        notice_steps.close(move)

    move.now = clock.end_of(date.fromisoformat(closes))
    notice_steps.close(move)

    assert notice.by_ref(session, move.lines[0][1]["notice"]).state == "closed"
    assert notice.running(session, date.fromisoformat(closes)) == []


def test_a_notice_that_was_withdrawn_or_never_was_is_not_there(session):
    move, _closes = opened(session)
    steps.withdraw(move)

    for ref in (move.lines[0][1]["notice"], "000000000000"):
        with pytest.raises(Missing):
            notice.by_ref(session, ref)


def test_r_9_7_the_signed_decision_makes_the_base_and_stands_with_signer_and_reason(session):
    move = closed(session)
    signer = signed(move, "designate", decided_on="2026-12-01", document_number="川商贸函〔2026〕15号")
    assert moves.base(session, "B042").status == "draft"

    steps.decide(move)

    base = moves.base(session, "B042")
    stands = decision.of_case(session, move.case.id)
    assert (base.status, base.code) == ("designated", f"SC511527-{base.id:03d}")
    assert (stands.outcome, stands.signed_by, stands.reason) == ("designate", signer, "经公示无异议")
    assert (stands.clause, stands.signed_on, stands.document) == ("9", date(2026, 12, 1), "川商贸函〔2026〕15号")
    assert move.kinds()[-1] == "base.designated"
    assert [e.name for e in register.public_list(session, register.Shown(q="筠连"))] == ["宜宾市筠连县"]


@pytest.mark.performs("R-9.7")
def test_g_1_only_then_is_the_base_counted(session):
    move = closed(session)
    signed(move, "designate", decided_on="2026-12-01")
    before = len(register.public_list(session, register.Shown(kind="provincial")))

    steps.decide(move)

    assert (before, len(register.public_list(session, register.Shown(kind="provincial")))) == (30, 31)


def test_r_9_7_a_refusal_gives_no_name_and_is_remembered(session):
    move = closed(session)
    signed(move, "refuse", decided_on="2026-12-01")

    steps.decide(move)

    base = moves.base(session, "B042")
    assert (base.status, base.code) == ("draft", None)
    assert change.was_refused(session, base.id)
    assert move.kinds()[-1] == "designation.refused"


def test_r_2_1_without_a_signed_decision_nothing_becomes_of_a_base(session):
    move = closed(session)

    with pytest.raises(decision.Unsigned):
        steps.decide(move)

    assert moves.base(session, "B042").status == "draft"


def test_r_2_1_whoever_is_no_leader_signs_nothing_whomever_the_diagram_asks(session):
    move = closed(session)
    for login in ("qin.lan", "shi.lei", "chen.jing"):
        signed(move, "designate", by=login)

        with pytest.raises(decision.Unsigned):
            steps.decide(move)

        assert moves.base(session, "B042").status == "draft"


def test_r_9_5_a_decision_before_the_notice_is_over_is_refused(session):
    move, _closes = opened(session)
    signed(move, "designate")

    with pytest.raises(decision.NoticeNotOver):
        steps.decide(move)


@pytest.mark.parametrize("day", ["2026-11-30", "2026-12-02"])
def test_a_decision_is_dated_after_the_notice_and_not_in_the_future(session, day):
    move = closed(session)
    signed(move, "designate", decided_on=day)

    with pytest.raises(decision.WrongDay):
        steps.decide(move)


def test_a_withdrawal_stands_in_the_history_of_the_base(session):
    move = moves.moving(session, "B042", clock.now(), "liu.min")

    steps.withdraw(move)

    base = moves.base(session, "B042")
    last = change.of_base(session, base.id)[-1]
    assert (last.what, last.after, last.by_person) == ("application", "withdrawn", move.by.person)
    assert move.kinds() == ["designation.withdrawn"]
    assert session.scalar(select(notice.Notice.id).where(notice.Notice.case_id == move.case.id)) is None
