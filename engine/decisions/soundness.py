"""What a table must hold before it is published: names of its own, defaults for all or none, results that fit."""

import re
from typing import Any

from engine.decisions import analysis
from engine.decisions.elements import named, refuse
from engine.decisions.refusals import Disagreement, Overlap
from engine.decisions.table import ANY, SUMS, UNIQUE, Output, Table, checked
from engine.spiff.expressions import Expression
from engine.spiff.reckoning import kind
from ground.errors import Refused

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}", re.ASCII)


def check(source: Any, table: Table) -> None:
    """Refuse the table that `source` describes if it could not decide right; the place and the reason are named."""
    _check_names(source, table)
    _check_defaults(source, table)
    _check_results(source, table)
    _check_rules_against_each_other(source, table)


def _check_names(source: Any, table: Table) -> None:
    """Every output has its own name, every rule its own id; the same thing is looked at once."""
    names = [each.name for each in table.outputs]
    looked_at = [each.expression.source for each in table.inputs]
    ids = [rule.id for rule in table.rules]
    for reason, texts in (("output_twice", names), ("input_twice", looked_at), ("rule_twice", ids)):
        twice = sorted({text for text in texts if texts.count(text) > 1})
        if twice:
            refuse(source, reason, found=twice)
    if not all(NAME.fullmatch(name) for name in names):
        refuse(source, "output_name", found=names)


def _check_defaults(source: Any, table: Table) -> None:
    given = [each.name for each in table.outputs if each.default is not None]
    if given and len(given) < len(table.outputs):
        refuse(source, "partial_default", found=given)
    for each in table.outputs:
        if each.default is not None:
            _check_result(source, table, each, each.default, None)


def _check_results(source: Any, table: Table) -> None:
    """What can be worked out now is checked now."""
    numbers = table.aggregation in SUMS
    for rule, element in zip(table.rules, named(source, "rule"), strict=True):
        for output, result in zip(table.outputs, rule.results, strict=True):
            value = _check_result(element, table, output, result, rule.number)
            if numbers and kind(value) not in {"number", "nothing"}:
                refuse(element, "aggregation", found=table.aggregation, output=output.name)


def _check_result(element: Any, table: Table, output: Output, result: Expression, rule: int | None) -> Any:
    if result.names or result.functions - {"date"}:
        return None
    try:
        return checked(table.key, output, result.evaluate({}), rule)
    except Refused as refused:
        facts = {name: value for name, value in refused.detail.items() if name not in {"element", "line", "reason"}}
        refuse(element, refused.code, **facts)


def _check_rules_against_each_other(source: Any, table: Table) -> None:
    if table.policy not in {UNIQUE, ANY}:
        return
    elements = list(named(source, "rule"))
    for one, other in analysis.overlaps([each.domain for each in table.inputs], [rule.cells for rule in table.rules]):
        a, b = table.rules[one], table.rules[other]
        place = {
            "table": table.key,
            "element": b.id,
            "line": elements[other].sourceline,
            "rules": [a.number, b.number],
            "elements": [a.id, b.id],
        }
        if table.policy == UNIQUE:
            raise Overlap(**place)
        differ = [left.source != right.source for left, right in zip(a.results, b.results, strict=True)]
        if any(differ) and not any(each.names for each in (*a.results, *b.results)):
            raise Disagreement(**place)
