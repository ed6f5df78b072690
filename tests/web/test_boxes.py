"""The boxes in the browser: where a case is now and who holds it, as far as the reader may know it."""

import pytest
from sqlalchemy import select

from bases import demo
from ground import clock, files, grants, organs
from ground.database import transaction
from ground.grants import Grant
from ground.people import Person
from tests.web import reviewing
from tests.web.reviewing import Reviewer


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def rows(reviewer):
    return [" ".join(row.text_content().split()) for row in reviewer.all("table.dense tbody tr")]


def test_what_i_handled_says_where_it_is_now_at_whom_and_until_when(office):
    reviewing.at_the_city(office)
    (row,) = rows(Reviewer(office, "yang.li").go("/tasks/done"))
    for words in ("2026-认定-001", "所在地主管部门审核签批", "市（州）经办人 · 宜宾市商务局"):
        assert words in row


def test_who_holds_a_task_is_named_once_it_is_claimed(office):
    reviewing.at_the_city(office)
    Reviewer(office, "zhou.ping").claim_next()
    assert "周平" in rows(Reviewer(office, "yang.li").go("/tasks/done"))[0]


def test_no_box_of_the_applicant_names_an_expert(office):
    """R-10.2: who judges is not known to whom is judged, in no list either."""
    reviewing.with_the_experts(office)
    filler = Reviewer(office, "liu.min")
    for path in ("/tasks/done", "/cases", "/cases?scope=all"):
        (row,) = rows(filler.go(path))
        assert "办理人员不公开" in row
        assert not any(name in filler.text for name in ("李国华", "王晓东", "赵明慧", "韩志远"))


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=筠连", 1), ("q=2026-认定", 1), ("year=2026", 1), ("year=2025", 0), ("q=%25", 0), ("year=x&q=筠连", 1)],
)
@pytest.mark.parametrize("path", ["/tasks/done", "/cases"])
def test_a_box_is_searched_by_base_number_and_year_in_its_address(office, path, query, found):
    filler = reviewing.at_the_county(office)
    assert filler
    assert len(rows(Reviewer(office, "liu.min").go(f"{path}?{query}"))) == found


def test_a_case_that_has_ended_stands_among_the_closed_with_its_end(office):
    filler = reviewing.at_the_county(office)
    assert "还没有办结的" in filler.go("/tasks/closed").text
    case = filler.go("/cases").all("a.main")[0].get("href")
    filler.go(f"{case}/messages/withdraw")
    assert "以基地管理机构填报员 · " in filler.text
    filler.press(reason="暂不申报。", confirmed=["agreed"])
    assert "撤回" in rows(filler.go("/tasks/closed"))[0]


def test_a_letter_waits_to_be_read_until_it_is_ticked(office):
    reviewing.with_the_experts(office)
    filler = Reviewer(office, "liu.min").go("/tasks/reading")
    (ref,) = [each.get("value") for each in filler.all("input[name=letter]")]
    stranger = Reviewer(office, "lin.chao").send("/tasks/readings", {"letter": [ref]})
    assert "没有待阅的通知" in stranger.text
    assert len(filler.go("/tasks/reading?q=筠连").all("input[name=letter]")) == 1
    assert not filler.go("/tasks/reading?year=2025").all("input[name=letter]")
    filler.send("/tasks/readings", {"letter": [ref]})
    assert "已将1件标为已阅" in filler.text
    assert "没有待阅的通知" in filler.text


def test_a_task_says_in_which_role_and_organ_it_is_done(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    assert "以基地所在地主管部门 · 筠连县商务局身份办理" in county.text


def test_whoever_could_act_in_two_organs_chooses_on_the_page(office):
    reviewing.with_the_experts(office)
    with transaction() as store:
        second = organs.body(store, "sc-finance").id
        for person in store.execute(select(Grant.person_id).where(Grant.role == "expert")).scalars().all():
            grants.give(store, person, "expert", second, clock.today())
        experts = (
            store.execute(
                select(Person.login).join(Grant, Grant.person_id == Person.id).where(Grant.organ_id == second)
            )
            .scalars()
            .all()
        )
    asked = (Reviewer(office, login).go("/tasks") for login in experts)
    drawn = next(one for one in asked if one.all("table.queue a.main"))
    drawn.go(drawn.all("table.queue a.main")[0].get("href"))
    options = [each.get("value") for each in drawn.all("select[name=_as]")[0].iter("option")]
    drawn.press(**reviewing.SCORES)
    assert drawn.answer.status_code == 422
    assert "请选择以哪个身份办理" in drawn.text
    assert drawn.value("opinion") == "基础较好。"
    drawn.press(_as=options[-1])
    assert "已办结" in drawn.text
