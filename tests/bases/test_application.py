"""Beginning an application: who may, for which base, and only one at a time (R-5.1, R-9.1); and the demo's cards."""

import pytest
from sqlalchemy import func, select, update

from bases.demo import cards, lay_papers, rows
from bases.filing import information
from bases.verdicts import application
from engine import cases, history
from engine.cases import Case
from engine.waits import Wait
from ground import clock, files
from ground.database import reading, transaction
from ground.errors import Forbidden, Missing
from tests.bases import moves


def person(login):
    with reading() as session:
        return moves.actor(session, login, clock.now())


def ref_of(key):
    with reading() as session:
        return moves.base(session, key).ref


def begin(login, key, click="one"):
    return application.begin(ref_of(key), by=person(login), key=click)


@pytest.mark.usefixtures("database")
def test_a_filler_begins_an_application_and_finds_the_form_waiting():
    started = begin("liu.min", "B042")

    with reading() as session:
        case = session.execute(select(Case).where(Case.ref == started.ref)).one()
        waits = session.execute(select(Wait).where(Wait.case_id == case.id)).all()
        base = moves.base(session, "B042")
    assert started.number == "2026-认定-001"
    assert (case.subject, case.region, case.organ_id) == (f"base:{base.id}", "511527", base.organ_id)
    assert [(wait.element, wait.form, wait.queue) for wait in waits] == [
        ("fill", "information", f"base_filler@{base.organ_id}")
    ]


def send_first_values(started, login):
    """What a newcomer does in the demo: open the form, change nothing, send it."""
    by = person(login)
    with transaction() as session:
        case = session.execute(select(Case).where(Case.ref == started.ref)).one()
        wait = session.execute(select(Wait).where(Wait.case_id == case.id)).one()
        session.execute(update(Wait).where(Wait.id == wait.id).values(held_by=by.person, held_at=clock.now()))
        first = information.first_values(session, case)
    cases.complete(wait.ref, first, by=by, key="send")
    with reading() as session:
        lines = [line.kind for line in history.read(session, case.id)]
        return lines, [row.element for row in session.execute(select(Wait.element).where(Wait.case_id == case.id))]


@pytest.mark.parametrize(("login", "key"), [("liu.min", "B042"), ("luo.qiang", "B043")])
@pytest.mark.usefixtures("database")
def test_the_form_with_its_first_values_is_filed_and_waits_for_its_stamp(tmp_path, login, key):
    files.keep_in(tmp_path)
    with transaction() as session:
        lay_papers(session, clock.now())

    lines, waiting = send_first_values(begin(login, key), login)

    assert "information.filed" in lines
    assert waiting == ["stamp"]


@pytest.mark.usefixtures("database")
def test_a_whole_city_applies_under_the_code_of_the_city():
    started = begin("luo.qiang", "B043")

    with reading() as session:
        assert session.scalar(select(Case.region).where(Case.ref == started.ref)) == "511700"


@pytest.mark.usefixtures("database")
def test_a_second_click_leads_back_to_the_same_application():
    first = begin("liu.min", "B042")

    assert begin("liu.min", "B042") == first
    assert begin("liu.min", "B042", click="another tab") == first
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


@pytest.mark.usefixtures("database")
def test_nobody_begins_an_application_for_a_base_of_others():
    for login in ("tang.hao", "zhou.ping", "chen.jing", "shi.lei"):
        with pytest.raises(Forbidden):
            begin(login, "B042")
    with pytest.raises(Missing):
        application.begin("000000000000", by=person("liu.min"), key="one")


def test_the_prospects_of_a_filler_are_the_bases_of_the_own_body(session):
    mine = application.prospects(session, moves.actor(session, "liu.min", clock.now()))

    assert [(each.base.name, each.open_case, each.refused) for each in mine] == [("宜宾市筠连县", None, None)]
    assert application.prospects(session, moves.actor(session, "zhou.ping", clock.now())) == []


def test_three_cards_are_to_be_tried_first_and_each_says_what_the_person_does(session):
    found = cards(session)

    assert [(card.first, card.login) for card in found[:3]] == [(1, "liu.min"), (2, "yang.li"), (3, "zhou.ping")]
    assert len(found) == len(rows.characters())
    assert all(card.story and card.story_en.isascii() and card.role_name for card in found)


def test_the_story_has_everybody_that_a_designation_needs():
    by_role: dict[str, list[str]] = {}
    for one in rows.characters():
        by_role.setdefault(one.role, []).append(one.organ)

    assert len(by_role["expert"]) == 12
    assert len(set(by_role["expert"])) == 12
    assert len({unit.region for unit in rows.units()}) >= 3
    assert {role: len(held) for role, held in by_role.items() if role.startswith(("prov", "visit"))} == {
        "prov_officer": 2,
        "prov_division_head": 1,
        "prov_office": 2,
        "prov_checker": 1,
        "prov_leader": 1,
        "visit_team": 2,
    }
    assert {"supervisor", "process_owner", "auditor", "sysadmin"} <= set(by_role)
    for organ in by_role["base_filler"]:
        base = next(base for base in rows.bases().values() if base.body == organ)
        assert f"city-{base.city}" in by_role["city_officer"]
        assert not base.county or f"county-{base.county}" in by_role["base_authority"]
