"""A lost reply, a double click, a second tab: the same key gets the first move's answer; nothing moves twice."""

from collections.abc import Callable
from typing import Any

from engine.cases.moving import recorded
from ground.database import reading
from ground.errors import Refused
from ground.people import Actor


def once(name: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do it, or, where it is refused and had been done under this key, answer what was answered then."""
    try:
        return act()
    except Refused:
        with reading() as session:
            earlier = recorded(session, name)
        if earlier is None:
            raise
        return earlier


def key_of(by: Actor, act: str, target: str, key: str) -> str:
    """Keys are each person's own, and good for one act on one thing."""
    return f"{by.person}:{act}:{target}:{key[:80]}"
