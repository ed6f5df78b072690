"""What first values fix: text on the page, never typed, and not to be sent as something else."""

from typing import Any

import pytest

from engine.forms import BadForm, fixed, read
from tests.engine.forms import paper


def field(kind: str, name: str, **options: Any) -> dict[str, Any]:
    return paper.field(kind, name, label="标签", **options)


COLUMNS = [
    field("text", "number", required=True, fixed=True),
    field("integer", "rank", fixed=True),
    field("decimal", "average", fixed=True),
    field("text", "reason"),
]
FIELDS = [
    field("date", "begins", fixed=True),
    field("rows", "places", columns=COLUMNS, fixed=True),
    field("rows", "some", columns=[COLUMNS[0], COLUMNS[3]]),
    field("rows", "beside", columns=COLUMNS[:2], fixed=True),
    field("text", "opinion"),
]
FIRST = {
    "begins": "2026-01-01",
    "places": [{"number": "甲", "rank": 1, "average": "90.00"}, {"number": "乙", "average": "80.00", "reason": "原有"}],
    "some": [{"number": "丙"}, {"number": "丁"}],
    "beside": [{"number": "戊", "rank": 3}],
}


FORM = paper.form(*FIELDS, prefill="any")
SENT = {
    "begins": "2026-01-01",
    "places": [
        {"number": "甲", "rank": "1", "average": "90", "reason": "好"},
        {"number": "乙", "rank": "", "average": "80.00"},
    ],
    "some": [{"number": "丁", "reason": "先办"}],
}


def changed(**changes: Any) -> list[tuple[str, str]]:
    given = fixed.filled(FORM, {**SENT, **changes}, FIRST)
    return [(each.path, each.code) for each in fixed.stale(FORM, read(FORM, given), FIRST)]


def test_what_is_sent_as_it_is_passes_however_a_number_is_written_and_whoever_is_left_out_where_that_may_be():
    assert changed() == []


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"begins": "2026-02-01"}, "begins"),
        ({"places": [{**SENT["places"][0], "average": "91"}, SENT["places"][1]]}, "places"),
        ({"places": [{**SENT["places"][0], "rank": ""}, SENT["places"][1]]}, "places"),
        ({"places": SENT["places"][:1]}, "places"),
        ({"places": [*SENT["places"], SENT["places"][0]]}, "places"),
        ({"places": []}, "places"),
        ({"some": [{"number": "己"}]}, "some"),
        ({"some": [{"number": "丁"}, {"number": "丁"}]}, "some"),
        ({"beside": [{"number": "戊", "rank": 2}]}, "beside"),
    ],
)
def test_attack_what_is_fixed_cannot_be_sent_as_something_else(changes, at):
    assert changed(**changes) == [(at, fixed.STALE)]


def test_what_is_fixed_and_not_sent_is_taken_from_the_first_values():
    bare = {"places": SENT["places"]}
    filled = fixed.filled(FORM, bare, FIRST)
    assert (filled["begins"], filled["beside"]) == (FIRST["begins"], FIRST["beside"])
    assert "some" not in filled


def test_a_draft_shows_what_is_fixed_as_it_is_now_and_keeps_what_was_written_beside_it():
    now = {**FIRST, "begins": "2026-03-01", "places": [{"number": "乙", "rank": 1}, {"number": "庚", "reason": "新"}]}
    draft = {**SENT, "places": {"0": {"number": "甲", "reason": "好"}, "1": {"number": "乙", "reason": "写过"}}}

    shown = fixed.refreshed(FORM, {**draft, "opinion": "同意"}, now)

    assert shown["begins"] == "2026-03-01"
    assert shown["places"] == [{"number": "乙", "rank": 1, "reason": "写过"}, {"number": "庚", "reason": "新"}]
    assert shown["some"] == [{"number": "丙"}, {"number": "丁", "reason": "先办"}]
    assert shown["opinion"] == "同意"


def test_what_is_hidden_is_not_asked():
    form = paper.form(field("flag", "more"), {**FIELDS[1], "show_when": "more == true"}, prefill="any")
    given = fixed.filled(form, {"more": "false", "places": [{"number": "外"}]}, FIRST)
    assert fixed.stale(form, read(form, given), FIRST) == []


@pytest.mark.parametrize(
    ("each", "facts", "reason"),
    [
        (FIELDS[0], {}, "fixed_without_prefill"),
        (field("files", "papers", fixed=True), {"prefill": "any"}, "type_fixed"),
        (field("rows", "places", columns=COLUMNS[3:], fixed=True), {"prefill": "any"}, "fixed_without_column"),
    ],
)
def test_a_form_fixes_only_what_first_values_can_say(each, facts, reason):
    with pytest.raises(BadForm) as refused:
        paper.form(each, **facts)
    assert refused.value.detail["reason"] == reason


def test_a_form_that_fixes_nothing_is_left_alone():
    assert not fixed.has_any(paper.form(field("text", "opinion")))
    assert fixed.has_any(FORM)
