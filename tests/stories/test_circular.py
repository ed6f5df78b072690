"""The week's circular: its figures are the board's, it is drafted once, issued once, and stays as it was issued."""

import io
import threading
from datetime import date, timedelta

import docx
import pytest

from bases.cooperation import circular, issue, supervision, supervision_week as week
from bases.documents import content, word
from ground import clock, leases
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing, Stale
from tasks import standing, stuck, stuck_rule
from tasks.stuck_filters import Filters
from tests.bases import cooperating as desk
from tests.stories import test_supervision as orders
from web.alerts import weekly

ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SUPERVISOR, LEADER, OFFICER = "liang.bo", "gao.yuan", "chen.jing"
late = orders.late


def next_monday(clock_: list, hour: int) -> date:
    """It is Monday of the week to come, at this hour; the Monday of the week that is over."""
    first = week.monday(clock.today())
    desk.pass_time(clock_, week.drafted_at(first, hour) + timedelta(minutes=1))
    return first


def drafted() -> bool:
    return leases.alone("circular", timedelta(), weekly.draft_due)


def of_week(first: date):
    with reading() as session:
        (row,) = [row for row in circular.listed(session, desk.person(SUPERVISOR)) if row.first_on == first]
        return row


def board(**filters: str) -> int:
    with reading() as session:
        rule = stuck_rule.at(session, clock.now())
        return stuck.count(session, desk.person(SUPERVISOR), rule, Filters(**filters))


def opened(row) -> tuple[str, list[list[list[str]]]]:
    """The text and the tables of the file, as python-docx reads them."""
    with reading() as session:
        body = word.docx(circular.words(session, row), draft=row.issued_at is None)
    file = docx.Document(io.BytesIO(body))
    tables = [[[cell.text for cell in line.cells] for line in table.rows] for table in file.tables]
    return "\n".join(each.text for each in file.paragraphs), tables


def test_the_figures_are_those_of_the_board_at_that_moment_and_stand_in_the_document(late, stopped_clock):
    issue.begin(desk.base().ref, by=desk.person(desk.FILLER), key="lying")
    desk.pass_time(stopped_clock, clock.now() + timedelta(days=14))
    urged = orders.begin(late)
    orders.raise_(urged, "urge")
    first = next_monday(stopped_clock, 8)
    counted = {why: board(why=why) for why in ("", "incident", "overdue", "unclaimed", "still")}
    yibin = board(city="511500")
    assert counted[""] > 0
    assert drafted()
    row = of_week(first)
    figures = row.figures
    stuck_now = figures["stuck"]
    assert stuck_now["all"] == counted[""]
    assert stuck_now["overdue"] + stuck_now["past"] == counted["overdue"]
    assert all(stuck_now[part] == counted[part] for part in ("incident", "unclaimed", "still"))
    assert set(stuck_now) == {"all", *standing.PARTS}
    assert stuck_now["past"] > 0  # a default of ours, which accuses nobody
    assert figures["cities"].get("5115", {"all": 0})["all"] == yibin
    assert sum(found["all"] for found in figures["cities"].values()) == counted[""]
    assert sum(found["all"] for found in figures["units"].values()) == counted[""]
    assert len(figures["cases"]) == counted[""]
    assert figures["orders"]["issued"]["urge"] == 1

    text, (cities, units, raised, cases) = opened(row)
    assert f"全省停滞办件{counted['']}件" in text
    assert f"无人领取{counted['unclaimed']}件" in text
    assert "发出催办1件" in text
    assert "不作为逾期" in text
    assert "上周没有拟制通报" in text
    assert "印发时编期号" in text
    assert sum(int(line[1]) for line in cities[1:]) == counted[""]
    assert sum(int(line[1]) for line in units[1:]) == counted[""]
    assert raised[1][0] == "没有"
    assert len(cases) - 1 == counted[""]


def test_a_week_has_one_draft_whichever_nodes_ask_and_its_numbers_do_not_change(late, stopped_clock):
    first = next_monday(stopped_clock, 7)
    drafted()
    with reading() as session:
        assert not circular.exists(session, first)  # the hour has not come
    stopped_clock[0] += timedelta(hours=1)
    nodes = [threading.Thread(target=drafted) for _ in range(3)]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join()
    before = of_week(first)
    stopped_clock[0] += timedelta(days=2)
    desk.pass_time(stopped_clock, clock.now())
    drafted()
    after = of_week(first)
    assert (after.ref, after.figures, after.drafted_at) == (before.ref, before.figures, before.drafted_at)
    second = next_monday(stopped_clock, 8)
    drafted()
    text, (cities, *_rest) = opened(of_week(second))
    assert "上周没有拟制通报" not in text
    assert "上期" in text
    assert sum(int(line[2]) for line in cities[1:]) <= before.figures["stuck"]["all"]


def test_it_is_issued_once_with_a_number_and_its_digest_and_stays_as_it_was(late, stopped_clock):
    first = next_monday(stopped_clock, 8)
    drafted()
    row, me = of_week(first), desk.person(SUPERVISOR)
    with reading() as session:
        assert circular.listed(session, desk.person(LEADER)) == []  # a draft is the supervisor's
        with pytest.raises(Missing):
            circular.one(session, row.ref, desk.person(LEADER))
        for login in (OFFICER, desk.CITY, desk.FILLER):
            with pytest.raises(Forbidden):
                circular.listed(session, desk.person(login))
    with transaction() as session:
        circular.write(session, row.ref, "请各地于本周五前反馈。\n<b>{x}</b>", seen=1, by=me)
        with pytest.raises(Stale):
            circular.write(session, row.ref, "别的", seen=1, by=me)
        for login in (LEADER, OFFICER):
            with pytest.raises(Forbidden):
                circular.issue(session, row.ref, seen=2, by=desk.person(login), now=clock.now())
        with pytest.raises(circular.TooLong):
            circular.write(session, row.ref, "长" * 2_001, seen=2, by=me)
        circular.issue(session, row.ref, seen=2, by=me, now=clock.now())
        with pytest.raises(circular.Issued):
            circular.issue(session, row.ref, seen=3, by=me, now=clock.now())
        with pytest.raises(circular.Issued):
            circular.write(session, row.ref, "再改", seen=3, by=me)
    issued = of_week(first)
    assert (issued.year, issued.issue) == (clock.today().year, 1)
    assert content.digest(content.read(issued.content)) == issued.digest
    text, _tables = opened(issued)
    assert "第1期" in text
    assert "四、工作要求" in text
    assert "<b>{x}</b>" in text
    stopped_clock[0] += timedelta(days=30)
    assert opened(of_week(first)) == opened(issued)
    with reading() as session:
        assert [each.ref for each in circular.listed(session, desk.person(LEADER))] == [row.ref]
        assert circular.counts(session) == {"drafts": 0, "issued": 1}


@ONE
def test_what_was_ordered_in_a_week_is_reckoned_from_history_and_a_raised_order_is_named(late, stopped_clock):
    first = week.monday(clock.today())
    ref = orders.begin(late)
    orders.raise_(ref, "raised")
    fixed = orders.first(ref, "supervision_approval", "unit", "matter", "ground", "request")
    desk.do(LEADER, ref, "approve", {**fixed, "outcome": "agree", "opinion": "同意。"})
    with reading() as session:
        assert week.standing(session)["raised"] == []  # not before its letter is issued
    orders.issued(ref)
    orders.over(stopped_clock, desk.task(ref, "city_answer").due_on)
    with reading() as session:
        found, open_ = week.of_week(session, first), week.standing(session)
        assert found["issued"] == {"urge": 0, "order": 0, "raised": 1, "request": 0, "remind": 0}
        assert (found["unanswered"] + week.of_week(session, first + week.WEEK)["unanswered"]) == 1
        (raised,) = open_["raised"]
        assert (raised["number"], raised["state"]) == (orders.NUMBER, supervision.UNANSWERED)
        assert week.of_week(session, first - week.WEEK)["issued"]["raised"] == 0
    monday = next_monday(stopped_clock, 8)
    drafted()
    text, (_cities, _units, table, _cases) = opened(of_week(monday))
    assert "红·提级督办1件" in text
    assert table[1][0] == orders.NUMBER
    assert "宜宾市商务局" in table[1][2]


@ONE
def test_only_the_supervisor_drafts_by_hand_and_once(late, stopped_clock):
    first = next_monday(stopped_clock, 0)
    with pytest.raises(Forbidden):
        weekly.draft_now(desk.person(LEADER))
    for _ in range(2):
        weekly.draft_now(desk.person(SUPERVISOR))
    assert of_week(first).issued_at is None
