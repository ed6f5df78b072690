"""Shows which step of how many runs, and about how long it all still takes."""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType

SOON = 5
MINUTE = 60


@dataclass(frozen=True)
class Step:
    """What a step does, in words, and for about how many seconds."""

    words: str
    seconds: int
    act: Callable[[], None]


def walk(steps: Sequence[Step]) -> None:
    """Take the steps one after another."""
    left = sum(step.seconds for step in steps)
    for number, step in enumerate(steps, 1):
        with Line(f"[{number}/{len(steps)}] {step.words}", left, left - step.seconds):
            step.act()
        left -= step.seconds


def say(words: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def remaining(seconds: float) -> str:
    """Say in words how long it still takes, no more exact than one can know.

    >>> remaining(38), remaining(96)
    ('约剩40秒', '约剩2分钟')
    """
    if seconds < SOON:
        return "马上就好"
    if seconds <= MINUTE:
        return f"约剩{round(seconds / 5) * 5}秒"
    return f"约剩{round(seconds / MINUTE)}分钟"


class Line:
    """One line that counts down while its step runs; where nobody looks, it is written once."""

    def __init__(self, words: str, left: int, after: int) -> None:
        self.words, self.left, self.after = words, left, after
        self.live = sys.stdout.isatty()
        self.done = threading.Event()
        self.counting = threading.Thread(target=self._count, daemon=True)

    def __enter__(self) -> None:
        self.started = time.monotonic()
        self._show(self.left)
        if self.live:
            self.counting.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.done.set()
        if self.live:
            self.counting.join()
            sys.stdout.write(f"\r\033[K{self.words} … {'未完成' if kind else '完成'}\n")
            sys.stdout.flush()

    def _count(self) -> None:
        while not self.done.wait(1):
            # A step slower than foreseen stands still at what the others need, and does not promise more.
            self._show(max(self.left - (time.monotonic() - self.started), self.after + SOON))

    def _show(self, left: float) -> None:
        line = f"{self.words} … {remaining(left)}"
        sys.stdout.write(f"\r\033[K{line}" if self.live else f"{line}\n")
        sys.stdout.flush()
