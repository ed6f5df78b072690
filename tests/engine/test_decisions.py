"""Decision tables: what cells match, what policies give, and which files are refused before they decide anything."""

from datetime import date
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings, strategies as st

from engine.decisions import (
    Disagreement,
    NoRule,
    Overlap,
    TableRefused,
    WrongResult,
    WrongValue,
    load,
)
from engine.decisions.refusals import BadCell
from engine.decisions.spans import complement, cut, meet, point, union
from engine.decisions.unary import cell
from engine.spiff.expressions import ExpressionFailed, ExpressionRefused
from ground.errors import Refused

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
EMPTY = f'<definitions xmlns="{DMN}" id="d"><decision id="x" name="x"/></definitions>'.encode()


def dmn(rules, *, inputs=(("score", "number"),), outputs=(("result", "string"),), policy="UNIQUE", more="", parts=""):
    """A DMN file; each rule is its cells and its results, as they would stand in a row."""
    columns = ""
    for at, (source, kind, *values) in enumerate(inputs):
        allowed = f"<inputValues><text>{escape(values[0])}</text></inputValues>" if values else ""
        columns += (
            f'<input id="i{at}" label="列{at}"><inputExpression id="e{at}" typeRef="{kind}">'
            f"<text>{escape(source)}</text></inputExpression>{allowed}</input>"
        )
    for at, (name, kind, *default) in enumerate(outputs):
        entry = f"<defaultOutputEntry><text>{escape(default[0])}</text></defaultOutputEntry>" if default else ""
        columns += f'<output id="o{at}" name="{name}" typeRef="{kind}">{entry}</output>'
    for number, row in enumerate(rules, 1):
        cells = "".join(f"<inputEntry><text>{escape(text)}</text></inputEntry>" for text in row[: len(inputs)])
        results = "".join(f"<outputEntry><text>{escape(text)}</text></outputEntry>" for text in row[len(inputs) :])
        columns += f'<rule id="r{number}">{cells}{results}</rule>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{DMN}" xmlns:jidi="urn:jidi:bpmn:1" id="d"'
        f' name="d" namespace="n">{parts}<decision id="grade" name="定级"><decisionTable id="t"'
        f' hitPolicy="{policy}" {more}>{columns}</decisionTable></decision></definitions>'
    ).encode()


def decide(body, **values: Any):
    return load(body).decide(values).result


MATCHES = [
    ("-", "number", [0, Decimal("1.5"), None], []),
    ("", "number", [0, None], []),
    ("5", "number", [5, Decimal("5.0")], [4, Decimal("5.01"), None]),
    ("-5", "number", [-5], [5]),
    ("= 5", "number", [5], [4]),
    ("!= 5", "number", [4, 6], [5, None]),
    ("< 5", "number", [4, Decimal("4.99")], [5]),
    ("<= 5", "number", [5], [Decimal("5.01")]),
    ("> 0.1", "number", [Decimal("0.11")], [Decimal("0.1")]),
    (">= 0.1", "number", [Decimal("0.1")], [Decimal("0.09")]),
    ("[1..3]", "number", [1, 2, 3], [Decimal("0.99"), Decimal("3.01")]),
    ("(1..3)", "number", [2, Decimal("1.01")], [1, 3]),
    ("]1..3[", "number", [2], [1, 3]),
    ("[1..3)", "number", [1], [3]),
    ("(1..3]", "number", [3], [1]),
    ("[-3..-1]", "number", [-2], [1]),
    ("[ 1 .. 3 ]", "number", [2], [4]),
    ("1, 3, [5..7], > 9", "number", [1, 3, 6, 10], [2, 4, 8, 9]),
    ("not(1, 3)", "number", [2], [1, 3, None]),
    ("not([1..3])", "number", [0, 4], [1, 2, 3]),
    ("not(> 3)", "number", [3], [4]),
    ("null", "number", [None], [0]),
    ("null, 5", "number", [None, 5], [6]),
    ("(3..5)", "integer", [4], [3, 5]),
    ('"return"', "string", ["return"], ["refuse", None, ""]),
    ('"return", "refuse"', "string", ["refuse"], ["approve"]),
    ('not("return")', "string", ["approve"], ["return", None]),
    ('"a, (b) .. not"', "string", ["a, (b) .. not"], ["a"]),
    ('""', "string", [""], ["x"]),
    ('["a".."c"]', "string", ["b"], ["d"]),
    ("true", "boolean", [True], [False, None]),
    ("not(true)", "boolean", [False], [True]),
    ("true, false", "boolean", [True, False], [None]),
    ('date("2026-01-01")', "date", [date(2026, 1, 1)], [date(2026, 1, 2)]),
    ('> date("2026-01-01")', "date", [date(2026, 1, 2)], [date(2026, 1, 1)]),
    ('[date("2026-01-01")..date("2026-06-30")]', "date", [date(2026, 6, 30)], [date(2026, 7, 1)]),
    ('not(date("2026-01-01"))', "date", [date(2026, 1, 2)], [date(2026, 1, 1)]),
]


@pytest.mark.parametrize(("text", "kind", "yes", "no"), MATCHES, ids=[f"{each[1]}: {each[0]}" for each in MATCHES])
def test_a_cell_matches(text, kind, yes, no):
    found = cell(text, kind)
    assert [value for value in yes if not found.matches(value)] == []
    assert [value for value in no if found.matches(value)] == []


BAD_CELLS = [
    ("1..3", "number"),
    ("[1..3", "number"),
    ("[3..1]", "number"),
    ("[1,3]", "number"),
    ("1,", "number"),
    (", 1", "number"),
    ("1 2", "number"),
    ("1 and 2", "number"),
    ("> ", "number"),
    ("< < 1", "number"),
    ("not 1", "number"),
    ("not(1", "number"),
    ("not()", "number"),
    ("not(not(1))", "number"),
    ("not(-)", "number"),
    ("1, -", "number"),
    ("score > 1", "number"),
    ("1e5", "number"),
    ("0x10", "number"),
    ("1_000", "number"),
    (".5", "number"),
    ("１２", "number"),
    ("1，2", "number"),
    ("9" * 40, "number"),
    ('"1"', "number"),
    ("1.5", "integer"),
    ("return", "string"),
    ("'return'", "string"),
    ("“return”", "string"),
    ('"return', "string"),
    ("1", "string"),
    ("1", "boolean"),
    ("yes", "boolean"),
    ('date("2026-02-30")', "date"),
    ('date("9999-12-31")', "date"),
    ('"2026-01-01"', "date"),
    ("date(2026)", "date"),
    ('date and time("2026-01-01T00:00:00")', "date"),
    ('1, "a"', ""),
    ("__import__('os').system('id')", "string"),
    ("1," * 200 + "1", "number"),
    ("1" * 3000, "number"),
]


@pytest.mark.parametrize(("text", "kind"), BAD_CELLS, ids=[f"{each[1]}: {each[0][:40]}" for each in BAD_CELLS])
def test_a_cell_that_is_not_understood_is_refused(text, kind):
    with pytest.raises(BadCell) as refused:
        cell(text, kind)
    assert refused.value.code == "table.cell"
    assert refused.value.detail["reason"]


GRADES = [("< 60", '"refuse"'), ("[60..85)", '"visit"'), (">= 85", '"designate"')]


@pytest.mark.parametrize(
    ("score", "result"),
    [("59.99", "refuse"), (60, "visit"), (Decimal("84.99"), "visit"), ("85.00", "designate"), (100, "designate")],
)
def test_a_unique_table_gives_the_one_rule_that_matches(score, result):
    assert decide(dmn(GRADES), score=score) == {"result": result}


def test_a_table_says_which_rule_fired():
    assert load(dmn(GRADES)).decide({"score": 70}).rules == ("r2",)


def test_two_unique_rules_that_overlap_are_refused_on_loading_with_their_rows():
    with pytest.raises(Overlap) as refused:
        load(dmn([("[60..85]", '"visit"'), ("< 60", '"refuse"'), (">= 85", '"designate"')]))
    assert refused.value.code == "table.overlap"
    assert refused.value.detail["rules"] == [1, 3]
    assert refused.value.detail["elements"] == ["r1", "r3"]
    assert refused.value.detail["element"] == "r3"
    assert refused.value.detail["line"] == 2


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("-", "5", "number"),
        ("-", "null", "number"),
        ("null, 3", "null, 4", "number"),
        ("[1..5]", "[5..9]", "number"),
        ("not(1)", "2", "number"),
        ("not(1)", "not(2)", "number"),
        ("1, 2, 3", "3, 4", "number"),
        ("(3..5)", "4", "integer"),
        ('"a"', 'not("b")', "string"),
        ('not("a")', 'not("b")', "string"),
        ("not(true)", "false", "boolean"),
        ('>= date("2026-01-01")', 'date("2026-01-01")', "date"),
    ],
)
def test_cells_that_share_a_value_overlap(one, other, kind):
    with pytest.raises(Overlap):
        load(dmn([(one, '"a"'), (other, '"b"')], inputs=(("x", kind),)))


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("5", "6", "number"),
        ("[1..5)", "[5..9]", "number"),
        ("null", "> 0", "number"),
        ("not(5)", "5", "number"),
        ("not(5)", "null", "number"),
        ("< 5", "> 5", "number"),
        ("(3..4)", "-", "integer"),
        ("(3..5)", "3, 5", "integer"),
        ("not(3, 4)", "[3..4]", "integer"),
        ("not(true)", "not(false)", "boolean"),
        ('"a"', 'not("a")', "string"),
        ('< date("2026-01-01")', '>= date("2026-01-01")', "date"),
        ('(date("2026-01-01")..date("2026-01-02"))', "-", "date"),
    ],
)
def test_cells_that_share_no_value_stand_side_by_side(one, other, kind):
    assert load(dmn([(one, '"a"'), (other, '"b"')], inputs=(("x", kind),))).key == "grade"


def test_rules_that_differ_in_one_input_do_not_overlap():
    two = (("score", "number"), ("city", "boolean"))
    assert (
        load(dmn([("> 60", "true", '"a"'), ("> 60", "false", '"b"'), ("<= 60", "-", '"c"')], inputs=two)).gaps() == []
    )


def test_values_that_an_input_cannot_have_cause_no_overlap():
    both = [('not("return")', '"a"'), ('not("refuse")', '"b"')]
    with pytest.raises(Overlap):
        load(dmn(both, inputs=(("outcome", "string", '"return", "refuse", "approve"'),)))
    assert load(dmn(both, inputs=(("outcome", "string", '"return", "refuse"'),)))


def test_a_first_table_gives_the_first_rule_that_matches():
    rules = [("> 90", '"high"'), ("> 60", '"middle"'), ("-", '"low"')]
    body = dmn(rules, policy="FIRST")
    assert [decide(body, score=score)["result"] for score in (95, 70, 10)] == ["high", "middle", "low"]
    assert decide(body, score=None) == {"result": "low"}


def test_an_any_table_takes_rules_that_agree():
    assert decide(dmn([("> 60", '"a"'), ("> 80", '"a"')], policy="ANY"), score=90) == {"result": "a"}


def test_an_any_table_whose_rules_contradict_each_other_is_refused_on_loading():
    with pytest.raises(Disagreement) as refused:
        load(dmn([("> 60", '"a"'), ("> 80", '"b"')], policy="ANY"))
    assert refused.value.detail["rules"] == [1, 2]


def test_an_any_table_whose_computed_results_differ_stops_when_they_do():
    body = dmn([("> 60", "score + 1"), ("> 80", "score * 2")], policy="ANY", outputs=(("n", "number"),))
    assert decide(body, score=70) == {"n": 71}
    with pytest.raises(Disagreement):
        decide(body, score=90)


COLLECTED = [("> 0", "1.5"), ("> 10", "2"), ("> 20", "0.25")]
ONE_NUMBER = (("n", "number"),)


@pytest.mark.parametrize(
    ("how", "result"),
    [("", [Decimal("1.5"), 2]), ("SUM", Decimal("3.5")), ("MIN", Decimal("1.5")), ("MAX", 2), ("COUNT", 2)],
)
def test_a_collect_table_gathers_what_every_matching_rule_gives(how, result):
    more = f'aggregation="{how}"' if how else ""
    given = decide(dmn(COLLECTED, policy="COLLECT", more=more, outputs=ONE_NUMBER), score=15)["n"]
    wanted = [
        str(each) if isinstance(each, Decimal) else each for each in (result if isinstance(result, list) else [result])
    ]
    assert (given if isinstance(given, list) else [given]) == wanted


def test_sums_stay_exact():
    rules = [("-", "0.1"), ("-", "0.2"), ("-", "0.7")]
    assert decide(dmn(rules, policy="COLLECT", more='aggregation="SUM"', outputs=ONE_NUMBER), score=1) == {"n": 1}


def test_rule_order_keeps_the_order_of_the_rows():
    rules = [("> 5", '"b"'), ("-", '"a"'), ("< 5", '"c"')]
    assert decide(dmn(rules, policy="RULE ORDER"), score=9) == {"result": ["b", "a"]}


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"])
def test_no_matching_rule_and_no_default_is_never_an_empty_answer(policy):
    with pytest.raises(NoRule) as refused:
        decide(dmn([("> 60", '"a"')], policy=policy), score="12.50")
    assert refused.value.code == "table.no_rule"
    assert refused.value.detail == {"table": "grade", "values": {"列0": "12.5"}}


def test_the_default_answers_when_no_rule_does():
    outputs = (("result", "string", '"none"'), ("n", "number", "0"))
    table = load(dmn([("> 60", '"a"', "1")], outputs=outputs))
    assert table.decide({"score": 1}).result == {"result": "none", "n": 0}
    assert table.decide({"score": 1}).rules == ()
    assert table.gaps() == []


def test_a_default_for_some_outputs_only_is_refused():
    with pytest.raises(TableRefused) as refused:
        load(dmn([("-", '"a"', "1")], outputs=(("result", "string", '"none"'), ("n", "number"))))
    assert refused.value.detail["reason"] == "partial_default"


def test_results_are_json_with_exact_numbers():
    outputs = (("a", "number"), ("b", "number"), ("c", "date"), ("d", "boolean"), ("e", ""))
    rules = [("-", "0.75", "2.00", 'date("2026-01-31")', "true", "[1, 0.5]")]
    assert decide(dmn(rules, outputs=outputs), score=1) == {
        "a": "0.75",
        "b": 2,
        "c": "2026-01-31",
        "d": True,
        "e": [1, "0.5"],
    }


def test_results_may_be_worked_out_from_the_data():
    rules = [("-", "round(score * 1.5, 1) if score > 1 else null")]
    assert decide(dmn(rules, outputs=ONE_NUMBER), score=3) == {"n": "4.5"}
    assert decide(dmn(rules, outputs=ONE_NUMBER), score=1) == {"n": None}


def test_inputs_may_be_expressions_over_records():
    body = dmn([('"5107"', '"a"'), ('not("5107")', '"b"')], inputs=(("case.region", "string"),))
    assert decide(body, case={"region": "5107"}) == {"result": "a"}


def test_a_date_may_come_as_a_date_or_as_text():
    body = dmn([('<= date("2026-06-30")', '"a"'), ('> date("2026-06-30")', '"b"')], inputs=(("on", "date"),))
    assert decide(body, on="2026-07-01") == {"result": "b"}
    assert decide(body, on=date(2026, 6, 30)) == {"result": "a"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", "many"),
        ("number", True),
        ("number", "1e5"),
        ("number", [1]),
        ("integer", "1.5"),
        ("string", 5),
        ("string", {"a": 1}),
        ("boolean", "true"),
        ("date", "2026-02-30"),
        ("date", 20260101),
        ("date", "soon"),
    ],
)
def test_a_value_of_another_type_stops_the_case_instead_of_matching_nothing(kind, value):
    with pytest.raises(WrongValue) as refused:
        decide(dmn([("-", '"a"')], inputs=(("x", kind),)), x=value)
    assert refused.value.detail["wanted"] == kind


def test_a_value_that_the_input_does_not_allow_stops_the_case():
    body = dmn([("-", '"a"')], inputs=(("x", "number", "[0..100]"),))
    assert decide(body, x=100) == {"result": "a"}
    with pytest.raises(WrongValue):
        decide(body, x=101)


def test_a_name_that_the_data_does_not_have_stops_the_case():
    with pytest.raises(ExpressionFailed):
        decide(dmn(GRADES), other=1)


def test_a_constant_result_of_another_type_is_refused_on_loading():
    with pytest.raises(TableRefused) as refused:
        load(dmn([("-", "5")]))
    assert (refused.value.detail["reason"], refused.value.detail["element"]) == ("table.result", "r1")


def test_a_computed_result_of_another_type_stops_the_case():
    with pytest.raises(WrongResult):
        decide(dmn([("-", "score")]), score=5)


def test_an_untyped_input_takes_its_type_from_its_first_literal():
    with pytest.raises(BadCell) as refused:
        load(dmn([("5", '"a"'), ('"b"', '"b"')], inputs=(("x", ""),)))
    assert refused.value.detail["reason"] == "other_type"


def test_gaps_are_found_between_numbers():
    assert [gap.cells for gap in load(dmn([("< 60", '"a"'), ("(60..85)", '"b"'), ("> 90", '"c"')])).gaps()] == [
        ("60, [85..90]",),
    ]


def test_gaps_are_found_over_two_inputs():
    two = (("score", "number", "[0..100]"), ("city", "boolean"))
    table = load(dmn([("< 60", "-", '"a"'), (">= 60", "true", '"b"')], inputs=two))
    assert [gap.cells for gap in table.gaps()] == [("[60..100]", "false")]


def test_gaps_are_found_in_enumerations_and_open_texts():
    closed = (("outcome", "string", '"return", "refuse", "approve"'),)
    assert [gap.cells for gap in load(dmn([('"return"', '"a"')], inputs=closed)).gaps()] == [('"approve", "refuse"',)]
    assert load(dmn([('"return"', '"a"')], inputs=(("outcome", "string"),))).gaps() != []


def test_whole_numbers_leave_no_gap_between_neighbours():
    assert load(dmn([("<= 3", '"a"'), (">= 4", '"b"')], inputs=(("n", "integer"),))).gaps() == []
    assert load(dmn([("<= 3", '"a"'), (">= 4", '"b"')], inputs=(("n", "number"),))).gaps()[0].cells == ("(3..4)",)


def test_a_page_can_show_columns_and_the_clause_of_each_row():
    body = dmn(GRADES).decode()
    body = body.replace(
        '<rule id="r1">', '<annotation name="条款"/><annotation name="备注"/><rule id="r1" jidi:clause="10(6)">'
    )
    body = body.replace(
        '<rule id="r2">',
        '<rule id="r2"><annotationEntry><text>9</text></annotationEntry>'
        "<annotationEntry><text>系统默认</text></annotationEntry>",
    ).replace('<rule id="r3">', '<rule id="r3"><description>文件未规定</description>')
    table = load(body.encode())
    assert [(rule.clause, rule.note) for rule in table.rules] == [("10(6)", ""), ("9", "系统默认"), ("", "文件未规定")]
    assert [(each.kind, each.label, each.source, each.type) for each in table.columns] == [
        ("input", "列0", "score", "number"),
        ("output", "result", "result", "string"),
    ]
    assert [rule.cells[0].text for rule in table.rules] == ["< 60", "[60..85)", ">= 85"]
    assert table.name == "定级"


def test_the_same_bytes_are_the_same_table():
    assert load(dmn(GRADES)) is load(dmn(GRADES))


def replaced(before, after):
    body = dmn(GRADES).decode()
    assert before in body
    return body.replace(before, after, 1).encode()


REFUSED = [
    ("policy", lambda: dmn(GRADES, policy="PRIORITY")),
    ("policy", lambda: dmn(GRADES, policy="OUTPUT ORDER")),
    ("aggregation", lambda: dmn(GRADES, policy="UNIQUE", more='aggregation="SUM"')),
    ("aggregation", lambda: dmn(COLLECTED, policy="COLLECT", more='aggregation="AVG"', outputs=ONE_NUMBER)),
    ("aggregation", lambda: dmn([("-", '"a"')], policy="COLLECT", more='aggregation="SUM"')),
    ("columns", lambda: replaced('<output id="o0" name="result" typeRef="string"></output>', "")),
    ("rules", lambda: dmn([])),
    ("entries", lambda: dmn([("-",)])),
    ("entries", lambda: dmn([("-", '"a"', '"b"')])),
    ("type", lambda: dmn(GRADES, inputs=(("score", "tGrade"),))),
    ("output_twice", lambda: dmn([("-", '"a"', '"b"')], outputs=(("a", "string"), ("a", "string")))),
    ("output_name", lambda: dmn([("-", '"a"')], outputs=(("结果", "string"),))),
    ("output_name", lambda: dmn([("-", '"a"')], outputs=(("__class__", "string"),))),
    ("input_twice", lambda: dmn([("-", "-", '"a"')], inputs=(("x", "number"), ("x", "number")))),
    ("rule_twice", lambda: replaced('id="r2"', 'id="r1"')),
    ("no_id", lambda: replaced('<rule id="r2">', "<rule>")),
    ("no_expression", lambda: replaced("inputExpression", "inputText").replace(b"/inputExpression", b"/inputText", 1)),
    (
        "element",
        lambda: replaced("decisionTable id", "literalExpression id").replace(b"/decisionTable", b"/literalExpression"),
    ),
    ("element", lambda: dmn(GRADES, parts='<businessKnowledgeModel id="b" name="b"/>')),
    ("element", lambda: dmn(GRADES, parts='<import id="m" namespace="x" importType="y" name="z"/>')),
    (
        "element",
        lambda: replaced(
            "<decisionTable",
            '<informationRequirement id="q"><requiredDecision href="#x"/></informationRequirement><decisionTable',
        ),
    ),
    ("no_table", lambda: EMPTY),
    ("one_decision", lambda: dmn(GRADES, parts='<decision id="other" name="x"/>')),
    ("not_dmn", lambda: replaced(DMN, "http://www.omg.org/spec/DMN/20151101/dmn.xsd")),
    ("not_dmn", lambda: b"<html/>"),
    ("language", lambda: replaced("<inputEntry>", '<inputEntry expressionLanguage="groovy">')),
]


@pytest.mark.parametrize(("reason", "body"), REFUSED, ids=[f"{each[0]}-{at}" for at, each in enumerate(REFUSED)])
def test_a_file_that_would_not_be_decided_right_is_refused_with_its_place(reason, body):
    with pytest.raises(TableRefused) as refused:
        load(body())
    assert refused.value.detail["reason"] == reason
    assert refused.value.detail["element"]
    assert refused.value.detail["line"]
    assert refused.value.status == 422


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("__import__('os').system('id')", id="attack[004]"),
        "score.__class__",
        "score ** 9",
        "if score then 1 else 2",
    ],
)
def test_code_in_an_input_is_refused_with_its_element(source):
    with pytest.raises(ExpressionRefused) as refused:
        load(dmn(GRADES, inputs=((source, "number"),)))
    assert refused.value.code in {"expr.not_allowed", "expr.name", "expr.syntax"}
    assert refused.value.detail["element"] == "e0"


@pytest.mark.parametrize("source", ["", "-", "open('x')", "().__class__"])
def test_code_or_nothing_in_a_result_is_refused(source):
    with pytest.raises(ExpressionRefused):
        load(dmn([("-", source)]))


def test_a_document_type_in_a_table_is_refused():
    with pytest.raises(Refused) as refused:
        load(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + dmn(GRADES).split(b"\n", 1)[1])
    assert refused.value.code == "xml.dtd_forbidden"


def test_a_table_of_five_hundred_rules_is_read_whole():
    rules = [(f"[{number}..{number + 1})", '"a"') for number in range(500)]
    table = load(dmn(rules))
    assert table.decide({"score": 499}).rules == ("r500",)


NUMBERS = st.integers(0, 6)
SPANS = st.tuples(NUMBERS, st.booleans(), NUMBERS, st.booleans())
CELLS = st.one_of(
    NUMBERS.map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "!="]), NUMBERS).map(lambda each: f"{each[0]} {each[1]}"),
    st.tuples(st.sampled_from("[("), NUMBERS, NUMBERS, st.sampled_from("])")).map(
        lambda each: f"{each[0]}{min(each[1:3])}..{max(each[1:3])}{each[3]}"
    ),
)
LISTS = st.lists(CELLS, min_size=1, max_size=3).map(", ".join)
ANY_CELL = st.one_of(LISTS, LISTS.map(lambda text: f"not({text})"))
HALVES = [Decimal(number) / 2 for number in range(-2, 15)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(ANY_CELL, ANY_CELL)
def test_overlap_and_gaps_say_what_trying_every_value_says(one, other):
    a, b = cell(one, "number"), cell(other, "number")
    both = [value for value in HALVES if a.matches(value) and b.matches(value)]
    assert bool(meet(a.spans, b.spans)) == bool(both)
    either = union((*a.spans, *b.spans))
    for value in HALVES:
        inside = a.matches(value) or b.matches(value)
        assert any(span.has(value) for span in either) is inside
        assert any(span.has(value) for span in complement(either)) is not inside
    for piece in cut((point(Decimal(3)),), [a.spans]):
        assert piece == point(Decimal(3))
