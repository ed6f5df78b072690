"""A decision table: which rules match some values, and what they give together under the table's policy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from types import MappingProxyType
from typing import Any

from engine.decisions import analysis
from engine.decisions.refusals import Disagreement, NoRule, Overlap, WrongResult, WrongValue
from engine.decisions.spans import EVERYTHING, Spans
from engine.decisions.unary import Cell
from engine.spiff.expressions import Expression
from engine.spiff.functions import ISO_DAY, NUMERAL
from engine.spiff.reckoning import add, kind

UNIQUE, FIRST, ANY, COLLECT, RULE_ORDER = "UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"
POLICIES = frozenset({UNIQUE, FIRST, ANY, COLLECT, RULE_ORDER})
AGGREGATIONS: Mapping[str, Callable[[Sequence[Any]], Any]] = MappingProxyType(
    {"SUM": lambda numbers: reduce(add, numbers), "MIN": min, "MAX": max, "COUNT": len}
)
SUMS = frozenset({"SUM", "MIN", "MAX"})


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is looked at: an expression over the data, and which values it may have."""

    id: str
    label: str
    expression: Expression
    type: str = ""
    domain: Spans = EVERYTHING
    values: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column that is given: a name for the data, and which values it may have."""

    id: str
    label: str
    name: str
    type: str = ""
    domain: Spans = EVERYTHING
    values: str = ""
    default: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: what it matches, what it gives, and the clause that it rests on."""

    id: str
    number: int
    cells: tuple[Cell, ...]
    results: tuple[Expression, ...]
    clause: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as a page shows it; `values` are the inputValues or outputValues as written."""

    kind: str
    label: str
    source: str
    type: str
    values: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Values that no rule matches: for each input, as a cell would write them."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a table gave, as JSON, and the ids of the rules that gave it (none: the default)."""

    result: dict[str, Any]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table, immutable, shared by its file."""

    key: str
    name: str
    note: str
    policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def columns(self) -> list[Column]:
        """Every column, inputs first, as a page shows it."""
        inputs = [Column("input", each.label, each.expression.source, each.type, each.values) for each in self.inputs]
        return inputs + [Column("output", each.label, each.name, each.type, each.values) for each in self.outputs]

    def gaps(self) -> list[Gap]:
        """Values that nothing matches, where that can be found out cheaply; none if there is a default."""
        if self.outputs[0].default is not None:
            return []
        found = analysis.gaps([each.domain for each in self.inputs], [rule.cells for rule in self.rules])
        return [Gap(cells) for cells in found]

    def decide(self, values: Mapping[str, Any]) -> Decided:
        """What the rules give for these values; NoRule, WrongValue, WrongResult and ExpressionFailed stop the case."""
        looked_at = [self._look(each, values) for each in self.inputs]
        matching = [rule for rule in self.rules if _matches(rule, looked_at)]
        if not matching:
            return Decided(self._default(looked_at, values), ())
        if self.policy == FIRST:
            matching = matching[:1]
        given = [self._give(rule, values) for rule in matching]
        if self.policy == UNIQUE and len(matching) > 1:
            raise Overlap(table=self.key, rules=[rule.number for rule in matching])
        if self.policy == ANY and any(each != given[0] for each in given):
            raise Disagreement(table=self.key, rules=[rule.number for rule in matching])
        return Decided(self._together(given), tuple(rule.id for rule in matching))

    def asked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that the inputs read, as JSON holds them."""
        names = sorted({name for each in self.inputs for name in each.expression.names})
        return {name: as_json(values.get(name)) for name in names}

    def _look(self, each: Input, values: Mapping[str, Any]) -> Any:
        value = typed(each.type, each.expression.evaluate(values))
        if value is Ellipsis or (value is not None and not any(span.has(value) for span in each.domain)):
            raise WrongValue(table=self.key, input=each.label, wanted=each.type, values=each.values)
        return value

    def _default(self, looked_at: list[Any], values: Mapping[str, Any]) -> dict[str, Any]:
        if self.outputs[0].default is None:
            seen = {each.label: as_json(value) for each, value in zip(self.inputs, looked_at, strict=True)}
            raise NoRule(table=self.key, values=seen)
        defaults = [each.default.evaluate(values) for each in self.outputs if each.default]
        row = [checked(self.key, each, value) for each, value in zip(self.outputs, defaults, strict=True)]
        return self._together([row])

    def _give(self, rule: Rule, values: Mapping[str, Any]) -> list[Any]:
        found = [result.evaluate(values) for result in rule.results]
        return [checked(self.key, each, value, rule.number) for each, value in zip(self.outputs, found, strict=True)]

    def _together(self, given: list[list[Any]]) -> dict[str, Any]:
        columns = {each.name: [row[at] for row in given] for at, each in enumerate(self.outputs)}
        if self.aggregation:
            return {name: self._total(name, column) for name, column in columns.items()}
        if self.policy in {COLLECT, RULE_ORDER}:
            return {name: [as_json(value) for value in column] for name, column in columns.items()}
        return {name: as_json(column[0]) for name, column in columns.items()}

    def _total(self, name: str, column: list[Any]) -> Any:
        if self.aggregation in SUMS and not all(kind(each) == "number" for each in column):
            raise WrongResult(table=self.key, output=name, wanted="number", rule=None, values="")
        return as_json(AGGREGATIONS[self.aggregation](column))


def typed(wanted: str, value: Any) -> Any:
    """A value as the type that a column has, or Ellipsis if it is of another; amounts and dates may come as text."""
    found = kind(value)
    if value is None or not wanted:
        return value
    if wanted in {"number", "integer"}:
        return _number(wanted, value, found)
    if wanted == "date":
        if found == "text" and ISO_DAY.fullmatch(value):
            return _day(value)
        return value if found == "date" else ...
    return value if found == {"string": "text", "boolean": "flag"}[wanted] else ...


def checked(table: str, output: Output, value: Any, rule: int | None = None) -> Any:
    """A result of the output's type and among its values."""
    found = typed(output.type, value)
    if found is Ellipsis or (found is not None and not any(span.has(found) for span in output.domain)):
        raise WrongResult(table=table, output=output.name, rule=rule, wanted=output.type, values=output.values)
    return found


def as_json(value: Any) -> Any:
    """Whole numbers as such, others as text, so that they stay exact; dates as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else f"{value.normalize():f}"
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _number(wanted: str, value: Any, found: str) -> Any:
    if found == "text" and NUMERAL.fullmatch(value):
        value, found = Decimal(value), "number"
    if found != "number" or isinstance(value, float):
        return ...
    return value if wanted == "number" or value == int(value) else ...


def _day(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return ...


def _matches(rule: Rule, looked_at: list[Any]) -> bool:
    return all(cell.matches(value) for cell, value in zip(rule.cells, looked_at, strict=True))
