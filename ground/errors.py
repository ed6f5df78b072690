"""Refused: the one way in which the program says no, by name, with the facts and without words for people.

Each kind has a `code` that web maps to a status and to words in the reader's language.
"""

from typing import Any, ClassVar


class Refused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """The program will not do this, and `detail` holds the codes and values that say why."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, **detail: Any) -> None:
        super().__init__(self.code)
        self.detail = detail

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.detail.items())
        return f"{self.code}({facts})"


class Missing(Refused):
    """There is nothing here, or nothing that this person may know of."""

    code = "missing"
    status = 404


class Forbidden(Refused):
    """This person may see it, but not do that."""

    code = "forbidden"
    status = 403


class Stale(Refused):
    """Somebody else has changed it since this person read it."""

    code = "stale"
    status = 409


class Busy(Refused):
    """Another writer has held the database for too long; try again with the same key."""

    code = "busy"
    status = 503
