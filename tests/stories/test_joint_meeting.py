"""A joint meeting from its agenda to its minutes, and its resolutions as tasks of their organs until done (P16)."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from bases.cooperation import issue, meeting
from bases.demo.papers import pdf
from engine import cases, forms
from ground import clock, files
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks.letters import Letter
from tests.bases import cooperating as desk
from tests.stories import test_enterprise_issue as difficulties

# What the statements are is proved on both databases by the first story here.
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SECRETARY = "shao.qi"
CALLED = {"title": "2026年第一次联席会议", "held_on": "2026-11-30", "place": "商务厅", "members": "成员单位"}
REPORTED = {"words": "增加班列舱位。", "due_on": "2026-12-04", "report": "已增加两个舱位。"}


@pytest.fixture
def pooled(database, tmp_path):
    """The case number of a difficulty that waits for the meeting."""
    assert database
    files.keep_in(tmp_path / "files")
    ref = issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="one").ref
    difficulties.registered(ref, kind="trade_friction")
    desk.do("tao.yi", ref, "friction_handle", {"outcome": "up", "reason": "涉及多个部门。"})
    return desk.case(ref).number


@pytest.fixture
def begun(pooled):
    assert pooled
    return meeting.begin(by=desk.person(SECRETARY), key="one").ref


def minuted(ref: str, number: str) -> None:
    """Two resolutions: one of Yibin with its day, one of Customs without, which answers no difficulty."""
    agenda = [{"issue": number, "topic": "三江新区：锂电池出口订舱困难"}]
    desk.do(SECRETARY, ref, "agenda", {**CALLED, "agenda": agenda})
    with transaction() as session:
        stored = files.store(session, BytesIO(pdf(["minutes"])), "minutes.pdf", desk.person(SECRETARY), clock.now())
    resolutions = [
        {"words": "增加班列舱位。", "owner": "city_511500", "due_on": "2026-12-04", "issue": number},
        {"words": "提供通关预约。", "owner": "cd_customs"},
    ]
    said = {"number": "川商会纪〔2026〕1号", "dated_on": clock.today().isoformat(), "topics": "企业困难"}
    desk.do(SECRETARY, ref, "minutes", {**said, "scan": stored.ref, "resolutions": resolutions})


def told() -> list[tuple[str, str]]:
    with reading() as session:
        rows = session.execute(select(Letter.template, Letter.person_id).where(Letter.template == "action_late")).all()
    return sorted((row.template, row.person_id) for row in rows)


def states() -> list[str]:
    with reading() as session:
        return [one.state for one in meeting.actions(session)]


@pytest.mark.performs("S-1.2, S-3.1 and R-6.1")
def test_s_1_2_a_resolution_is_in_the_queue_of_its_organ_is_escalated_when_late_and_all_done_close_it(
    begun, pooled, stopped_clock
):
    """S-1.2, R-6.1, S-3.1: a resolution with its day stands in its owner's queue; late, two others know of it."""
    minuted(begun, pooled)
    city, organ = (desk.task(begun, f"meeting_action:{element}") for element in ("city_act", "organ_act"))
    assert (city.due_on.isoformat(), city.due_kind) == ("2026-12-04", "notice")
    assert city.queue == f"city_officer@{desk.person(desk.CITY).held[0].organ_id}"
    assert organ.queue == f"dept_liaison@{desk.person('ren.jie').held[0].organ_id}"

    assert told() == []
    desk.pass_time(stopped_clock, clock.end_of(city.due_on) + timedelta(minutes=1))
    expected = [("action_late", desk.person(login).person) for login in (SECRETARY, "liang.bo")]
    assert told() == sorted(expected)

    desk.do(desk.CITY, begun, "meeting_action:city_act", REPORTED)
    desk.do(SECRETARY, begun, "meeting_action:confirm", {"outcome": "return", "reason": "请附舱位确认单。"})
    desk.do(desk.CITY, begun, "meeting_action:city_act", REPORTED)
    desk.do(SECRETARY, begun, "meeting_action:confirm", {"outcome": "accept"})
    assert sorted(states()) == ["done", "open"]
    other = {"words": "提供通关预约。", "due_on": organ.due_on.isoformat(), "report": "已开通。"}
    desk.do("ren.jie", begun, "meeting_action:organ_act", other)
    assert desk.do(SECRETARY, begun, "meeting_action:confirm", {"outcome": "accept"}).outcome == "closed"
    assert states() == ["done", "done"]


@ONE
def test_s_1_2_the_agenda_begins_with_the_pool(begun, pooled):
    with reading() as session:
        given = forms.prefilled("meeting_agenda", session, desk.case(begun))
    assert [row["issue"] for row in given["agenda"]] == [pooled]


@ONE
def test_a_resolution_names_only_what_is_in_the_pool(begun):
    with pytest.raises(cases.Invalid) as refused:
        minuted(begun, "2026-困难-999")
    assert [one.code for one in refused.value.detail["problems"]] == ["meeting.no_such_issue"]


@ONE
def test_a_city_sees_the_meeting_while_it_has_a_resolution_and_another_city_never(begun, pooled):
    with reading() as session, pytest.raises(Missing):
        cases.look(session, begun, desk.person(desk.CITY))
    minuted(begun, pooled)
    with reading() as session:
        assert cases.look(session, begun, desk.person(desk.CITY)).case.ref == begun
        for login in ("song.ying", desk.FILLER, "guo.ning"):
            with pytest.raises(Missing):
                cases.look(session, begun, desk.person(login))


@ONE
def test_only_the_secretary_begins_a_meeting(database):
    assert database
    for login in ("chen.jing", desk.CITY, desk.FILLER):
        with pytest.raises(Forbidden):
            meeting.begin(by=desk.person(login), key="other")
