"""Refs: the 12 random base32 characters that stand in addresses instead of a row's number."""

import secrets
from collections.abc import Callable
from random import Random

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12

_draw: list[Callable[[str], str]] = [secrets.choice]


def ref() -> str:
    """A new ref, e.g. `7k2m9x4c1bqe`: 60 bits, so a neighbour cannot be guessed."""
    return "".join(_draw[0](ALPHABET) for _ in range(LENGTH))


def seed(number: int | None) -> None:
    """Make refs repeatable for a test; `None` makes them random again."""
    _draw[0] = secrets.choice if number is None else Random(number).choice  # noqa: S311  only tests seed
