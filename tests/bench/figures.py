"""A measured figure, and its judgement: it fails only when it misses its goal and its ratio to the floor as well.

expected.json holds the goals by name: `goal` in the figure's unit, `ratio` how many floors of the same run it may cost
on a slower machine; a rate has `least` instead of `goal`, and its floor is the rate of the bare floor.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

EXPECTED: dict[str, dict[str, Any]] = orjson.loads(Path(__file__).with_name("expected.json").read_bytes())


@dataclass(frozen=True)
class Figure:
    """What was measured, in the unit of expected.json, beside the bare floor of the same run if it has one."""

    name: str
    value: float
    floor: float = 0.0

    @property
    def expected(self) -> dict[str, Any]:
        """Its goal."""
        return EXPECTED[self.name]

    @property
    def ratio(self) -> float:
        """How many times the floor: above one, the higher the worse, for times and for rates alike."""
        if not self.floor:
            return 0.0
        return self.floor / self.value if "least" in self.expected else self.value / self.floor

    @property
    def missed(self) -> bool:
        """Whether the goal is missed, and a slow machine is no excuse."""
        goal = self.expected
        short = self.value < goal["least"] if "least" in goal else self.value > goal["goal"]
        return short and not 0 < self.ratio <= goal.get("ratio", 0)

    def __str__(self) -> str:
        goal = self.expected
        aim = f"≥ {goal['least']:,g}" if "least" in goal else f"≤ {goal['goal']:,g}"
        beside = f"{self.ratio:.1f} × {self.floor:,.3g}" if self.floor else ""
        return (
            f"| {'✗' if self.missed else '✓'} | {self.name} | {self.value:,.4g} {goal['unit']} | {beside} "
            f"| {aim} {goal['unit']} |"
        )
