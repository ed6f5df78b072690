"""What the charts of this desk draw: months as quarters, columns with their heights, and the shades of heat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.spreads import Spread, joined
from web.door.language import _

SHADES = 5
COLUMNS = 24


@dataclass(frozen=True)
class Column:
    """One month or quarter: its name, the months that it covers, its spread."""

    name: str
    since: str
    until: str
    spread: Spread


def columns(trend: Mapping[str, Spread], span: str) -> list[Column]:
    """The last two years of months, or all quarters, oldest first."""
    if span == "month":
        return [Column(month, month, month, spread) for month, spread in trend.items()][-COLUMNS:]
    quarters: dict[str, list[str]] = {}
    for month in trend:
        year, number = month.split("-")
        quarters.setdefault(_("%(year)s年第%(n)s季度", year=year, n=(int(number) + 2) // 3), []).append(month)
    return [
        Column(name, months[0], months[-1], joined(trend[month] for month in months))
        for name, months in quarters.items()
    ][-COLUMNS:]


def shade(value: float, most: float) -> int:
    """How hot: 0 for nothing, else 1 to 5."""
    return 0 if not value or not most else min(SHADES, 1 + int(value / most * SHADES * 0.999))


def steps_of(most: float) -> Sequence[tuple[int, str]]:
    """The legend: each shade with the values that it stands for, whole numbers as far as there are so many."""
    found = []
    low = 1
    for number in range(1, SHADES + 1):
        high = max((each for each in range(low, int(most) + 1) if shade(each, most) == number), default=0)
        if high:
            found.append((number, str(low) if low == high else f"{low}–{high}"))
            low = high + 1
    return found
