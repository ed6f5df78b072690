"""P6. A deadline is never lost and fires once: outages, nodes that die, clocks that jump, handlers that are renamed."""

import contextlib
import itertools
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest import mock

from sqlalchemy import event, func, insert, select

from engine import cases, definitions
from engine.cases import Case
from engine.history import History
from engine.waits import Timer
from ground import clock, ids, jobs, leases
from ground.database import Database, Session, reading, transaction
from tasks import timers
from tasks.scheduler import Scheduler
from tests import databases
from tests.bases import moves
from tests.conftest import MORNING
from tests.engine import flows
from tests.trust import acts
from tests.trust.stores import Say, Stores, begun, ended, live, live_all, stores
from tests.trust.work import standing, work

PROMISE = "a deadline is never lost and fires once"
CATCH_UP_SECONDS = 60
DUE = acts.folder(
    "due",
    '<bpmn:startEvent id="begin" jidi:returns="due"/><bpmn:intermediateCatchEvent id="moment">'
    "<bpmn:timerEventDefinition>"
    '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">due</bpmn:timeDate></bpmn:timerEventDefinition>'
    '</bpmn:intermediateCatchEvent><bpmn:endEvent id="done"/>'
    + flows.flow("begin", "moment")
    + flows.flow("moment", "done"),
)
HOUR = timedelta(hours=1)
SOON = MORNING + HOUR
# What is written in the diagram, and the first instant at which it is over in Shanghai.
MOMENTS: Mapping[str, tuple[datetime, datetime]] = {
    "2026-11-23": (MORNING, clock.end_of(date(2026, 11, 23))),
    "2026-12-31": (MORNING, clock.end_of(date(2026, 12, 31))),
    "2028-02-29": (MORNING, clock.end_of(date(2028, 2, 29))),
    "2027-02-28": (MORNING, clock.end_of(date(2027, 2, 28))),
    "P1Y": (clock.start_of(date(2028, 2, 29)), clock.start_of(date(2029, 2, 28))),
    "P1M": (clock.start_of(date(2028, 1, 31)), clock.start_of(date(2028, 2, 29))),
    "P6M": (clock.start_of(date(2027, 8, 31)), clock.start_of(date(2028, 2, 29))),
    "2026-11-23T23:59:59+08:00": (MORNING, datetime(2026, 11, 23, 15, 59, 59, tzinfo=MORNING.tzinfo)),
}


def trials(scale: float) -> tuple[int, list[str]]:
    """Every way in which a deadline could be missed, doubled or early, on both databases."""
    tried, violations = 0, []
    for kind in databases.KINDS:
        with stores(kind) as made:
            first = made.first(lay)
            for way in (outage, two_nodes, killed_nodes, frozen, clocks, adrift, ends_of_days, renamed):
                house = made.copy(first)
                count, found = way(made, house, scale)
                tried += count
                violations += [f"{kind}, {way.__name__}: {each}" for each in found]
                made.drop(house)
    return tried, violations


def lay(empty: Database) -> None:
    """The house with a process that waits for the moment it is given."""
    acts.lay(empty)
    before = clock.use(lambda: MORNING)
    with databases.using(empty), transaction() as session:
        definitions.publish(session, DUE, origin="owner", by=None, now=MORNING)
    clock.use(before)


def outage(made: Stores, house: str, _scale: float) -> tuple[int, list[str]]:
    """Three days without any process, over forty dues; the next look fires each of them once, in time."""

    def begin(_say: Say) -> None:
        with _at(made, house, MORNING):
            for number in range(40):
                _begin(number, MORNING + number * timedelta(hours=1.8))

    def return_(say: Say) -> None:
        with _at(made, house, MORNING + timedelta(days=3)):
            began = time.monotonic()
            timers.fire_due(clock.now())
            say(f"{time.monotonic() - began}")

    lives = [live(begin), live(return_)]
    late = [f"caught up after {took} s" for took in lives[1].said if float(took) > CATCH_UP_SECONDS]
    return 40, [*_failures(lives), *late, *_fired_once(made, house, 40)]


def two_nodes(made: Stores, house: str, scale: float) -> tuple[int, list[str]]:
    """Two nodes look at the same moment; each due fires on one of them."""
    count = _some(1000, scale)
    _multiply(made, house, count)
    lives = live_all([lambda _say: _sweep(made, house, SOON)] * 2)
    lives.append(live(lambda _say: _sweep(made, house, SOON)))  # what one node had locked, the other passed over
    return count, [*_failures(lives), *_fired_once(made, house, count)]


def killed_nodes(made: Stores, house: str, scale: float) -> tuple[int, list[str]]:
    """Three of four nodes are killed in the middle of the drain; the fourth and the next look do the rest."""
    count = _some(20_000 if made.kind == "postgresql" else 2_000, scale)
    _multiply(made, house, count)
    fatal = max(1, count // timers.BATCH // 6)  # the three of them cannot be done before they are killed
    nodes = [begun(lambda _say: _sweep_until_killed(made, house, fatal)) for _ in range(3)]
    lives = [ended(*nodes[0])]
    fourth = begun(lambda _say: _sweep(made, house, SOON))
    lives += [ended(*node) for node in (*nodes[1:], fourth)]
    lives.append(live(lambda _say: _sweep(made, house, SOON)))
    killed = sum(life.killed for life in lives)
    found = [*_failures(lives), *_fired_once(made, house, count)]
    return count, found if killed else [*found, "nobody was killed in time"]


def frozen(made: Stores, house: str, _scale: float) -> tuple[int, list[str]]:
    """A node is stopped past its lease; another takes it, and what the first one writes when it wakes is taken back."""
    term = timedelta(seconds=0.5)

    def holder(name: str) -> Any:
        def hold(say: Say) -> None:
            clock.use(clock.wall)
            with made.open(house):
                held = leases.take("trial", clock.now(), term=term)
                say(f"{name} holds" if held else f"{name} does not hold")
                if held and name == "first":
                    os.kill(os.getpid(), signal.SIGSTOP)
                if held:
                    with contextlib.suppress(leases.Lost), leases.writing(held) as session:
                        jobs.enqueue(session, f"trial.{name}", {})

        return hold

    child, pipe = begun(holder("first"))
    os.waitpid(child, os.WUNTRACED)
    time.sleep(term.total_seconds() + 0.1)
    second = live(holder("second"))
    os.kill(child, signal.SIGCONT)
    first = ended(child, pipe)
    with made.open(house), reading() as session:
        written = sorted(line.split()[0] for line in standing(session))
    said = [*first.said, *second.said]
    wrong = [] if (said, written) == (["first holds", "second holds"], ["trial.second"]) else [f"{said} and {written}"]
    return 1, [*_failures([first, second]), *wrong]


def clocks(made: Stores, house: str, scale: float) -> tuple[int, list[str]]:
    """The machine's clock is two hours ahead in one process, two hours behind in the next, then right again."""
    count = _some(60, scale)
    early = []

    def begin(_say: Say) -> None:
        with _at(made, house, MORNING):
            for number in range(count):
                _begin(number, MORNING + number * timedelta(minutes=6))

    lives = [live(begin)]
    shifts = (0, 2, -2, 0, -2, 2, 0, 6)
    for step, shift in enumerate(shifts):
        now = MORNING + timedelta(minutes=30 * step) + shift * HOUR
        lives.append(live(lambda _say, now=now: _sweep(made, house, now)))
        with made.open(house), reading() as session:
            early += [f"{due} fired at {at}" for due, at in _moments(session) if at < due]
    return count * len(shifts), [*_failures(lives), *early, *_fired_once(made, house, count)]


def adrift(made: Stores, house: str, _scale: float) -> tuple[int, list[str]]:
    """A node whose clock is two hours ahead of the database's fires nothing, and fires it once its clock is right."""
    if made.kind == "sqlite":  # one process, one clock: there is nothing to compare it with
        return 0, []

    def node(shift: timedelta) -> Callable[[Say], None]:
        def wrong() -> datetime:
            return datetime.now(UTC) + shift

        def sweep(_say: Say) -> None:
            with made.open(house), mock.patch.object(clock, "wall", wrong):
                clock.use(clock.wall)
                Scheduler().sweep()

        return sweep

    def begin(_say: Say) -> None:
        with _at(made, house, clock.wall()):
            _begin(0, clock.wall() + timedelta(seconds=2))

    lives = [live(begin), live(node(2 * HOUR))]
    early = _fired(made, house)
    time.sleep(2)
    lives.append(live(node(timedelta())))
    found = [f"fired two hours early: {early}"] if early else []
    return 1, [*_failures(lives), *found, *_fired_once(made, house, 1)]


def ends_of_days(made: Stores, house: str, _scale: float) -> tuple[int, list[str]]:
    """The last microsecond of a day is in time, the first of the next one is over; 29 February is a day."""
    found = []
    for number, (text, (begins, over)) in enumerate(MOMENTS.items()):
        name = f"{text} from {begins:%Y-%m-%d}"

        def begin(_say: Say, number: int = number, text: str = text, begins: datetime = begins) -> None:
            with _at(made, house, begins):
                _begin(number, text)

        lives = [live(begin), live(lambda _say, over=over: _sweep(made, house, over - timedelta(microseconds=1)))]
        if _fired(made, house)[_numbered(made, house, number)]:
            found.append(f"{name}: fired before {over}")
        lives.append(live(lambda _say, over=over: _sweep(made, house, over)))
        if _fired(made, house)[_numbered(made, house, number)] != 1:
            found.append(f"{name}: did not fire at {over}")
        found += _failures(lives)
    return len(MOMENTS), found


def renamed(made: Stores, house: str, _scale: float) -> tuple[int, list[str]]:
    """Work whose handler has another name since the restart waits for a person, and is done once it is known again."""
    ran = made.folder / "ran"

    def ask(_say: Say) -> None:
        with _at(made, house, MORNING), transaction() as session:
            jobs.enqueue(session, "trial.old_name", {"number": 7}, dedupe="trial:7")

    def restart(say: Say) -> None:
        with _at(made, house, MORNING):
            work()
            with reading() as session:
                say(",".join(f"{row.kind} {row.error}" for row in jobs.failed(session)))

    def again(_say: Say) -> None:
        jobs.handler("trial.old_name")(lambda payload: ran.open("ab").write(b"%d" % payload["number"]))
        with _at(made, house, MORNING):
            with transaction() as session:
                jobs.retry(session, jobs.failed(session)[0].id, clock.now())
            work()
            work()

    lives = [live(ask), live(restart), live(again)]
    done = ran.read_bytes() if ran.exists() else b""
    ran.unlink(missing_ok=True)
    wrong = [] if lives[1].said == [f"trial.old_name {jobs.UNKNOWN_KIND}"] and done == b"7" else [f"{lives} {done!r}"]
    return 1, [*_failures(lives), *wrong]


@contextlib.contextmanager
def _at(made: Stores, house: str, moment: datetime) -> Iterator[Database]:
    clock.use(lambda: moment)
    with made.open(house) as store:
        yield store


def _some(count: int, scale: float) -> int:
    return max(20, round(count * min(1, scale)))


def _begin(number: int, due: datetime | str) -> None:
    with reading() as session:
        by = moves.actor(session, "looper", MORNING)
    data = {"due": due if isinstance(due, str) else due.isoformat()}
    place: Any = {"region": "510703", "organ": by.held[0].organ_id, "title": "到期", "by": by}
    cases.start("due", subject=f"base:{number}", key=f"due {number}", data=data, **place)


def _sweep(made: Stores, house: str, now: datetime) -> None:
    with _at(made, house, now):
        timers.fire_due(now)


def _sweep_until_killed(made: Stores, house: str, fatal: int) -> None:
    """A node that is killed before it commits the handful of this number."""
    wake, handfuls = cases.wake_together, itertools.count(1)
    with _at(made, house, SOON) as store:

        def counted(case_ids: Sequence[int], *, received_at: datetime) -> list[int]:
            if next(handfuls) == fatal:
                event.listen(store.writer, "commit", lambda _connection: os.kill(os.getpid(), signal.SIGKILL))
            return wake(case_ids, received_at=received_at)

        with mock.patch.object(cases, "wake_together", counted):
            timers.fire_due(SOON)


def _multiply(made: Stores, house: str, count: int) -> None:
    """One case that is due soon, and so many copies of its rows that there are `count`."""

    def multiply(_say: Say) -> None:
        with _at(made, house, MORNING):
            _begin(0, SOON)
            with transaction() as session:
                case = dict(session.execute(select(Case.__table__)).mappings().one())
                timer = dict(session.execute(select(Timer.__table__)).mappings().one())
                copies = [{**case, "id": 1_000_000 + n, "ref": ids.ref(), "number": f"复{n}"} for n in range(count - 1)]
                session.execute(insert(Case), copies)
                del timer["id"]
                session.execute(insert(Timer), [{**timer, "case_id": copy["id"]} for copy in copies])

    life = live(multiply)
    if life.failed:
        raise AssertionError(life.failed)


def _fired(made: Stores, house: str) -> Counter[int]:
    """How often the timer of each case has fired."""
    with made.open(house), reading() as session:
        return Counter(session.execute(select(History.case_id).where(History.kind == "timer.fired")).scalars())


def _fired_once(made: Stores, house: str, count: int) -> list[str]:
    fired = _fired(made, house)
    with made.open(house), reading() as session:
        left = session.scalar(select(func.count()).select_from(Timer))
        closed = session.scalar(select(func.count()).select_from(Case).where(Case.status == "closed"))
    doubled = {case: times for case, times in fired.items() if times != 1}
    right = (len(fired), left, closed, doubled) == (count, 0, count, {})
    return [] if right else [f"of {count} dues {len(fired)} fired, {left} are left, {closed} closed, twice: {doubled}"]


def _moments(session: Session) -> Sequence[tuple[datetime, datetime]]:
    """When each timer was due, and the moment at which its node thought it to be."""
    rows = session.execute(select(History.at, History.detail).where(History.kind == "timer.fired"))
    return [(datetime.fromisoformat(row.detail["due_at"]), row.at) for row in rows]


def _numbered(made: Stores, house: str, number: int) -> int:
    with made.open(house), reading() as session:
        return session.scalar(select(Case.id).where(Case.subject == f"base:{number}")) or 0


def _failures(lives: Sequence[Any]) -> list[str]:
    return [life.failed for life in lives if life.failed]


def test_no_due_is_missed_doubled_or_early(apart):
    tried, violations = apart.trials("test_p06_deadlines", 0.02)
    assert not violations
    assert tried > 400
