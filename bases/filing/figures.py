"""The figures of one 信息表, read exactly: a Decimal or a whole number for each item and year, never a float.

The three years of a row stand under y3, y2 and y1: 上三年, 上两年 and 上年.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.forms import Problem
from engine.forms.registry import Severity

YEARS = ("y3", "y2", "y1")
LAST = "y1"
YUAN_IN_YI = 100_000_000
NO_BASE = 10_000_000  # 亿元: what no base can have. 文件未规定，系统默认.
STEPS = (("y3", "y2"), ("y2", "y1"))


class Figures:
    """What was typed, seen by the checks: missing, «不适用» and unreadable values are simply not there."""

    def __init__(self, answers: Mapping[str, Any], year: int) -> None:
        """`year` is the reporting year: 上年."""
        self.answers = answers
        self.year = year

    def value(self, field: str, year: str) -> Decimal | None:
        """One number of one year."""
        return exact(self.cell(field, year))

    def cell(self, field: str, year: str) -> Any:
        """What stands in one cell of a three-year row."""
        row = self.answers.get(field)
        return row.get(year) if isinstance(row, Mapping) else None

    def rows(self, field: str) -> Sequence[Mapping[str, Any]]:
        """The lines of a sub-table."""
        found = self.answers.get(field)
        return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []

    def calendar_year(self, year: str) -> int:
        """The calendar year that y3, y2 or y1 stands for."""
        return calendar_year(self.year, year)

    def at(self, code: str, field: str, year: str, severity: Severity = "error", **params: Any) -> Problem:
        """A problem in one cell, with its calendar year; numbers travel as text."""
        facts = {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in params.items()}
        return Problem(f"{field}.{year}", code, {"field": field, "year": self.calendar_year(year), **facts}, severity)

    def steps(self, field: str) -> Iterator[tuple[str, Decimal, Decimal]]:
        """Each year that has a number beside one in the year before: the year, the earlier and the later number."""
        for before, after in STEPS:
            earlier, later = self.value(field, before), self.value(field, after)
            if earlier is not None and later is not None:
                yield after, earlier, later


def calendar_year(reporting: int, year: str) -> int:
    """The form for 2025 holds 2023, 2024 and 2025 under y3, y2 and y1."""
    return reporting + 1 - int(year[1])


def exact(value: Any) -> Decimal | None:
    """The number in an answer, if it is one."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def in_yi(yuan: Decimal) -> Decimal:
    """An amount in 元 as 亿元, in plain digits: 250, not 2.5E+2."""
    whole = yuan / YUAN_IN_YI
    return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize()
