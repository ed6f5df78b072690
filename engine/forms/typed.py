"""One value of each type, from what was typed or came as JSON: exact, or a fault where it is not plainly right.

Full-width digits, separators, exponents, NaN and -0 are no numbers here; nothing is guessed, cut or rounded.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from marshmallow import ValidationError

from engine.forms.fields import Field
from engine.spiff.reckoning import EXACT
from ground import clock

NOT_APPLICABLE = "n/a"
DIGITS = 40
HALF = Decimal("0.5")
FIRST_YEAR, LAST_YEAR = 1900, 2199
EMAIL_LENGTH = 254

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
REF = re.compile(r"[0-9a-z]{12}", re.ASCII)
REGION = re.compile(r"[1-9][0-9]{5}", re.ASCII)
HS = re.compile(r"(?!00|77)(0[1-9]|[1-8][0-9]|9[0-8])([0-9]{2}){0,4}", re.ASCII)
HS_SEPARATOR = re.compile(r"[,;，；、\s]+")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
PHONE = re.compile(
    r"1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?|[48]00-?[0-9]{3}-?[0-9]{4}|\+[0-9]{1,3}[ -]?[0-9 -]{5,17}[0-9]",
    re.ASCII,
)
# Marks that turn the order of what stands beside them: what is read would not be what is stored.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Fact(NamedTuple):
    """Why a value was refused: a code and its values."""

    code: str
    params: Mapping[str, Any]


class Fault(ValidationError):  # noqa: N818  a refusal is an answer, not an error
    """A value that cannot be taken."""

    def __init__(self, code: str, **params: Any) -> None:
        self.facts = [Fact(code, params)]
        super().__init__(self.facts)


def is_blank(value: Any) -> bool:
    """Whether nothing was given: nothing, only spaces, or records and lists of nothing."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(is_blank(each) for each in value.values())
    if isinstance(value, list):
        return all(is_blank(each) for each in value)
    return value is None


def read(field: Field, value: Any) -> Any:
    """The exact value of something that is not blank."""
    return READERS[field.type](field, value)


def written(field: Field, value: Any) -> Any:
    """The value as it stands in answers: amounts as text with all their places, dates as ten characters."""
    if isinstance(value, Decimal):
        places = 1 if field.type == "half" else field.places
        return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT):f}"
    return value.isoformat() if isinstance(value, date) else value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Fault("field.shape")
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()


def _clean(field: Field, text: str, allowed: str) -> str:
    if len(text) > field.max:
        raise Fault("field.too_long", max=field.max)
    if field.min and len(text) < field.min:
        raise Fault("field.too_short", min=field.min)
    for each in text:
        if (unicodedata.category(each) in {"Cc", "Cs"} and each not in allowed) or each in TURNING:
            raise Fault("field.characters", character=f"U+{ord(each):04X}")
    return text


def _line(field: Field, value: Any) -> str:
    text = _clean(field, _text(value), "")
    if field.pattern is not None and not field.pattern.fullmatch(text):
        raise Fault("field.pattern")
    return text


def _prose(field: Field, value: Any) -> str:
    return _clean(field, _text(value), "\n\t")


def _exact(field: Field, value: Any) -> Decimal:
    """A number as people write it with a plain keyboard; JSON may give whole numbers as such, but no floats."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _between(field, Decimal(value)) if abs(value) < 10**DIGITS else _too_large(field)
    if not isinstance(value, str):
        raise Fault("field.not_a_number")
    text = value.strip(" \t\r\n")
    if not NUMBER.fullmatch(text):
        raise Fault("field.not_a_number")
    if len(text) > DIGITS:
        return _too_large(field)
    number = Decimal(text)
    if text.startswith("-") and not number:
        raise Fault("field.not_a_number")
    return number


def _too_large(field: Field) -> Decimal:
    raise Fault("field.too_large", max=written(field, field.max))


def _between(field: Field, number: Decimal) -> Decimal:
    if field.min is not None and number < field.min:
        raise Fault("field.too_small", min=written(field, field.min))
    return _too_large(field) if field.max is not None and number > field.max else number


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _integer(field: Field, value: Any) -> int:
    if isinstance(value, float):
        raise Fault("field.not_whole")
    number = _exact(field, value)
    if _places(number):
        raise Fault("field.not_whole")
    return int(_between(field, number))


def _decimal(field: Field, value: Any) -> Decimal:
    number = _exact(field, value)
    if _places(number) > field.places:
        raise Fault("field.places", places=field.places)
    return _between(field, number)


def _half(field: Field, value: Any) -> Decimal:
    number = _between(field, _exact(field, value))
    if number % HALF:
        raise Fault("field.half_point")
    return number


def _day(field: Field, value: Any) -> date:
    text = value.strip() if isinstance(value, str) else ""
    try:
        found = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Fault("field.date")
    least, most = (_bound(each) for each in (field.min, field.max))
    if least and found < least:
        raise Fault("field.too_small", min=least.isoformat())
    if most and found > most:
        raise Fault("field.too_large", max=most.isoformat())
    return found


def _bound(given: str | None) -> date | None:
    if given is None:
        return None
    return clock.today() if given == "today" else date.fromisoformat(given)


def _flag(_field: Field, value: Any) -> bool:
    known = {"true": True, "false": False}
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value not in known:
        raise Fault("field.choice")
    return known[value]


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or all(value != option.code for option in field.options):
        raise Fault("field.choice")
    return value


def _choices(field: Field, value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list):
        raise Fault("field.shape")
    chosen = {_choice(field, each) for each in given if not is_blank(each)}
    if len(chosen) < field.min:
        raise Fault("field.too_few", min=field.min)
    if len(chosen) > field.max:
        raise Fault("field.too_many", max=field.max)
    return [option.code for option in field.options if option.code in chosen]


def _region(field: Field, value: Any) -> str:
    code = _text(value)
    county = not code.endswith("00")
    if not REGION.fullmatch(code) or code.endswith("0000") or county is not (field.level == "county"):
        raise Fault("field.choice")
    return code


def _hs_codes(field: Field, value: Any) -> list[str]:
    texts = [_text(each) for each in value] if isinstance(value, list) else HS_SEPARATOR.split(_text(value))
    codes = [code.replace(".", "") for code in texts if code]
    wrong = [code for code in codes if not HS.fullmatch(code)]
    if wrong:
        raise Fault("V20", value=wrong[0][:20])
    if len(codes) > field.max:
        raise Fault("field.too_many", max=field.max)
    return list(dict.fromkeys(codes))


def _phone(_field: Field, value: Any) -> str:
    text = _text(value)
    return text if PHONE.fullmatch(text) else _fault("field.phone")


def _email(_field: Field, value: Any) -> str:
    text = _text(value)
    return text if len(text) <= EMAIL_LENGTH and EMAIL.fullmatch(text) else _fault("field.email")


def _fault(code: str) -> str:
    raise Fault(code)


def _file(_field: Field, value: Any) -> str:
    ref = _text(value)
    return ref if REF.fullmatch(ref) else _fault("field.file")


def _files(field: Field, value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list):
        raise Fault("field.shape")
    refs = list(dict.fromkeys(_file(field, each) for each in given if not is_blank(each)))
    if len(refs) > field.max_files:
        raise Fault("field.too_many", max=field.max_files)
    return refs


READERS: Mapping[str, Callable[[Field, Any], Any]] = MappingProxyType(
    {
        "text": _line,
        "prose": _prose,
        "integer": _integer,
        "decimal": _decimal,
        "half": _half,
        "date": _day,
        "flag": _flag,
        "choice": _choice,
        "choices": _choices,
        "region": _region,
        "hs_codes": _hs_codes,
        "phone": _phone,
        "email": _email,
        "file": _file,
        "files": _files,
    }
)
