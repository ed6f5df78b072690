"""What a browser sent of a form: the answers under their paths, and what its small buttons do without JavaScript."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from engine.forms import nested
from ground.numerals import whole
from web.door import csrf

ACT = "_act"
KEY = "_key"
REV = "_rev"
FILE = "_file."
FILES = "_files."
OURS = "_"


def answers(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The answers alone, nested; names that begin with `_` and the token are the page's own."""
    return nested((name, value) for name, value in pairs if not name.startswith(OURS) and name != csrf.FIELD)


def acted(typed: dict[str, Any], act: str) -> bool:
    """Do what a small button asks (add:path, drop:path.row, remove:path:ref); False if it was none of these."""
    what, _, where = act.partition(":")
    if what == "add":
        _rows(typed, where).append({})
    elif what == "drop":
        path, _, row = where.rpartition(".")
        rows = _rows(typed, path)
        at = whole(row)
        if at is not None and at < len(rows):
            del rows[at]
    elif what == "remove":
        path, _, ref = where.partition(":")
        _remove(typed, path, ref)
    else:
        return False
    return True


def file_field(name: str) -> tuple[str, bool]:
    """The path that a file came for, and whether several may stand there; no path for a name that is none of ours."""
    if name.startswith(FILES):
        return name.removeprefix(FILES), True
    return (name.removeprefix(FILE) if name.startswith(FILE) else ""), False


def attach(typed: dict[str, Any], path: str, refs: list[str], *, many: bool) -> None:
    """Put stored files where they belong: the only one of a field, or beside those that are there."""
    holder, name = _holder(typed, path)
    if not many:
        holder[name] = refs[-1]
        return
    before = holder.get(name) or []
    holder[name] = [*(before if isinstance(before, list) else [before]), *refs]


def _rows(typed: dict[str, Any], path: str) -> list[Any]:
    holder, name = _holder(typed, path)
    rows = holder.get(name)
    if isinstance(rows, Mapping):
        rows = [rows[key] for key in rows if key.isdecimal()]
    holder[name] = rows if isinstance(rows, list) else []
    found: list[Any] = holder[name]
    return found


def _remove(typed: dict[str, Any], path: str, ref: str) -> None:
    holder, name = _holder(typed, path)
    value = holder.get(name)
    if isinstance(value, list):
        holder[name] = [one for one in value if one != ref]
    elif value == ref:
        del holder[name]


def _holder(typed: dict[str, Any], path: str) -> tuple[MutableMapping[str, Any], str]:
    """The record that a path's last step stands in; made where there is none yet."""
    *steps, last = path.split(".")
    node: Any = typed
    for step in steps:
        if isinstance(node, list):
            place = whole(step)
            node = node[place] if place is not None and place < len(node) else {}
            continue
        if not isinstance(node.get(step), dict | list):
            node[step] = {}
        node = node[step]
    return (node if isinstance(node, dict) else {}), last
