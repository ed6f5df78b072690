"""What differs between two sendings, field by field (R-9.1)."""

import json

from engine import forms
from engine.forms.differing import ADDED, REMOVED, differences

FORM = forms.load(
    json.dumps(
        {
            "title": "表",
            "sections": [
                {
                    "title": "一",
                    "fields": [
                        {"name": "note", "type": "prose", "label": "说明"},
                        {"name": "codes", "type": "hs_codes", "label": "编码"},
                        {
                            "name": "sales",
                            "type": "years",
                            "label": "销售额",
                            "not_applicable": True,
                            "of": {"type": "decimal", "places": 4},
                        },
                        {
                            "name": "firms",
                            "type": "rows",
                            "label": "企业",
                            "columns": [
                                {"name": "name", "type": "text", "label": "名称"},
                                {"name": "output", "type": "decimal", "label": "产值", "places": 4},
                            ],
                        },
                        {
                            "name": "brands",
                            "type": "years",
                            "label": "品牌",
                            "of": {
                                "type": "list",
                                "columns": [{"name": "name", "type": "text", "label": "名称"}],
                            },
                        },
                    ],
                }
            ],
        }
    ).encode()
)


def found(before, after):
    return [(each.path, each.before, each.after, each.row, each.kind) for each in differences(FORM, before, after)]


def test_r_9_1_each_year_that_changed_is_one_difference():
    before = {"sales": {"y3": "1.0000", "y2": "2.0000", "y1": "3.0000"}}

    assert found(before, {"sales": {**before["sales"], "y2": "2.5000"}}) == [
        ("sales.y2", "2.0000", "2.5000", "", "changed")
    ]


def test_the_same_value_written_otherwise_is_no_difference():
    before = {"sales": {"y1": "12.5"}, "codes": "8703、8704", "note": None}

    assert found(before, {"sales": {"y1": "12.5000"}, "codes": ["8703", "8704"], "note": ""}) == []


def test_r_9_1_rows_are_matched_by_name_and_not_by_place():
    before = {"firms": [{"name": "甲", "output": "1"}, {"name": "乙", "output": "2"}, {"name": "丙", "output": "3"}]}
    after = {"firms": [{"name": "丙", "output": "3"}, {"name": "甲", "output": "9"}, {"name": "丁", "output": "4"}]}

    assert found(before, after) == [
        ("firms.1.output", "1", "9", "甲", "changed"),
        ("firms.2", None, {"name": "丁", "output": "4"}, "丁", ADDED),
        ("firms.1", {"name": "乙", "output": "2"}, None, "乙", REMOVED),
    ]


def test_two_rows_of_one_name_are_taken_in_their_order():
    before = {"firms": [{"name": "甲", "output": "1"}, {"name": "甲", "output": "2"}]}

    assert found(before, {"firms": [{"name": "甲", "output": "1"}, {"name": "甲", "output": "5"}]}) == [
        ("firms.1.output", "2", "5", "甲", "changed")
    ]


def test_a_list_differs_in_its_count_and_its_names():
    before = {"brands": {"y1": {"count": 1, "rows": [{"name": "川红"}]}}}
    after = {"brands": {"y1": {"count": 2, "rows": [{"name": "川红"}, {"name": "早白尖"}]}}}

    assert found(before, after) == [
        ("brands.y1.count", 1, 2, "", "changed"),
        ("brands.y1.rows.1", None, {"name": "早白尖"}, "早白尖", ADDED),
    ]


def test_not_applicable_is_a_value_of_its_own_however_it_was_sent():
    assert found({"sales": "n/a"}, {"sales": {"na": "n/a"}}) == []
    assert found({"sales": "n/a"}, {"sales": {"y1": "1"}}) == [("sales", "n/a", {"y1": "1"}, "", "changed")]
    assert found({"sales": {"y1": "n/a"}}, {"sales": {"y1": "1"}}) == [("sales.y1", "n/a", "1", "", "changed")]
