"""When a timer of a diagram is due: an expression, or an ISO 8601 literal, reckoned by Shanghai's calendar.

The library never sees any of it. A month after 31 January is the last day of February; a day is a calendar day.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.spiff.expressions import DEFAULT, Expression, ExpressionFailed, compile_expression, unwrap
from ground import clock
from ground.errors import Refused

FUNCTIONS = DEFAULT | {"deadline", "end_of", "in_text", "in_notice", "notice_or_default"}
YEARS = 30
REPEATS = 1_000

LITERAL = re.compile(r"[-+]?P(?=[-\d.T])|R\d*/|\d{4}-|FREQ=|RRULE")
DURATION = re.compile(
    r"P(?:(\d{1,2})Y)?(?:(\d{1,3})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?",
    re.ASCII,
)
CYCLE = re.compile(r"R(\d{0,4})/(?:([^/]+)/)?(P[^/]+)", re.ASCII)
QUOTED = re.compile(r"""(["'])([^"'\\]*)\1""")


class TimerRefused(Refused):
    """This says no moment: an impossible date, a duration of nothing or of ages, another notation."""

    code = "timer.not_allowed"
    status = 422


@dataclass(frozen=True, slots=True)
class Span:
    """An ISO 8601 duration; months are the calendar's."""

    months: int
    days: int
    seconds: int

    def after(self, start: datetime) -> datetime:
        """The moment at which it is over."""
        local = start.astimezone(clock.SHANGHAI)
        year, month = divmod(local.year * 12 + local.month - 1 + self.months, 12)
        day = min(local.day, monthrange(year, month + 1)[1])
        moved = local.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days)
        return moved.astimezone(start.tzinfo) + timedelta(seconds=self.seconds)

    def times(self, number: int) -> "Span":
        """So many of them, one after the other."""
        return Span(self.months * number, self.days * number, self.seconds * number)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Moments at one distance from an anchor (ISO 8601 §5.6); after an outage what has been missed comes once."""

    anchor: datetime
    span: Span
    repeats: int
    fired: int = 0

    def after(self, now: datetime) -> datetime:
        """The next moment that is not past; the last one, if all are."""
        number = max(self.fired, self._past(now))
        return self._at(min(number, self.repeats - 1) if self.repeats > 0 else number)

    def _at(self, number: int) -> datetime:
        return self.span.times(number).after(self.anchor)

    def _past(self, now: datetime) -> int:
        """How many moments lie before now: a low guess, since months differ, and then step by step."""
        longest = timedelta(days=self.span.months * 31 + self.span.days, seconds=self.span.seconds)
        number = max(0, (now - self.anchor) // longest)
        while self._at(number) < now:
            number += 1
        return number


@dataclass(frozen=True, slots=True)
class Timer:
    """What a timer event says; `repeats` is None for one firing, -1 for firings without end.

    `cycle` says that it is one; a cycle that stands in the data is known only when its event opens.
    """

    source: str
    expression: Expression | None
    literal: Span | Recurrence | date | datetime | None
    repeats: int | None = None
    cycle: bool = False

    def evaluate(
        self,
        names: Mapping[str, Any],
        functions: Mapping[str, Callable[..., Any]] | None = None,
        now: datetime | None = None,
    ) -> Any:
        """A moment, a day, or what one of `functions` made (a deadline)."""
        value = self.literal if self.expression is None else self.expression.evaluate(names, functions)
        if isinstance(value, str):
            try:
                value = _cycle(value).literal if value.startswith("R") else _read(value)
            except TimerRefused as refused:
                raise ExpressionFailed(what="not_a_moment", source=self.source, text=value) from refused
        return value.after(now or clock.now()) if isinstance(value, Span | Recurrence) else value

    def settle(self, names: Mapping[str, Any]) -> "Timer":
        """A cycle whose text stands in the data, read as it is now."""
        if self.expression is None:
            return self
        text = self.expression.evaluate(names)
        try:
            return _cycle(text if isinstance(text, str) else "")
        except TimerRefused as refused:
            raise ExpressionFailed(what="not_a_cycle", source=self.source, text=str(text)[:80]) from refused

    def later(self, fired: int) -> "Timer":
        """The same after it has fired so often."""
        if not isinstance(self.literal, Recurrence):
            return self
        return replace(self, literal=replace(self.literal, fired=fired))


def read(kind: str, text: str) -> Timer:
    """Read the text of timeDate, timeDuration or timeCycle, or refuse it."""
    source = unwrap(text or "")
    quoted = QUOTED.fullmatch(source)
    bare = quoted.group(2) if quoted else source
    if not (quoted or LITERAL.match(bare)):
        return Timer(source, compile_expression(source, FUNCTIONS), None, cycle=kind == "timeCycle")
    if kind == "timeCycle":
        return _cycle(bare)
    return Timer(source, None, _read(bare))


def _cycle(text: str) -> Timer:
    found = CYCLE.fullmatch(text)
    if not found:
        raise TimerRefused(text=text[:80], why="cycle")
    repeats = int(found.group(1)) if found.group(1) else -1
    span = _span(found.group(3))
    endless_rush = repeats < 0 and not (span.months or span.days) and span.seconds < 60  # noqa: PLR2004
    if repeats == 0 or repeats > REPEATS or endless_rush:
        raise TimerRefused(text=text[:80], why="cycle")
    if found.group(2) is None:
        return Timer(text, None, span, repeats, cycle=True)
    return Timer(text, None, _recurrence(found.group(2), span, repeats), repeats, cycle=True)


def _recurrence(text: str, span: Span, repeats: int) -> Recurrence:
    anchor = _read(text)
    if isinstance(anchor, Span):
        raise TimerRefused(text=text[:80], why="cycle")
    if not isinstance(anchor, datetime):
        anchor = datetime.combine(anchor, time(), clock.SHANGHAI)
    try:
        span.times(max(repeats, 1) - 1).after(anchor)
    except (ValueError, OverflowError):
        raise TimerRefused(text=text[:80], why="length", most_years=YEARS) from None
    return Recurrence(anchor, span, repeats)


def _read(text: str) -> Span | date | datetime:
    if text.startswith("P"):
        return _span(text)
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise TimerRefused(text=text[:80], why="date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)


def _span(text: str) -> Span:
    found = DURATION.fullmatch(text)
    if not found or text.endswith("T"):
        raise TimerRefused(text=text[:80], why="duration")
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    span = Span(years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60 + seconds)
    length = span.months / 12 + span.days / 365 + span.seconds / 31_536_000
    if not 0 < length <= YEARS:
        raise TimerRefused(text=text[:80], why="length", most_years=YEARS)
    return span
