"""How expressions reckon: exactly, only between values of one kind, and within limits.

Whole numbers are int, all others Decimal (a float from outside becomes the Decimal it prints as). What does not fit
fails by name: `1 == "1"` is no False but a failure, because a gateway that silently takes its other way is worse than
one that stops. Nothing at all (`None`) equals only itself and may be asked about; it cannot be reckoned with.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import (
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from types import MappingProxyType, NoneType
from typing import Any, NoReturn

from ground.errors import Refused

LONGEST = 10_000
LARGEST = 10**30

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow])

KINDS: Mapping[type, str] = MappingProxyType(
    {
        bool: "flag",
        int: "number",
        Decimal: "number",
        float: "number",
        str: "text",
        datetime: "moment",
        date: "date",
        list: "list",
        tuple: "list",
        dict: "record",
        NoneType: "nothing",
    }
)
ORDERED = frozenset({"number", "text", "date", "moment"})


class ExpressionFailed(Refused):
    """An expression met values that it cannot reckon with; `what` names the reason."""

    code = "expr.failed"


def fail(what: str, **facts: Any) -> NoReturn:
    """Stop here, by name."""
    raise ExpressionFailed(what=what, **facts)


def kind(value: Any) -> str:
    """The word for what a value is: flag, number, text, date, moment, list, record or nothing."""
    if type(value) in KINDS:
        return KINDS[type(value)]
    found = next((KINDS[each] for each in type(value).__mro__ if each in KINDS), "unknown")
    return "record" if found == "unknown" and isinstance(value, Mapping) else found


def number(value: Any) -> int | Decimal:
    """The value, if it is a number; a flag is none."""
    if type(value) is int or type(value) is Decimal:
        return value
    if isinstance(value, float) and abs(value) <= LARGEST:
        return Decimal(repr(value))
    return fail("number_wanted", kind=kind(value))


def flag(value: Any) -> bool:
    """Yes or no; nothing counts as no, and no other value counts as either."""
    if value is True or value is False:
        return bool(value)
    return False if value is None else fail("flag_wanted", kind=kind(value))


def listed(value: Any) -> Sequence[Any]:
    """The value, if it is a list."""
    return value if isinstance(value, list | tuple) else fail("list_wanted", kind=kind(value))


def bounded(value: Any) -> Any:
    """The value, unless it has grown beyond what an expression may make."""
    if isinstance(value, int | Decimal):
        if not -LARGEST <= value <= LARGEST:
            fail("too_large")
    elif isinstance(value, str | list) and len(value) > LONGEST:
        fail("too_long")
    return value


def equal(left: Any, right: Any) -> bool:
    """Whether two values of one kind are the same."""
    one, other = kind(left), kind(right)
    if one == "nothing" or other == "nothing":
        return one == other
    if one != other or one == "unknown":
        fail("kinds_differ", left=one, right=other)
    return bool(number(left) == number(right)) if one == "number" else bool(left == right)


def order(left: Any, right: Any) -> int:
    """-1, 0 or 1: how two numbers, texts, dates or moments stand to each other."""
    one, other = kind(left), kind(right)
    if one != other or one not in ORDERED:
        fail("kinds_differ", left=one, right=other)
    if one == "number":
        left, right = number(left), number(right)
    return int(left > right) - int(left < right)


def within(item: Any, whole: Any) -> bool:
    """Whether an item is in a list, a text in a text, a key in a record."""
    if isinstance(whole, list | tuple):
        return any(equal(item, each) for each in whole)
    if isinstance(item, str) and isinstance(whole, str | Mapping):
        return item in whole
    return fail("kinds_differ", left=kind(item), right=kind(whole))


def add(left: Any, right: Any) -> Any:
    """The sum of two numbers, or two texts in a row."""
    if isinstance(left, str) and isinstance(right, str):
        return bounded(left + right)
    return bounded(_exactly(EXACT.add, int.__add__, left, right))


def subtract(left: Any, right: Any) -> Any:
    """The difference."""
    return bounded(_exactly(EXACT.subtract, int.__sub__, left, right))


def multiply(left: Any, right: Any) -> Any:
    """The product."""
    return bounded(_exactly(EXACT.multiply, int.__mul__, left, right))


def divide(left: Any, right: Any) -> Any:
    """The quotient: whole if both are and it comes out even, else to sixty digits."""
    over, under = number(left), _divisor(right)
    if isinstance(over, int) and isinstance(under, int) and over % under == 0:
        return over // under
    return bounded(EXACT.divide(over, under))


def floor_divide(left: Any, right: Any) -> Any:
    """The quotient, rounded down: -7 // 2 is -4 for Decimals as for whole numbers."""
    over, under = number(left), _divisor(right)
    if isinstance(over, int) and isinstance(under, int):
        return bounded(over // under)
    return bounded(EXACT.divide(over, under).to_integral_value(ROUND_FLOOR))


def remainder(left: Any, right: Any) -> Any:
    """What is left over; it has the sign of the divisor."""
    return subtract(left, multiply(floor_divide(left, right), right))


def negate(value: Any) -> Any:
    """The number with its sign turned."""
    return bounded(-number(value))


def member(whole: Any, name: str) -> Any:
    """A field of a record; of a list of records, the list of that field."""
    if isinstance(whole, Mapping):
        return whole[name] if name in whole else fail("unknown_field", name=name)
    if isinstance(whole, list | tuple):
        return [member(each, name) for each in whole]
    return fail("record_wanted", kind=kind(whole))


def item(whole: Any, key: Any) -> Any:
    """A field by its name, or an item by its number, the first being 0."""
    if isinstance(whole, Mapping) and isinstance(key, str):
        return member(whole, key)
    if isinstance(whole, list | tuple | str) and type(key) is int:
        return whole[key] if -len(whole) <= key < len(whole) else fail("no_such_item", index=key)
    return fail("item_wanted", kind=kind(whole), key=kind(key))


def _exactly(
    exact: Callable[[Any, Any], Decimal], whole: Callable[[int, int], int], left: Any, right: Any
) -> int | Decimal:
    one, other = number(left), number(right)
    return whole(one, other) if type(one) is int and type(other) is int else exact(one, other)


def _divisor(value: Any) -> int | Decimal:
    return number(value) or fail("division_by_zero")
