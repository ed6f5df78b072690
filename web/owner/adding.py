"""A section, a field or a column as an owner adds it: made of what was typed, or told at each place what is wrong."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.forms.keys import NAME, RESERVED
from engine.spiff.expressions import ExpressionRefused, compile_expression
from ground import pinyin
from web.owner.field_settings import LONGEST, TYPES, Places, chosen_from, value

CHOOSING = frozenset({"choice", "choices"})
IN_ROWS = frozenset({"rows", "list"})
FIELDS = tuple(TYPES)
COLUMNS = tuple(
    each for each in FIELDS if each not in {*IN_ROWS, "choices", "hs_codes", "file", "files", "years", "note"}
)
FIRST = tuple(each for each in COLUMNS if each != "computed")  # there is nothing yet that it could be reckoned from
YEARLY = ("decimal", "integer", "text", "prose", "date", "flag", "choice")
PROSE = 2_000
LONGEST_NAME, LONGEST_LABEL, LONGEST_TITLE = 40, 500, 200
HALF_POINTS = re.compile(r"\d{1,4}(?:\.[05])?", re.ASCII)
LETTERS = re.compile(r"[a-z]+", re.ASCII)
# What somebody has typed to add something where the address stands; the form itself has none.
TYPED = re.compile(r"new\.((?:\d+(?:\.\d+)*)?)\.(?:column\.)?(?:title|label|name|options|max|formula)")


def wanted(typed: Mapping[str, str]) -> set[str]:
    """The addresses at which something was typed that is to be added."""
    return {found[1] for name, text in typed.items() if text.strip() and (found := TYPED.fullmatch(name))}


def section(typed: Mapping[str, str]) -> tuple[dict[str, Any], Places]:
    """A section without any field yet."""
    title, about = (typed.get(f"new..{each}", "").strip() for each in ("title", "help"))
    made = {"title": title[:LONGEST_TITLE], **({"help": about} if about else {}), "fields": []}
    return made, {} if title else {"new..title": ("title_missing", {})}


def field(
    typed: Mapping[str, str], stem: str, taken: Mapping[str, str], kinds: tuple[str, ...] = FIELDS
) -> tuple[dict[str, Any], Places]:
    """A field, or a column; `taken` are the labels of those beside it by their names."""
    name, label, kind = (typed.get(f"{stem}{each}", "").strip() for each in ("name", "label", "type"))
    made = {"name": name or _named(label, taken), "type": kind, "label": label[:LONGEST_LABEL]}
    wrong: Places = dict(_faults(stem, name, label, taken))
    if kind not in kinds:
        return made, {**wrong, f"{stem}type": ("type_missing", {})}
    more, faults = _of_its_type(typed, stem, kind, made["name"], taken)
    return {**made, **more}, {**wrong, **faults}


def _faults(stem: str, name: str, label: str, taken: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    if not label:
        yield f"{stem}label", ("label_missing", {})
    if name in RESERVED:
        yield f"{stem}name", ("name_reserved", {"value": name})
    elif name and (not NAME.fullmatch(name) or len(name) > LONGEST_NAME):
        yield f"{stem}name", ("name_wrong", {"value": name, "most": LONGEST_NAME})
    elif name in taken:
        yield f"{stem}name", ("name_taken", {"value": name, "label": taken[name]})


def _of_its_type(
    typed: Mapping[str, str], stem: str, kind: str, name: str, taken: Mapping[str, str]
) -> tuple[dict[str, Any], Places]:
    """What a field of this type cannot be without: options, full marks, a formula, a first column, what years hold."""
    if kind in CHOOSING:
        options = chosen_from(typed.get(f"{stem}options", ""), (), name)
        return {"options": options}, {} if options else {f"{stem}options": ("options_missing", {})}
    if kind == "half":
        most = typed.get(f"{stem}max", "").strip()
        fits = HALF_POINTS.fullmatch(most) and Decimal(most)
        return {"max": value(most)}, {} if fits else {f"{stem}max": ("marks_wrong", {})}
    if kind == "computed":
        formula = " ".join(typed.get(f"{stem}formula", "").split())[: LONGEST["formula"]]
        return {"formula": formula}, dict(_misread(f"{stem}formula", formula, taken))
    if kind in IN_ROWS:
        column, wrong = field(typed, f"{stem}column.", {}, FIRST)
        return {"columns": [column]}, wrong
    if kind == "years":
        return _yearly(typed, stem, name)
    return {"max": PROSE} if kind == "prose" else {}, {}


def _yearly(typed: Mapping[str, str], stem: str, name: str) -> tuple[dict[str, Any], Places]:
    kind = typed.get(f"{stem}column.type", "")
    if kind not in YEARLY:
        return {}, {f"{stem}column.type": ("type_missing", {})}
    more, wrong = _of_its_type(typed, f"{stem}column.", kind, name, {})
    return {"of": {"type": kind, **more}}, wrong


def _misread(place: str, formula: str, known: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Why nothing can be reckoned by this formula."""
    try:
        unknown = compile_expression(formula).names - {*known, "year"} if formula else set()
    except ExpressionRefused:
        yield place, ("formula_wrong", {"value": formula})
        return
    if unknown:
        yield place, ("formula_unknown", {"value": min(unknown)})
    elif not formula:
        yield place, ("formula_missing", {})


def _named(label: str, taken: Mapping[str, str]) -> str:
    """A name for a label, as it is read: 补充说明 → `bu_chong_shuo_ming`."""
    words = [word for each in pinyin.syllables(label) for word in LETTERS.findall(each.lower())]
    stem = "_".join(words)[: LONGEST_NAME - 4].strip("_") or "field"
    every = {*taken, *RESERVED}
    return next(each for each in (stem, *(f"{stem}_{n}" for n in range(2, len(every) + 3))) if each not in every)
