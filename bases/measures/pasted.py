"""The text of a policy as it is pasted, cut into the clauses that steps and limits cite: `9`, `10(6)`, `四(二)`."""

import re
from collections.abc import Iterator

from ground.errors import Refused

ARTICLE = re.compile(r"第([一二三四五六七八九十]{1,3})条[\s　:：]*(.*)")
SECTION = re.compile(r"([一二三四五六七八九十]{1,2})、(.*)")
ITEM = re.compile(r"[(（]([一二三四五六七八九十]{1,3})[)）]\s*(.*)")
ANNEX = re.compile(r"附件\s*[:：]?\s*(.*)")
DIGITS = "一二三四五六七八九"
MOST = 200_000


class NoClauses(Refused):
    """No line of the text begins with 第…条 or 一、, or two clauses have the same place."""

    code = "policy.no_clauses"
    status = 422


def clauses(text: str) -> list[dict[str, str]]:
    """Every clause in the order of the text; NoClauses where it cannot be cut without doubt."""
    found: dict[str, list[str]] = {}
    for id_, line in _lines(text[:MOST]):
        if line is None and id_ in found:
            raise NoClauses(clause=id_)
        found.setdefault(id_, []).extend([] if line is None else [line])
    if not found:
        raise NoClauses
    return [{"id": id_, "zh": "\n".join(lines), "en": ""} for id_, lines in found.items()]


def number(numeral: str) -> int:
    """十六 is 16."""
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (DIGITS.index(ones) + 1 if ones else 0)


def _lines(text: str) -> Iterator[tuple[str, str | None]]:
    """Each line with its clause; a clause begins with a line of None. What stands before the first is the title."""
    head = at = ""
    for raw in text.splitlines():
        line = raw.strip(" \t　")
        if found := ARTICLE.match(line):
            head = at = str(number(found[1]))
        elif found := SECTION.match(line):
            head = at = found[1]
        elif found := ANNEX.match(line):
            head = at = "附件"
        elif head and (found := ITEM.match(line)):
            at = f"{head}({number(found[1]) if head.isdigit() else found[1]})"
        elif at and line:
            yield at, line
            continue
        else:
            continue
        yield at, None
        if found[found.re.groups].strip():
            yield at, found[found.re.groups].strip()
