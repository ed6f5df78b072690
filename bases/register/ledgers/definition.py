"""A register (台账) as its file describes it: a form of the engine's, and beside it who writes and reads what.

The files lie in `workflows/registers/`, one a register; `README.md` there says what each key means.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from engine import forms
from engine.forms import Form
from ground.errors import Missing

FOLDER = Path(__file__).parents[3] / "workflows" / "registers"
BASE, ORGAN, CITY, PROVINCE = "base", "organ", "city", "province"
SCOPES = (BASE, ORGAN, CITY, PROVINCE)
SIGNED_IN, PUBLIC = "signed_in", "public"
CHOSEN = frozenset({"choice", "choices", "flag"})
ALL_NINES = 99_999_999


@dataclass(frozen=True)
class Total:
    """A table of sums below a list: how many (and how much) for each code, perhaps across another field or the year."""

    by: str
    across: str = ""


@dataclass(frozen=True)
class Count:
    """Which item of the information form this register counts: entries of the year for which these answers hold."""

    indicator: str
    when: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    """One register. `years` says which field gives its year: `one` or `day` a single one, `first` and `last` a span."""

    code: str
    group: str
    order: int
    name: str
    clause: str
    scope: str
    writers: tuple[str, ...]
    label: str
    columns: tuple[str, ...]
    help: str = ""
    readers: tuple[str, ...] = ()
    open: str = ""
    published_by: tuple[str, ...] = ()
    years: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    single: bool = False
    amount: str = ""
    totals: tuple[Total, ...] = ()
    counts: tuple[Count, ...] = ()
    marks: tuple[str, ...] = ()
    begins: str = ""
    source: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def form(self, options: Mapping[str, list[dict[str, str]]] | None = None) -> Form:
        """The form, with what can be chosen from elsewhere in place; a field with nothing to choose is a note."""
        return forms.load(orjson.dumps(_filled(self.source, options)))

    def sources(self) -> Iterator[tuple[str, str]]:
        """The fields whose options come from elsewhere, each with where from: `codes:carrier`, `entries:enterprise`."""
        for each in _fields(self.source):
            if isinstance(each.get("options"), dict):
                yield each["name"], each["options"]["from"]

    def span(self, answers: Mapping[str, Any]) -> tuple[int | None, int | None]:
        """The first and the last year that an entry counts for; a last one that is missing is still to come."""
        if "day" in self.years:
            day = answers.get(self.years["day"])
            return (int(day[:4]), int(day[:4])) if day else (None, None)
        first = answers.get(self.years.get("one") or self.years.get("first", ""))
        last = answers.get(self.years.get("one") or self.years.get("last", ""))
        return (int(first) if first else None), (int(last) if last else None)

    def newest_first(self, answers: Mapping[str, Any]) -> str:
        """What stands before the pinyin in an entry's sort key: of one day or year, the newest come first."""
        if "day" in self.years:
            day = (answers.get(self.years["day"]) or "0001-01-01").replace("-", "")
            return f"{ALL_NINES - int(day):08d}"
        if "one" in self.years:
            return f"{ALL_NINES - int(answers.get(self.years['one']) or 0) * 10_000:08d}"
        return ""

    def hundredths(self, answers: Mapping[str, Any]) -> int | None:
        """The amount that is summed, in hundredths of its unit."""
        typed = answers.get(self.amount) if self.amount else None
        return None if typed is None else int(Decimal(typed).scaleb(2))

    @property
    def faceted(self) -> frozenset[str]:
        """The fields whose answers are kept beside the entry, to be filtered, counted and compared."""
        chosen = {each["name"] for each in _fields(self.source) if each["type"] in CHOSEN}
        summed = {name for total in self.totals for name in (total.by, total.across) if name and name != "year"}
        return frozenset({*chosen, *summed, *self.unique})


def of(code: str) -> Register:
    """The register of this code."""
    found = every().get(code)
    if found is None:
        raise Missing(register=code)
    return found


@cache
def every() -> dict[str, Register]:
    """All registers, in the order they are shown."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.json"))]
    return {each.code: each for each in sorted(found, key=lambda each: (each.order, each.code))}


@cache
def words() -> dict[str, str]:
    """English for the Chinese of the register files."""
    return dict(orjson.loads((FOLDER / "texts" / "en.json").read_bytes()))


def _read(path: Path) -> Register:
    whole = orjson.loads(path.read_bytes())
    facts = dict(whole["register"])
    lists = ("writers", "columns", "readers", "published_by", "filters", "unique", "marks")
    return Register(
        **{
            **facts,
            **{name: tuple(facts[name]) for name in lists if name in facts},
            "totals": tuple(Total(**each) for each in facts.get("totals", ())),
            "counts": tuple(Count(**each) for each in facts.get("counts", ())),
            "code": path.stem,
            "source": whole["form"],
        }
    )


def _fields(source: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for section in source["sections"]:
        yield from section["fields"]


def _filled(source: Mapping[str, Any], options: Mapping[str, list[dict[str, str]]] | None) -> dict[str, Any]:
    sections = [
        {**section, "fields": [_with_options(each, options) for each in section["fields"]]}
        for section in source["sections"]
    ]
    return {**source, "sections": sections}


def _with_options(given: Mapping[str, Any], options: Mapping[str, list[dict[str, str]]] | None) -> Mapping[str, Any]:
    """A field with what can be chosen now; a field with nothing to choose is a note that says so."""
    if not isinstance(given.get("options"), dict):
        return given
    found = (options or {}).get(given["name"])
    if found:
        return {**given, "options": found}
    return {
        "name": given["name"],
        "type": "note",
        "label": f"{given['label']}：{NOTHING}",
        "clause": given.get("clause", ""),
    }


NOTHING = "还没有可以选择的内容，请先登记"
