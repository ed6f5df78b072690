"""The home: what waits, what is late and where one's cases are; each figure leads to a list that holds as many."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bases import demo
from engine.waits import Wait
from ground import clock, files, grants, organs, people
from ground.database import transaction
from ground.people import Person
from tasks import stuck
from tests.engine.counting import counted
from tests.web import reviewing
from tests.web.reviewing import Reviewer
from web.reviewer import tiles

# Who asks, with which rights and working days: the door's part of each page.
DOOR = 4
HOMES = {
    "liu.min": 18,  # among them difficulties, notices to supplement, reports, whom to contact, half-years
    "yang.li": 15,  # with the matrix of its bases by what they owe, difficulties and ledgers
    "zhou.ping": 16,  # with the matrix, difficulties, first reviews and the shares of the cities
    "tan.bin": 12,
    "cao.yun": 13,
    "chen.jing": 12,  # with the goal of forty
    "ma.jun": 11,  # with the acts by hand that wait for approval
    "luo.wen": 8,
    "xu.hong": 8,
    "gao.yuan": 21,  # with the bases at risk, goals 123 and the circulars
    "li.guohua": 8,
    "sun.lei": 8,
    "guo.ning": 9,
    "zhong.lv": 7,
    "shao.qi": 7,
    "qin.lan": 7,
    "du.wen": 7,
    "shi.lei": 7,
    "liang.bo": 13,  # among them the orders that are open, the circulars and what has been stuck for longest
}


@pytest.fixture(autouse=True)
def papers(office, tmp_path):
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.lay_papers(session, clock.now())


def figures(reviewer):
    """Each tile by its title: its figure and address."""
    found = {}
    for link in reviewer.all(".figures a"):
        figure, title = (each.text_content() for each in (link.find("b"), link.find("small")))
        found[title] = (figure, link.get("href"))
    return found


def test_signing_in_leads_home(office):
    assert Reviewer(office, "zhou.ping").go("/").path == "/home"


def test_a_filler_sees_who_is_next_and_by_when(office):
    reviewing.at_the_city(office)
    filler = Reviewer(office, "liu.min").go("/home")
    for words in ("我的办件", "市（州）初审", "市（州）经办人 · 宜宾市商务局", "2026年12月14日"):
        assert words in filler.text


def test_a_filler_sees_why_a_case_came_back(office):
    reviewing.at_the_county(office)
    county = Reviewer(office, "yang.li").claim_next()
    county.press(**reviewing.COUNTY | {"outcome": "return", "reason": "总产值与统计年报不一致。"})
    filler = Reviewer(office, "liu.min").go("/home")
    assert "由“所在地主管部门审核签批”退回" in filler.text
    assert "总产值与统计年报不一致。" in filler.text
    filler.go("/tasks").claim_next().press()
    assert "退回" not in filler.go("/home").text


def test_each_step_with_open_tasks_leads_to_its_list(office):
    reviewing.at_the_department(office)
    officer = Reviewer(office, "chen.jing").go("/home")
    (step,) = officer.all("aside .file-list a")
    assert len(officer.go(step.get("href")).all("table.queue tbody tr")) == 1


@pytest.mark.parametrize("kind", ["text", "default"])
def test_a_section_head_sees_what_is_late_in_the_section_by_its_kind(office, stopped_clock, kind):
    """N-6: a passed default is grey and stands apart from what can be a breach."""
    reviewing.at_the_city(office)
    with transaction() as session:
        session.execute(update(Wait).values(due_kind=kind))
    assert figures(Reviewer(office, "tan.bin").go("/home"))["本科超期"][0] == "0"
    stopped_clock[0] += timedelta(days=30)
    title = "本科超期" if kind == "text" else "本科超出系统默认时限"
    head = Reviewer(office, "tan.bin").go("/home")
    figure, url = figures(head)[title]
    assert figure == "1"
    assert len(head.go(url).all("table.dense tbody tr")) == 1
    assert bool(head.all(".due.late")) == (kind == "text")
    other = Reviewer(office, "lin.chao").go(url)
    assert not other.all("table.dense tbody tr")


def test_nobody_sees_late_tasks_of_cases_out_of_their_sight(office, stopped_clock):
    reviewing.at_the_city(office)
    stopped_clock[0] += timedelta(days=30)
    for login, found in (("liang.bo", 1), ("lin.chao", 0), ("tang.hao", 0), ("zhou.ping", 1)):
        page = Reviewer(office, login).go("/cases/late?scope=all&due=past")
        assert len(page.all("table.dense tbody tr")) == found


def test_the_applicant_does_not_learn_from_it_that_experts_are_late(office, stopped_clock):
    """R-10.2: who judges is not known to whom is judged, nor that they are asked."""
    reviewing.with_the_experts(office)
    stopped_clock[0] += timedelta(days=40)
    for login, found in (("liu.min", 0), ("zhou.ping", 0), ("liang.bo", 5)):
        page = Reviewer(office, login).go("/cases/late?scope=all&due=past")
        assert len(page.all("table.dense tbody tr")) == found


def test_one_person_with_several_roles_has_one_merged_home(office):
    with transaction() as store:
        person = store.scalar(select(Person.id).where(Person.login == "zhou.ping"))
        city = store.scalar(select(grants.Grant.organ_id).where(grants.Grant.person_id == person))
        grants.give(store, person, "city_section_head", city, clock.today())
        grants.give(store, person, "expert", organs.body(store, "unit-trade").id, clock.today())
    merged = Reviewer(office, "zhou.ping").go("/home")
    assert {"待办", "本科超期", "已提交评分", "未签收公文"} <= set(figures(merged))
    for role in ("市（州）经办人", "市（州）科长", "评审专家"):
        assert role in " ".join(each.text_content() for each in merged.all("p.under"))


@pytest.mark.parametrize("login", HOMES)
def test_every_tile_leads_to_a_page_that_its_reader_may_open(office, login):
    home = Reviewer(office, login).go("/home")
    for _figure, url in figures(home).values():
        assert home.go(url).answer.status_code == 200


@pytest.mark.parametrize("login", HOMES)
def test_a_home_asks_the_database_this_often(office, database, login):
    reviewing.at_the_department(office)
    home = Reviewer(office, login).go("/home")
    with counted(database) as count:
        home.go("/home")
    assert count.statements - DOOR <= HOMES[login] + 2 * database.is_sqlite  # SQLite says BEGIN


def test_a_tile_asks_one_statement_and_a_question_of_no_tile_is_none(office, database):
    assert {tile.question for tile in tiles.TILES} == set(tiles.QUESTIONS)
    with transaction() as store:
        by = people.actor(store, store.scalar(select(Person.id).where(Person.login == "chen.jing")), clock.today())
        stuck.total(store, by, clock.now())  # what a day's rule was reckoned by is kept, and asked for again with it
        for question in tiles.QUESTIONS.values():
            with counted(database) as count:
                question(store, by)
            assert count.statements == 1


def test_the_home_reads_in_english_without_a_chinese_title(office):
    officer = Reviewer(office, "chen.jing")
    officer.client.set_cookie("jidi-language", "en")
    titles = " ".join(figures(officer.go("/home")))
    assert not re.search(r"[\u4e00-\u9fff]", titles)
