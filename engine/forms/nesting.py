"""The names of an HTML form are paths: `enterprises.0.name` and the like become lists and records, within limits."""

import re
from collections.abc import Iterable
from typing import Any

from ground.errors import Refused

PARTS = 1_500
DEPTH = 6
ROWS = 1_000
NAME = re.compile(r"[A-Za-z0-9_]{1,60}(\.[A-Za-z0-9_]{1,60})*", re.ASCII)


class TooManyParts(Refused):
    """More parts than any form of ours has."""

    code = "form.too_many_parts"
    status = 413


class BadName(Refused):
    """A name that no form of ours sends."""

    code = "form.name"
    status = 400


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Records and lists from pairs of a path and a text; a path that comes several times makes a list of texts.

    Rows keep their order; the gaps that removed rows leave between their numbers close.
    """
    root: dict[str, Any] = {}
    for count, (name, value) in enumerate(pairs, 1):
        if count > PARTS:
            raise TooManyParts(most=PARTS)
        _put(root, name, value)
    return {key: _with_lists(value) for key, value in root.items()}


def _put(root: dict[str, Any], name: str, value: str) -> None:
    steps = name.split(".") if len(name) <= DEPTH * 61 and NAME.fullmatch(name) else []
    if not 1 <= len(steps) <= DEPTH:
        raise BadName(name=name[:80])
    node = root
    for step in steps[:-1]:
        node = node.setdefault(step, {})
        if not isinstance(node, dict):
            raise BadName(name=name)
    last = steps[-1]
    before = node.get(last)
    if isinstance(before, dict):
        raise BadName(name=name)
    if before is None:
        node[last] = value
    else:
        node[last] = [*before, value] if isinstance(before, list) else [before, value]


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if not all(key.isdigit() for key in node):
        return {key: _with_lists(value) for key, value in node.items()}
    numbers = {int(key): value for key, value in node.items()}
    if len(numbers) < len(node) or max(numbers) >= ROWS:
        raise BadName(name=max(node, key=len)[:80])
    return [_with_lists(numbers[number]) for number in sorted(numbers)]
