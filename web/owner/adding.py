"""A section, a field or a column as an owner adds it: made of what was typed, or told at each place what is wrong."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.forms.keys import NAME, RESERVED
from ground import pinyin
from web.owner.field_settings import TYPES, Places, chosen_from

CHOOSING = frozenset({"choice", "choices"})
IN_ROWS = frozenset({"rows", "list"})
# Half points and computed values are of no use without settings that lean on other fields: they are written as text.
FIELDS = tuple(each for each in TYPES if each not in {"half", "computed"})
COLUMNS = tuple(
    each for each in FIELDS if each not in {*IN_ROWS, "choices", "hs_codes", "file", "files", "years", "note"}
)
YEARLY = ("decimal", "integer", "text", "prose", "date", "flag", "choice")
PROSE = 2_000
LONGEST_NAME, LONGEST_LABEL, LONGEST_TITLE = 40, 500, 200
LETTERS = re.compile(r"[a-z]+", re.ASCII)
# What somebody has typed to add something where the address stands; the form itself has none.
TYPED = re.compile(r"new\.((?:\d+(?:\.\d+)*)?)\.(?:column\.)?(?:title|label|name|options)")


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
    more, faults = _of_its_type(typed, stem, kind, made["name"])
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


def _of_its_type(typed: Mapping[str, str], stem: str, kind: str, name: str) -> tuple[dict[str, Any], Places]:
    """What a field of this type cannot be without: options, a first column, what each year is of."""
    if kind in CHOOSING:
        options = chosen_from(typed.get(f"{stem}options", ""), (), name)
        return {"options": options}, {} if options else {f"{stem}options": ("options_missing", {})}
    if kind in IN_ROWS:
        column, wrong = field(typed, f"{stem}column.", {}, COLUMNS)
        return {"columns": [column]}, wrong
    if kind == "years":
        return _yearly(typed, stem, name)
    return {"max": PROSE} if kind == "prose" else {}, {}


def _yearly(typed: Mapping[str, str], stem: str, name: str) -> tuple[dict[str, Any], Places]:
    kind = typed.get(f"{stem}column.type", "")
    if kind not in YEARLY:
        return {}, {f"{stem}column.type": ("type_missing", {})}
    more, wrong = _of_its_type(typed, f"{stem}column.", kind, name)
    return {"of": {"type": kind, **more}}, wrong


def _named(label: str, taken: Mapping[str, str]) -> str:
    """A name for a label, as it is read: 补充说明 → `bu_chong_shuo_ming`."""
    words = [word for each in pinyin.syllables(label) for word in LETTERS.findall(each.lower())]
    stem = "_".join(words)[: LONGEST_NAME - 4].strip("_") or "field"
    every = {*taken, *RESERVED}
    return next(each for each in (stem, *(f"{stem}_{n}" for n in range(2, len(every) + 3))) if each not in every)
