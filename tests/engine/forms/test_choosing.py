"""Choices that only the case knows: named in the file, listed with a case at hand."""

from types import SimpleNamespace

import pytest

from engine.forms import BadForm, UnknownCheck, choices, offered, read
from engine.forms.fields import Option
from tests.engine.forms import paper

CASE = SimpleNamespace(seats=["a", "b"], once=["z"])
NOBODY = object()
FIELD = paper.field("choice", "leader", choices_from="tests.seats")
FORM = paper.form(
    paper.field("text", "opinion"),
    FIELD,
    paper.field("rows", "each", columns=[{**FIELD, "name": "who", "label": "成员"}]),
)


@choices("tests.seats")
def seats(_session, case, *, ever):
    return [Option(code, code.upper()) for code in [*(case.once if ever else []), *case.seats]]


def test_with_a_case_the_form_lists_what_the_case_offers_and_reads_nothing_else():
    form = offered(FORM, NOBODY, CASE)

    assert [each.code for each in form.fields["leader"].options] == ["a", "b"]
    assert form.sections[0].fields[1].options == form.fields["leader"].options
    assert form.sections_of["leader"] is form.sections[0]
    assert read(form, {"leader": "b", "each": [{"who": "a"}]}).answers == {"leader": "b", "each": [{"who": "a"}]}
    assert [each.code for each in read(form, {"leader": "z"}).errors] == ["field.choice"]
    assert [each.code for each in read(form, {"each": [{"who": "z"}]}).errors] == ["field.choice"]


def test_what_was_once_offered_can_still_be_named():
    form = offered(FORM, NOBODY, CASE, ever=True)
    assert [each.label for each in form.fields["leader"].options] == ["Z", "A", "B"]


def test_without_a_case_nothing_can_be_chosen():
    assert offered(FORM, None, None) is FORM
    assert [each.code for each in read(FORM, {"leader": "a"}).errors] == ["field.choice"]


def test_a_form_that_asks_for_none_stays_the_same_form():
    plain = paper.form(paper.field("text", "opinion"))
    assert offered(plain, NOBODY, CASE) is plain


def test_choices_that_nobody_has_registered_are_refused_by_name():
    form = paper.form({**FIELD, "choices_from": "tests.nothing"})
    with pytest.raises(UnknownCheck) as refused:
        offered(form, NOBODY, CASE)
    assert refused.value.detail["names"] == ["tests.nothing"]


@pytest.mark.parametrize("more", [{"options": [{"code": "a", "label": "甲"}]}, {"choices_from": ""}])
def test_a_choice_is_listed_in_the_file_or_by_the_case_never_both_and_never_neither(more):
    with pytest.raises(BadForm):
        paper.form({**FIELD, **more})
