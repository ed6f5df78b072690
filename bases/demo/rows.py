"""The demo's data as it lies in this folder: bases, their figures and enterprises, units of experts, persons."""

from dataclasses import dataclass
from functools import cache

from bases.measures import tables


@dataclass(frozen=True)
class DemoBase:
    """One base of the demo; `key` (B042) is only the demo's own name for it."""

    key: str
    name: str
    name_en: str
    extent: str
    city: str
    county: str
    carriers: str
    industry: str
    feature: str
    feature_en: str
    hs_codes: str
    area_mu: str
    titles: str
    years: str

    @property
    def body(self) -> str:
        """The code of the organ that runs it."""
        return f"base-{self.key}"

    @property
    def named(self) -> list[tuple[str, int]]:
        """The names it holds, each with its year."""
        kinds = self.titles.split(";") if self.titles else []
        return list(zip(kinds, map(int, self.years.split(";")), strict=True)) if kinds else []


@dataclass(frozen=True)
class Unit:
    """Where experts work."""

    code: str
    name: str
    name_en: str
    region: str


@dataclass(frozen=True)
class Character:
    """A person of the story, and the line on the card; `first` orders the cards to try first."""

    login: str
    name: str
    name_en: str
    role: str
    role_name: str
    role_name_en: str
    organ: str
    first: str
    story: str
    story_en: str


@cache
def bases() -> dict[str, DemoBase]:
    """Every base, by key."""
    return {row["key"]: DemoBase(**row) for row in tables.read(__file__, "bases.csv")}


@cache
def units() -> tuple[Unit, ...]:
    """Every unit of experts."""
    return tuple(Unit(**row) for row in tables.read(__file__, "units.csv"))


@cache
def characters() -> tuple[Character, ...]:
    """Every person, in the order of the cards."""
    return tuple(Character(**row) for row in tables.read(__file__, "persons.csv"))


@cache
def experts() -> dict[str, tuple[str, ...]]:
    """By login: the fields that an expert stands for."""
    return {row["login"]: tuple(row["fields"].split(";")) for row in tables.read(__file__, "experts.csv")}


@cache
def figures() -> dict[str, dict[str, dict[str, str]]]:
    """By base and item: the three years as the form names them."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in tables.read(__file__, "indicators.csv"):
        found.setdefault(row["base"], {})[row["indicator"]] = {year: row[year] for year in ("y3", "y2", "y1")}
    return found


@cache
def enterprises() -> dict[str, list[dict[str, str]]]:
    """By base: the sub-table of item 5."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in tables.read(__file__, "enterprises.csv"):
        found.setdefault(row.pop("base"), []).append(row)
    return found
