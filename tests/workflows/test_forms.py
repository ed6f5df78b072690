"""The forms of a shipped folder: each loads, each is used, and nobody reads what is not meant for them."""

from decimal import Decimal
from pathlib import Path

import pytest

from bases.measures import clauses, indicators
from bases.review import criteria
from bases.review.admission import ANSWERS as CHECKS
from engine.forms import Form, load
from ground.grants import ROLES
from tests.workflows.folders import ROOT, diagram, folders

DESIGNATION = ROOT / "designation-case"
# The forms that stand with a called process.
HOMES = {
    "score-sheet": ROOT / "expert-review",
    "consultation-request": ROOT / "consultation",
    "consultation-opinion": ROOT / "consultation-organ",
}
OUTSIDE = {"base_filler", "base_authority", "expert", "city_officer", "city_section_head", "city_leader", "public"}
SHOWS_SCORES = ("score-sheet", "visit-decision", "recheck")


def form(key: str) -> Form:
    folder = HOMES.get(key, DESIGNATION)
    return load((folder / "forms" / f"{key}.json").read_bytes())


def forms(folder: Path) -> dict[str, Form]:
    return {path.stem: load(path.read_bytes()) for path in sorted(folder.glob("forms/*.json"))}


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_form_loads_and_is_the_form_of_some_task(folder: Path):
    assert {element.form for element in diagram(folder).elements.values() if element.form} == set(forms(folder))


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_only_scalars_of_gateways_enter_the_diagram(folder: Path):
    assert {scalar for each in forms(folder).values() for scalar in each.scalars} <= {"outcome"}


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_readers_are_roles_of_the_house(folder: Path):
    assert {role for each in forms(folder).values() for role in each.readers} <= set(ROLES)


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_clause_that_a_form_cites_exists(folder: Path):
    known = clauses.every()
    for each in forms(folder).values():
        cited = {each.clause, *(section.clause for section in each.sections), *(f.clause for f in each.fields.values())}
        assert cited - {""} <= set(known)


@pytest.mark.parametrize("key", SHOWS_SCORES)
def test_nobody_outside_the_department_reads_a_score(key: str):
    readers = set(form(key).readers)
    assert readers
    assert not readers & OUTSIDE


def test_the_applicant_can_read_why_it_was_sent_back():
    assert not [key for key in ("authority-review", "city-review", "intake", "decision") if form(key).readers]


def test_score_sheets_are_sealed():
    assert form("score-sheet").sealed


def test_the_information_form_asks_for_every_item_of_the_annex():
    asked = {each.indicator: each for each in form("information").fields.values() if each.indicator}
    assert {code: each.name for code, each in asked.items()} == {
        code: item.field for code, item in indicators.by_code().items()
    }
    kinds = {
        indicators.DECIMAL: "decimal",
        indicators.INTEGER: "integer",
        indicators.LIST: "list",
        indicators.FLAG: "flag",
    }
    for code, item in indicators.by_code().items():
        if item.kind == indicators.ROWS:
            assert asked[code].type == "rows"
        else:
            inner = asked[code].of
            assert inner is not None
            assert inner.type == kinds[item.kind]
            assert inner.places == item.places


def test_an_item_that_the_document_leaves_open_says_how_it_is_read():
    fields = form("information").fields
    for name in ("internationalization", "internationalization_core", "investment_intensity", "rd_intensity"):
        assert "文件未规定，系统默认" in fields[name].help
    for name in ("provincial_brands", "famous_trademarks"):
        assert fields[name].not_applicable
        assert "文件未规定，系统默认" in fields[name].help


def test_units_that_trap_are_said_at_the_field():
    fields = form("information").fields
    enterprise = {column.name: column.unit for column in fields["leading_enterprises"].columns}
    assert (fields["rd_spend"].unit, enterprise["rd_spend"]) == ("亿元", "万元")
    assert "10000万元" in fields["rd_spend"].help
    assert fields["investment_intensity"].unit == "元/亩"


def test_the_score_sheet_has_the_criteria_of_article_10_with_their_full_marks():
    fields = form("score-sheet").fields
    full = {each.name: (each.max, each.clause) for each in fields.values() if each.type == "half"}
    assert full == {each.code: (Decimal(each.full), each.clause) for each in criteria.of(criteria.ARTICLE_10)}
    assert sum(most for most, _clause in full.values()) == 100
    for name in full:
        assert fields[name].comment_field == f"{name}_comment"
        assert (fields[name].comment_high * 100, fields[name].comment_low * 100) == (
            criteria.HIGH_PERCENT,
            criteria.LOW_PERCENT,
        )


def test_environment_and_safety_are_answered_apart():
    assert {"environment", "safety"} <= set(CHECKS)
    asked = form("consultation-request").fields
    assert [each.name for each in asked.values() if each.type == "choices"] == list(CHECKS)
    answers = form("consultation-opinion").fields["answers"].columns
    assert [[option.code for option in each.options] for each in answers if each.name == "answer"] == [
        ["none", "found", "unknown"]
    ]


def test_the_officer_types_no_answer_of_an_organ():
    """R-10.6: intake and recheck read what the organs answered."""
    typed = {*form("intake").fields, *form("recheck").fields}
    assert not typed & {*CHECKS, "admission_again"}
