"""What an amount is in the unit beside its own (F-4.2): 12.5亿元 are 125,000万元, 42822.81元/亩 are 4.282281万元/亩."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from web.door.language import _
from web.fields import shown
from web.words.catalogue import N_


@dataclass(frozen=True)
class Beside:
    """The other unit: by how many places the point moves, and how it is said."""

    places: int
    said: str

    @property
    def words(self) -> str:
        """In the reader's language, with {} where the number goes."""
        return _(self.said, value="{}")


UNITS: Mapping[str, Beside] = MappingProxyType(
    {
        "亿元": Beside(4, N_("= %(value)s万元")),
        "万元": Beside(-4, N_("= %(value)s亿元")),
        "元/亩": Beside(-4, N_("= %(value)s万元/亩")),
    }
)


def beside(unit: str) -> Beside | None:
    """The unit that stands beside this one."""
    return UNITS.get(unit)


def converted(value: Any, unit: str) -> str:
    """`= 125,000万元` of 12.5 亿元; nothing of what is no plain number, of nought, or of any other unit."""
    other, text = UNITS.get(unit), str(value).strip()
    if other is None or not shown.PLAIN.fullmatch(text) or not Decimal(text):
        return ""
    return other.words.replace("{}", shown.number(Decimal(text).scaleb(other.places)))
