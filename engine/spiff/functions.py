"""What an expression may call: some twenty functions over numbers, lists and days; whoever calls may add its own."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from engine.spiff.reckoning import EXACT, LONGEST, add, bounded, divide, fail, flag, kind, listed, number, order, within
from ground import clock

PLACES = 12
NUMERAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def day(value: Any) -> date:
    """A date: itself, the ten characters of one, or the day in Shanghai of a moment."""
    if isinstance(value, datetime):
        return clock.local_day(value) if value.tzinfo else fail("date_wanted", kind="moment")
    if isinstance(value, date):
        return value
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return fail("no_such_day", text=value)
    return fail("date_wanted", kind=kind(value))


def round_half_up(value: Any, places: Any = 0) -> int | Decimal:
    """四舍五入, as people round: 0.5 is 1, -0.5 is -1."""
    if type(places) is not int or not 0 <= places <= PLACES:
        fail("places_wanted", most=PLACES)
    exact = bounded(number(value))
    rounded = Decimal(exact).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
    return rounded if places else int(rounded)


def _count(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple | Mapping) else fail("list_wanted", kind=kind(value))


def _count_of(values: Any, wanted: Any) -> int:
    """How many in a list are this: of the answers of a countersigning, those that agree."""
    return sum(1 for each in listed(values) if each == wanted)


def _empty(value: Any) -> bool:
    """Nothing, or a text, list or record with nothing in it."""
    return value is None or (isinstance(value, str | list | tuple | Mapping) and not value)


def _sum(values: Any) -> Any:
    total: Any = 0
    for each in listed(values):
        total = add(number(each), total)
    return total


def _average(values: Any) -> Any:
    return divide(_sum(values), len(listed(values)) or fail("empty"))


def _extreme(sign: int) -> Callable[..., Any]:
    def find(*values: Any) -> Any:
        every = listed(values[0]) if len(values) == 1 else values
        best = every[0] if every else fail("empty")
        for each in every:
            best = each if order(each, best) == sign else best
        return best

    return find


def _starts_with(text: Any, start: Any) -> bool:
    if not isinstance(text, str) or not isinstance(start, str):
        fail("kinds_differ", left=kind(text), right=kind(start))
    return bool(text.startswith(start))


def _number_in(value: Any) -> int | Decimal:
    """Amounts travel through data as text, so that they stay exact: number("0.10")."""
    if not isinstance(value, str):
        return number(value)
    if not NUMERAL.fullmatch(value):
        fail("number_wanted", kind="text")
    return Decimal(value) if "." in value else int(value)


def _whole(value: Any) -> int:
    return value if type(value) is int and abs(value) <= LONGEST * 100 else fail("number_wanted", kind=kind(value))


def _add_days(start: Any, days: Any) -> date:
    return _dated(lambda: day(start) + timedelta(days=_whole(days)))


def _add_months(start: Any, months: Any) -> date:
    """The same day of a later month, or its last day: 31 August and six months end on the last of February."""
    first = day(start)
    year, month = divmod(first.year * 12 + first.month - 1 + _whole(months), 12)
    return _dated(lambda: date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])))


def _dated(made: Callable[[], date]) -> date:
    try:
        return made()
    except (ValueError, OverflowError):
        return fail("no_such_day")


@dataclass(frozen=True, slots=True)
class Function:
    """What an expression may call, with how many arguments."""

    run: Callable[..., Any]
    least: int = 1
    most: int = 1


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "count": Function(_count),
        "len": Function(_count),
        "count_of": Function(_count_of, 2, 2),
        "empty": Function(_empty),
        "sum": Function(_sum),
        "avg": Function(_average),
        "min": Function(_extreme(-1), 1, 50),
        "max": Function(_extreme(1), 1, 50),
        "round": Function(round_half_up, 1, 2),
        "abs": Function(lambda value: abs(number(value))),
        "contains": Function(lambda whole, part: within(part, whole), 2, 2),
        "starts_with": Function(_starts_with, 2, 2),
        "any": Function(lambda values: any(flag(each) for each in listed(values))),
        "all": Function(lambda values: all(flag(each) for each in listed(values))),
        "number": Function(_number_in),
        "date": Function(day),
        "year": Function(lambda value: day(value).year),
        "month": Function(lambda value: day(value).month),
        "days_between": Function(lambda first, last: (day(last) - day(first)).days, 2, 2),
        "add_days": Function(_add_days, 2, 2),
        "add_months": Function(_add_months, 2, 2),
    }
)
