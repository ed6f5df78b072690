"""`make bench`: every figure beside its goal and its floor, as a table; exit 1 when one misses both.

`make bench ARGS="flows queue"` measures only these parts.
"""

import sys
import time

from tests.bench import (
    age,
    analysis,
    batch,
    clients,
    documents,
    flows,
    idle,
    owner,
    pushing,
    queue,
    reading,
    shipped,
    supervisor,
    timers,
    years,
)

PARTS = {
    "flows": flows.measure,
    "shipped": shipped.measure,
    "clients": clients.measure,
    "age": age.measure,
    "queue": queue.measure,
    "timers": timers.measure,
    "idle": idle.measure,
    "reading": reading.measure,
    "documents": documents.measure,
    "batch": batch.measure,
    "owner": owner.measure,
    "pushing": pushing.measure,
    "supervisor": supervisor.measure,
    "years": years.measure,
    "analysis": analysis.measure,
}


def main(chosen: list[str]) -> int:
    """Measure, print, and judge."""
    unknown = set(chosen) - set(PARTS)
    if unknown:
        sys.stderr.write(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}\n")
        return 2
    missed = 0
    sys.stdout.write("|  | figure | measured | × the floor | goal |\n|---|---|---|---|---|\n")
    for part in chosen or PARTS:
        began = time.perf_counter()
        for figure in PARTS[part]():
            missed += figure.missed
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
        sys.stderr.write(f"{part}: {time.perf_counter() - began:.0f} s\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
