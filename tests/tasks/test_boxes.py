"""The boxes beside the work queue: each case once, where it is now, found by number, title and year, page by page."""

import pytest
from sqlalchemy import insert, select

from engine.cases import Case
from engine.submissions import Submission
from ground import clock
from ground.database import reading, transaction
from tasks import lists, pages, whereabouts
from tasks.lists import Search
from tests import databases
from tests.engine import desk, flows
from tests.engine.counting import counted


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 3))
    return desk.person("officer", "prov_officer")


def titles(page):
    return [item.case_ref for item in page.items]


def box(listed, by, search=lists.EVERYTHING, after=None, limit=20):
    with reading() as session:
        return listed(session, by, search, after=after, limit=limit)


def test_a_case_in_which_one_acted_twice_stands_once_by_the_last_act(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    desk.do(case, "task_2", officer)
    assert [(item.case_ref, item.element) for item in box(lists.done, officer).items] == [(case, "task_2")]


def test_what_others_did_stands_in_nobody_elses_box(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    assert titles(box(lists.done, desk.person("colleague", "prov_officer"))) == []


def test_a_case_stands_among_the_closed_once_it_has_ended(officer):
    case = desk.start("row", officer)
    for step in ("task_1", "task_2"):
        desk.do(case, step, officer)
        assert titles(box(lists.closed, officer)) == []
    desk.do(case, "task_3", officer)
    assert titles(box(lists.closed, officer)) == titles(box(lists.done, officer)) == [case]


def test_a_box_says_who_holds_the_case_now(officer):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    colleague = desk.person("colleague", "prov_officer")
    desk.claim(desk.waits(case)["task_2"].ref, colleague)
    with reading() as session:
        rows = lists.done(session, officer).items
        standing = whereabouts.of(session, rows, officer)[rows[0].case_id]
    assert [(one.element, one.holder) for one in standing] == [("task_2", colleague.name)]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(q="示例"), 1),
        (Search(q="2026-"), 1),
        (Search(year=2026), 1),
        (Search(year=2025), 0),
        (Search(q="%"), 0),
        (Search(q="_"), 0),
        (Search(q="' OR 1=1--"), 0),
        (Search(q="示例", year=2026), 1),
    ],
)
def test_attack_084_a_box_is_searched_literally_by_number_title_and_year(officer, search, found):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    for listed in (lists.done, lists.started, lists.in_sight):
        assert len(box(listed, officer, search).items) == found


@pytest.mark.parametrize("listed", [lists.done, lists.started])
def test_pages_of_a_box_follow_one_another_without_gap_or_repetition(officer, listed):
    for number in range(5):
        desk.do(desk.start("row", officer, key=str(number), subject=f"base:{number}"), "task_1", officer)
    met, after = [], None
    for _ in range(3):
        page = box(listed, officer, after=after, limit=2)
        met += titles(page)
        after = page.after
    assert after is None
    assert len(met) == len(set(met)) == 5


def test_a_search_looks_through_so_many_at_a_time_and_says_that_it_did(officer, monkeypatch):
    monkeypatch.setattr(lists, "SCANNED", 3)
    first = desk.start("row", officer, key="wanted", subject="base:wanted")
    with transaction() as session:
        session.execute(Case.__table__.update().where(Case.ref == first).values(title="要找的"))
    for number in range(3):
        desk.start("row", officer, key=str(number), subject=f"base:{number}")
    page = box(lists.started, officer, Search(q="要找的"))
    assert (titles(page), page.partly) == ([], True)
    page = box(lists.started, officer, Search(q="要找的"), after=page.after)
    assert (titles(page), page.after) == ([first], None)


@pytest.mark.parametrize("cursor", ["x", "1.2", "99999999999999999999.1", "' OR 1=1--"])
def test_attack_086_a_place_in_a_box_that_cannot_be_read_is_refused_by_name(officer, cursor):
    for listed in (lists.done, lists.started, lists.closed):
        with pytest.raises(pages.BadCursor):
            box(listed, officer, after=cursor)


def test_a_box_costs_the_same_statements_at_any_number(officer, database):
    case = desk.start("row", officer)
    desk.do(case, "task_1", officer)
    with reading() as session, counted(database) as few:
        page = lists.done(session, officer)
        whereabouts.of(session, page.items, officer)
    _bulk(case, 300)
    with reading() as session, counted(database) as many:
        page = lists.done(session, officer)
        whereabouts.of(session, page.items, officer)
    assert len(page.items) == 20
    assert many.statements == few.statements


def _bulk(case, number):
    """So many copies of a case, each with what was sent in it."""
    now = clock.now()
    with transaction() as session:
        original = dict(session.execute(select(Case.__table__).where(Case.ref == case)).one()._mapping)
        sent = dict(
            session.execute(select(Submission.__table__).where(Submission.case_id == original["id"])).one()._mapping
        )
        for each in range(1, number + 1):
            key = original["id"] + each
            copy = {"id": key, "ref": f"{each:012d}", "number": f"2026-副本-{each}", "alone": None}
            session.execute(insert(Case).values(**{**original, **copy}))
            session.execute(insert(Submission).values(**{**sent, "case_id": key, "received_at": now}))


@databases.on("sqlite")  # whose plan does not depend on how much is there
@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            "SELECT case_id FROM submission WHERE by_person = 1 ORDER BY received_at DESC, case_id DESC LIMIT 21",
            "ix_submission_person",
        ),
        ("SELECT id FROM cases WHERE started_by = 1 ORDER BY id DESC LIMIT 21", "ix_cases_starter"),
        ("SELECT id FROM letter WHERE person_id = 1 AND read_at IS NULL ORDER BY id DESC LIMIT 21", "ix_letter_unread"),
        ("SELECT wait_ref FROM draft WHERE person_id = 1 ORDER BY saved_at DESC LIMIT 21", "ix_draft_person"),
        ("SELECT id FROM wait WHERE due_at <= 1 ORDER BY due_at, id LIMIT 21", "ix_wait_due"),
    ],
)
def test_each_box_walks_an_index_in_its_own_order_and_sorts_nothing(database, statement, index):
    with database.reader.connect() as connection:
        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
    assert index in plan
    assert "TEMP B-TREE" not in plan
