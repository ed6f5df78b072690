"""A spread: how many took how many working days, and what its median and its ninetieth percentile are."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

HALF, NINETY = 0.5, 0.9


@dataclass(frozen=True)
class Spread:
    """Days, and how many took so many."""

    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many there are."""
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        """The days of all of them together."""
        return sum(days * n for days, n in self.counts.items())

    @property
    def median(self) -> int | None:
        """Half took at most so many; None of nothing."""
        return self._within(HALF)

    @property
    def ninety(self) -> int | None:
        """Nine in ten took at most so many."""
        return self._within(NINETY)

    def _within(self, share: float) -> int | None:
        left = math.ceil(share * self.n)
        for days in sorted(self.counts):
            left -= self.counts[days]
            if left <= 0:
                return days
        return None


def joined(spreads: Iterable[Spread]) -> Spread:
    """Several as one."""
    counts: Counter[int] = Counter()
    for each in spreads:
        counts.update(each.counts)
    return Spread(counts)


def gathered(rows: Iterable[tuple[str, int, int]]) -> dict[str, Spread]:
    """Rows of a name, days and how many, as a spread a name, in the order in which the names come."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for name, days, n in rows:
        found[name][days] += n
    return {name: Spread(counts) for name, counts in found.items()}
