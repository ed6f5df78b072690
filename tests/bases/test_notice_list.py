"""One notice for a whole batch (R-9.5): its list, its snapshot, its end date, and what becomes of one base in it."""

from datetime import date, datetime, timedelta

import pytest

from bases.verdicts import batch_entry, batch_ranking, decision, notice, notice_steps, objection
from ground import calendar, clock
from ground.clock import SHANGHAI
from ground.errors import Missing
from tests.bases import moves, noticed

MORNING = datetime(2026, 9, 28, 9, tzinfo=SHANGHAI)


def words(found) -> str:
    body = found.body
    return "\n".join([body["title"], *body["paragraphs"], *body["contact"], body["signed_by"], body["signed_on"]])


def test_r_9_5_one_notice_lists_every_base_of_the_batch_with_its_city(session):
    found = noticed.published(session, MORNING)

    listed = notice.bases_of(session, [found.id])[found.id]
    assert [(one["base"], one["city"]) for one in found.body["listed"]][1] == ("宜宾市筠连县", "宜宾市")
    assert [row.name for row in listed] == [one["base"] for one in found.body["listed"]]
    assert f"拟认定{listed[0].name}等5家为四川省外贸转型升级基地" in found.body["paragraphs"][0]


@pytest.mark.performs("R-9.5")
def test_r_9_5_the_end_is_printed_and_stays_when_the_calendar_is_corrected(session):
    found = noticed.published(session, MORNING)
    assert "公示期：2026年9月28日至2026年10月10日（5个工作日）。" in found.body["paragraphs"]
    calendar.put(session, [calendar.KnownDay(date(2026, 10, 9), False, "新增假日", "official")])

    again = notice.by_ref(session, found.ref)
    assert (again.closes_on, again.digest) == (date(2026, 10, 10), notice.digest_of(again.body))


@pytest.mark.performs("R-9.5")
def test_r_9_5_nothing_says_designated_before_the_decision(session):
    assert "已认定" not in words(noticed.published(session, MORNING))


@pytest.mark.parametrize(("visited", "there"), [((), False), (("B043",), True), (noticed.FIVE, True)])
def test_r_9_5_the_visit_is_named_only_if_one_of_the_list_was_visited(session, visited, there):
    body = notice.drafted(session, noticed.proposed(session, noticed.FIVE, MORNING, visited), MORNING)

    assert ("实地考察、" in body.paragraphs[0]) is there


def test_a_notice_of_nothing_is_refused(session):
    with pytest.raises(notice.NothingProposed):
        notice.publish(session, [], moves.open_case(session, "B041", MORNING).id, MORNING)


def test_a_base_that_withdraws_is_marked_and_the_others_go_on(session):
    found = noticed.published(session, MORNING)
    mine = notice.bases_of(session, [found.id])[found.id][2]

    taken = notice.withdraw(session, mine.case_id, MORNING)

    rows = notice.bases_of(session, [found.id])[found.id]
    assert taken.id == found.id
    assert [row.withdrawn_at is not None for row in rows] == [False, False, True, False, False]
    assert notice.by_ref(session, found.ref).state == "running"
    assert notice.by_ref(session, found.ref).body == found.body


def test_the_last_withdrawal_takes_the_page_off(session):
    found = noticed.published(session, MORNING, ("B041", "B042"))
    for row in notice.bases_of(session, [found.id])[found.id]:
        notice.withdraw(session, row.case_id, MORNING)

    with pytest.raises(Missing):
        notice.by_ref(session, found.ref)


def test_after_the_period_each_case_has_its_notice_but_not_the_one_that_withdrew(session):
    found = noticed.published(session, MORNING, ("B041", "B042"))
    first, second = notice.bases_of(session, [found.id])[found.id]
    notice.withdraw(session, first.case_id, MORNING)

    notice.close(session, found.case_id, clock.end_of(found.closes_on))

    assert notice.closed_of(session, first.case_id) is None
    assert notice.closed_of(session, second.case_id).ref == found.ref
    assert [one.ref for one in notice.ended(session, 5)] == [found.ref]


def test_the_steps_publish_what_the_batch_proposes_and_report_what_was_objected(session, monkeypatch):
    move = moves.moving(session, "B041", MORNING)
    object.__setattr__(move.case, "subject", "batch:7")
    asked = []

    def proposals(store, number):
        asked.append(number)
        return noticed.proposed(store, noticed.FIVE, MORNING)

    monkeypatch.setattr(batch_ranking, "proposed", proposals)
    notice_steps.open_(move)
    found = notice.by_ref(session, move.lines[0][1]["notice"])
    noticed.objected(session, found, "B042", MORNING)
    move.now = clock.end_of(found.closes_on)

    assert notice_steps.close(move) == {"objections": 1}
    ref = moves.base(session, "B042").ref
    assert asked == [7]
    assert move.lines[0][1]["bases"] == 5
    assert move.lines[-1][1]["per_base"] == {ref: 1}


def test_r_9_6_an_objection_on_base_2_of_5_holds_that_base_and_no_other(session):
    found = noticed.published(session, MORNING)

    noticed.objected(session, found, "B042", MORNING)

    rows = notice.bases_of(session, [found.id])[found.id]
    assert [objection.open_for(session, found.id, row.base_id) for row in rows] == [False, True, False, False, False]
    assert [count.open for count in objection.report(session, found.id)] == [0, 1, 0, 0, 0]


@pytest.mark.parametrize("days", [-1, 13])
def test_outside_its_period_nothing_is_taken(session, days):
    found = noticed.published(session, MORNING)

    with pytest.raises(objection.PeriodOver):
        noticed.objected(session, found, "B042", MORNING + timedelta(days=days))


def test_on_the_last_evening_it_is_still_taken(session):
    found = noticed.published(session, MORNING)

    taken = noticed.objected(session, found, "B042", clock.end_of(found.closes_on) - timedelta(seconds=1))

    assert taken.state == "received"


def test_a_base_that_is_not_in_the_notice_or_has_withdrawn_cannot_be_objected_to(session):
    found = noticed.published(session, MORNING, ("B041", "B042"))
    notice.withdraw(session, notice.bases_of(session, [found.id])[found.id][0].case_id, MORNING)

    for key in ("B041", "B045"):
        with pytest.raises(Missing):
            noticed.objected(session, found, key, MORNING)


def test_the_same_form_sent_twice_is_one_objection(session):
    found = noticed.published(session, MORNING)

    assert noticed.objected(session, found, "B042", MORNING).id == noticed.objected(session, found, "B042", MORNING).id
    assert objection.report(session, found.id)[1].objections == 1


@pytest.mark.performs("R-9.6")
def test_r_9_6_of_five_bases_four_are_designated_and_the_one_objected_to_waits(session):
    found = noticed.published(session, MORNING)
    taken = noticed.objected(session, found, "B042", MORNING)
    after = clock.end_of(found.closes_on)
    notice.close(session, found.case_id, after)
    rows = notice.bases_of(session, [found.id])[found.id]
    leader = moves.actor(session, "gao.yuan", after).person
    signed = decision.Signature(leader, after, after.date(), batch_entry.DESIGNATE, "经公示无异议")

    for row in rows:
        if row.base_id != taken.base_id:
            assert decision.designation(session, row.base_id, row.case_id, signed)
    with pytest.raises(decision.HeldByObjection):
        decision.designation(session, taken.base_id, rows[1].case_id, signed)

    objection.settle(session, taken.id, objection.REJECTED, after)
    assert decision.designation(session, taken.base_id, rows[1].case_id, signed)
