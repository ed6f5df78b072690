"""What a document costs: thirty pages as PDF and as a Word file, the process that sets them included."""

import statistics
import time
from collections.abc import Callable, Iterator

from bases.documents import press, word
from bases.documents.content import Content
from tests.bench import floor
from tests.bench.figures import Figure

ROUNDS = 5
# 22 lines of 28 characters to a page: 42 paragraphs of 15 lines are thirty pages with their head and foot.
PARAGRAPHS = 42
LINE = "外贸转型升级基地要完善组织协调机制，落实配套政策，加强"


def measure() -> Iterator[Figure]:
    """Medians of wall time."""
    whole = Content(
        organ="四川省商务厅",
        title="四川省商务厅关于基地建设情况的通知",
        paragraphs=tuple(LINE * 15 for _ in range(PARAGRAPHS)),
    )
    least = floor.work() * 1e3
    yield Figure("a document of 30 pages as PDF", _median(lambda: press.pdf(whole, draft=True)) * 1e3, least)
    yield Figure("a document of 30 pages as a Word file", _median(lambda: word.docx(whole, draft=True)) * 1e3, least)


def _median(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
