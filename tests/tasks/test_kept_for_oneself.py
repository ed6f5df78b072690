"""What a person keeps for themselves: phrases, the day to look at a task again, views of the queue; nobody else's."""

from datetime import timedelta

import pytest

from ground import clock
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tasks import followups, phrases, queue, views
from tests.engine import desk, flows
from tests.tasks.test_stuck import LIMITED


@pytest.fixture
def officer(database):
    desk.publish(flows.in_a_row("row", 1))
    return desk.person("officer", "prov_officer")


def kept(by):
    with reading() as session:
        return [row.words for row in phrases.of(session, by)]


def test_own_phrases_are_ones_own_and_an_organs_are_kept_by_its_head(officer):
    head, far = desk.person("head", "prov_division_head"), desk.person("far", "city_officer", organ="city-511500")
    organ = head.held[0].organ_id
    with transaction() as session:
        own = phrases.add(session, " 同意。 ", officer)
        assert phrases.add(session, "同意。", officer) == own
        shared = phrases.add(session, "<b>请补正</b>", head, organ)
    assert kept(officer) == ["同意。", "<b>请补正</b>"]
    assert kept(head) == ["<b>请补正</b>"]
    assert kept(far) == []
    for who in (officer, far):
        with transaction() as session, pytest.raises(Forbidden):
            phrases.add(session, "x", who, organ)
        with transaction() as session, pytest.raises(Missing):
            phrases.change(session, shared, "x", who)
    with transaction() as session, pytest.raises(Missing):
        phrases.drop(session, own, head)
    with transaction() as session:
        phrases.change(session, shared, "请补正。", head)
        phrases.drop(session, own, officer)
        phrases.drop(session, own, officer)
    assert kept(officer) == ["请补正。"]


@pytest.mark.parametrize("words", ["", "   ", "长" * 501])
def test_a_phrase_has_words_and_not_too_many(officer, words):
    with transaction() as session, pytest.raises(phrases.WordsWrong):
        phrases.add(session, words, officer)


def test_there_are_as_many_phrases_as_a_menu_holds(officer):
    with transaction() as session:
        for number in range(phrases.MOST):
            phrases.add(session, f"第{number}句", officer)
        with pytest.raises(phrases.TooMany):
            phrases.add(session, "还有一句", officer)


def test_a_day_to_look_again_is_private_sorts_its_own_list_and_goes_with_the_task(officer):
    colleague = desk.person("colleague", "prov_officer")
    cases = [desk.start("row", officer, key=f"k{n}", subject=f"base:{n}") for n in range(3)]
    refs = [desk.waits(case)["task_1"].ref for case in cases]
    today = clock.today()
    with transaction() as session:
        for ref, days in zip(refs, (5, 1, 3), strict=True):
            followups.mark(session, ref, officer, today + timedelta(days=days), today)
        followups.mark(session, refs[2], officer, today + timedelta(days=9), today)
    assert listed(officer) == [refs[1], refs[0], refs[2]]
    assert listed(colleague) == []
    with reading() as session:
        first = followups.page(session, officer, limit=2)
        rest = followups.page(session, officer, after=first.after, limit=2)
    assert [row.ref for row in [*first.items, *rest.items]] == listed(officer)
    desk.do(cases[0], "task_1", colleague)
    assert listed(officer) == [refs[1], refs[2]]
    desk.do(cases[1], "task_1", officer)
    stranger = desk.person("stranger", "expert")
    with transaction() as session:
        followups.mark(session, refs[2], officer, None, today)
        with pytest.raises(followups.DayPassed):
            followups.mark(session, refs[2], officer, today - timedelta(days=1), today)
        with pytest.raises(Missing):
            followups.mark(session, refs[2], stranger, today, today)
    assert listed(officer) == []


def listed(by):
    with reading() as session:
        return [row.ref for row in followups.page(session, by).items]


def test_a_view_is_saved_under_a_name_for_its_person(officer):
    with transaction() as session:
        views.save(session, "今天", "due=today", officer)
        views.save(session, "今天", "due=soon", officer)
        with pytest.raises(views.NameWrong):
            views.save(session, " ", "", officer)
        for number in range(views.MOST - 1):
            views.save(session, f"视图{number}", "", officer)
        with pytest.raises(views.TooMany):
            views.save(session, "多了", "", officer)
    with reading() as session:
        assert next(row.query for row in views.of(session, officer) if row.name == "今天") == "due=soon"
        assert list(views.of(session, desk.person("colleague", "prov_officer"))) == []


def test_what_ends_today_or_soon_is_counted_by_the_days_of_the_parameter(officer, stopped_clock):
    desk.publish(LIMITED)
    case = desk.start("limited", officer)
    due = desk.waits(case)["ask"].due_at
    for before, today, soon in ((9, 0, 0), (3, 0, 1), (0.5, 1, 1)):
        stopped_clock[0] = due - timedelta(days=before)
        with reading() as session:
            counts = queue.counts(session, officer, ahead=True)
            found = queue.page(session, officer, queue.Filters(due="soon")).items
        assert (counts.today, counts.soon, len(found)) == (today, soon, soon)
    stopped_clock[0] = due + timedelta(hours=1)
    with reading() as session:
        assert queue.counts(session, officer, ahead=True).soon == 0
        assert not queue.page(session, officer, queue.Filters(due="soon")).items
