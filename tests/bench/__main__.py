"""`make bench`: every figure beside its goal; exit 1 when one misses its figure and its ratio to the floor."""

import json
import sys

from tests.bench import completion, lists
from web.door import assets

GOAL_RATIO = 3.0
FIRST_LOAD = ("theme.css", "queue.js", "htmx.js")


def main() -> int:
    """Measure, print, and judge."""
    missed = []
    flow = completion.measure()
    ratio = flow.completion_ms / flow.floor_ms
    print(f"flow A, SQLite FULL: completion p50 {flow.completion_ms:.2f} ms (goal 4), floor {flow.floor_ms:.2f} ms, ratio {ratio:.2f}")
    print(f"flow A: CPU per instance {flow.cpu_ms:.1f} ms (goal 20), state {flow.state_bytes} bytes (goal 20,000)")
    missed += ["completion"] if flow.completion_ms > 4 and ratio > GOAL_RATIO else []
    missed += ["CPU"] if flow.cpu_ms > 20 and ratio > GOAL_RATIO else []
    missed += ["state"] if flow.state_bytes > 20_000 else []
    page = lists.measure()
    print(f"queue at 10,000 open: first page {page.first_ms:.2f} ms, last {page.last_ms:.2f} ms (goal 10)")
    print(f"idle minute over 10,000 open cases: {page.idle_cpu_ms:.0f} ms CPU (goal 50)")
    missed += ["queue"] if max(page.first_ms, page.last_ms) > 10 and page.first_ms / flow.floor_ms > 10 else []
    missed += ["idle"] if page.idle_cpu_ms > 50 else []
    print("missed: " + ", ".join(missed) if missed else "every goal is met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
