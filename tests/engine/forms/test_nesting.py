"""Names of HTML forms as paths."""

import pytest
from hypothesis import given, settings, strategies as st

from engine.forms import BadName, TooManyParts, nested
from ground.errors import Refused


def test_paths_become_records_and_lists():
    assert nested(
        [
            ("contact", "张三"),
            ("sales.y3", "1"),
            ("sales.y1", "2"),
            ("firms.0.name", "甲"),
            ("firms.1.name", "乙"),
            ("parks.y1.count", "1"),
            ("parks.y1.rows.0.name", "园"),
            ("explanations.V12.sales.y1", "扩产"),
        ]
    ) == {
        "contact": "张三",
        "sales": {"y3": "1", "y1": "2"},
        "firms": [{"name": "甲"}, {"name": "乙"}],
        "parks": {"y1": {"count": "1", "rows": [{"name": "园"}]}},
        "explanations": {"V12": {"sales": {"y1": "扩产"}}},
    }


def test_rows_keep_the_order_of_their_numbers_and_close_their_gaps():
    assert nested([("firms.10.name", "c"), ("firms.2.name", "b"), ("firms.0.name", "a")]) == {
        "firms": [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    }


def test_a_name_that_comes_several_times_makes_a_list():
    assert nested([("kind", "a"), ("kind", "b"), ("kind", "c")]) == {"kind": ["a", "b", "c"]}


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b",
        "a[0]",
        "名称",
        "a-b",
        "a.b.c.d.e.f.g",
        "x" * 61,
        "a." * 500 + "a",
        "a\n",
        "a/b",
    ],
)
def test_a_name_that_no_form_sends_is_refused(name):
    with pytest.raises(BadName):
        nested([(name, "x")])


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "1"), ("a.b", "2")],
        [("a.b", "1"), ("a", "2")],
        [("a.b", "1"), ("a.b.c", "2")],
        [("a.1000.b", "1")],
        [("a.0.b", "1"), ("a.00.b", "2")],
        [("a.99999999999999999999.b", "1")],
    ],
)
def test_names_that_contradict_each_other_are_refused(pairs):
    with pytest.raises(BadName):
        nested(pairs)


def test_more_parts_than_any_form_has_are_refused():
    assert len(nested((f"x{number}", "") for number in range(1_500))) == 1_500
    with pytest.raises(TooManyParts) as refused:
        nested((f"x{number}", "") for number in range(1_501))
    assert refused.value.status == 413


STEPS = st.sampled_from(["a", "b", "0", "1", "2", "y1", "rows", "count", "na", "V12", "__class__", "", "x y"])
NAMES = st.lists(STEPS, min_size=1, max_size=7).map(".".join)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.tuples(NAMES, st.text(max_size=3)), max_size=8))
def test_any_names_are_either_refused_or_keep_every_text(pairs):
    try:
        root = nested(pairs)
    except Refused:
        return
    assert sorted(leaves(root)) == sorted(text for _, text in pairs)


def leaves(node):
    if isinstance(node, str):
        return [node]
    return [leaf for each in (node.values() if isinstance(node, dict) else node) for leaf in leaves(each)]
