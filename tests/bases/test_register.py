"""The register: what the public sees, and how a base comes by its name (R-2.1, R-9.7, G-1)."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bases import register
from bases.demo import lay
from bases.register import change, standing, title
from bases.register.title import Title
from ground import clock
from ground.errors import Missing
from ground.people import Person
from tests.bases import moves

ROOT = Path(__file__).parents[2]


def test_laying_the_demo_again_changes_nothing(session):
    counts = [select(func.count()).select_from(table) for table in (register.Base, Title, Person, change.Change)]
    before = [session.scalar(count) for count in counts]

    lay(session, clock.now())

    assert [session.scalar(count) for count in counts] == before
    assert before[0] == 46


def test_the_public_list_holds_named_bases_only_in_chinese_order(session):
    found = register.public_list(session)

    assert len(found) == 40
    assert {entry.status for entry in found} == {"designated"}
    assert found[0].name.startswith("阿坝州")
    assert all(entry.code and entry.titles for entry in found)


def test_the_public_list_is_filtered_by_city_industry_name_and_piece_of_the_name(session):
    assert {entry.city.name for entry in register.public_list(session, register.Shown(city="511500"))} == {"宜宾市"}
    assert {e.industry.zh for e in register.public_list(session, register.Shown(industry="textile"))} == {"纺织服装"}
    assert len(register.public_list(session, register.Shown(kind="national"))) == 12
    assert len(register.public_list(session, register.Shown(kind="provincial"))) == 30
    assert [e.name for e in register.public_list(session, register.Shown(q="东坡"))] == ["眉山市东坡区"]
    assert register.public_list(session, register.Shown(q="%")) == []
    assert register.public_list(session, register.Shown(standing="revoked")) == []


def test_a_base_with_both_names_shows_both_with_their_years(session):
    page = register.public_page(session, moves.base(session, "B014").ref)

    assert [(row.kind, row.year) for row in page.entry.titles] == [("provincial", 2021), ("national", 2025)]
    assert page.hs_codes == ("850760",)
    assert [carrier.zh for carrier in page.carriers] == ["优势产业集聚区"]


def test_an_applicant_has_no_public_page(session):
    with pytest.raises(Missing):
        register.public_page(session, moves.base(session, "B042").ref)


def test_everybody_sees_the_bases_of_their_own_place(session):
    def names(login):
        return [row.name for row in register.bases_of(session, moves.actor(session, login, clock.now()))]

    assert names("liu.min") == ["宜宾市筠连县"]
    assert names("yang.li") == ["宜宾市筠连县"]
    assert sorted(names("zhou.ping")) == ["宜宾三江新区", "宜宾市筠连县"]
    assert names("luo.qiang") == ["达州市"]
    assert len(names("chen.jing")) == 46
    assert names("li.guohua") == []


def test_r_9_7_a_signed_decision_gives_name_code_and_history(session):
    base = moves.base(session, "B042")
    case = moves.open_case(session, "B042", clock.now())
    signer = moves.actor(session, "gao.yuan", clock.now()).person
    source = change.Source(clock.now(), date(2026, 12, 1), case.id, signer)

    code = register.designate(session, base.id, title.Signed(source, "川商贸函〔2026〕15号"))

    page = register.public_page(session, base.ref)
    given = page.entry.titles[0]
    assert page.entry.code == code == f"SC511527-{base.id:03d}"
    assert (given.kind, given.granted_on, given.document) == ("provincial", date(2026, 12, 1), "川商贸函〔2026〕15号")
    assert [(line.what, line.after) for line in page.history] == [("title", "provincial"), ("status", "designated")]
    assert change.of_base(session, base.id)[-1].by_person == signer


def test_a_base_is_not_named_twice(session):
    named = moves.base(session, "B011")
    source = change.Source(clock.now(), date(2026, 12, 1))

    with pytest.raises(register.AlreadyNamed):
        register.designate(session, named.id, title.Signed(source))


def test_r_2_1_nobody_but_verdicts_and_the_first_filling_gives_a_name():
    callers = {
        path.relative_to(ROOT).parts[:2]
        for folder in ("bases", "tasks", "web", "engine", "ground")
        for path in (ROOT / folder).rglob("*.py")
        if any(call in path.read_text("utf-8") for call in (".designate(", ".inherit(", "title.grant("))
    }

    assert callers == {("bases", "verdicts"), ("bases", "demo")}


def test_a_base_whose_name_was_withdrawn_held_it_until_the_day_before(session):
    def holds(on):
        return any(row.id == base.id for row, _kinds in title.holding(session, on))

    base = moves.base(session, "B014")
    case = moves.open_case(session, "B014", clock.now())
    signer = moves.actor(session, "gao.yuan", clock.now()).person
    decided = date(2026, 9, 1)
    source = change.Source(clock.now(), decided, case.id, signer)
    standing.revoke(session, base.id, title.Signed(source, "川商贸函〔2026〕16号"))

    assert [holds(on) for on in (date(2026, 8, 31), decided, date(2026, 9, 2))] == [True, False, False]
