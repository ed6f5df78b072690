"""Sets of values as sorted spans that do not touch: what a cell matches, what two rules share, what none covers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """All values from `low` to `high`; None is without end; each end may belong to it or not."""

    low: Any = None
    low_in: bool = False
    high: Any = None
    high_in: bool = False

    def has(self, value: Any) -> bool:
        """Whether a value lies in it."""
        if self.low is not None and not (value > self.low or (self.low_in and value == self.low)):
            return False
        return self.high is None or value < self.high or (self.high_in and value == self.high)

    @property
    def is_empty(self) -> bool:
        """Whether nothing can lie in it."""
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in)))

    def meet(self, other: "Span") -> "Span":
        """What both have."""
        low = max(self, other, key=_BY_LOW)
        high = min(self, other, key=_BY_HIGH)
        return Span(low.low, low.low_in, high.high, high.high_in)


Spans = tuple[Span, ...]
EVERYTHING: Spans = (Span(),)


def point(value: Any) -> Span:
    """One value."""
    return Span(value, True, value, True)


def union(spans: Iterable[Span]) -> Spans:
    """The same set, sorted, in as few spans as possible."""
    merged: list[Span] = []
    for span in sorted((each for each in spans if not each.is_empty), key=_BY_LOW):
        if merged and _touch(merged[-1], span):
            high = max(merged[-1], span, key=_BY_HIGH)
            merged[-1] = Span(merged[-1].low, merged[-1].low_in, high.high, high.high_in)
        else:
            merged.append(span)
    return tuple(merged)


def meet(one: Sequence[Span], other: Sequence[Span]) -> Spans:
    """What two sets share."""
    return tuple(found for a in one for b in other if not (found := a.meet(b)).is_empty)


def complement(spans: Spans) -> Spans:
    """Everything else."""
    rest = EVERYTHING
    for span in spans:
        outside = []
        if span.low is not None:
            outside.append(Span(None, False, span.low, not span.low_in))
        if span.high is not None:
            outside.append(Span(span.high, not span.high_in, None, False))
        rest = meet(rest, outside)
    return rest


def cut(domain: Spans, sets: Iterable[Spans]) -> list[Span]:
    """The domain in pieces, so small that each lies wholly in or wholly out of every set."""
    ends = {end for spans in (domain, *sets) for span in spans for end in (span.low, span.high) if end is not None}
    pieces: list[Span] = []
    before = None
    for end in sorted(ends):
        pieces += [Span(before, False, end, False), point(end)]
        before = end
    pieces.append(Span(before, False, None, False))
    return [piece for piece in pieces if meet((piece,), domain)]


def _touch(one: Span, other: Span) -> bool:
    """Whether two spans, sorted by their low ends, overlap or leave nothing in between."""
    if one.high is None or other.low is None:
        return True
    return bool(other.low < one.high or (other.low == one.high and (one.high_in or other.low_in)))


def _compare_low(one: Span, other: Span) -> int:
    if one.low is None or other.low is None:
        return (one.low is not None) - (other.low is not None)
    if one.low != other.low:
        return 1 if one.low > other.low else -1
    return other.low_in - one.low_in


def _compare_high(one: Span, other: Span) -> int:
    if one.high is None or other.high is None:
        return (other.high is not None) - (one.high is not None)
    if one.high != other.high:
        return 1 if one.high > other.high else -1
    return one.high_in - other.high_in


_BY_LOW = cmp_to_key(_compare_low)
_BY_HIGH = cmp_to_key(_compare_high)
