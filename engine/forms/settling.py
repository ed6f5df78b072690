"""Settling a form's values: what is shown, what is missing there, what is worked out, where numbers and lists differ.

Fields are settled in an order in which each comes after those that it leans on; rows are small forms of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from engine.forms import typed
from engine.forms.fields import YEARS, Field, Section
from engine.forms.registry import Problem
from engine.forms.schema import PLACE
from engine.forms.typed import NOT_APPLICABLE, Fact
from engine.spiff.expressions import Expression, ExpressionFailed
from engine.spiff.functions import round_half_up

LAST = "y1"


@dataclass(frozen=True, slots=True)
class Scope:
    """Fields side by side: those of a form, or the columns of one row; `prefix` is the path to them."""

    fields: Mapping[str, Field]
    order: tuple[str, ...]
    sections_of: Mapping[str, Section]
    prefix: str
    year: int


@dataclass(slots=True)
class Found:
    """What is found on the way: faults by path, hidden paths, problems, totals, regions, and the places of rows."""

    faults: dict[str, list[Fact]]
    problems: list[Problem] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Every place of a fault, and all that it lies in."""
        for path in self.faults:
            steps = path.split(".")
            self.faulty.update(".".join(steps[: end + 1]) for end in range(len(steps)))

    def add(self, path: str, code: str, **params: Any) -> None:
        """One more problem; not where nothing is shown, or where a value has been refused already."""
        if not self.is_faulty(path) and path not in self.hidden:
            self.problems.append(Problem(path, code, params))

    def is_faulty(self, path: str) -> bool:
        """Whether a value at or below this path has been refused."""
        return path in self.faulty

    def problems_of(self, fields: Mapping[str, Field]) -> list[Problem]:
        """Every problem where something is shown, in the order of the form."""
        refused = [Problem(path, each.code, each.params) for path, facts in self.faults.items() for each in facts]
        every = [each for each in refused if not self._is_hidden(each.path)] + self.problems
        rank = {name: place for place, name in enumerate(fields)}
        return sorted(every, key=lambda each: rank.get(each.path.split(".")[0], len(rank)))

    def _is_hidden(self, path: str) -> bool:
        return any(path == each or path.startswith(f"{each}.") for each in self.hidden)

    def placed(self, problem: Problem) -> Problem:
        """A problem found in the answers, at the row as it was typed: empty rows in between count there."""
        for path, places in self.places.items():
            if problem.path.startswith(f"{path}."):
                number, *rest = problem.path.removeprefix(f"{path}.").split(".")
                if number.isdigit() and int(number) < len(places):
                    return replace(problem, path=".".join([path, str(places[int(number)]), *rest]))
        return problem


def settle(scope: Scope, values: Mapping[str, Any], found: Found) -> dict[str, Any]:
    """The answers of fields that stand side by side, as they are stored."""
    return _settled(scope, values, found)[0]


def _settled(scope: Scope, values: Mapping[str, Any], found: Found) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers, and the same values as expressions see them."""
    names: dict[str, Any] = dict.fromkeys(scope.fields)
    names["year"] = scope.year
    answers: dict[str, Any] = {}
    for name in scope.order:
        each, path = scope.fields[name], f"{scope.prefix}{name}"
        if not _is_shown(each, scope.sections_of.get(name), names):
            found.hidden.append(path)
        elif each.has_answer:
            answers[name], names[name] = _answer(each, path, values.get(name), found, scope.year)
        elif each.type != "note":
            answers[name], names[name] = _worked_out(each, names, scope.fields)
            if not scope.prefix:
                found.totals[name] = answers[name]
    _compare(scope, names, found)
    return {name: answers[name] for name in scope.fields if answers.get(name) is not None}, names


def _is_shown(each: Field, section: Section | None, names: Mapping[str, Any]) -> bool:
    conditions = [each.show_when, section.show_when if section else None]
    return all(_holds(condition, names) for condition in conditions if condition is not None)


def _holds(condition: Expression, names: Mapping[str, Any]) -> bool:
    try:
        return condition.holds(names)
    except ExpressionFailed:
        return False


def _answer(each: Field, path: str, value: Any, found: Found, year: int) -> tuple[Any, Any]:
    """One field: demanded where needed; its answer, and its value for expressions."""
    if each.not_applicable and isinstance(value, str) and value == NOT_APPLICABLE:
        return value, None
    if each.type == "years" and each.of:
        return _years(each, each.of, path, value or {}, found, year)
    if each.type == "list":
        return _list(each, path, value or {}, found, year, required=each.required)
    if each.type == "rows":
        rows, seen = _rows(each, path, value, found, year, least=max(each.min_rows, int(each.required)))
        return rows or None, seen
    if not value and value not in (0, False):
        if each.required:
            found.add(path, "field.required")
        return None, None
    if each.type == "region":
        found.regions[path] = value
    return typed.written(each, value), value


def _years(each: Field, of: Field, path: str, value: Mapping[str, Any], found: Found, year: int) -> tuple[Any, Any]:
    answers, names = {}, {}
    for back, name in zip((2, 1, 0), YEARS, strict=True):
        required = each.required and not (each.first_optional and name == YEARS[0])
        inner = replace(of, required=required, name=each.name, not_applicable=each.not_applicable)
        answers[name], names[name] = _answer(inner, f"{path}.{name}", value.get(name), found, year - back)
    return (answers if any(part is not None for part in answers.values()) else None), names


def _list(
    each: Field, path: str, value: Mapping[str, Any], found: Found, year: int, *, required: bool
) -> tuple[Any, Any]:
    """数量与清单: the number given is the number of rows, V21."""
    count = value.get("count")
    answers, names = _rows(each, f"{path}.rows", value.get("rows"), found, year, least=each.min_rows)
    if count is None and (required or answers):
        found.add(f"{path}.count", "field.required")
    elif count is not None and count != len(answers) and not found.is_faulty(path):
        found.add(path, "V21", field=each.name, year=year, counted=count, listed=len(answers))
    if count is None and not answers:
        return None, {"count": None, "rows": []}
    return {"count": count, "rows": answers}, {"count": count, "rows": names}


def _rows(each: Field, path: str, value: Any, found: Found, year: int, *, least: int) -> tuple[Any, Any]:
    rows = value or []
    found.places[path] = [row[PLACE] for row in rows]
    columns = {column.name: column for column in each.columns}
    settled = [_settled(Scope(columns, each.order, {}, f"{path}.{row[PLACE]}.", year), row, found) for row in rows]
    if len(rows) < least:
        code, params = ("field.too_few", {"min": least}) if rows else ("field.required", {})
        found.add(path, code, **params)
    return [answers for answers, _ in settled], [names for _, names in settled]


def _worked_out(each: Field, names: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[Any, Any]:
    """A computed value, or three; nothing while something that it needs is missing."""
    if each.of is None or each.of.formula is None:
        value = _worth(each, names)
        return (None if value is None else typed.written(each, value)), value
    grid = {name: names[name] for name, other in fields.items() if other.type == "years" and names[name]}
    answers, values = {}, {}
    for before, name in zip((None, *YEARS), YEARS, strict=False):
        earlier = {row: cells.get(before) for row, cells in grid.items()} if before else None
        seen = {**names, **{row: cells.get(name) for row, cells in grid.items()}, "before": earlier}
        values[name] = _worth(each.of, seen)
        answers[name] = None if values[name] is None else typed.written(each.of, values[name])
    return answers, values


def _worth(each: Field, names: Mapping[str, Any]) -> Decimal | None:
    if each.formula is None:
        return None
    try:
        return Decimal(round_half_up(each.formula.evaluate(names), each.places))
    except ExpressionFailed:
        return None


def _compare(scope: Scope, names: Mapping[str, Any], found: Found) -> None:
    """Numbers beside the rows that they count, marks beside the comments that they need."""
    for name, each in scope.fields.items():
        path, value = f"{scope.prefix}{name}", names[name]
        if each.count_of and names[each.count_of] is not None and value is not None:
            at, counted = (f"{path}.{LAST}", value[LAST]) if each.of else (path, value)
            listed = len(names[each.count_of])
            if counted is not None and counted != listed and not found.is_faulty(f"{scope.prefix}{each.count_of}"):
                found.add(at, "V21", field=name, year=scope.year, counted=counted, listed=listed)
        if each.comment_field and value is not None and not names[each.comment_field]:
            low, high = each.max * each.comment_low, each.max * each.comment_high
            if not low <= value < high:
                found.add(f"{scope.prefix}{each.comment_field}", "field.comment_needed", field=name)
