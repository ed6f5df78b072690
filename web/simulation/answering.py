"""A valid answer to any form: what its first values say, else something of each field's type, drawn by chance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from engine.forms import Field, Form
from ground import clock

SAID = "情况属实，按规定办理。（模拟数据）"
# What a person rarely chooses: it sends the work back or ends it.
RARELY = frozenset({"return", "refuse", "drop", "withdraw", "reject", "disagree", "decline", "void", "fail"})
RARE = 0.03
DRIFT = (0.999, 1.0)
NA = "n/a"
EMPTY: tuple[Any, ...] = (None, "", {})
TICKED = frozenset({"mechanism"})  # what no form demands by itself, and its check does
SMALL = {"亿元": "0.1"}  # beside a 万元 of research, so that V27 sees no slip of units
FILE = "附件（模拟）.pdf"


@dataclass(frozen=True)
class Hand:
    """Whose answers these are: their chance, where their files go, by what the amounts of their base grow a year."""

    chance: Random
    store: Callable[[str], str]
    growth: Decimal = Decimal(1)


def answer(form: Form, first: Mapping[str, Any], hand: Hand) -> dict[str, Any]:
    """What somebody who takes no special care sends; a field that others hide is dropped by the form itself."""
    given = {
        name: value
        for name, each in form.fields.items()
        if each.has_answer and (value := _given(each, first.get(name), hand)) is not None
    }
    return _with_growth(given, first)


def _with_growth(given: dict[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    """V07: the growth of the intensity (I11) is worked out of the intensity itself (I10)."""
    intensity, growth = given.get("investment_intensity"), given.get("intensity_growth")
    if not isinstance(intensity, Mapping) or not isinstance(growth, Mapping):
        return given
    known = first.get("intensity_growth") or {}
    made = {
        year: percent
        for year, before in (("y1", "y2"), ("y2", "y3"))
        if year == "y1" or known.get(year) in EMPTY
        if (percent := _percent(intensity.get(year), intensity.get(before))) is not None
    }
    return {**given, "intensity_growth": {**growth, **made}}


def _percent(last: Any, before: Any) -> str | None:
    if NA in (last, before) or last in EMPTY or before in EMPTY or not Decimal(str(before)):
        return None
    return f"{(Decimal(str(last)) / Decimal(str(before)) - 1) * 100:.2f}"


def _given(each: Field, known: Any, hand: Hand) -> Any:
    if each.columns and isinstance(known, list) and known:
        return [{**_row(each, row, hand)} for row in known]
    if each.type == "years" and each.of is not None and isinstance(known, Mapping):
        return _gone_on(each, known, hand)
    if each.fixed or known not in (None, "", [], {}):
        return known
    if not (each.required or each.type == "prose" or each.name in TICKED):
        return None
    return _made(each, hand)


def _row(each: Field, known: Mapping[str, Any], hand: Hand) -> dict[str, Any]:
    """Amounts of a row that is made are small, so that no sum of rows passes what the whole base has (V14 to V17)."""
    made = {column.name: _given(column, known.get(column.name), hand) for column in each.columns}
    amounts = [column for column in each.columns if column.type == "decimal" and column.name not in known]
    return made | {each.name: f"{Decimal(SMALL.get(each.unit or '', '1')):.{each.places}f}" for each in amounts}


def _gone_on(each: Field, known: Mapping[str, Any], hand: Hand) -> dict[str, Any]:
    """The years that are known, and those after them from the one before: amounts grow, counts and lists stay."""
    found = dict(known)
    for year, before in (("y2", "y3"), ("y1", "y2")):
        if found.get(year) in EMPTY and found.get(before) is not None:
            found[year] = _grown(each, found[before], hand)
    return found


def _grown(each: Field, before: Any, hand: Hand) -> Any:
    """All amounts of a base grow alike but for a little, so that no part outgrows its whole."""
    drift = Decimal(str(round(hand.chance.uniform(*DRIFT), 4)))
    if each.of is None or each.of.type != "decimal" or each.unit == "%" or before == NA:
        return before
    return f"{Decimal(before) * drift * hand.growth:.{each.of.places}f}"


def _made(each: Field, hand: Hand) -> Any:
    if each.type == "years" and each.of is not None:
        return {year: _made(each.of, hand) for year in ("y3", "y2", "y1")}
    make = _MAKERS.get(each.type)
    return make(each, hand) if make else None


def _chosen(each: Field, hand: Hand) -> str | None:
    """The first that is usual; now and then one of the rare ones."""
    usual = [option.code for option in each.options if option.code not in RARELY]
    rare = [option.code for option in each.options if option.code in RARELY]
    if rare and (not usual or hand.chance.random() < RARE):
        return hand.chance.choice(rare)
    return usual[0] if usual else None


def _half(each: Field, hand: Hand) -> str:
    """Marks between seven and nine tenths of the full ones."""
    return f"{int(Decimal(each.max) * 2 * Decimal(str(hand.chance.uniform(0.70, 0.89)))) / 2:.1f}"


def _whole(each: Field, hand: Hand) -> int:
    low = int(each.min or 0)
    return hand.chance.randint(low, min(int(each.max or low + 20), low + 20))


def _amount(each: Field, hand: Hand) -> str:
    low = Decimal(each.min or 0)
    return f"{min(Decimal(each.max or 100), low + Decimal(hand.chance.randint(1, 100))):.{each.places}f}"


def _day(each: Field, _hand: Hand) -> str:
    today = clock.today()
    latest = each.max if isinstance(each.max, date) else today
    first = each.min if isinstance(each.min, date) else today - timedelta(days=36500)
    return max(first, min(today, latest)).isoformat()


def _text(each: Field, hand: Hand) -> str:
    """A plain sentence; where a pattern asks for one, a number of a paper, a postcode or a year."""
    if each.pattern is not None:
        number = f"演商〔{clock.today().year}〕{hand.chance.randint(1, 99999)}号"
        return next((text for text in (number, "610000", "2030") if each.pattern.fullmatch(text)), SAID)
    return SAID[: each.max] if each.max else SAID


_MAKERS: dict[str, Callable[[Field, Hand], Any]] = {
    "text": _text,
    "prose": _text,
    "integer": _whole,
    "decimal": _amount,
    "half": _half,
    "date": _day,
    "flag": lambda *_: True,
    "choice": _chosen,
    "choices": lambda each, *_: [option.code for option in each.options][: int(each.max or 99)],
    "file": lambda _each, hand: hand.store(FILE),
    "files": lambda _each, hand: [hand.store(FILE)],
    "phone": lambda *_: "028-00000000",
    "email": lambda *_: "demo@example.com",
    "rows": lambda each, hand: [_row(each, {}, hand)],
    "list": lambda each, hand: {"count": 1, "rows": [_row(each, {}, hand)]},
}
