"""Reading a whole form: what is shown, demanded, worked out, counted, checked and explained."""

from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from engine.forms import (
    FormContext,
    Problem,
    Remark,
    TooManyParts,
    UnknownCheck,
    check,
    nested,
    prefill,
    prefilled,
    read,
    registered,
    remarked,
    remarks,
)
from engine.forms.registry import _checks, _prefills, _remarks
from tests.engine.forms.paper import CONTEXT, field, form, sent, wrong

OUTCOME = field(
    "choice", "outcome", required=True, options=[{"code": "ok", "label": "同意"}, {"code": "return", "label": "退回"}]
)
REASON = field("prose", "reason", required=True, show_when='outcome == "return"')
NAME = field("text", "name", label="名称", required=True)
OUTPUT = field("decimal", "output", label="产值", places=4)
FIRMS = field("rows", "firms", columns=[NAME, OUTPUT])
SALES = field("years", "sales", required=True, of={"type": "decimal", "places": 4})


@pytest.fixture
def checks():
    before = dict(_checks), dict(_prefills), dict(_remarks)
    yield
    for registry, kept in zip((_checks, _prefills, _remarks), before, strict=True):
        registry.clear()
        registry.update(kept)


@pytest.mark.parametrize(
    "name",
    [
        *[
            pytest.param(name, id=f"attack[079]-{name}")
            for name in ("role", "status", "owner_id", "city", "created_at")
        ],
        *["approved", "__class__", "typename", "len", "Outcome", "outcome "],
    ],
)
def test_a_name_that_the_form_does_not_have_is_refused(name):
    found = sent(form(OUTCOME), outcome="ok", **{name: "True"})
    assert wrong(found) == [(name, "field.unknown")]


def test_what_is_hidden_is_neither_demanded_nor_kept_nor_refused():
    both = form(OUTCOME, REASON, field("integer", "n", show_when='outcome == "return"'))
    assert wrong(sent(both, outcome="ok")) == []
    assert sent(both, outcome="ok", reason="typed before", n="many").answers == {"outcome": "ok"}
    assert wrong(sent(both, outcome="return")) == [("reason", "field.required")]
    assert wrong(sent(both, outcome="return", reason="r", n="many")) == [("n", "field.not_a_number")]


def test_what_depends_on_something_hidden_is_hidden_with_it():
    chain = form(
        field("flag", "c", show_when="b == true"),
        field("flag", "b", show_when="a == true"),
        field("flag", "a"),
    )
    assert sent(chain, a="false", b="true", c="true").answers == {"a": False}
    assert sent(chain, a="true", b="true", c="true").answers == {"c": True, "b": True, "a": True}


def test_a_condition_that_cannot_be_worked_out_yet_hides():
    assert sent(form(field("integer", "n"), field("text", show_when="n > 3")), x="y").answers == {}


def test_a_section_hides_all_its_fields():
    second = {"title": "二", "show_when": 'outcome == "return"', "fields": [{**NAME, "label": "名"}]}
    both = form(OUTCOME, sections=[{"title": "一", "fields": [{**OUTCOME, "label": "结论"}]}, second])
    assert wrong(sent(both, outcome="ok")) == []
    assert wrong(sent(both, outcome="return")) == [("name", "field.required")]


def test_conditions_see_numbers_lists_and_the_year():
    shown = [
        ("sales.y1 > sales.y2 * 1.5", True),
        ("count(firms) == 2 and sum(firms.output) > 3", True),
        ('contains(kinds, "a")', True),
        ("year == 2025", True),
        ('on < date("2026-01-01")', True),
        ("sales.y3 is null", True),
        ("missing == null", True),
        ("count(firms) > 2", False),
    ]
    for condition, visible in shown:
        whole = form(
            SALES | {"first_optional": True},
            FIRMS,
            field("choices", "kinds", options=[{"code": "a", "label": "甲"}]),
            field("date", "on"),
            field("integer", "missing"),
            field("text", show_when=condition),
        )
        raw = {"sales": {"y2": "1", "y1": "2"}, "firms": [{"name": "a", "output": "1.5"}, {"name": "b", "output": "2"}]}
        found = sent(whole, **raw, kinds="a", on="2025-12-31", x="y")
        assert ("x" in found.answers) is visible, condition


def test_a_row_of_three_years_demands_each_of_them_but_perhaps_the_first():
    assert wrong(sent(form(SALES))) == [(f"sales.{year}", "field.required") for year in ("y3", "y2", "y1")]
    assert wrong(sent(form(SALES | {"first_optional": True}), sales={"y1": "5"})) == [("sales.y2", "field.required")]
    assert wrong(sent(form(SALES), sales={"y3": "1", "y2": "x", "y1": "5", "y0": "4"})) == [
        ("sales.y2", "field.not_a_number"),
        ("sales.y0", "field.unknown"),
    ]
    assert sent(form(SALES), sales={"y3": "1", "y2": "2.5", "y1": "0"}).answers == {
        "sales": {"y3": "1.0000", "y2": "2.5000", "y1": "0.0000"}
    }


def test_what_does_not_apply_may_say_so_whole_or_for_one_year():
    sales = form(SALES | {"not_applicable": True})
    assert sent(sales, sales={"na": "n/a"}).answers == {"sales": "n/a"}
    assert wrong(sent(sales, sales={"na": "n/a"})) == []
    assert sent(sales, sales="n/a").answers == {"sales": "n/a"}
    some = sent(sales, sales={"na": "", "y3": "n/a", "y2": "1", "y1": "2"})
    assert (some.answers, wrong(some)) == ({"sales": {"y3": "n/a", "y2": "1.0000", "y1": "2.0000"}}, [])
    assert wrong(sent(form(SALES), sales={"na": "n/a", "y3": "1", "y2": "1", "y1": "1"})) == [
        ("sales.na", "field.unknown")
    ]


def test_rows_leave_out_empty_ones_and_name_problems_where_they_were_typed():
    raw = nested([("firms.0.name", "甲"), ("firms.1.name", " "), ("firms.1.output", ""), ("firms.2.output", "x")])
    found = sent(form(FIRMS), **raw)
    assert wrong(found) == [("firms.2.output", "field.not_a_number"), ("firms.2.name", "field.required")]
    assert found.answers["firms"][0] == {"name": "甲"}


def test_rows_have_a_least_and_a_most():
    some = form(FIRMS | {"min_rows": 2, "max_rows": 3})
    assert wrong(sent(some)) == [("firms", "field.required")]
    assert wrong(sent(some, firms=[{"name": "甲"}])) == [("firms", "field.too_few")]
    assert wrong(sent(some, firms=[{"name": "甲"}] * 3)) == []
    assert wrong(sent(some, firms=[{"name": "甲"}] * 4)) == [("firms", "field.too_many")]
    assert wrong(sent(form(FIRMS | {"required": True}))) == [("firms", "field.required")]


def test_columns_may_depend_on_their_own_row():
    other = field("text", "which", label="", required=True, show_when='kind == "other"')
    kind = field(
        "choice", "kind", label="", options=[{"code": "lab", "label": "实验室"}, {"code": "other", "label": "其他"}]
    )
    share = field("computed", "share", label="", formula="n * 2", places=0)
    some = form(field("rows", "rows_of", columns=[kind, other, field("integer", "n", label=""), share]))
    found = sent(some, rows_of=[{"kind": "lab", "which": "dropped", "n": "4"}, {"kind": "other"}])
    assert found.answers["rows_of"] == [{"kind": "lab", "n": 4, "share": "8"}, {"kind": "other"}]
    assert wrong(found) == [("rows_of.1.which", "field.required")]


def test_a_list_has_as_many_rows_as_it_counts():
    labs = form(field("list", "labs", columns=[NAME]))
    assert sent(labs, labs={"count": "1", "rows": [{"name": "甲"}]}).answers == {
        "labs": {"count": 1, "rows": [{"name": "甲"}]}
    }
    assert sent(labs, labs={"count": "0"}).answers == {"labs": {"count": 0, "rows": []}}
    assert sent(labs, labs={"count": "", "rows": [{"name": ""}]}).answers == {}
    assert wrong(sent(labs, labs={"rows": [{"name": "甲"}]})) == [("labs.count", "field.required")]
    found = sent(labs, labs={"count": "2", "rows": [{"name": "甲"}]})
    assert wrong(found) == [("labs", "V21")]
    assert found.errors[0].params == {"field": "labs", "year": 2025, "counted": 2, "listed": 1}


def test_a_list_of_each_year_is_counted_for_each_year():
    parks = form(field("years", "parks", required=True, of={"type": "list", "columns": [NAME]}))
    assert wrong(sent(parks, parks={"y3": {"count": "0"}, "y1": {"count": "1"}})) == [
        ("parks.y2.count", "field.required"),
        ("parks.y1", "V21"),
    ]


def test_a_number_beside_a_table_counts_its_rows():
    n = field("integer", "n", count_of="firms")
    by_year = field("years", "by_year", of={"type": "integer"}, count_of="firms")
    some = form(n, by_year, FIRMS)
    assert wrong(sent(some, n="1", by_year={"y3": "9", "y1": "1"}, firms=[{"name": "甲"}])) == []
    assert wrong(sent(some, n="2", by_year={"y1": "0"}, firms=[{"name": "甲"}])) == [
        ("n", "V21"),
        ("by_year.y1", "V21"),
    ]
    assert wrong(sent(some, n="2")) == [("n", "V21")]
    assert wrong(sent(some, firms=[{"name": "甲"}])) == []


@pytest.mark.parametrize(
    ("mark", "needed"),
    [("10", True), ("9", True), ("8.5", False), ("6", False), ("5.5", True), ("0", True), ("", False)],
)
def test_a_very_high_or_low_mark_needs_a_comment(mark, needed):
    sheet = form(field("half", "mark", max=10, comment_field="why"), field("prose", "why"))
    found = sent(sheet, mark=mark)
    assert wrong(found) == ([("why", "field.comment_needed")] if needed else [])
    assert wrong(sent(sheet, mark=mark, why="因为")) == []


def test_a_form_may_say_from_where_a_comment_is_needed():
    sheet = form(
        field("half", "mark", max=10, comment_field="why", comment_at={"high": 1, "low": "0.5"}), field("text", "why")
    )
    assert [bool(sent(sheet, mark=mark).errors) for mark in ("10", "9.5", "5", "4.5")] == [True, False, False, True]


def test_totals_are_worked_out_exactly_and_never_typed():
    whole = form(
        FIRMS,
        field("computed", "total", formula="sum(firms.output)", places=4),
        field("computed", "share", formula="total / 3 * 100"),
        field("computed", "half", formula="round(total / 2, 4)", places=4),
    )
    found = sent(
        whole, firms=[{"name": "a", "output": "0.1"}, {"name": "b", "output": "0.2"}], total="999", share=["x"]
    )
    assert wrong(found) == []
    assert found.totals == {"total": "0.3000", "share": "10.00", "half": "0.1500"}
    assert found.answers["total"] == "0.3000"
    assert sent(whole, firms=[{"name": "a"}]).totals == {"total": None, "share": None, "half": None}


def test_totals_by_year_see_that_year_and_the_one_before():
    whole = form(
        SALES | {"required": False},
        field("years", "cost", of={"type": "decimal", "places": 4}),
        field("years", "margin", of={"type": "computed", "formula": "(sales - cost) / sales * 100"}),
        field("years", "growth", of={"type": "computed", "formula": "(sales / before.sales - 1) * 100", "places": 1}),
    )
    found = sent(whole, sales={"y3": "0", "y2": "8", "y1": "10"}, cost={"y3": "1", "y2": "2", "y1": ""})
    assert found.totals["margin"] == {"y3": None, "y2": "75.00", "y1": None}
    assert found.totals["growth"] == {"y3": None, "y2": None, "y1": "25.0"}


def test_a_check_sees_what_could_be_read_and_its_errors_stop_the_form(checks):
    seen = []

    @check("sums")
    def sums(answers, context):
        seen.append((dict(answers), context.year))
        return [Problem("firms.1.output", "V17", {"row": 2})]

    whole = form(FIRMS, field("integer", "n"), checks=["sums"])
    found = sent(whole, firms=[{"name": "a"}, {"name": ""}, {"name": "b", "output": "1"}], n="many")
    assert seen == [({"firms": [{"name": "a"}, {"name": "b", "output": "1.0000"}]}, 2025)]
    assert wrong(found) == [("n", "field.not_a_number"), ("firms.2.output", "V17")]
    assert "sums" in registered()


def test_a_form_and_its_check_do_not_say_the_same_twice(checks):
    check("same")(lambda _answers, _context: [Problem("labs", "V21")])
    labs = form(field("list", "labs", columns=[NAME]), checks=["same"])
    assert wrong(sent(labs, labs={"count": "2"})) == [("labs", "V21")]


def test_a_check_that_nobody_has_registered_is_named():
    with pytest.raises(UnknownCheck) as refused:
        sent(form(OUTCOME, checks=["nowhere"]), outcome="ok")
    assert refused.value.detail == {"names": ["nowhere"]}


def warned(*paths: str, severity="warn"):
    check("warns")(lambda _answers, _context: [Problem(path, "V12", {}, severity) for path in paths])
    return form(SALES | {"required": False}, FIRMS, checks=["warns"])


@pytest.mark.parametrize(
    "explanations",
    [
        {"V12": "全部扩产"},
        {"V12": {"sales.y1": "扩产", "sales.y2": "停产"}},
        {"V12": {"sales": {"y1": "扩产", "y2": "停产"}}},
        {"V12": ["扩产", "停产"]},
    ],
)
def test_a_warning_is_satisfied_by_an_explanation(checks, explanations):
    found = sent(warned("sales.y1", "sales.y2"), explanations=explanations)
    assert found.errors == []
    assert [each.path for each in found.warnings] == ["sales.y1", "sales.y2"]
    assert set(found.answers["explanations"]["V12"]) == {"sales.y1", "sales.y2"}
    assert sent(warned("sales.y1", "sales.y2"), **found.answers).answers == found.answers


def test_an_explanation_in_rows_is_found_by_its_row(checks):
    raw = nested([("explanations.V12.firms.0.output", "扩产"), ("firms.0.name", "甲")])
    assert sent(warned("firms.0.output"), **raw).errors == []


@pytest.mark.parametrize(
    "explanations", [None, "", "text", [], {"V12": ""}, {"V12": {"sales.y2": "停产"}}, {"V11": "x"}, {"V12": 5}]
)
def test_a_warning_without_its_explanation_stops_the_form(checks, explanations):
    found = sent(warned("sales.y1"), explanations=explanations)
    assert found.errors[0] == Problem("sales.y1", "V12", {}, "warn")


def test_an_explanation_is_text_like_any_other(checks):
    assert wrong(sent(warned("sales.y1"), explanations={"V12": "a\0b"})) == [
        ("sales.y1", "V12"),
        ("explanations.V12.sales.y1", "field.characters"),
    ]
    assert wrong(sent(warned("sales.y1"), explanations={"V12": "a" * 2001}))[1][1] == "field.too_long"


def test_a_veto_does_not_stop_the_form(checks):
    found = sent(warned("sales.y1", severity="veto"))
    assert (found.errors, [each.severity for each in found.warnings]) == ([], ["veto"])


def test_first_values_come_from_whoever_is_registered(checks):
    prefill("first")(lambda session, case: {"name": case["title"], "session": session})
    assert prefilled("first", None, {"title": "成都"}) == {"name": "成都", "session": None}
    assert prefilled(None, None, {}) == {}
    with pytest.raises(UnknownCheck):
        prefilled("nowhere", None, {})


def test_remarks_come_from_whoever_is_registered(checks):
    asked = Remark("name", "与公章不一致。", date(2026, 11, 23), "city_officer@1")
    remarks("first")(lambda _session, case: [asked] if case["sent_back"] else [])
    assert remarked("first", None, {"sent_back": True}) == [asked]
    assert remarked("first", None, {"sent_back": False}) == []
    assert remarked(None, None, {}) == []
    with pytest.raises(UnknownCheck):
        remarked("nowhere", None, {})


def test_a_region_is_one_of_the_province(session):
    context = FormContext(session=session, year=2025)
    both = form(field("region", "city", level="city"), field("region", "county"))
    assert read(both, {"city": "510700", "county": "510703"}, context).errors == []
    assert wrong(read(both, {"city": "519900", "county": "510799"}, context)) == [
        ("city", "field.choice"),
        ("county", "field.choice"),
    ]


def test_a_draft_keeps_what_was_typed_as_it_was_typed():
    raw = {
        "outcome": "?",
        "firms": [{"name": "", "output": "１２．５"}],
        "explanations": {"V12": "x"},
        "sales": {"y1": "1,000"},
    }
    found = read(form(OUTCOME, REASON, FIRMS, SALES, checks=["nowhere"]), raw, CONTEXT, draft=True)
    assert (found.answers, found.errors) == (raw, [])


def test_a_draft_leaves_out_what_the_form_does_not_have_and_what_is_too_long():
    raw = {"outcome": "ok", "evil": "1", "firms": [{"name": "x" * 20_001}]}
    found = read(form(OUTCOME, FIRMS), raw, draft=True)
    assert found.answers == {"outcome": "ok"}
    assert wrong(found) == [("evil", "field.unknown"), ("firms", "field.too_long")]


@pytest.mark.parametrize("draft", [False, True])
def test_a_body_deeper_or_larger_than_any_form_is_refused_before_anything_walks_through_it(draft):
    deep: dict = {}
    for _ in range(900):
        deep = {"firms": deep}
    for raw in (deep, {"firms": [{"name": "x"}] * 20_001}):
        with pytest.raises(TooManyParts):
            read(form(FIRMS), raw, draft=draft)


def test_problems_come_in_the_order_of_the_form():
    whole = form(field("integer", "a"), field("text", "b", required=True), field("integer", "c"), OUTCOME)
    assert wrong(sent(whole, c="x", a="x")) == [
        ("a", "field.not_a_number"),
        ("b", "field.required"),
        ("c", "field.not_a_number"),
        ("outcome", "field.required"),
    ]


EVERYTHING = form(
    OUTCOME,
    REASON,
    SALES,
    FIRMS,
    field("list", "labs", columns=[NAME]),
    field("half", "mark", max=10, comment_field="why"),
    field("text", "why", not_applicable=True),
    field("hs_codes", "codes"),
    field("computed", "total", formula="sum(firms.output) + mark", places=1),
)
TEXTS = st.sampled_from(["", "5", "1.5", "ok", "return", "甲", "n/a", "x", "-0", "１", "8703", "\0", "0.00005"])
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["y1", "y2", "y3", "na", "name", "output", "count", "rows", "#", "0"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from([*EVERYTHING.fields, "explanations", "evil"]), VALUES, max_size=7))
def test_any_answers_are_read_or_refused_and_what_was_read_reads_again_as_itself(raw):
    found = sent(EVERYTHING, **raw)
    if not found.errors:
        again = sent(EVERYTHING, **found.answers)
        assert (again.answers, again.errors) == (found.answers, [])
