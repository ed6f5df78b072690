"""What may enter an instance's data: JSON scalars, lists and records under plain names, and not much of it."""

import math
from collections.abc import Mapping
from typing import Any

from engine.spiff.stuck import StuckAt

DEPTH = 8
LARGEST = 2**63 - 1
NAME = 80


def clean(element: str, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """A copy in plain JSON; whatever is not stops the instance at `element` and names the field."""
    return {_name(element, name): _plain(element, str(name), value, 0) for name, value in (data or {}).items()}


def _plain(element: str, name: str, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return value
    if depth < DEPTH:
        if isinstance(value, list | tuple):
            return [_plain(element, name, each, depth + 1) for each in value]
        if isinstance(value, Mapping):
            return {_name(element, key): _plain(element, name, each, depth + 1) for key, each in value.items()}
    raise StuckAt(element, "data.not_plain", {"name": name, "type": type(value).__name__})


def _name(element: str, name: Any) -> str:
    if isinstance(name, str) and 0 < len(name) <= NAME:
        return name
    raise StuckAt(element, "data.bad_name", {"name": str(name)[:NAME]})
