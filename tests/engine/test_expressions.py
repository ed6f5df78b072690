"""Expressions: what they reckon, what they refuse, and what no input makes them do."""

import resource
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.spiff.expressions import (
    DEFAULT,
    ExpressionFailed,
    ExpressionRefused,
    compile_expression,
    unwrap,
)
from tests import effort

CASE = {"organ": 7, "region": "510703", "subject": "base:17", "number": "2026-认定-007"}
NAMES: dict[str, Any] = {
    "outcome": "return",
    "whole_city": False,
    "case": CASE,
    "score": 81,
    "average": Decimal("78.35"),
    "amount": "0.10",
    "experts": [3, 5, 8],
    "rows": [{"output": Decimal("1.5"), "place": {"code": "a"}}, {"output": Decimal("2.25"), "place": {"code": "b"}}],
    "unset": None,
    "closes": "2026-02-28",
    "moment": datetime(2026, 2, 15, 16, tzinfo=UTC),
    "len": "a key that is also the name of a function",
}

WORTH = [
    ('outcome == "return"', True),
    ('outcome != "return"', False),
    ("true", True),
    ("false or not whole_city", True),
    ("null is None", True),
    ("unset == null", True),
    ("unset is not null", False),
    ('unset == "return"', False),
    ("unset or true", True),
    ('case.region == "510703"', True),
    ('case["region"][0]', "5"),
    ("experts[0] + experts[-1]", 11),
    ("0.1 + 0.2 == 0.3", True),
    ("0.1 + 0.2", Decimal("0.3")),
    ("6 / 3", 2),
    ("7 / 2", Decimal("3.5")),
    ("-7 // 2", -4),
    ("-7.0 // 2", Decimal(-4)),
    ("-12.0 % 5", Decimal(3)),
    ("-12 % 5", 3),
    ("2 - 3 - 4", -5),
    ("2 * 3 + 4 * 5", 26),
    ('"甲" + "乙"', "甲乙"),
    ("60 <= score < 90", True),
    ("60 <= score < 80", False),
    ("average > 78", True),
    ("number(amount) * 3", Decimal("0.30")),
    ('number("12") + 1', 13),
    ('outcome in ["return", "refuse"]', True),
    ('outcome not in ["return", "refuse"]', False),
    ("unset in [1, 2]", False),
    ('"turn" in outcome', True),
    ('"region" in case', True),
    ("count(experts)", 3),
    ("len(experts) + len(outcome)", 9),
    ("sum([])", 0),
    ("sum(rows.output)", Decimal("3.75")),
    ("rows.place.code", ["a", "b"]),
    ("avg([1, 2])", Decimal("1.5")),
    ("min(3, 2.5, 7)", Decimal("2.5")),
    ("max(experts)", 8),
    ('max("2026-01-02", "2026-01-10")', "2026-01-10"),
    ("round(2.5)", 3),
    ("round(-2.5)", -3),
    ("round(1.005, 2)", Decimal("1.01")),
    ("round(7, 2)", Decimal("7.00")),
    ("abs(-3)", 3),
    ('contains(outcome, "ret")', True),
    ("contains(experts, 5)", True),
    ('starts_with(case.region, "5107")', True),
    ("any([false, true])", True),
    ("all([])", True),
    ("all([true, null])", False),
    ('date("2026-01-31")', date(2026, 1, 31)),
    ("date(moment)", date(2026, 2, 16)),
    ('days_between("2026-02-27", date(closes))', 1),
    ('add_days(closes, 1) == date("2026-03-01")', True),
    ('add_months("2026-08-31", 6)', date(2027, 2, 28)),
    ('add_months("2026-03-31", -1)', date(2026, 2, 28)),
    ("year(closes) * 100 + month(closes)", 202602),
    ('"高" if score >= 80 else "低"', "高"),
    ("1 if unset else 2", 2),
    ("(1,\n 2,\t3)[1]", 2),
    ("+".join(["score"] * 30), 2430),
]


@pytest.mark.parametrize(("source", "value"), WORTH, ids=[source for source, _ in WORTH])
def test_an_expression_is_worth(source, value):
    found = compile_expression(source).evaluate(NAMES)
    assert found == value
    assert type(found) is type(value)


# Each would be code, a surprise or a burden if Python read it.
HOSTILE = [
    ("().__class__.__base__.__subclasses__()", "expr.name"),
    ("[].__class__", "expr.name"),
    ("case.__init__", "expr.name"),
    ("__import__", "expr.name"),
    ("__import__('os')", "expr.name"),
    ("_secret", "expr.name"),
    ("__builtins__['eval']", "expr.name"),
    ("ｅval('1')", "expr.unknown_function"),
    ("__ｉmport__('os')", "expr.name"),
    ("__import__('os').system('id')", "expr.not_allowed"),
    ("case.get('organ')", "expr.not_allowed"),
    ("'{0.__class__}'.format(case)", "expr.not_allowed"),
    ("(lambda: 1)()", "expr.not_allowed"),
    ("experts[0]()", "expr.not_allowed"),
    ("len(x)(1)", "expr.not_allowed"),
    ("lambda: 1", "expr.not_allowed"),
    ("lambda x=open('/etc/passwd'): x", "expr.not_allowed"),
    ("[x for x in experts]", "expr.not_allowed"),
    ("{x for x in experts}", "expr.not_allowed"),
    ("{x: 1 for x in experts}", "expr.not_allowed"),
    ("sum(x for x in experts)", "expr.not_allowed"),
    ("(x for x in experts)", "expr.not_allowed"),
    ("(y := 1)", "expr.not_allowed"),
    ("f'{outcome}'", "expr.not_allowed"),
    ("f'{().__class__}'", "expr.not_allowed"),
    ("sum(*experts)", "expr.not_allowed"),
    ("round(score, n=1)", "expr.not_allowed"),
    ("round(**case)", "expr.not_allowed"),
    ("[*experts]", "expr.not_allowed"),
    ("{**case}", "expr.not_allowed"),
    ("{1: 2}", "expr.not_allowed"),
    ("{1, 2}", "expr.not_allowed"),
    ("9**9**9", "expr.not_allowed"),
    ("2**0.5", "expr.not_allowed"),
    ("1<<10**9", "expr.not_allowed"),
    ("1<<3", "expr.not_allowed"),
    ("8>>1", "expr.not_allowed"),
    ("1|2", "expr.not_allowed"),
    ("1&2", "expr.not_allowed"),
    ("1^2", "expr.not_allowed"),
    ("~1", "expr.not_allowed"),
    ("+1", "expr.not_allowed"),
    ("experts@experts", "expr.not_allowed"),
    ("'a'*10**9", "expr.not_allowed"),
    ("[0]*10**9", "expr.not_allowed"),
    ("experts[0:2]", "expr.not_allowed"),
    ("experts[::-1]", "expr.not_allowed"),
    ("1j", "expr.not_allowed"),
    ("b'abc'", "expr.not_allowed"),
    ("...", "expr.not_allowed"),
    ("score is 81", "expr.not_allowed"),
    ("score is not 81", "expr.not_allowed"),
    ("'a' 'b'", "expr.not_allowed"),
    ("outcome in ['return' 'refuse']", "expr.not_allowed"),
    ("'''a'''", "expr.not_allowed"),
    ("'\\x41'", "expr.not_allowed"),
    ("true # and approved", "expr.not_allowed"),
    ("await outcome", "expr.not_allowed"),
    ("yield", "expr.syntax"),
    ("(yield 1)", "expr.not_allowed"),
    ("import os", "expr.syntax"),
    ("x = 1", "expr.syntax"),
    ("del x", "expr.syntax"),
    ("1; 2", "expr.syntax"),
    ("if x: y", "expr.syntax"),
    ("exec 'x'", "expr.syntax"),
    ("score >", "expr.syntax"),
    ("(1", "expr.syntax"),
    ("1)", "expr.syntax"),
    ("'unfinished", "expr.syntax"),
    ("", "expr.syntax"),
    ("   ", "expr.syntax"),
    ("a\0b", "expr.syntax"),
    ("outcome == 'a\u202eb'", "expr.syntax"),
    ("sco\u200bre", "expr.syntax"),
    ("\ud800", "expr.syntax"),
    ("１２．５", "expr.syntax"),
    ("（score）", "expr.syntax"),
    ("0777", "expr.syntax"),
    ("eval('1')", "expr.unknown_function"),
    ("exec('1')", "expr.unknown_function"),
    ("open('/etc/passwd')", "expr.unknown_function"),
    ("getattr(case, 'x')", "expr.unknown_function"),
    ("type(case)", "expr.unknown_function"),
    ("vars()", "expr.unknown_function"),
    ("globals()", "expr.unknown_function"),
    ("print(1)", "expr.unknown_function"),
    ("deadline('fill')", "expr.unknown_function"),
    ("min()", "expr.arguments"),
    ("len(1, 2)", "expr.arguments"),
    ("sum([1], 2, 3)", "expr.arguments"),
    ("9" * 400, "expr.too_complex"),
    ("1e999999", "expr.too_complex"),
    ("1e400", "expr.too_complex"),
    ("x" * 2001, "expr.too_complex"),
    ("+".join(["a"] * 600), "expr.too_complex"),
    ("[" * 500 + "]" * 500, "expr.too_complex"),
    ("[" * 99 + "]" * 99, "expr.too_complex"),
    ("-" * 1999 + "1", "expr.too_complex"),
    ("not " * 400 + "a", "expr.too_complex"),
    ("a" + "[0]" * 60, "expr.too_complex"),
    ("a" + ".b" * 300, "expr.too_complex"),
    ("1 if a else " * 100 + "2", "expr.too_complex"),
    (" and ".join(["a"] * 390) + " and a < b < c < d < e < f < g < h < i < j < k", "expr.too_complex"),
]


@pytest.mark.parametrize(("source", "code"), HOSTILE, ids=[ascii(source)[:50] for source, _ in HOSTILE])
def test_a_hostile_expression_is_refused_by_name(source, code):
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression(source, DEFAULT)
    assert refused.value.code == code
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("source", "code", "node"),
    [
        pytest.param("__import__('os').system('touch x')==0", "expr.not_allowed", "Call", id="attack[002]"),
        pytest.param("__import__('os').system('x') or \"PT1S\"", "expr.not_allowed", "Call", id="attack[003]"),
        pytest.param("().__class__.__base__.__subclasses__()", "expr.name", None, id="attack[005]"),
        pytest.param("9**9**9", "expr.not_allowed", "Pow", id="attack[007]-power"),
        pytest.param("'a'*10**9", "expr.not_allowed", "Pow", id="attack[007]-text"),
        pytest.param("[0]*10**9", "expr.not_allowed", "Pow", id="attack[007]-list"),
        pytest.param("1<<10**9", "expr.not_allowed", "LShift", id="attack[007]-shift"),
        pytest.param("x" * 3000, "expr.too_complex", None, id="attack[008]-long"),
        pytest.param("+".join("a" * 600), "expr.too_complex", None, id="attack[008]-sum"),
        pytest.param("(" * 500 + ")" * 500, "expr.too_complex", None, id="attack[008]-brackets"),
    ],
)
def test_an_attack_by_expression_is_refused_at_once_and_for_little(source, code, node):
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with effort.counted() as spent, pytest.raises(ExpressionRefused) as refused:
        compile_expression(source)
    assert refused.value.code == code
    assert refused.value.detail.get("node") == node
    assert spent.calls < 10_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 5_000


FAILING = [
    ("missing", "unknown_name"),
    ("case.nothing", "unknown_field"),
    ('case["nothing"]', "unknown_field"),
    ("outcome.upper", "record_wanted"),
    ("rows.nothing", "unknown_field"),
    ("experts[3]", "no_such_item"),
    ("experts[true]", "item_wanted"),
    ("experts[0.0]", "item_wanted"),
    ('experts["0"]', "item_wanted"),
    ("case[0]", "item_wanted"),
    ('1 == "1"', "kinds_differ"),
    ("true == 1", "kinds_differ"),
    ('date("2026-01-01") == "2026-01-01"', "kinds_differ"),
    ('date("2026-01-01") < moment', "kinds_differ"),
    ('score > "60"', "kinds_differ"),
    ("unset > 1", "kinds_differ"),
    ("whole_city < true", "kinds_differ"),
    ("experts < [1]", "kinds_differ"),
    ("case < case", "kinds_differ"),
    ('1 in ["1"]', "kinds_differ"),
    ("1 in outcome", "kinds_differ"),
    ("1 in 2", "kinds_differ"),
    ("amount + 1", "number_wanted"),
    ('"a" * 3', "number_wanted"),
    ("[0] * 3", "number_wanted"),
    ("true + 1", "number_wanted"),
    ("unset + 1", "number_wanted"),
    ("-outcome", "number_wanted"),
    ('number("1e5")', "number_wanted"),
    ('number("１２")', "number_wanted"),
    ('number("1_000")', "number_wanted"),
    ('number("NaN")', "number_wanted"),
    ('"no" or true', "flag_wanted"),
    ("not experts", "flag_wanted"),
    ('1 if "no" else 2', "flag_wanted"),
    ("all([1])", "flag_wanted"),
    ("sum(1)", "list_wanted"),
    ("count(3)", "list_wanted"),
    ("1 / 0", "division_by_zero"),
    ("1.5 % 0", "division_by_zero"),
    ("0 // 0.0", "division_by_zero"),
    ("avg([])", "empty"),
    ("min([])", "empty"),
    ("999999999999999 * 999999999999999 * 999999999", "too_large"),
    ("0 - 1000000000000000000000000000000 - 1", "too_large"),
    ("long + long", "too_long"),
    ("round(score, 13)", "places_wanted"),
    ("round(score, 1.0)", "places_wanted"),
    ('date("2026-02-30")', "no_such_day"),
    ('date("2026-2-3")', "date_wanted"),
    ("date(20260101)", "date_wanted"),
    ('add_days("9999-12-31", 1)', "no_such_day"),
    ('add_months("2026-01-01", 999999)', "no_such_day"),
    ('add_days("2026-01-01", 1.5)', "number_wanted"),
    ("sum(many) + sum(many)", "budget"),
]


@pytest.mark.parametrize(("source", "what"), FAILING, ids=[source for source, _ in FAILING])
def test_values_that_do_not_fit_fail_by_name(source, what):
    names = {**NAMES, "long": "x" * 9_000, "many": [1] * 60_000}
    with pytest.raises(ExpressionFailed) as failed:
        compile_expression(source).evaluate(names)
    assert failed.value.detail["what"] == what
    assert failed.value.detail["source"] == source


def test_a_float_from_outside_becomes_the_decimal_it_prints_as():
    assert compile_expression("x + 0.2 == 0.3").evaluate({"x": 0.1}) is True


def test_a_float_that_is_no_number_fails():
    with pytest.raises(ExpressionFailed):
        compile_expression("x + 1").evaluate({"x": float("nan")})


def test_an_object_offers_nothing_of_itself():
    with pytest.raises(ExpressionFailed) as failed:
        compile_expression("thing.real").evaluate({"thing": object()})
    assert failed.value.detail["what"] == "record_wanted"


def test_and_or_and_if_go_no_further_than_needed():
    assert compile_expression("whole_city and missing").evaluate(NAMES) is False
    assert compile_expression("not whole_city or missing").evaluate(NAMES) is True
    assert compile_expression("1 if not whole_city else missing").evaluate(NAMES) == 1


def test_an_expression_knows_the_names_and_functions_it_needs():
    expression = compile_expression(
        'count(experts) > 2 and case.region == region and true and deadline("x") != null', DEFAULT | {"deadline"}
    )
    assert expression.names == {"experts", "case", "region"}
    assert expression.functions == {"count", "deadline"}


def test_the_callers_functions_are_called_and_may_refuse_themselves():
    expression = compile_expression('deadline("fill")', DEFAULT | {"deadline"})
    assert expression.evaluate({}, {"deadline": lambda key: f"due:{key}"}) == "due:fill"
    with pytest.raises(ExpressionFailed) as failed:
        expression.evaluate({})
    assert failed.value.detail["what"] == "function_missing"


def test_the_callers_functions_never_take_the_place_of_ours():
    assert compile_expression("len(experts)").evaluate(NAMES, {"len": lambda _: "other"}) == 3


def test_a_fault_in_a_callers_function_is_a_failure_of_the_expression():
    expression = compile_expression("odd(1)", {"odd"})
    with pytest.raises(ExpressionFailed) as failed:
        expression.evaluate({}, {"odd": lambda: 1})
    assert failed.value.detail["kind"] == "TypeError"


def test_a_condition_is_yes_no_or_nothing():
    assert compile_expression("not whole_city").holds(NAMES) is True
    assert compile_expression("unset").holds(NAMES) is False
    with pytest.raises(ExpressionFailed) as failed:
        compile_expression("outcome").holds(NAMES)
    assert failed.value.detail["what"] == "flag_wanted"


@pytest.mark.parametrize("asked", ["x == null", "null == x", "x is None", "not x != null", "empty(x)"])
def test_whether_a_name_is_set_may_be_asked_of_one_that_nobody_has_set(asked):
    assert compile_expression(asked).holds({}) is True
    assert compile_expression(asked).holds({"x": 3}) is False


def test_a_name_that_is_not_set_is_nothing_only_where_that_is_asked():
    for source in ("x == 3", "x == y", "x.a == null", "x + 1 == null", "x < y == null", "x"):
        with pytest.raises(ExpressionFailed):
            compile_expression(source).evaluate({"y": 1})


def test_a_refusal_says_where():
    with pytest.raises(ExpressionRefused) as refused:
        compile_expression('"甲乙" == lambda: 1 if x else (y ** 2)'.replace("lambda: 1", "(z ** 2)"))
    assert refused.value.detail["at"] == 10


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("${outcome == 1}", "outcome == 1"),
        ("#{x}", "x"),
        ("= x > 1", "x > 1"),
        ("  x ", "x"),
        ("== x", "== x"),
        ("${x} and ${y", "${x} and ${y"),
    ],
)
def test_the_wrappers_of_other_editors_come_off(written, bare):
    assert unwrap(written) == bare


def test_nothing_that_an_expression_does_reaches_eval_exec_or_compile(monkeypatch):
    compiled = [compile_expression(source) for source, _ in WORTH]

    def never(*_arguments: Any, **_named: Any) -> None:
        message = "Python was asked to run an expression"
        raise AssertionError(message)

    for name in ("eval", "exec", "compile", "__import__"):
        monkeypatch.setattr(f"builtins.{name}", never)
    values = [expression.evaluate(NAMES) for expression in compiled]
    monkeypatch.undo()
    assert values == [value for _, value in WORTH]


WORDS = "and,or,not,if,else,in,is,lambda,score,case.region,experts,rows.output,unset,count(,sum(,__class__,1e9,**,//"
PIECES = st.sampled_from(
    [*"()[]{}.,:+-*/%<>=!~@&|^\"'#\\_ 0123456789abx\u202e\0\n１，中\ud800", *[f" {word} " for word in WORDS.split(",")]]
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_text_is_either_refused_or_a_bounded_value(source):
    try:
        value = compile_expression(source).evaluate(NAMES)
    except (ExpressionRefused, ExpressionFailed):
        return
    assert isinstance(value, bool | int | Decimal | str | date | list | dict | None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(JSON, JSON)
def test_whatever_the_values_are_an_expression_has_a_value_or_fails_by_name(left, right):
    for source in (
        "a + b",
        "a / b",
        "a % b",
        "a == b",
        "a < b",
        "a in b",
        "round(a, 2)",
        "min(a, b)",
        "sum(a)",
        "a[b]",
        "a.b",
        "not a",
        "date(a)",
        "add_months(a, b)",
        "number(a)",
        "a // b",
        "contains(a, b)",
    ):
        try:
            compile_expression(source).evaluate({"a": left, "b": right})
        except ExpressionFailed as failed:
            surprise = failed.detail["kind"] if failed.detail["what"] == "failed" else "Overflow"
            if surprise not in {"InvalidOperation", "Overflow"}:
                raise
