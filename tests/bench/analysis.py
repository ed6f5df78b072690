"""Completions beside analyses that never stop: p50 and p99 of one client with and without, in turn; each page alone.

The house is as large as a province gets in years: cases that are copies of a few lived ones, with their history.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row as Record, insert, select, text

from engine.cases import Case
from engine.history import History
from ground import clock
from ground.database import Database, Session, reading, table, transaction
from ground.people import Actor
from tasks import analysis, analysis_kept, analysis_rows, analysis_scope, heat
from tasks.analysis_scope import Filters
from tests.bench import house
from tests.bench.figures import Figure
from tests.bench.flows import A, instance
from tests.engine import flows

CASES = 120_000  # of 17 lines each: two million rows of history
ROUNDS = 5
INSTANCES = 40  # of five completions: a p99 wants some hundreds of them
MONTHS = 36
AT_ONCE = 2_000
BEYOND = 1_000_000  # PostgreSQL goes on counting from the one case that was lived


def measure() -> Iterator[Figure]:
    """Both databases; the rounds with and without in turn, so that a slow minute slows both."""
    for kind in house.KINDS:
        with house.laid(kind) as store:
            by = house.officer()
            house.published(flows.in_a_row(A, 5))
            instance(by, "lived")
            grown(store)
            named = house.NAMES[kind]
            yield from _alone(by, named)
            yield from _beside(by, named)


def grown(store: Database, size: int = CASES) -> None:
    """Copies of the one case that was lived, a new number each, spread over the months and the cities."""
    with transaction() as session:
        model = session.execute(select(Case)).one()
        lines = session.execute(select(History)).all()
        analysis_rows.reckon_all(session, clock.now())
        steps = session.execute(select(analysis_rows.AnalysedStep)).all()
        whole = session.execute(select(analysis_rows.AnalysedCase)).one()
    for first in range(0, size, AT_ONCE):
        with transaction() as session:
            _copies(session, model, lines, whole, steps, range(first + BEYOND, first + BEYOND + AT_ONCE))
    with store.writer.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _copies(
    session: Session,
    model: Record[Any],
    lines: Sequence[Record[Any]],
    whole: Record[Any],
    steps: Sequence[Record[Any]],
    numbers: range,
) -> None:
    cases_: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    walked: list[dict[str, Any]] = []
    stepped: list[dict[str, Any]] = []
    for number in numbers:
        at = model.started_at - timedelta(days=30 * (number % MONTHS))
        city = 5101 + number % 21
        copy = {"id": number, "ref": f"b{number:011d}", "number": f"b-{number}", "alone": None}
        cases_.append({**model._mapping, **copy, "started_at": at, "moved_at": at, "ended_at": at, "region": "510700"})
        told += [{**line._mapping, "case_id": number} for line in lines]
        month = f"{clock.local_day(at):%Y-%m}"
        here = {"case_id": number, "city": str(city), "month": month}
        walked.append({**whole._mapping, **here, "days": number % 40, "seq": model.seq})
        stepped += [{**each._mapping, **here, "waited": number % 9, "worked": number % 13} for each in steps]
    for kind, rows in (
        (Case, cases_),
        (History, told),
        (analysis_rows.AnalysedCase, walked),
        (analysis_rows.AnalysedStep, stepped),
    ):
        session.execute(insert(table(kind)), rows)


def _alone(by: Actor, named: str) -> Iterator[Figure]:
    yield Figure(f"analysis, {named}: the page, reckoned afresh", _median(lambda: _page(by)) * 1e3)
    yield Figure(f"analysis, {named}: the page, kept", _median(lambda: _kept(by)) * 1e3)
    yield Figure(f"analysis, {named}: heat of the diagram", _median(lambda: _heat(by)) * 1e3)


def _beside(by: Actor, named: str) -> Iterator[Figure]:
    """One analysis after the other, as many as there may be at a time: one."""
    quiet, loaded = [], []
    for number in range(-1, ROUNDS):
        calm = [one for place in range(INSTANCES) for one in instance(by, f"q{number}-{place}")[0][1:]]
        with _Analysing(by):
            busy = [one for place in range(INSTANCES) for one in instance(by, f"l{number}-{place}")[0][1:]]
        if number >= 0:
            quiet.append(calm)
            loaded.append(busy)
    mid = [statistics.median(each) for each in loaded], [statistics.median(each) for each in quiet]
    yield Figure(
        f"analysis, {named}: a completion beside it, p50, × alone",
        statistics.median(mid[0]) / statistics.median(mid[1]),
    )
    yield Figure(
        f"analysis, {named}: a completion beside it, p99, × alone",
        statistics.median(map(_worst, loaded)) / statistics.median(map(_worst, quiet)),
    )


class _Analysing:
    """Analyses one after the other, in a thread of their own, until the end of the block."""

    def __init__(self, by: Actor) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(by,))

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self, by: Actor) -> None:
        while not self._stop.is_set():
            _page(by)


def _page(by: Actor) -> None:
    with reading() as session:
        analysis.of(session, _scope(session, by))


def _kept(by: Actor) -> None:
    with reading() as session:
        analysis_kept.of(session, _scope(session, by))


def _heat(by: Actor) -> None:
    with reading() as session:
        [(version, _)] = heat.versions(session, A, by).values()
        heat.now(session, _scope(session, by), version, clock.now())


def _scope(session: Session, by: Actor) -> analysis_scope.Scope:
    return analysis_scope.of(session, by, Filters(A), clock.today())


def _worst(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _median(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
