"""`make bench`: every figure beside its goal; exit 1 when one misses its figure and its ratio to the floor."""

import sys
from dataclasses import dataclass

from tests.bench import completion, lists, reading


@dataclass(frozen=True)
class Figure:
    """One measured figure, its goal, and how many floors of the same run it may cost on a slow machine."""

    name: str
    unit: str
    value: float
    goal: float
    floor: float = 0.0
    ratio: float = 0.0

    @property
    def missed(self) -> bool:
        """Whether it misses the goal, and the excuse of a slow machine does not hold."""
        slow = self.floor > 0 and self.value / self.floor <= self.ratio
        return self.value > self.goal and not slow

    def __str__(self) -> str:
        beside = f", {self.value / self.floor:.1f} × the floor of {self.floor:.2f}" if self.floor else ""
        return (
            f"{'✗' if self.missed else '✓'} {self.name}: {self.value:,.2f} {self.unit} (goal {self.goal:,.0f}{beside})"
        )


def main() -> int:
    """Measure, print, and judge."""
    flow = completion.measure()
    page = lists.measure()
    small = reading.measure()
    floor = flow.floor_ms
    figures = [
        Figure("flow A, SQLite FULL: a completion, p50", "ms", flow.completion_ms, 4, floor, 5),
        Figure("flow A: CPU of an instance with its claims", "ms", flow.cpu_ms, 20, floor, 30),
        Figure("flow A: state of an open case", "bytes", flow.state_bytes, 20_000),
        Figure("queue with 10,000 open: first page and counts", "ms", page.first_ms, 10, floor, 15),
        Figure("queue with 10,000 open: last page and counts", "ms", page.last_ms, 10, floor, 15),
        Figure("an idle minute over 10,000 open cases", "ms CPU", page.idle_cpu_ms, 50),
        Figure("an expression", "µs", small.expression_us, 5, floor, 0.02),
        Figure("reading the information form", "ms", small.form_ms, 10, floor, 35),
        Figure("checking the shipped diagram", "ms", small.lint_ms, 150, floor, 500),
    ]
    sys.stdout.write("".join(f"{figure}\n" for figure in figures))
    return 1 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
