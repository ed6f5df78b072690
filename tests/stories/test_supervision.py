"""Supervision of a city that is late: urged, ordered, raised, answered, returned, accepted, written off (P19)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bases.cooperation import issue, meeting, supervision, supervision_beginning, supervision_level, supervision_units
from bases.documents import document
from engine import cases, forms, history
from ground import calendar, clock, files
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import queue
from tasks.letters import Letter
from tests.bases import cooperating as desk, issuing
from tests.stories import (
    test_enterprise_issue as difficulties,
    test_expert_review as reviews,
    test_joint_meeting as meetings,
)

# What the statements are is proved on both databases by the first story here.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SUPERVISOR, LEADER, OFFICER, HEAD, CLERK = "liang.bo", "gao.yuan", "chen.jing", "ma.jun", "luo.wen"
SAID = {"matter": "增加班列舱位", "ground": "联席会议纪要。", "request": "请说明进展和完成日期。"}
DROPPED = {"outcome": "drop", "reason": "已经办结。", "disclosure_reason": "内部督办"}
review = reviews.review
NUMBER = "川商贸函〔2026〕88号"


@pytest.fixture
def late(database, tmp_path, stopped_clock):
    """A meeting whose resolution Yibin has not carried out by its day; one working day over."""
    assert database
    files.keep_in(tmp_path / "files")
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    difficulties.registered(ref, kind="trade_friction")
    desk.do("tao.yi", ref, "friction_handle", {"outcome": "up", "reason": "涉及多个部门。"})
    begun = meeting.begin(by=desk.person(meetings.SECRETARY), key="one").ref
    meetings.minuted(begun, desk.case(ref).number)
    desk.pass_time(stopped_clock, clock.end_of(desk.task(begun, "meeting_action:city_act").due_on) + timedelta(hours=1))
    return begun


def begin(about: str, key: str = "order") -> str:
    return supervision_beginning.begin(by=desk.person(SUPERVISOR), key=key, about=about).ref


def first(ref: str, prefill: str, *names: str) -> dict[str, Any]:
    """What a form shows as fixed, as it is sent back with it."""
    with reading() as session:
        given = forms.prefilled(prefill, session, desk.case(ref))
    return {name: given[name] for name in names}


def raise_(ref: str, level: str, **changes: Any) -> cases.Moved:
    fixed = first(ref, "supervision_order", "unit", "deadline", "proposal")
    days = {} if level in {"urge", "remind"} else {"days": 3}
    return desk.do(SUPERVISOR, ref, "raise", {**fixed, **SAID, "level": level, **days, **changes})


def examine(ref: str, outcome: str, **changes: Any) -> cases.Moved:
    fixed = first(ref, "supervision_examination", "standing", "feedback", "proposal")
    return desk.do(SUPERVISOR, ref, "examine", {**fixed, "outcome": outcome, **changes})


def answer(login: str, ref: str, words: str, place: str = "city_answer") -> cases.Moved:
    fixed = first(ref, "supervision_answer", "matter", "ground", "request", "returned")
    return desk.do(login, ref, place, {**fixed, "feedback": words})


def issued(ref: str, number: str = NUMBER, **changes: Any) -> Any:
    """The letter that the case has begun, on its way to its issue, with the words of its template."""
    on = clock.today().isoformat()
    draft = {**drafted(ref), "disclosure_reason": "内部督办", "outcome": "submit", **changes}
    steps = (
        (OFFICER, "draft", draft),
        (HEAD, "division_review", issuing.REVIEWED),
        (CLERK, "office_check", issuing.CHECKED),
        (LEADER, "sign", issuing.SIGNED),
        (CLERK, "proofread", issuing.PROOFREAD),
        (CLERK, "number_oa", {"number": number, "dated_on": on, "final": issuing.scan(CLERK)}),
        (CLERK, "seal", {"outcome": "approve", "sealed_on": on, "copies": 2}),
        (CLERK, "issue", {"issued_on": on}),
    )
    for login, element, answers in steps:
        desk.do(login, ref, f"document_issue:{element}", answers)
    with reading() as session:
        row = document.of_case(session, desk.case(ref).id)[-1]
        return row, document.words(session, row)


def drafted(ref: str) -> dict[str, Any]:
    with reading() as session:
        return forms.prefilled("document.draft", session, desk.case(ref))


def order(ref: str) -> Any:
    with reading() as session:
        return supervision.of_case(session, desk.case(ref).id)


def over(clock_: list, on: Any) -> None:
    desk.pass_time(clock_, clock.end_of(on) + timedelta(minutes=1))


def test_r_8_5_a_city_that_does_not_answer_is_ordered_and_raised_answers_and_only_the_issuer_writes_it_off(
    late, stopped_clock
):
    """R-8.5, N-6: the order is a 通知时限 from its service; nothing follows from a passed day but a question."""
    before = desk.case(late)
    ref = begin(late)
    assert first(ref, "supervision_order", "proposal") == {"proposal": "urge"}
    raise_(ref, "urge")
    asked = desk.task(ref, "city_answer")
    assert asked.queue == f"city_officer@{order(ref).organ_id}"
    assert asked.due_kind == "default"
    over(stopped_clock, asked.due_on)
    assert desk.waiting(ref) == ["examine"]
    assert order(ref).state == "unanswered"
    assert first(ref, "supervision_examination", "proposal") == {"proposal": "order"}

    examine(ref, "change", level="order", days=3, reason="催办未反馈。")
    letter, words = issued(ref)
    row = order(ref)
    assert (letter.number, row.number, row.level, row.state) == (NUMBER, NUMBER, "order", "waiting")
    for said in ("增加班列舱位", "宜宾市商务局", "通知时限", "核销意见"):
        assert said in "\n".join(words.paragraphs)
    asked = desk.task(ref, "city_answer")
    with reading() as session:
        assert asked.due_on == calendar.load(session).add_working_days(clock.today(), 3)
    assert asked.due_kind == "notice"
    over(stopped_clock, asked.due_on)
    assert first(ref, "supervision_examination", "proposal") == {"proposal": "raised"}

    examine(ref, "change", level="raised", days=2, reason="督办单未反馈。")
    fixed = first(ref, "supervision_approval", "unit", "matter", "ground", "request")
    desk.do(LEADER, ref, "approve", {**fixed, "outcome": "agree", "opinion": "同意。"})
    issued(ref, "川商贸函〔2026〕89号")
    assert order(ref).approved_by == desk.person(LEADER).person

    answer(desk.CITY, ref, "正在协调。")
    examine(ref, "return", reason="请写明完成日期。")
    answer(desk.CITY, ref, "12月25日前增加两个舱位。")
    examine(ref, "accept")
    write_off = desk.task(ref, "write_off")
    assert write_off.queue == f"person:{desk.person(SUPERVISOR).person}"
    feedback = first(ref, "supervision_write_off", "feedback")
    with pytest.raises(StopIteration):
        desk.do(LEADER, ref, "write_off", {**feedback, "opinion": "办结。"})
    done = desk.do(SUPERVISOR, ref, "write_off", {**feedback, "opinion": "已明确完成日期。"})
    assert done.outcome == "written_off"
    row = order(ref)
    assert (row.state, row.opinion, row.feedback) == ("closed", "已明确完成日期。", "12月25日前增加两个舱位。")
    after = desk.case(late)
    assert (after.rev, after.seq) == (before.rev, before.seq)  # the supervisor has changed nothing there


@ONE
def test_an_order_goes_to_no_person_and_to_no_other_organ_which_gets_a_request(late):
    """Handbook §7.3: 海关 is sent a 商请函, and a person nothing."""
    me = desk.person(SUPERVISOR)
    with pytest.raises(supervision_units.ToPerson):
        supervision_beginning.begin(by=me, key="p", matter="某事", unit="person:7")
    with reading() as session:
        for level in ("order", "urge", "raised"):
            with pytest.raises(supervision_units.OtherOrgan):
                supervision_units.addressee(session, "cd-customs", level)
        with pytest.raises(supervision_units.OtherOrgan):
            supervision_units.addressee(session, "county-511527", "order")
        assert supervision_units.addressee(session, "city-511500", "order").kind == "city"
        with pytest.raises(supervision_units.OtherOrgan):
            supervision_units.addressee(session, "city-511500", "request")
    ref = supervision_beginning.begin(by=me, key="customs", matter="提供通关预约", unit="cd-customs").ref
    with pytest.raises(cases.Invalid):
        raise_(ref, "order")
    raise_(ref, "request")
    _row, words = issued(ref, body="请予协助。")
    assert "商请" in words.title
    assert words.main == "成都海关"
    assert desk.waiting(ref) == ["record_reply"]
    done = desk.do(SUPERVISOR, ref, "record_reply", {"feedback": "已开通。", "opinion": "已复函。"})
    assert (done.outcome, order(ref).state) == ("written_off", "closed")


@ONE
def test_a_passed_default_stays_grey_and_the_order_names_its_kind(database, stopped_clock):
    """N-6: of a passed 系统默认时限 no breach is made, and the order says that it is one."""
    assert database
    about = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    over(stopped_clock, desk.task(about, "register").due_on)
    ref = begin(about)
    raise_(ref, "urge")
    row = order(ref)
    assert row.deadline_kind == "default"
    assert "系统默认时限，超过不作为逾期" in first(ref, "supervision_order", "deadline")["deadline"]
    assert row.organ_name == "宜宾市商务局"
    with reading() as session:
        lines = history.read(session, desk.case(about).id)
        assert not [line for line in lines if "breach" in line.kind]


@ONE
def test_who_holds_the_task_is_urged_and_only_for_an_answer_can_it_be_accepted(late, stopped_clock):
    with transaction() as session:
        wait = desk.task(late, "meeting_action:city_act")
        queue.claim(session, wait.ref, desk.person(desk.CITY), clock.now())
    ref = begin(late)
    raise_(ref, "urge")
    asked = desk.task(ref, "holder_answer")
    assert asked.queue == f"person:{desk.person(desk.CITY).person}"
    over(stopped_clock, asked.due_on)
    with pytest.raises(cases.Invalid) as refused:
        examine(ref, "accept")
    assert [one.code for one in refused.value.detail["problems"]] == ["supervision.no_answer"]
    examine(ref, "return", reason="请反馈。")
    answer(desk.CITY, ref, "已联系。", "holder_answer")
    assert order(ref).state == "answered"


@ONE
def test_a_refused_raising_and_a_dropped_letter_come_back_to_the_issuer(late):
    ref = begin(late)
    raise_(ref, "raised")
    fixed = first(ref, "supervision_approval", "unit", "matter", "ground", "request")
    desk.do(LEADER, ref, "approve", {**fixed, "outcome": "refuse", "opinion": "不同意，先行沟通。"})
    assert (desk.waiting(ref), order(ref).state) == (["examine"], "refused")
    other = begin(late, "other")
    raise_(other, "order")
    desk.do(OFFICER, other, "document_issue:draft", {**drafted(other), **DROPPED})
    assert (desk.waiting(other), order(other).state) == (["examine"], "dropped")
    with pytest.raises(cases.Invalid) as refused:
        examine(other, "return", reason="请反馈。")
    assert [one.code for one in refused.value.detail["problems"]] == ["supervision.not_asked"]
    examine(other, "change", level="order", days=3, reason="仍须督办。")
    desk.do(OFFICER, other, "document_issue:draft", {**drafted(other), **DROPPED})
    examine(other, "withdraw", reason="办件已经办结。")
    feedback = first(other, "supervision_write_off", "feedback")
    done = desk.do(SUPERVISOR, other, "write_off", {**feedback, "opinion": "不再督办。"})
    assert done.outcome == "written_off"


@ONE
def test_an_urging_whose_raising_is_refused_is_an_urging_still(late, stopped_clock):
    ref = begin(late)
    raise_(ref, "urge")
    over(stopped_clock, desk.task(ref, "city_answer").due_on)
    examine(ref, "change", level="raised", days=2, reason="催办未反馈。")
    fixed = first(ref, "supervision_approval", "unit", "matter", "ground", "request")
    desk.do(LEADER, ref, "approve", {**fixed, "outcome": "refuse", "opinion": "不同意，先行沟通。"})
    assert (order(ref).level, order(ref).state) == ("urge", "refused")
    examine(ref, "return", reason="请反馈。")
    assert desk.waiting(ref) == ["city_answer"]


@ONE
def test_only_the_supervisor_begins_and_a_unit_reads_its_own_orders(late):
    for login in (OFFICER, LEADER, desk.CITY, desk.FILLER):
        with pytest.raises(Forbidden):
            supervision_beginning.begin(by=desk.person(login), key="no", about=late)
    with pytest.raises(supervision_beginning.NoMatter):
        supervision_beginning.begin(by=desk.person(SUPERVISOR), key="no", matter=" ", unit="sc-mofcom")
    ref = begin(late)
    raise_(ref, "urge")
    with reading() as session:
        found = supervision.of_case(session, desk.case(ref).id).ref
        assert supervision.one(session, found, desk.person(desk.CITY)).ref == found
        assert [one.ref for one in supervision.listed(session, desk.person(SUPERVISOR), level="urge")] == [found]
        assert supervision.counts(session)["urge"] == 1
        for login in ("song.ying", desk.FILLER, "li.guohua"):
            with pytest.raises(Missing):
                supervision.one(session, found, desk.person(login))


@ONE
@pytest.mark.parametrize(("days", "stage"), [(0, "soon"), (1, "overdue"), (4, "late"), (11, "very_late")])
def test_d13_takes_its_days_from_parameters(late, days, stage):
    with reading() as session:
        wait = supervision_units.waiting(session, desk.case(late).id)
        at = wait.due_on if not days else calendar.load(session).add_working_days(wait.due_on, days)
        facts = supervision_level.facts(session, wait, None, clock.start_of(at) + timedelta(hours=9))
    assert facts["stage"] == stage


@ONE
def test_an_expert_who_is_late_is_reminded_and_sent_nothing_else(review):
    """Handbook §7.3: experts «催办提醒»; their case is not changed and nobody else learns their name."""
    review.to_the_invitations()
    ref = begin(review.ref)
    with pytest.raises(cases.Invalid):
        raise_(ref, "order")
    assert raise_(ref, "remind").outcome == "told"
    with reading() as session:
        told = session.execute(select(Letter.person_id).where(Letter.template == "urge_expert")).scalars().all()
    assert told == [people_of(review)]
    assert order(ref).state == "told"


def people_of(review: Any) -> int:
    """The expert who has been asked for longest."""
    with reading() as session:
        wait = supervision_units.waiting(session, desk.case(review.ref).id)
    return int(wait.queue.removeprefix("person:"))
