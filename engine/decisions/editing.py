"""A table changed row by row in its file; whatever else stands in the file stays as it was."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.decisions.dmn import CLAUSE, load
from engine.decisions.elements import named, only, text_of
from engine.decisions.refusals import TableRefused
from engine.decisions.table import UNIQUE
from engine.spiff.documents import parse
from ground.errors import Refused

UP, DOWN = -1, 1
# The versions of DMN that we decide, by the year in their names; the table editor opens one of them alone.
VERSIONS = {b"20180521": "1.2", b"20191111": "1.3", b"20211108": "1.4", b"20230324": "1.5", b"20240513": "1.6"}
EDITED = b"20191111"
NEW = b"https://www.omg.org/spec/DMN/%s/%s/"
NAMED = re.compile(
    rb"""(=\s*["'])https?://www\.omg\.org/spec/DMN/(%s)/(MODEL|DMNDI|FEEL)/(?=["'])""" % b"|".join(VERSIONS)
)


@dataclass(frozen=True)
class Row:
    """A rule as it is written: its cells, first of the inputs, then of the outputs."""

    id: str
    cells: tuple[str, ...]
    clause: str
    note: str


@dataclass(frozen=True)
class Grid:
    """A table as it is written, also where it could not be decided; `names` are those of the outputs."""

    name: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[Row, ...]


def grid(body: bytes) -> Grid:
    """The table in this file as its author typed it; TableRefused if there is none, DocumentRefused if it is no XML."""
    source = _table(parse(body))
    outputs = list(named(source, "output"))
    return Grid(
        name=source.getparent().get("name", ""),
        policy=source.get("hitPolicy", UNIQUE),
        inputs=tuple(_label(each) for each in named(source, "input")),
        outputs=tuple(_label(each) for each in outputs),
        names=tuple(each.get("name", "") for each in outputs),
        rows=tuple(
            Row(
                id=rule.get("id", ""),
                cells=tuple(text_of(entry, "text") for entry in _entries(rule)),
                clause=rule.get(CLAUSE, ""),
                note=text_of(rule, "description"),
            )
            for rule in named(source, "rule")
        ),
    )


def where(body: bytes, element: str) -> tuple[int, str]:
    """The row, counted from 1, and the column's label of an element; 0 and nothing where it has none."""
    source = _table(parse(body))
    columns = [*named(source, "input"), *named(source, "output")]
    for number, rule in enumerate(named(source, "rule"), 1):
        if rule.get("id") == element:
            return number, ""
        at = next((n for n, entry in enumerate(_entries(rule)) if entry.get("id") == element), None)
        if at is not None and at < len(columns):
            return number, _label(columns[at])
    inside = (each for each in columns if element in {every.get("id") for every in each.iter()})
    return 0, next((_label(each) for each in inside), "")


def version(body: bytes) -> str:
    """The version of DMN that this file is written in; nothing if it is none that we decide."""
    return next((VERSIONS[found[2]] for found in NAMED.finditer(body) if found[3] == b"MODEL"), "")


def for_editor(body: bytes) -> bytes:
    """The same table in the one version that the table editor opens; a file with more than a table is left as it is.

    What a table may hold here is written alike in all these versions, so only their names differ.
    """
    try:
        load(body)
    except Refused as no:
        if no.detail.get("reason") in {"element", "not_dmn"} or not isinstance(no, TableRefused):
            return body
    return NAMED.sub(lambda found: found[1] + NEW % (EDITED, found[3]), body)


def ruled(body: bytes, policy: str) -> bytes:
    """The file with another hit policy; how values are taken together belongs to the one before."""
    root = parse(body)
    source = _table(root)
    if source.get("hitPolicy", UNIQUE) != policy:
        source.set("hitPolicy", policy)
        source.attrib.pop("aggregation", None)
    return _file(root)


def written(body: bytes, cells: Mapping[str, str]) -> bytes:
    """The file with these cells: by the rule's id `rule/3` its fourth cell, `rule/clause` and `rule/note`."""
    root = parse(body)
    for rule in _rules(root):
        id_ = rule.get("id", "")
        for number, entry in enumerate(_entries(rule)):
            if f"{id_}/{number}" in cells:
                _write(entry, "text", cells[f"{id_}/{number}"].strip())
        if f"{id_}/clause" in cells:
            rule.set(CLAUSE, cells[f"{id_}/clause"].strip())
        if f"{id_}/note" in cells:
            _write(rule, "description", cells[f"{id_}/note"].strip())
    return _file(root)


def added(body: bytes) -> bytes:
    """The file with one row more at its end, which matches everything and gives what the last one gives."""
    root = parse(body)
    rules = _rules(root)
    if not rules:
        raise TableRefused(reason="no_rows")
    last = rules[-1]
    taken = {each.get("id", "") for each in root.iter()}
    copy = etree.fromstring(etree.tostring(last))
    for number, each in enumerate(copy.iter()):
        if each.get("id"):
            each.set("id", _free(taken, "rule" if number == 0 else "cell"))
    for entry in named(copy, "inputEntry"):
        _write(entry, "text", "-")
    copy.tail = last.tail
    last.addnext(copy)
    return _file(root)


def removed(body: bytes, rule: str) -> bytes:
    """The file without this row; a table keeps at least one."""
    root = parse(body)
    rules = _rules(root)
    found = next((each for each in rules if each.get("id") == rule), None)
    if found is not None and len(rules) > 1:
        found.getparent().remove(found)
    return _file(root)


def moved(body: bytes, rule: str, by: int) -> bytes:
    """The file with this row one place up or down."""
    root = parse(body)
    rules = _rules(root)
    at = next((n for n, each in enumerate(rules) if each.get("id") == rule), None)
    if at is not None and 0 <= at + by < len(rules):
        other = rules[at + by]
        other.addprevious(rules[at]) if by == UP else other.addnext(rules[at])
    return _file(root)


def _table(root: Any) -> Any:
    return only(only(root, "decision", "no_decision"), "decisionTable", "no_table")


def _rules(root: Any) -> list[Any]:
    return list(named(_table(root), "rule"))


def _label(column: Any) -> str:
    inner = next(named(column, "inputExpression"), column)
    return str(column.get("label") or column.get("name") or text_of(inner, "text"))


def _entries(rule: Any) -> list[Any]:
    return [*named(rule, "inputEntry"), *named(rule, "outputEntry")]


def _write(element: Any, name: str, text: str) -> None:
    found = next(named(element, name), None)
    if found is None:
        space = str(element.tag).rpartition("}")[0]
        found = etree.SubElement(element, f"{space}}}{name}")
        if name == "description":
            element.insert(0, found)
    found.text = text


def _free(taken: set[str], stem: str) -> str:
    number = next(n for n in range(1, len(taken) + 2) if f"{stem}_{n}" not in taken)
    taken.add(f"{stem}_{number}")
    return f"{stem}_{number}"


def _file(root: Any) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
