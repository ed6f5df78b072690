"""The words of a document, part by part as GB/T 9704-2012 names them, with one digest over all of them.

Whatever prints a document prints this and nothing else, so the same content gives the same pages.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

import orjson

from ground.errors import Refused
from ground.types import clean

# GB/T 9704-2012 §7.3.3: the first two of four levels are set in other faces.
FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]{1,3}、")
SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]{1,3}）")
# GB/T 9704-2012 §7 and §8.1; a form is a sheet that persons sign by hand, which the standard does not set.
DOCUMENT, LETTER, FORM = LAYOUTS = ("document", "letter", "form")
MOST_CHARACTERS = 60_000
MOST_PARAGRAPHS = 2_000
MOST_ROWS = 2_000


class TooLong(Refused):
    """More than a document holds: `part` says what, `most` how much of it there may be."""

    code = "document.too_long"
    status = 422


@dataclass(frozen=True)
class Table:
    """A list under an attachment: columns, and rows of as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Attachment:
    """One attachment (附件), on pages of its own."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Content:
    """A document as it is printed; what is empty is left out. Dates are days of Shanghai."""

    organ: str
    title: str
    paragraphs: tuple[str, ...]
    main: str = ""
    copy: str = ""
    number: str = ""
    secrecy: str = ""
    urgency: str = ""
    attachments: tuple[Attachment, ...] = field(default_factory=tuple)
    signed_by: str = ""
    dated_on: date | None = None
    note: str = ""
    printed_by: str = ""
    issued_on: date | None = None
    layout: str = DOCUMENT


def check(content: Content) -> Content:
    """The content, if a document can hold it; TooLong names the part that is too large."""
    lines = [*content.paragraphs, *(line for each in content.attachments for line in each.paragraphs)]
    cells = [cell for each in content.attachments if each.table for row in each.table.rows for cell in row]
    rows = sum(len(each.table.rows) for each in content.attachments if each.table)
    for part, found, most in (
        ("characters", sum(map(len, (*lines, *cells))), MOST_CHARACTERS),
        ("paragraphs", len(lines), MOST_PARAGRAPHS),
        ("rows", rows, MOST_ROWS),
    ):
        if found > most:
            raise TooLong(part=part, found=found, most=most)
    return content


def paragraphs(text: str) -> tuple[str, ...]:
    """What was typed, one paragraph a line, without empty lines and the blanks that people put before them."""
    lines = (line.strip(" \t\u3000") for line in clean(text).split("\n"))
    return tuple(line for line in lines if line)


def level(paragraph: str) -> int:
    """1 for «一、», 2 for «（一）», else 0: by what a paragraph begins with."""
    if FIRST_LEVEL.match(paragraph):
        return 1
    return 2 if SECOND_LEVEL.match(paragraph) else 0


def day(value: date | None) -> str:
    """`2026年11月23日`: Arabic figures, no leading zero (GB/T 9704-2012 §7.3.5.4)."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def numbered(titles: Sequence[str]) -> list[str]:
    """The lines of the note about attachments: a number before each, unless it is the only one."""
    return [f"{place}．{title}" for place, title in enumerate(titles, start=1)] if len(titles) > 1 else list(titles)


def kept(content: Content) -> dict[str, Any]:
    """The content as it is stored and printed from; dates in ISO 8601.

    The ordinary layout is not said, as it was before there was another: the digests of those documents stand.
    """
    whole = dict(orjson.loads(orjson.dumps(asdict(content))))
    if content.layout == DOCUMENT:
        del whole["layout"]
    return whole


def read(stored: Mapping[str, Any]) -> Content:
    """The content that was kept."""
    attachments = tuple(
        Attachment(
            each["title"],
            tuple(each["paragraphs"]),
            Table(tuple(table["columns"]), tuple(map(tuple, table["rows"]))) if (table := each["table"]) else None,
        )
        for each in stored["attachments"]
    )
    days = {name: date.fromisoformat(stored[name]) if stored[name] else None for name in ("dated_on", "issued_on")}
    whole = Content(**{**stored, **days, "paragraphs": tuple(stored["paragraphs"])})
    return replace(whole, attachments=attachments)


def digest(content: Content) -> str:
    """SHA-256 over every part, in one order."""
    return hashlib.sha256(orjson.dumps(kept(content), option=orjson.OPT_SORT_KEYS)).hexdigest()
