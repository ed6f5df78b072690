"""The file of a form: what it may say, what it is refused for, and what can be asked of it."""

import json

import pytest

from engine.forms import BadForm, load
from tests.engine.forms.paper import body, field, form

OPTIONS = [{"code": "a", "label": "甲"}, {"code": "b", "label": "乙"}]
NAME = field("text", "name", label="名称")


@pytest.mark.parametrize(
    ("each", "path", "reason"),
    [
        (field("colour"), "sections.0.fields.0", "unknown_type"),
        (field(["text"]), "sections.0.fields.0", "unknown_type"),
        (field("text", colour="red"), "sections.0.fields.0", "unknown_key"),
        (field("text", places=2), "sections.0.fields.0", "unknown_key"),
        (field("text", "X"), "sections.0.fields.0.name", "name_wanted"),
        (field("text", "1st"), "sections.0.fields.0.name", "name_wanted"),
        (field("text", "__class__"), "sections.0.fields.0.name", "name_wanted"),
        (field("text", "explanations"), "sections.0.fields.0.name", "name_wanted"),
        (field("text", "year"), "sections.0.fields.0.name", "name_wanted"),
        (field("text", "名称"), "sections.0.fields.0.name", "name_wanted"),
        (field("text", required="yes"), "sections.0.fields.0.required", "flag_wanted"),
        (field("text", label=5), "sections.0.fields.0.label", "text_wanted"),
        (field("text", label="a\u0007"), "sections.0.fields.0.label", "control_characters"),
        (field("text", max=0), "sections.0.fields.0.max", "whole_number_wanted"),
        (field("text", max="9"), "sections.0.fields.0.max", "whole_number_wanted"),
        (field("text", min=10, max=5), "sections.0.fields.0", "min_above_max"),
        (field("text", pattern="("), "sections.0.fields.0.pattern", "pattern"),
        (field("text", pattern="(?=a)b"), "sections.0.fields.0.pattern", "pattern"),
        (field("text", pattern=r"(a)\1"), "sections.0.fields.0.pattern", "pattern"),
        (field("integer", max=True), "sections.0.fields.0.max", "whole_number_wanted"),
        (field("decimal", places=13), "sections.0.fields.0.places", "whole_number_wanted"),
        (field("decimal", min="1e5"), "sections.0.fields.0.min", "number_wanted"),
        (field("decimal", max=10**20), "sections.0.fields.0.max", "too_large"),
        (field("half"), "sections.0.fields.0", "missing_key"),
        (field("half", max=10, comment_field="y"), "x", "comment_field"),
        (field("half", max=10, comment_at={"middle": 1}), "sections.0.fields.0.comment_at", "unknown_key"),
        (field("date", min="2026-02-30"), "sections.0.fields.0.min", "date_wanted"),
        (field("choice"), "sections.0.fields.0", "missing_key"),
        (field("choice", options=[]), "sections.0.fields.0.options", "list_wanted"),
        (field("choice", options=[{"code": "a"}]), "sections.0.fields.0.options.0", "missing_key"),
        (field("choice", options=OPTIONS + OPTIONS), "sections.0.fields.0.options", "twice"),
        (field("choice", options=OPTIONS, **{"as": "tree"}), "sections.0.fields.0.as", "word_wanted"),
        (field("region", level="province"), "sections.0.fields.0.level", "word_wanted"),
        (field("rows"), "sections.0.fields.0", "missing_key"),
        (field("rows", columns=[NAME, NAME]), "sections.0.fields.0.columns", "twice"),
        (
            field("rows", columns=[field("rows", label="", columns=[NAME])]),
            "sections.0.fields.0.columns.0",
            "type_inside_rows",
        ),
        (field("rows", columns=[field("file", label="")]), "sections.0.fields.0.columns.0", "type_inside_rows"),
        (field("rows", columns=[NAME, field("files", label="")]), "sections.0.fields.0.columns.1", "type_inside_rows"),
        (
            field("list", columns=[field("choices", label="", options=OPTIONS)]),
            "sections.0.fields.0.columns.0",
            "type_inside_rows",
        ),
        (field("rows", columns=[field("text", label="", show_when="y > 1")]), "x", "unknown_name"),
        (field("rows", columns=[NAME], min_rows=3, max_rows=2), "sections.0.fields.0", "min_above_max"),
        (field("years"), "sections.0.fields.0", "missing_key"),
        (field("years", of="decimal"), "sections.0.fields.0.of", "record_wanted"),
        (field("years", of={"type": "file"}), "sections.0.fields.0.of", "type_inside_years"),
        (field("years", of={"type": "decimal", "label": "x"}), "sections.0.fields.0.of", "unknown_key"),
        (field("years", of={"type": "decimal", "required": True}), "sections.0.fields.0.of", "unknown_key"),
        (field("integer", count_of="y"), "x", "count_of"),
        (field("computed"), "sections.0.fields.0", "missing_key"),
        (field("computed", formula="y + 1"), "x", "unknown_name"),
        (field("computed", formula="x + 1"), "x", "cycle"),
        (field("computed", formula="__import__('os')"), "sections.0.fields.0.formula", "expr.name"),
        (field("text", show_when="x == 1"), "x", "cycle"),
        (field("text", show_when="a b"), "sections.0.fields.0.show_when", "expr.syntax"),
        (field("text", show_when="open('x')"), "sections.0.fields.0.show_when", "expr.unknown_function"),
    ],
)
def test_a_field_that_says_what_it_may_not_is_refused_with_its_path(each, path, reason):
    with pytest.raises(BadForm) as refused:
        form(each)
    assert refused.value.code == "form.definition"
    assert refused.value.status == 422
    assert (refused.value.detail["path"], refused.value.detail["reason"]) == (path, reason)


@pytest.mark.parametrize(
    ("whole", "path", "reason"),
    [
        (b"", "", "not_json"),
        (b"{", "", "not_json"),
        (b"\xff", "", "not_json"),
        (b'{"title": NaN}', "", "not_json"),
        (b"[" * 100_000, "", "not_json"),
        (b'{"title": "a", "title": "b"}', "", "twice"),
        (b"[]", "", "record_wanted"),
        (b'{"title": "a"}', "", "missing_key"),
        (b'{"title": "a", "sections": []}', ".sections", "list_wanted"),
        (b'{"title": "a", "sections": [{"title": "b", "fields": []}]}', "sections.0.fields", "list_wanted"),
        (b" " * 300_000, "", "too_large"),
        (body(field("text")).replace(b'"title": "\\u8868"', b'"title": "t", "colour": 1'), "", "unknown_key"),
        (body(field("text"), field("text")), "x", "twice"),
        (body(field("text"), scalars=["y"]), "scalars", "unknown_name"),
        (body(field("rows", columns=[NAME]), scalars=["x"]), "scalars", "unknown_name"),
        (body(field("file"), scalars=["x"]), "scalars", "unknown_name"),
        (body(field("text"), readers="prov_officer"), ".readers", "list_wanted"),
        (body(field("text"), sealed="true"), ".sealed", "flag_wanted"),
        (body(field("text", "a", show_when="b == 1"), field("text", "b", show_when="a == 1")), "a", "cycle"),
        (body(*(field("text", f"x{number}") for number in range(201))), "sections.0.fields", "list_wanted"),
    ],
)
def test_a_file_that_describes_no_form_is_refused(whole, path, reason):
    with pytest.raises(BadForm) as refused:
        load(whole)
    assert refused.value.detail["reason"] == reason
    assert refused.value.detail["path"] in {path, "b"}


def test_the_same_bytes_are_the_same_form():
    assert load(body(NAME)) is load(body(NAME))


def test_a_form_keeps_what_its_file_says():
    found = form(
        field("choice", "outcome", options=OPTIONS, **{"as": "decision"}, clause="9", unit="项", indicator="I01"),
        readers=["prov_officer"],
        sealed=True,
        checks=["information"],
        prefill="information",
        remarks="information",
        scalars=["outcome"],
        clause="附件",
    )
    assert (found.readers, found.sealed, found.checks, found.prefill, found.remarks) == (
        ("prov_officer",),
        True,
        ("information",),
        "information",
        "information",
    )
    assert (found.scalars, found.clause, found.title, found.sections[0].title) == (("outcome",), "附件", "表", "一")
    outcome = found.fields["outcome"]
    assert (outcome.display, outcome.clause, outcome.unit, outcome.indicator) == ("decision", "9", "项", "I01")
    assert [option.label for option in outcome.options] == ["甲", "乙"]


def test_a_field_may_be_called_like_a_part_of_the_library():
    names = ["load", "dump", "fields", "context", "validate", "opts", "type", "name", "items", "get", "only", "many"]
    found = form(*(field("text", name) for name in names))
    assert list(found.schema.load(dict.fromkeys(names, "x"))) == names


def test_labels_are_every_chinese_text_that_a_form_shows_once():
    found = form(
        {"type": "note", "label": "注意事项", "help": "说明"},
        field("decimal", "sales", label="销售额", unit="亿元"),
        field("choice", "outcome", label="结论", options=[{"code": "a", "label": "同意", "help": "直接上报"}]),
        field(
            "rows",
            "list",
            label="清单",
            columns=[field("text", "name", label="名称"), field("text", "code", label="ISO")],
        ),
        field("years", "output", label="产值", of={"type": "decimal", "unit": "万元", "help": "含税"}),
        field("text", "again", label="名称"),
    )
    assert found.labels() == [
        *["表", "一", "注意事项", "说明", "销售额", "亿元", "结论", "同意", "直接上报"],
        *["清单", "名称", "产值", "含税", "万元"],
    ]


def test_only_declared_scalars_leave_a_form_and_missing_ones_are_null():
    found = form(NAME, field("decimal", "score"), field("text", "opinion"), scalars=["name", "score"])
    assert found.scalars_of({"name": "甲", "opinion": "好", "approved": True}) == {"name": "甲", "score": None}


def test_files_are_found_in_their_order_and_once_each():
    found = form(field("file", "letter"), field("rows", "rows_of", columns=[NAME]), field("files", "more"))
    answers = {
        "letter": "aaaaaaaaaaaa",
        "rows_of": [{"name": "甲"}],
        "more": ["bbbbbbbbbbbb", "aaaaaaaaaaaa", "cccccccccccc"],
    }
    assert found.files_of(answers) == [letter * 12 for letter in "abc"]


def test_a_path_leads_to_its_field():
    found = form(
        field("years", "sales", of={"type": "decimal"}),
        field("rows", "firms", columns=[NAME]),
        field("list", "labs", columns=[NAME]),
        field("years", "parks", of={"type": "list", "columns": [NAME]}),
    )
    paths = [
        "sales.y1",
        "firms.0.name",
        "firms.3",
        "labs.rows.0.name",
        "labs.count",
        "parks.y2.rows.0.name",
        "parks.y1.count",
    ]
    names = [each.name if (each := found.field_at(path)) else None for path in paths]
    assert names == ["sales", "name", "firms", "name", "labs", "name", "parks"]
    assert found.field_at("nowhere.0") is None


@pytest.mark.parametrize("pattern", [pytest.param("(a+)+", id="attack[028]")])
def test_a_pattern_runs_in_linear_time_whatever_it_meets(pattern):
    found = form(field("text", pattern=pattern, max=5000))
    assert [fact.code for fact in found.schema.validate({"x": "a" * 4_000 + "!"})["x"]] == ["field.pattern"]
    assert found.schema.validate({"x": "a" * 100_000})["x"][0].code == "field.too_long"


def test_the_reference_in_the_package_names_every_type_and_key():
    import_of = __import__("engine.forms.keys", fromlist=["TYPES"])
    reference = __import__("engine.forms", fromlist=["__doc__"]).__doc__
    words = set(import_of.TYPES) | {key for keys in import_of.TYPES.values() for key in keys}
    words |= set(import_of.COMMON) | set(import_of.FORM) | set(import_of.SECTION) | set(import_of.OPTION)
    assert sorted(word for word in words if word not in reference) == []


def test_a_form_of_json_with_a_mark_at_its_head_is_read():
    assert load(json.dumps(json.loads(body(NAME)), ensure_ascii=False).encode()).fields["name"].label == "名称"
