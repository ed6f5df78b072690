"""Whether what several people did to one task, and were told, could have happened one act after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FREE, OVER = 0, -1


@dataclass(frozen=True, order=True)
class Did:
    """One act on one task: asked and answered at these instants (ns); `ok` is what the person was told."""

    asked: int
    answered: int
    kind: str
    person: int
    ok: bool


def explained(acts: Iterable[Did]) -> bool:
    """Whether some order that respects the clock explains every answer: Wing and Gong's search, remembering dead ends.

    A task is free, held by one person, or over. `blocked` is somebody's finding that nothing was free: at one instant
    at least, this task was not.
    """
    history: Sequence[Did] = sorted(acts)
    seen: set[tuple[int, int]] = set()
    left = [((1 << len(history)) - 1, FREE)]
    while left:
        rest, state = left.pop()
        if not rest:
            return True
        if (rest, state) in seen:
            continue
        seen.add((rest, state))
        left += _next(history, rest, state)
    return False


def _next(history: Sequence[Did], rest: int, state: int) -> list[tuple[int, int]]:
    """Each act that may come first among those left: none that is left was answered before it was asked."""
    numbers = [number for number in range(rest.bit_length()) if rest >> number & 1]
    first_answer = min(history[number].answered for number in numbers)
    found = []
    for number in numbers:
        if history[number].asked > first_answer:
            break
        after = _after(history[number], state)
        if after is not None:
            found.append((rest & ~(1 << number), after))
    return found


def _after(did: Did, state: int) -> int | None:
    """The task's state afterwards, or None where the answer cannot be right."""
    mine = state == did.person
    right, after = {
        "claim": (state == FREE or mine, did.person),
        "release": (mine, FREE),
        "complete": (mine, OVER),
        "blocked": (state == FREE, state),  # its answer is always no
    }[did.kind]
    if did.ok != right:
        return None
    return after if did.ok else state
