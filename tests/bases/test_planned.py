"""The appendix of the 信息表: three bodies with a card each, and a plan whose years include the application's.

D01 is the form's own completeness: what is missing is named by its field.
"""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bases.demo import answers
from bases.filing import checks, form_word, grid, printed, readback, workbook
from engine import forms
from engine.forms import FormContext
from tests.bases.test_form_papers import texts
from tests.bases.workbooks import FORM, PLACES, YEAR, edition, exported

BODIES = ("coordination", "management", "operating")
CARD = ("body", "head", "staff", "duties", "number", "file")
PAPERS = dict.fromkeys(("plan", *(f"{body}_file" for body in BODIES)), "7k2m9x4c1bqe")
ANNEX = 3


def wrong(**changes: object):
    """What is found wrong in a whole form, after these changes, as an applicant of 2026 would send it."""
    given = {**answers("B042"), **PAPERS, **changes}
    return [(each.path, each.code) for each in forms.read(FORM, given, FormContext(year=YEAR)).errors]


def test_a_form_with_three_whole_cards_and_a_plan_is_complete():
    assert wrong() == []


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("asked", CARD)
def test_r_7_1_each_of_the_three_bodies_has_a_whole_card_and_what_is_missing_is_named(body, asked):
    assert wrong(**{f"{body}_{asked}": ""}) == [(f"{body}_{asked}", "field.required")]


def test_s_1_1_without_a_coordination_body_the_form_is_not_complete():
    gone = {f"coordination_{asked}": None for asked in CARD}
    assert wrong(**gone) == [(name, "field.required") for name in gone]


def test_a_body_of_nobody_is_none():
    assert wrong(operating_staff="0") == [("operating_staff", "field.too_small")]


@pytest.mark.parametrize("asked", ["plan", "plan_from", "plan_to", "plan_organ", "plan_number"])
def test_p_3_without_the_plan_its_years_or_its_approval_the_form_is_not_complete(asked):
    assert wrong(**{asked: ""}) == [(asked, "field.required")]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (2026, 2026, []),
        (2021, 2026, []),
        (2021, 2025, [("plan_to", "plan.over")]),
        (2027, 2030, [("plan_from", "plan.not_begun")]),
        (2030, 2021, [("plan_to", "plan.reversed")]),
    ],
)
def test_p_3_the_years_of_the_plan_include_that_of_the_application(first, last, found):
    assert wrong(plan_from=str(first), plan_to=str(last)) == found


def test_a_form_of_an_earlier_version_that_knows_no_period_is_filed_without_one():
    before = {name: value for name, value in answers("B042").items() if not name.startswith("plan_")}
    assert checks.information(before, FormContext(year=YEAR)) == []


def test_f_4_3_the_cards_stand_behind_the_annex_which_stays_as_it_is():
    parts = printed.parts(FORM)
    of_annex = {known.name for part in parts[:ANNEX] for line in part.lines for known in line.fields}

    assert [part.title for part in parts[ANNEX:]] == ["四、申报材料", "附：组织机构与规划"]
    assert not any(name.startswith((*BODIES, "plan")) for name in of_annex)
    last = grid.tables(edition())[-1]
    assert [row[0].text for row in last.rows[5:11]] == [
        *("组织协调机构名称", "组织协调机构负责人", "组织协调机构人数（人）", "组织协调机构职责"),
        *("组织协调机构设立文号", "组织协调机构设立文件"),
    ]


def test_f_4_3_the_cards_go_out_and_come_back_in_a_sheet_of_their_own(tmp_path: Path):
    path = tmp_path / "back"
    path.write_bytes(exported())
    sheet = load_workbook(io.BytesIO(exported()))["组织机构与规划"]
    keys = {sheet.cell(row, workbook.KEY).value for row in range(1, sheet.max_row + 1)}

    found = readback.read(path, FORM, YEAR, PLACES)

    wanted = {name: str(value) for name, value in answers("B042").items() if name.startswith((*BODIES, "plan"))}
    assert wanted.keys() <= keys
    assert {name: found.answers[name] for name in wanted} == wanted


def test_the_cards_are_printed_in_word():
    cells = texts(form_word.docx(edition()))
    assert {"组织协调机构职责", "演示府函〔2021〕42号", "12"} <= set(cells)
