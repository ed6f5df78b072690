"""The State Council's yearly notice of days off, read from a file in the shape of holiday-cn or from its own lines.

Its text is taken only where it proves itself: each span has as many days as it says, each day the weekday it names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson

from ground.calendar import ONE_DAY, KnownDay
from ground.errors import Refused

WEEKEND = 5
WEEKDAYS = "一二三四五六日"
MAKE_UP, SHIFTED = "调休上班日", "调休"
LEAST_DAYS, MOST_DAYS = 20, 60
FARTHEST = 200  # days from the middle of the year: days off at a turn of the year belong to both
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
SECTION = re.compile(r"([一二三四五六七八九]、\s*)?([一-鿿、]{2,12}?)(节)?\s*[:：](.+)")
SPAN = re.compile(
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:[(（]([^)）]*)[)）])?"
    r"(?:\s*至\s*(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[(（]([^)）]*)[)）])?)?"
)
# A new line, or the number of the next festival in a text that has lost its lines (but not 二十八、周日 in brackets).
BREAKS = r"[\r\n]+|(?=[一二三四五六七八九]、[^：:（()）]{2,12}[：:])"
HOW_MANY = re.compile(r"共\s*(\d{1,2})\s*天")
YEAR = re.compile(r"(\d{4})\s*年")


class NotANotice(Refused):
    """This cannot be read as a yearly notice without doubt; `why` is a code, `where` the place."""

    code = "calendar.not_a_notice"
    status = 422


@dataclass(frozen=True)
class Notice:
    """The days of one year that are not what their weekday says, and where they were published."""

    year: int
    source: str
    listed: tuple[KnownDay, ...]

    def days(self) -> list[KnownDay]:
        """Every day of the year, official now, and what the notice says of days beside it."""
        by_day = {one.day: one for one in self.listed}
        first = date(self.year, 1, 1)
        count = (date(self.year + 1, 1, 1) - first).days
        every = (first + timedelta(days=n) for n in range(count))
        plain = {day: KnownDay(day, day.weekday() < WEEKEND) for day in every}
        return sorted((plain | by_day).values(), key=lambda one: one.day)


def read(text: str) -> Notice:
    """A notice from what was pasted or handed in; NotANotice says what it fails on."""
    stripped = text.strip().lstrip("﻿")
    notice = _of_json(stripped) if stripped.startswith("{") else _of_lines(stripped)
    _check(notice)
    return notice


def _of_json(text: str) -> Notice:
    try:
        given: Any = orjson.loads(text)
        year, papers = int(given["year"]), [str(each) for each in given.get("papers", [])]
        rows = [(str(row["name"]), date.fromisoformat(row["date"]), row["isOffDay"] is True) for row in given["days"]]
    except (ValueError, KeyError, TypeError) as failed:
        raise NotANotice(why="shape", where=str(failed)[:60]) from None
    return Notice(year, " ".join(papers)[:300], tuple(_day(name, day, off=off) for name, day, off in rows))


def _of_lines(text: str) -> Notice:
    found = YEAR.search(text)
    if found is None:
        raise NotANotice(why="no_year", where="")
    year = int(found[1])
    days = [day for line in re.split(BREAKS, text) for day in _line(line.strip(), year)]
    return Notice(year, text.splitlines()[0].strip()[:300], tuple(days))


def _line(line: str, year: int) -> Iterator[KnownDay]:
    found = SECTION.fullmatch(line)
    if found is None or not SPAN.search(found[4]):
        return
    name = found[2] + (found[3] or "")
    for sentence in re.split(r"[。;；]", found[4]):
        spans = [_span(each, year) for each in SPAN.finditer(sentence)]
        if not spans:
            continue
        off, work = "放假" in sentence, "上班" in sentence
        if off == work:
            raise NotANotice(why="neither", where=sentence[:60])
        days = [day for span in spans for day in span]
        said = HOW_MANY.search(sentence)
        if said and int(said[1]) != len(days):
            raise NotANotice(why="count", where=sentence[:60])
        yield from (_day(name, day, off=off) for day in days)


def _span(found: re.Match[str], year: int) -> list[date]:
    try:
        first = date(int(found[1] or year), int(found[2]), int(found[3]))
        last = first
        if found[7]:
            last = date(int(found[5] or first.year), int(found[6] or found[2]), int(found[7]))
    except ValueError:
        raise NotANotice(why="date", where=found[0]) from None
    for day, said in ((first, found[4]), (last, found[8])):
        named = re.search(r"(?:周|星期)([一二三四五六日天])", said or "")
        if named and WEEKDAYS.index(named[1].replace("天", "日")) != day.weekday():
            raise NotANotice(why="weekday", where=found[0])
    if not timedelta(0) <= last - first <= timedelta(days=14):
        raise NotANotice(why="date", where=found[0])
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def _day(name: str, day: date, *, off: bool) -> KnownDay:
    weekend = day.weekday() >= WEEKEND
    note = "" if off == weekend else SHIFTED if off else MAKE_UP
    return KnownDay(day, not off, name[:30], "official", note)


def _check(notice: Notice) -> None:
    days = [one.day for one in notice.listed]
    off = [one for one in notice.listed if not one.is_workday]
    if len(set(days)) != len(days):
        raise NotANotice(why="twice", where=str(next(day for day in days if days.count(day) > 1)))
    if any(abs((day - date(notice.year, 7, 1)).days) > FARTHEST for day in days):
        raise NotANotice(why="year", where=str(notice.year))
    if not LEAST_DAYS <= len(off) <= MOST_DAYS:
        raise NotANotice(why="how_many", where=str(len(off)))
    wanting = _wanting(off)
    if wanting:
        raise NotANotice(why="festival", where="、".join(wanting))


def _wanting(off: Sequence[KnownDay]) -> list[str]:
    """The festivals of which no day is free; two that fall together share their days (国庆节、中秋节)."""
    names = {one.name for one in off}
    return [each for each in FESTIVALS if not any(each in name for name in names)]
