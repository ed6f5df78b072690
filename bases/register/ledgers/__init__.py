"""Registers (台账): what bases, organs and cities keep a record of, each described by a file and kept in versions.

One mechanism for all of them: the file names the fields, who writes and reads, which answers are counted.
"""

from bases.register.ledgers import checks
from bases.register.ledgers.book import By, NoReason, NotStanding, Wrong, add, amend, publish, retire
from bases.register.ledgers.definition import Register, every, of
from bases.register.ledgers.entry import Changed
from bases.register.ledgers.reading import (
    Shown,
    by_ref,
    find,
    history,
    page,
    published,
    rows,
    sums,
    sums_of,
    unfinished,
)
from bases.register.ledgers.rights import Seat, changes_as, is_reader, publishes, seats

__all__ = [
    "By",
    "Changed",
    "NoReason",
    "NotStanding",
    "Register",
    "Seat",
    "Shown",
    "Wrong",
    "add",
    "amend",
    "by_ref",
    "changes_as",
    "checks",
    "every",
    "find",
    "history",
    "is_reader",
    "of",
    "page",
    "publish",
    "published",
    "publishes",
    "retire",
    "rows",
    "seats",
    "sums",
    "sums_of",
    "unfinished",
]
