"""What the value of a parameter is made of, part by part, so that another value of the same kind can be typed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from ground.errors import Refused
from ground.parameters import DEADLINE, Parameter

FLAG, WHOLE, OPTIONAL, DAY_OF_YEAR, CODE, WHOLES, CODES, TEXT = (
    "flag",
    "whole",
    "optional",
    "day",
    "code",
    "wholes",
    "codes",
    "text",
)
MOST, MOST_PERCENT, LONGEST = 10_000, 100, 200
MONTH_AND_DAY = re.compile(r"(\d{2})-(\d{2})")
LEAP_YEAR = 2024
# Of what is a code, the program knows these; a code that is not here keeps the one value it has.
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unit": ("working_days", "days", "months"),
        "document.numbering": ("oa", "system"),
        "assess.titles": ("provincial", "national"),
    }
)
EMPTY_ALLOWED = frozenset({"batch.quota"})
TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"notice.contact": ("office", "phone", "fax", "email", "address", "oversight_phone")}
)


class WrongKind(Refused):
    """The value is not of the kind that this parameter has; `part` says where."""

    code = "parameter.wrong_kind"
    status = 422


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to type: where it stands in the value, of which kind it is, what it is now, what it may be."""

    name: str
    kind: str
    value: Any
    choices: tuple[str, ...] = ()


def parts(term: Parameter) -> list[Part]:
    """Everything that the value of this parameter holds; a single value has the name `value`."""
    return list(_parts(term.key, term.value, ""))


def assembled(term: Parameter, typed: Mapping[str, str]) -> Any:
    """The value that was typed, in the shape of the present one; WrongKind names the first part that does not fit."""
    read = {part.name: _read(term, part, typed.get(part.name, "").strip()) for part in parts(term)}
    if term.key in TEXTS:
        return {name: text for name, text in read.items() if text}
    return _put(term.value, read, "")


def _parts(key: str, value: Any, name: str) -> Iterator[Part]:
    if key in TEXTS:
        yield from (Part(line, TEXT, value.get(line, "")) for line in TEXTS[key])
    elif isinstance(value, dict):
        for inner, each in value.items():
            yield from _parts(key, each, f"{name}.{inner}" if name else inner)
    else:
        last = name.rpartition(".")[2] if key.startswith(DEADLINE) else key
        yield Part(name or "value", *_kind(key, value, CHOICES.get(last)))


def _kind(key: str, value: Any, choices: tuple[str, ...] | None) -> tuple[str, Any, tuple[str, ...]]:
    if isinstance(value, bool):
        return FLAG, value, ()
    if value is None or key in EMPTY_ALLOWED:
        return OPTIONAL, value, ()
    if isinstance(value, int):
        return WHOLE, value, ()
    if isinstance(value, list):
        return (CODES, value, choices or tuple(value)) if isinstance(value[0], str) else (WHOLES, value, ())
    if MONTH_AND_DAY.fullmatch(value):
        return DAY_OF_YEAR, value, ()
    # A unit that the program counts in another way than these stays as it is.
    return CODE, value, choices if choices and value in choices else (value,)


def _read(term: Parameter, part: Part, text: str) -> Any:
    try:
        return _readers[part.kind](term, part, text)
    except ValueError:
        raise WrongKind(key=term.key, part=part.name, given=text[:60]) from None


def _whole(term: Parameter, part: Part, text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    most = MOST_PERCENT if term.unit == "%" else MOST
    # A deadline of no days would be over when it begins.
    least = 1 if term.key.startswith(DEADLINE) and part.name.endswith("n") else 0
    if not least <= number <= most:
        raise ValueError(text)
    return number


def _day(_term: Parameter, _part: Part, text: str) -> str:
    found = MONTH_AND_DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    date(LEAP_YEAR, int(found[1]), int(found[2]))
    return text


def _flag(_term: Parameter, _part: Part, text: str) -> bool:
    return {"yes": True, "no": False}[text] if text in {"yes", "no"} else _not(text)


def _code(_term: Parameter, part: Part, text: str) -> str:
    return text if text in part.choices else str(_not(text))


def _listed(text: str) -> list[str]:
    words = [each for each in re.split(r"[,，、\s]+", text) if each]
    return words if words and len(set(words)) == len(words) else [str(_not(text))]


def _text(_term: Parameter, _part: Part, text: str) -> str:
    return text if len(text) <= LONGEST else str(_not(text))


def _not(text: str) -> bool:
    raise ValueError(text)


def _put(present: Any, read: Mapping[str, Any], name: str) -> Any:
    if isinstance(present, dict):
        return {inner: _put(each, read, f"{name}.{inner}" if name else inner) for inner, each in present.items()}
    return read[name or "value"]


_readers = {
    FLAG: _flag,
    WHOLE: _whole,
    OPTIONAL: lambda term, part, text: _whole(term, part, text) if text else None,
    DAY_OF_YEAR: _day,
    CODE: _code,
    WHOLES: lambda term, part, text: [_whole(term, part, each) for each in _listed(text)],
    CODES: lambda term, part, text: [_code(term, part, each) for each in _listed(text)],
    TEXT: _text,
}
