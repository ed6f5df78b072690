"""P3. A transition happens once: the reply to a commit is lost, a key comes twice, two tabs, eight clients at once."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from engine import cases
from engine.incidents import Incident
from engine.submissions import Submission
from engine.waits import Wait
from ground import clock
from ground.database import Database, StorageLost, reading
from ground.errors import Busy
from tests import databases
from tests.conftest import MORNING
from tests.trust import acts, proxy, rows
from tests.trust.stores import Life, Say, Stores, live, live_all, stores

PROMISE = "a transition happens once"
OPERATIONS, CLIENTS = 50, 8
Ask = Callable[[], Any]
Client = Callable[[Database, list[Ask], Say], None]


class Cut(BaseException):
    """What was to answer ended after the commit, before anybody was told."""


def trials(scale: float) -> tuple[int, list[str]]:
    """So many beginnings and completions in each way on both databases; afterwards there are as many rows."""
    count = max(4, round(OPERATIONS * min(1, scale)))
    tried, violations = 0, []
    for kind in databases.KINDS:
        with stores(kind) as made:
            first = made.first(acts.lay)
            for name, (client, people) in WAYS.items():
                house = made.copy(first)
                found = _tried(made, house, count, client, people)
                violations += [f"{kind}, {name}: {each}" for each in found]
                tried += 2 * count
                made.drop(house)
    return tried, violations


def cut(store: Database, operations: list[Ask], say: Say) -> None:
    """Every reply to a commit is lost: on SQLite with the thread that waits for it, on PostgreSQL with the link."""
    commit, lost = store.writer.dialect.do_commit, [False]

    def commit_and_break(connection: Any) -> None:
        commit(connection)
        if lost[0]:
            raise Cut

    if store.is_sqlite:
        store.writer.dialect.do_commit = commit_and_break  # type: ignore[method-assign]
    for ask in operations:
        lost[0] = True
        with contextlib.suppress(Cut, StorageLost):
            first = ask()
            if store.is_sqlite:
                say(f"a lost reply went unnoticed: {first}")
        lost[0] = False
        ask()


def twice(_store: Database, operations: list[Ask], say: Say) -> None:
    """Each is asked twice with one key, one after the other."""
    for ask in operations:
        first, second = ask(), ask()
        if first != second:
            say(f"answered {first} and {second}")


def tabs(_store: Database, operations: list[Ask], say: Say) -> None:
    """Two tabs of one person send each at the same moment, and again where the house was busy."""
    for ask in operations:
        answers: list[Any] = []
        both = [threading.Thread(target=lambda ask=ask, into=answers: into.append(_until_served(ask))) for _ in (1, 2)]
        for tab in both:
            tab.start()
        for tab in both:
            tab.join()
        if len(answers) != len(both) or answers[0] != answers[1]:
            say(f"answered {answers}")


def served(_store: Database, operations: list[Ask], _say: Say) -> None:
    """One of several processes that all send the same with the same keys."""
    for ask in operations:
        _until_served(ask)


WAYS: dict[str, tuple[Client, int]] = {
    "reply cut": (cut, 1),
    "key twice": (twice, 1),
    "two tabs": (tabs, 1),
    "eight clients": (served, CLIENTS),
}


def _tried(made: Stores, house: str, count: int, client: Client, people: int) -> list[str]:
    prepared = live(lambda say: _prepare(made, house, count, say))

    def act(say: Say) -> None:
        with _open(made, house) as store:
            client(store, _operations(prepared.said), say)

    with _link(made, broken=client is cut) as made.host:
        acted = live_all([act] * people)
    made.host = None
    lives = [prepared, *acted, live(lambda say: _count(made, house, count, say))]
    return [each for life in lives for each in _complaints(life, prepared)]


def _prepare(made: Stores, house: str, count: int, say: Say) -> None:
    """Begin a case for each completion, and claim its task."""
    with _open(made, house):
        by = acts.person("looper")
        for number in range(count):
            case = _begin(by, f"ready {number}", number).ref
            with reading() as session:
                ref = session.scalar(select(Wait.ref).join(cases.Case).where(cases.Case.ref == case))
            acts.claim(ref, by)
            say(ref)


def _operations(refs: list[str]) -> list[Ask]:
    """A beginning and a completion for each task that is ready, each with a key of its own."""
    by, asks = acts.person("looper"), []
    for number, ref in enumerate(refs):
        asks.append(lambda number=number: _begin(by, f"begin {number}", number).number)
        asks.append(lambda ref=ref: cases.complete(ref, acts.FORWARD, by=by, key="send"))
    return asks


def _begin(by: Any, key: str, number: int) -> cases.Started:
    place: Any = {"region": "510703", "organ": by.held[0].organ_id, "title": "一次", "data": {"round": 0}}
    return cases.start("rounds", subject=f"base:{number}", key=key, by=by, **place)


def _until_served(ask: Ask) -> Any:
    """Busy says that nothing was stored, and to ask again with the same key."""
    while True:
        with contextlib.suppress(Busy):
            return ask()


def _count(made: Stores, house: str, count: int, say: Say) -> None:
    with _open(made, house), reading() as session:
        for each in rows.broken_chains(session):
            say(each)
        for each in session.execute(select(Incident)).all():
            say(f"an incident {each.code} of a case that is sound")
        begun = session.scalar(select(func.count()).select_from(cases.Case))
        sent = session.scalar(select(func.count()).select_from(Submission))
        if (begun, sent) != (2 * count, count):
            say(f"{count} beginnings and completions left {begun - count} and {sent} rows")


def _complaints(life: Life, prepared: Life) -> list[str]:
    said = [] if life is prepared else life.said
    return [*said, life.failed] if life.failed else said


@contextmanager
def _link(made: Stores, *, broken: bool) -> Iterator[str | None]:
    if not broken or made.kind == "sqlite":
        yield None
        return
    host = make_url(made.url("none")).query["host"]
    with proxy.breaking(str(host), made.folder / "link") as folder:
        yield folder


@contextmanager
def _open(made: Stores, house: str) -> Iterator[Database]:
    clock.use(lambda: MORNING)
    with made.open(house) as store:
        yield store


def test_as_many_operations_as_were_meant_leave_as_many_rows(apart):
    assert apart.trials("test_p03_once", 0.08) == (64, [])
