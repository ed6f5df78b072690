"""What differs between two states of a process folder: its drawing, its tables row by row, its forms field by field."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from engine import decisions
from engine.decisions import Table
from engine.spiff import comparing
from engine.spiff.comparing import ADDED, CHANGED, REMOVED
from ground.errors import Refused

NAMES = ("name", "code", "title", "key")  # by what a list in a form file knows its members


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in a part: where it is, by name, and what stood there before and stands there now."""

    kind: str
    part: str
    where: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    element: str = ""
    tag: str = ""


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[Change]:
    """Everything that differs, part by part; a part that cannot be read is said to be changed as a whole."""
    found: list[Change] = []
    for path in sorted({*before, *after}, key=_order):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        if old is None or new is None:
            found.append(Change(ADDED if old is None else REMOVED, path))
            continue
        try:
            found += _within(path, old, new)
        except (Refused, ValueError):
            found.append(Change(CHANGED, path))
    return found


def names(parts: Mapping[str, bytes]) -> dict[str, str]:
    """What the shapes of a folder's drawings are called, by their ids; a drawing that cannot be read gives none."""
    found: dict[str, str] = {}
    for path, body in parts.items():
        if path.endswith(".bpmn"):
            with suppress(Refused):
                found.update({id_: shape.name for id_, shape in comparing.shapes(body).items() if shape.name})
    return found


def _order(path: str) -> tuple[int, str]:
    """The drawing first, then tables, forms, and what is said; the order in which people read."""
    endings = (".bpmn", ".dmn")
    rank = next((n for n, ending in enumerate(endings) if path.endswith(ending)), len(endings))
    return (rank if not path.startswith("tests/") else len(endings) + 1, path)


def _within(path: str, old: bytes, new: bytes) -> list[Change]:
    if path.endswith(".bpmn"):
        return [
            Change(each.kind, path, each.name, each.field, each.before, each.after, each.id, each.tag)
            for each in comparing.changes(old, new)
        ]
    if path.endswith(".dmn"):
        return list(_table(path, decisions.load(old), decisions.load(new)))
    if path.endswith(".json"):
        return list(_json(path, "", "", orjson.loads(old), orjson.loads(new)))
    return [Change(CHANGED, path)]


def _table(path: str, old: Table, new: Table) -> Iterator[Change]:
    """Rows by their ids: a row that only stands elsewhere is said to be moved by its number."""
    if old.policy != new.policy:
        yield Change(CHANGED, path, "", "policy", old.policy, new.policy)
    yield from _json(path, "", "", _columns(old), _columns(new))
    before, after = ({rule.id: _row(table, rule) for rule in table.rules} for table in (old, new))
    for id_, row in after.items():
        name = row["number"]
        if id_ not in before:
            yield Change(ADDED, path, name, "row", "", " · ".join(row.values()))
            continue
        for field, value in row.items():
            if before[id_].get(field, "") != value and field != "number":
                yield Change(CHANGED, path, name, field, before[id_].get(field, ""), value)
    for id_, row in before.items():
        if id_ not in after:
            yield Change(REMOVED, path, row["number"], "row", " · ".join(row.values()), "")


def _columns(table: Table) -> dict[str, Any]:
    return {
        "inputs": [
            {
                "name": each.id,
                "label": each.label,
                "expression": each.expression.source,
                "type": each.type,
                "values": each.values,
            }
            for each in table.inputs
        ],
        "outputs": [
            {"name": each.id, "label": each.label, "result": each.name, "type": each.type, "values": each.values}
            for each in table.outputs
        ],
    }


def _row(table: Table, rule: decisions.table.Rule) -> dict[str, str]:
    cells = {each.label: cell.text for each, cell in zip(table.inputs, rule.cells, strict=True)}
    results = {each.label: result.source for each, result in zip(table.outputs, rule.results, strict=True)}
    return {"number": str(rule.number), **cells, **results, "clause": rule.clause, "note": rule.note}


def _json(path: str, where: str, field: str, old: Any, new: Any) -> Iterator[Change]:
    """Two documents side by side: members of lists by their names, everything else by where it stands."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(each for each in old if each not in new)]:
            yield from _json(path, where, f"{field}.{key}".strip("."), old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and _known(old) and _known(new):
        yield from _members(path, where, field, old, new)
    else:
        kind = ADDED if old is None else REMOVED if new is None else CHANGED
        yield Change(kind, path, where, field, _text(old), _text(new))


def _members(path: str, where: str, field: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    before, after = ({_name(each): each for each in members} for members in (old, new))
    for name in [*after, *(each for each in before if each not in after)]:
        label = _label(after.get(name) or before[name])
        place = f"{where} › {label}".removeprefix(" › ")
        if name not in before:
            yield Change(ADDED, path, place, field)
        elif name not in after:
            yield Change(REMOVED, path, place, field)
        else:
            yield from _json(path, place, "", before[name], after[name])


def _known(members: Sequence[Any]) -> bool:
    names = [_name(each) for each in members if isinstance(each, dict)]
    return len(names) == len(members) and all(names) and len(set(names)) == len(names)


def _name(member: Mapping[str, Any]) -> str:
    return next((str(member[key]) for key in NAMES if member.get(key)), "")


def _label(member: Mapping[str, Any]) -> str:
    return str(member.get("label") or _name(member))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()
