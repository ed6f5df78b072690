"""What can be known of a table before it decides anything: rules that overlap, and values that none of them matches."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, groupby
from typing import Any

from engine.decisions.spans import Span, Spans, cut, meet, union
from engine.decisions.unary import Cell, narrowed

MOST_GAPS = 20
MOST_STEPS = 20_000

Row = Sequence[Cell]


def overlaps(domains: Sequence[Spans], rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Every two rows (by their place) that some values match both."""
    for (one, a), (other, b) in combinations(enumerate(rows), 2):
        if all(x.overlaps(y, domain) for x, y, domain in zip(a, b, domains, strict=True)):
            yield one, other


def gaps(domains: Sequence[Spans], rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Boxes of values that no row matches, at most twenty; none if looking for them would take long."""
    search = _Search(domains, rows)
    found = list(search.below(0, frozenset(range(len(rows)))))
    return found[:MOST_GAPS] if search.steps <= MOST_STEPS else []


class _Search:
    """Input by input: pieces of its domain, and which rows are still possible there."""

    def __init__(self, domains: Sequence[Spans], rows: Sequence[Row]) -> None:
        self.rows = rows
        self.pieces = [_pieces(domain, [row[at] for row in rows]) for at, domain in enumerate(domains)]
        self.steps = 0

    def below(self, at: int, possible: frozenset[int]) -> Iterator[tuple[str, ...]]:
        """The gaps among the inputs from this one on."""
        if at == len(self.pieces):
            return
        matched = [(piece, self._matching(piece, at, possible)) for piece in self.pieces[at]]
        for rows, run in groupby(sorted(matched, key=lambda each: sorted(each[1])), key=lambda each: each[1]):
            spans = [piece for piece, _rows in run]
            text = _written(spans, self.pieces[at])
            if not rows:
                yield (*["-"] * at, text, *["-"] * (len(self.pieces) - at - 1))
            elif self.steps <= MOST_STEPS:
                yield from (_with(rest, at, text) for rest in self.below(at + 1, rows))

    def _matching(self, piece: Span, at: int, possible: frozenset[int]) -> frozenset[int]:
        self.steps += len(possible)
        return frozenset(row for row in possible if meet((piece,), self.rows[row][at].spans))


def _pieces(domain: Spans, column: Sequence[Cell]) -> list[Span]:
    pieces = cut(domain, [cell.spans for cell in column])
    whole = any(cell.whole for cell in column)
    return [piece for piece in pieces if not whole or narrowed((piece,))]


def _with(rest: tuple[str, ...], at: int, text: str) -> tuple[str, ...]:
    return (*rest[:at], text, *rest[at + 1 :])


def _written(spans: list[Span], every: list[Span]) -> str:
    if len(spans) == len(every):
        return "-"
    return ", ".join(_span(span) for span in union(spans))


def _span(span: Span) -> str:
    if span.low is not None and span.low == span.high:
        return _literal(span.low)
    if span.low is None:
        return f"{'<=' if span.high_in else '<'} {_literal(span.high)}"
    if span.high is None:
        return f"{'>=' if span.low_in else '>'} {_literal(span.low)}"
    return f"{'[' if span.low_in else '('}{_literal(span.low)}..{_literal(span.high)}{']' if span.high_in else ')'}"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f'date("{value}")' if isinstance(value, date) else f'"{value}"'
