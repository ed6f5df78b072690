"""What other engines' expressions may call, in our words: the functions of FEEL and XPath, the methods of JUEL."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from engine.spiff.normalise.pieces import COMPARED, NOT, PRODUCT, SUM, Piece
from engine.spiff.normalise.tokens import FEEL, JUEL, LOOSE

Make = Callable[..., str]


def _named(name: str, least: int = 1, most: int = 1) -> Make:
    """Our function of this name, with as many values."""

    def make(*values: str) -> str:
        if not least <= len(values) <= most:
            raise TypeError(name)
        return f"{name}({', '.join(values)})"

    return make


def _not(value: Piece) -> Piece:
    return Piece(f"not {value.within(COMPARED)}", NOT)


def _equals(one: Piece, other: Piece) -> Piece:
    return Piece(f"{one.within(SUM)} == {other.within(SUM)}", COMPARED)


def _modulo(value: Piece, by: Piece) -> Piece:
    """The sign of FEEL's is that of the divisor, as ours (DMN 1.3 table 73)."""
    return Piece(f"{value.within(PRODUCT)} % {by.within()}", PRODUCT)


def _text(value: str) -> str:
    if value[0] not in "\"'":
        raise TypeError(value)
    return value


def _bare(text: str) -> str:
    """`getVariable("x")` and `getDataObject('x')` are the value x, if that is a name."""
    name = _text(text)[1:-1]
    if not name.isidentifier():
        raise TypeError(text)
    return name


def _variable(whole: str, text: str) -> str:
    if whole != "execution":
        raise TypeError(whole)
    return _bare(text)


OF_FEEL: Mapping[str, Make] = MappingProxyType(
    {
        "not": _not,
        "modulo": _modulo,
        "count": _named("count"),
        "sum": _named("sum"),
        "mean": _named("avg"),
        "min": _named("min", 1, 50),
        "max": _named("max", 1, 50),
        "abs": _named("abs"),
        "contains": _named("contains", 2, 2),
        "starts_with": _named("starts_with", 2, 2),
        "list_contains": _named("contains", 2, 2),
        "string_length": _named("count"),
        "round_half_up": _named("round", 2, 2),
        "number": _named("number"),
        "date": _named("date"),
        "all": _named("all"),
        "any": _named("any"),
    }
)
OF_LOOSE: Mapping[str, Make] = MappingProxyType(
    {
        "not": _not,
        "true": lambda: "true",
        "false": lambda: "false",
        "getDataObject": _bare,
        "getDataInput": _bare,
        "getDataOutput": _bare,
    }
)
FUNCTIONS: Mapping[str, Mapping[str, Make]] = MappingProxyType({JUEL: {}, FEEL: OF_FEEL, LOOSE: OF_LOOSE})
METHODS: Mapping[str, Make] = MappingProxyType(
    {
        "equals": _equals,
        "contains": _named("contains", 2, 2),
        "startsWith": _named("starts_with", 2, 2),
        "size": _named("count"),
        "length": _named("count"),
        "isEmpty": lambda whole: Piece(f"count({whole}) == 0", COMPARED),
        "get": lambda whole, key: f"{whole.within()}[{_text(key)}]",
        "getVariable": _variable,
    }
)
