"""Conditions of other engines: what they mean there is what they mean here, or they are called foreign."""

import pytest

from engine.spiff.expressions import ExpressionFailed, compile_expression
from engine.spiff.normalise import normalise
from engine.spiff.normalise.reading import translate
from engine.spiff.normalise.tokens import FEEL, JUEL, LOOSE, Foreign
from tests.engine.diagrams import end, exclusive, flow, path, process, start, user
from tests.engine.spiff.play import Play


@pytest.mark.parametrize(
    ("language", "source", "names", "value"),
    [
        (JUEL, "!approved", {"approved": False}, True),
        (JUEL, "not approved == false", {"approved": False}, False),  # (not approved) == false
        (JUEL, "clarified == 'yes' && amount gt 500", {"clarified": "yes", "amount": 501}, True),
        (JUEL, "a ne 1 || b le 2 and c ge 3", {"a": 1, "b": 2, "c": 2}, False),
        (JUEL, "a lt 2 and b eq 'x'", {"a": 1, "b": "x"}, True),
        (JUEL, "empty list", {"list": []}, True),
        (JUEL, "empty name or not empty other", {"name": "n", "other": None}, False),
        (JUEL, "amount > 1000 ? 'high' : 'low'", {"amount": 1000}, "low"),
        (JUEL, "(a + b) * 2 div 4", {"a": 1, "b": 3}, 2),
        (JUEL, "items[1] == 'b'", {"items": ["a", "b"]}, True),  # counted from 0
        (JUEL, "order.lines.size() > 1 && order.lines.contains('x')", {"order": {"lines": ["x", "y"]}}, True),
        (JUEL, '"yes".equals(answer)', {"answer": "yes"}, True),
        (JUEL, "name.startsWith('Ab')", {"name": "Abc"}, True),
        (JUEL, "order.get('id') == 7", {"order": {"id": 7}}, True),
        (JUEL, 'execution.getVariable("x") >= 1', {"x": 1}, True),
        (JUEL, "1 - 2 - 3 == -4", {}, True),
        (JUEL, "1 - (2 - 3) == 2", {}, True),
        (JUEL, "x == null", {"x": None}, True),
        (JUEL, "x == 007", {"x": 7}, True),
        (FEEL, 'Vacation Approval = "Approved"', {"Vacation_Approval": "Approved"}, True),
        (FEEL, "not(approved) and x != 1", {"approved": False, "x": 2}, True),
        (FEEL, 'if age >= 18 then "adult" else "child"', {"age": 17}, "child"),
        (FEEL, "x in [1..5)", {"x": 5}, False),
        (FEEL, "x in (1..5]", {"x": 5}, True),
        (FEEL, "x in ]1..5]", {"x": 1}, False),
        (FEEL, "x in [1..5[", {"x": 1}, True),
        (FEEL, 'x in ("a", "b")', {"x": "b"}, True),
        (FEEL, "x in wanted", {"x": 2, "wanted": [1, 2]}, True),
        (FEEL, "x between 1 and 3 and y", {"x": 3, "y": True}, True),
        (FEEL, "items[1].name", {"items": [{"name": "first"}]}, "first"),  # counted from 1
        (FEEL, 'starts with(name, "Ab") or list contains(all, 1)', {"name": "b", "all": [1]}, True),
        (FEEL, "count(list) = 2 and sum(list) = 5 and max(list) = 3", {"list": [2, 3]}, True),
        (FEEL, "mean([1, 2, 3])", {}, 2),
        (FEEL, "modulo(-7, 2)", {}, 1),
        (FEEL, 'date("2026-01-31") < day', {"day": compile_expression('date("2026-02-01")').evaluate({})}, True),
        (FEEL, 'some risk in levels satisfies risk = "red"', {"levels": ["green", "red"]}, True),
        (FEEL, 'every risk in levels satisfies risk = "red"', {"levels": ["red", "red"]}, True),
        (FEEL, 'every risk in levels satisfies risk = "red"', {"levels": ["red", "green"]}, False),
        (FEEL, 'every risk in levels satisfies risk = "red"', {"levels": []}, True),
        (FEEL, "person.first name = null", {"person": {"first_name": None}}, True),
        (LOOSE, "bpmn:getDataObject('clarified') = 'no'", {"clarified": "no"}, True),
        (LOOSE, "not(bpmn:getDataObject('approved'))", {"approved": True}, False),
        (LOOSE, "Service Level == 'Premium'", {"Service_Level": "Premium"}, True),
        (LOOSE, "!approved && total >= 5", {"approved": False, "total": 5}, True),
        (LOOSE, "true() and x != 'say \"a\"'", {"x": "b"}, True),
    ],
)
def test_a_condition_means_here_what_it_means_there(language, source, names, value):
    assert compile_expression(translate(source, language)).evaluate(names) == value


@pytest.mark.parametrize(
    ("language", "source", "why"),
    [
        (JUEL, "a = b", "="),
        (JUEL, "a < b == c", "chain"),
        (JUEL, "a % 2 == 0", "remainder"),
        (JUEL, "'a' + b == 'ab'", "adds_texts"),
        (JUEL, "bean.compute(x) > 1", "compute()"),
        (JUEL, "now()", "now()"),
        (JUEL, "execution.processInstanceId", "execution"),
        (JUEL, "task.name == 'x'", "task"),
        (JUEL, "a} && ${b", "syntax"),
        (JUEL, "True", "True"),
        (JUEL, r"x == 'a\\b'", "text"),
        (JUEL, "x == '#1'", "text"),
        (JUEL, "a[", "syntax"),
        (FEEL, "items[price > 5]", "filter"),
        (FEEL, "a == b", "=="),
        (FEEL, "for x in list return x + 1", "syntax"),
        (FEEL, "some x in list satisfies x > 3", "some"),
        (FEEL, "every x in list satisfies x = x", "every"),
        (FEEL, "get value(context, key)", "get_value()"),
        (FEEL, "2 ** 3", "remainder"),
        (FEEL, "x in < 5", "syntax"),
        (LOOSE, "Condition true", "syntax"),
        (LOOSE, "the order is complete", "prose"),
        (LOOSE, "order/total > 5", "reckoning"),  # a path in XPath
        (LOOSE, "net-total = 5", "reckoning"),  # one name in XPath
        (LOOSE, "lines[1] = 5", "filter"),
        (LOOSE, "$x = 1", "character"),
        (LOOSE, "count(x) = 1", "count()"),
        (LOOSE, "import os", "prose"),
        (LOOSE, "__import__ == 1", "expr.name"),
        (FEEL, "(" * 3_000, "size"),
        (JUEL, "a + " * 1_000 + "a", "size"),
        (JUEL, "-" * 1_500 + "a", "depth"),
    ],
)
def test_what_has_no_counterpart_is_foreign_and_says_why(language, source, why):
    with pytest.raises(Foreign) as foreign:
        translate(source, language)
    assert foreign.value.why == why or (why == "syntax" and foreign.value.why == "character")


def test_values_of_different_kinds_fail_here_instead_of_deciding():
    """JUEL would turn the text into a number; a gateway that stops is better than one that guesses."""
    with pytest.raises(ExpressionFailed):
        compile_expression(translate("amount == 1", JUEL)).evaluate({"amount": "1"})


@pytest.mark.parametrize(
    ("asked", "unset", "given"),
    [
        ("${x == null}", "yes", "no"),
        ("${x != null}", "no", "yes"),
        ("=x = null", "yes", "no"),
        ("=not(x = null)", "no", "yes"),
        ("=x != null and x > 3", "no", "yes"),
        ("${empty x}", "yes", "no"),
        ("${!empty x && x > 3}", "no", "yes"),
        ("${execution.getVariable('x') == null}", "yes", "no"),
    ],
)
def test_a_diagram_that_asks_whether_a_name_is_set_goes_on_where_nobody_has_set_it(asked, unset, given):
    body = normalise(
        process(
            start("start"), user("ask"), exclusive("which", default="else"), user("yes"), user("no"), end("end"),
            path("start", "ask", "which"), flow("which", "yes", asked), flow("which", "no", id="else"),
            path("yes", "end"), path("no", "end"),
        )
    ).body  # fmt: skip
    assert Play(body).do("ask").waiting() == [unset]
    assert Play(body).do("ask", x=5).waiting() == [given]
