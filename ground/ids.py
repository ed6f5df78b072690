"""Refs: the 12 random base32 characters that stand in addresses instead of a row's number."""

import secrets
from collections.abc import Callable
from random import Random

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

LENGTH = 12
BITS = 5 * LENGTH

_draw: list[Callable[[int], int]] = [secrets.randbits]


def ref() -> str:
    """A new ref, e.g. `7k2m9x4c1bqe`: 60 bits, so a neighbour cannot be guessed."""
    drawn = _draw[0](BITS)
    return "".join([ALPHABET[drawn >> place & 31] for place in range(0, BITS, 5)])


def seed(number: int | None) -> None:
    """Make refs repeatable for a test; `None` makes them random again."""
    _draw[0] = secrets.randbits if number is None else Random(number).getrandbits  # noqa: S311  only tests seed
