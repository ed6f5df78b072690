"""The shipped forms and the bases agree: each item has its field, and scores their comments (R-10.1 to R-10.5)."""

from pathlib import Path

import pytest

from bases.demo import answers, rows
from bases.filing import checks, information, remarks
from bases.measures import codes, indicators
from bases.review import criteria
from engine import forms
from engine.forms import FormContext

FOLDER = Path(__file__).parents[2] / "workflows/designation-case/forms"
REVIEW = FOLDER.parents[1] / "expert-review" / "forms"
MIDDLE = {"c1": "20", "c2": "12", "c3": "20", "c4": "12", "c5": "16"}
REF = "7k2m9x4c1bqe"


def shipped(key):
    folder = REVIEW if key == "score-sheet" else FOLDER
    return forms.load((folder / f"{key}.json").read_bytes())


def faults(**points: str):
    sheet = {"pledge": ["agreed"], "opinion": "同意", **MIDDLE, **points}
    return [(problem.path, problem.code) for problem in forms.read(shipped("score-sheet"), sheet).errors]


def test_every_item_of_the_annex_has_its_field_with_the_same_places():
    fields = shipped("information").fields

    for item in indicators.by_code().values():
        field = fields[item.field]
        if item.kind == indicators.ROWS:
            assert field.type == "rows"
        else:
            assert (field.of.type, field.of.places) == (item.kind, item.places)


def test_f_4_1_the_columns_of_the_enterprises_are_those_that_are_kept():
    columns = {column.name for column in shipped("information").fields["leading_enterprises"].columns}

    assert columns == set(rows.enterprises()["B042"][0])


def test_the_natures_of_enterprises_are_those_of_the_list():
    nature = next(c for c in shipped("information").fields["leading_enterprises"].columns if c.name == "nature")

    assert [option.code for option in nature.options] == list(codes.of("nature"))


@pytest.mark.parametrize("key", rows.bases())
def test_the_demos_filled_form_is_complete_once_its_papers_are_there(key):
    given = answers(key) | dict.fromkeys(information.PAPERS, REF)

    read = forms.read(shipped("information"), given, FormContext(year=2025))

    assert (read.errors, read.warnings) == ([], [])


def test_the_form_calls_the_cross_checks_and_the_first_values():
    form = shipped("information")

    assert list(form.checks) == ["information"]
    assert form.prefill == "information"
    assert forms.registered_remarks()[form.remarks] is remarks.at_fields
    assert forms.registered()["information"] is checks.information


REVIEWS = ("authority-review", "city-review", "section-review", "leader-sign")


@pytest.mark.parametrize("key", REVIEWS)
def test_a_review_remarks_the_fields_of_the_information_form_by_their_labels(key):
    review = shipped(key)
    field, remark = review.fields["remarks"].columns

    labels = {name: known.label for name, known in shipped("information").fields.items() if known.type != "note"}
    assert {option.code: option.label for option in field.options} == labels
    assert (field.required, remark.required, review.fields["remarks"].required) == (True, True, False)
    assert "remarks" not in review.scalars


@pytest.mark.parametrize("key", REVIEWS)
def test_a_review_that_agrees_keeps_no_remarks(key):
    typed = {"remarks": [{"field": "tax", "remark": "缺上年数据。"}]}
    assert "remarks" not in forms.read(shipped(key), {**typed, "outcome": "forward"}).answers
    assert forms.read(shipped(key), {**typed, "outcome": "return"}).answers["remarks"] == typed["remarks"]


def test_a_notice_to_supplement_names_fields_of_the_information_form_and_the_stamped_scan():
    notice = forms.load((FOLDER.parents[1] / "supplement/forms/supplement-draft.json").read_bytes())
    named = {option.code: option.label for option in notice.fields["items"].columns[0].options}

    fields = shipped("information").fields
    assert {code: label for code, label in named.items() if code not in fields} == {
        "stamped_form": "加盖公章的信息表扫描件"
    }
    assert [code for code, label in named.items() if code in fields and fields[code].label != label] == []


def test_v21_a_list_is_as_long_as_its_count():
    given = answers("B042") | dict.fromkeys(information.PAPERS, REF)
    given["standards"]["y1"]["count"] = 3

    problems = forms.read(shipped("information"), given, FormContext(year=2025)).errors

    assert [problem.code for problem in problems] == ["V21"]
    assert problems[0].path.startswith("standards.y1")


def test_v13_a_breach_does_not_stop_the_form_and_is_kept_for_the_checks_of_admission():
    given = answers("B042") | dict.fromkeys(information.PAPERS, REF)
    given["negative_records"]["y2"] = True
    given |= {"negative_kinds": ["safety"], "negative_note": "一起事故，已处理。"}

    read = forms.read(shipped("information"), given, FormContext(year=2025))

    assert read.errors == []
    assert [(problem.code, problem.severity) for problem in read.warnings] == [("V13", "veto")]


def test_a_warning_stops_the_form_until_it_is_explained():
    given = answers("B042") | dict.fromkeys(information.PAPERS, REF)
    given["employees"]["y1"] = 3

    stopped = forms.read(shipped("information"), given, FormContext(year=2025))
    passed = forms.read(shipped("information"), given | {"explanations": {"V10": "季节用工"}}, FormContext(year=2025))

    assert [problem.code for problem in stopped.errors] == ["V10"]
    assert passed.errors == []
    assert passed.answers["explanations"] == {"V10": {"employees.y1": "季节用工"}}


def test_the_full_marks_of_the_sheet_are_those_of_the_criteria():
    fields = shipped("score-sheet").fields

    assert [fields[each.code].max for each in criteria.of("article10")] == [
        each.full for each in criteria.of("article10")
    ]


@pytest.mark.parametrize(
    ("code", "wanting", "free"),
    [
        ("c1", ["22.5", "14.5"], ["15", "22"]),
        ("c2", ["13.5", "8.5"], ["9", "13"]),
        ("c3", ["22.5", "14.5"], ["15", "22"]),
        ("c4", ["13.5", "8.5"], ["9", "13"]),
        ("c5", ["18", "11.5"], ["12", "17.5"]),
    ],
)
def test_at_90_percent_and_below_60_a_score_wants_a_comment(code, wanting, free):
    for points in wanting:
        assert faults(**{code: points}) == [(f"{code}_comment", "field.comment_needed")]
        assert faults(**{code: points, f"{code}_comment": "理由"}) == []
    for points in free:
        assert faults(**{code: points}) == []


def test_r_10_1_a_score_that_is_no_half_point_is_refused():
    assert faults(c1="20.3") == [("c1", "field.half_point")]
