"""The short lists that bases are sorted by, each code with its words: industries, carriers, natures of enterprises."""

from dataclasses import dataclass
from functools import cache

from bases.measures import tables


@dataclass(frozen=True)
class Entry:
    """One line of a list: its code and its words."""

    code: str
    zh: str
    en: str


@cache
def of(list_: str) -> dict[str, Entry]:
    """The entries of one list, by code, in order."""
    rows = tables.read(__file__, "codes.csv")
    return {row["code"]: Entry(row["code"], row["zh"], row["en"]) for row in rows if row["list"] == list_}
