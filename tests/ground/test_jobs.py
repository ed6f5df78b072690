"""Work after the commit: one contract for the table of an embedded house and for Procrastinate."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, update

from ground import clock, jobs
from ground.database import reading, transaction
from ground.errors import Missing, Refused
from ground.jobs import embedded, running, shared
from ground.jobs.embedded import Job
from tests import databases


class NotNow(Refused):
    """A refusal of a test."""

    code = "test.not_now"


pytestmark = pytest.mark.usefixtures("database")


def looped(coroutine):
    """Run it in a loop of its own, in a thread of its own: a browser test may have left one in this thread."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, coroutine).result()


@pytest.fixture
def own_table(database):
    """For what is so in the table of an embedded house alone."""


@pytest.fixture
def let_pass(stopped_clock):
    """Time that passes, for the house's clock and for whoever keeps other time."""

    def move(by):
        stopped_clock[0] += by
        with transaction() as session:
            jobs.bring_forward(session, by)

    return move


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch, stopped_clock):
    monkeypatch.setattr(running, "_handlers", {})
    monkeypatch.setattr(jobs, "_bell", [])


def ask(kind="note", payload=None, run_at=None, dedupe=None):
    with transaction() as session:
        return jobs.enqueue(session, kind, payload or {}, run_at=run_at, dedupe=dedupe)


def stored(*columns):  # noqa: ANN002
    with reading() as session:
        return session.execute(select(*columns).select_from(Job).order_by(Job.id)).all()


def kept():
    """How many jobs there are in either store."""
    with reading() as session:
        both = [session.scalar(select(func.count()).select_from(Job))]
        if session.connection.dialect.name != "sqlite":
            both.append(session.scalar(select(func.count()).select_from(shared._JOBS)))
    return sum(both)


def given_up():
    with reading() as session:
        return [(row.kind, row.payload, row.attempts, row.error) for row in jobs.failed(session)]


def test_a_job_runs_once_with_its_payload_and_leaves_no_row():
    seen = []
    jobs.handler("note")(seen.append)
    ask(payload={"case": 7, "words": "商务"})
    assert jobs.run_due(clock.now()) == 1
    assert jobs.run_due(clock.now()) == 0
    assert seen == [{"case": 7, "words": "商务"}]
    assert kept() == 0


def test_work_asked_for_in_a_transaction_that_fails_is_never_done():
    def ask_and_fail():
        with transaction() as session:
            jobs.enqueue(session, "note", {})
            raise NotNow

    with pytest.raises(NotNow):
        ask_and_fail()
    assert jobs.run_due(clock.now()) == 0


def test_the_bell_rings_once_after_the_commit():
    rung = []
    jobs.on_enqueue(lambda: rung.append(kept()))
    with transaction() as session:
        jobs.enqueue(session, "note", {})
        jobs.enqueue(session, "note", {})
        assert rung == []
    assert rung == [2]


def test_a_job_waits_for_its_time(let_pass):
    seen = []
    jobs.handler("note")(lambda payload: seen.append(payload["n"]))
    now = clock.now()
    ask(payload={"n": 2}, run_at=now + timedelta(hours=2))
    ask(payload={"n": 1}, run_at=now + timedelta(hours=1))
    assert jobs.run_due(now) == 0
    with reading() as session:
        assert abs(jobs.next_due(session) - now - timedelta(hours=1)) < timedelta(seconds=30)
    let_pass(timedelta(minutes=61))
    assert jobs.run_due(clock.now()) == 1
    let_pass(timedelta(days=3))
    assert jobs.run_due(clock.now()) == 1
    assert seen == [1, 2]
    with reading() as session:
        assert jobs.next_due(session) is None


@databases.on("sqlite")  # Procrastinate keeps jobs and leases in its own way
def test_in_an_embedded_house_the_oldest_runs_first(own_table, stopped_clock):
    seen = []
    jobs.handler("note")(lambda payload: seen.append(payload["n"]))
    for n in (2, 1):
        ask(payload={"n": n}, run_at=clock.now() + timedelta(hours=n))
    stopped_clock[0] += timedelta(days=3)
    assert jobs.run_due(clock.now()) == 2
    assert seen == [1, 2]


def test_the_same_dedupe_key_is_asked_for_once_even_after_it_is_done():
    seen = []
    jobs.handler("note")(seen.append)
    assert ask(dedupe="letter:1") is True
    assert ask(dedupe="letter:1") is False
    jobs.run_due(clock.now())
    assert ask(dedupe="letter:1") is False
    jobs.run_due(clock.now())
    assert len(seen) == 1
    with transaction() as session:
        assert jobs.forget_done(session, clock.now() + timedelta(days=30)) == 1
    assert ask(dedupe="letter:1") is True


def test_a_failing_job_is_tried_again_later_and_later_and_then_given_up(let_pass):
    tried = []

    @jobs.handler("note")
    def fail(_payload):
        tried.append(clock.now())
        raise NotNow

    ask(payload={"n": 1})
    pauses = []
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.run_due(clock.now()) == 1
        with reading() as session:
            due = jobs.next_due(session)
        if due is not None:
            pauses.append(round((due - clock.now()).total_seconds()))
            let_pass(timedelta(seconds=pauses[-1] + 1))
    assert len(tried) == jobs.MOST_ATTEMPTS
    assert all(0 <= wanted - pause <= 1 for wanted, pause in zip([5, 10, 20, 40, 80, 160, 320], pauses, strict=True))
    assert jobs.run_due(clock.now()) == 0
    assert given_up() == [("note", {"n": 1}, jobs.MOST_ATTEMPTS, "test.not_now")]


def test_one_broken_job_stops_no_other():
    seen = []

    @jobs.handler("note")
    def run(payload):
        if payload["n"] == 1:
            raise ZeroDivisionError
        seen.append(payload["n"])

    for n in range(3):
        ask(payload={"n": n})
    assert jobs.run_due(clock.now()) == 3
    assert seen == [0, 2]
    assert kept() == 1


def test_of_a_failure_its_kind_and_first_line_are_kept():
    @jobs.handler("note")
    def fail(_payload):
        raise ZeroDivisionError("nothing to divide by\nsecond line")

    assert running.run("note", {}, 1) == "ZeroDivisionError: nothing to divide by"


def test_a_job_of_an_unknown_kind_is_kept_as_failed_and_never_executed_attack_108():
    ask("os.system", {"command": "id"})
    assert jobs.run_due(clock.now()) == 1
    assert [(kind, error) for kind, _, _, error in given_up()] == [("os.system", jobs.UNKNOWN_KIND)]
    assert jobs.run_due(clock.now()) == 0


def test_a_renamed_handler_loses_nothing_attack_109():
    ask("old.name", {"n": 1}, run_at=clock.now())
    jobs.run_due(clock.now())
    seen = []
    jobs.handler("old.name")(seen.append)
    with reading() as session:
        number = jobs.failed(session)[0].id
    with transaction() as session:
        jobs.retry(session, number, clock.now())
    assert given_up() == []
    assert jobs.run_due(clock.now()) == 1
    assert seen == [{"n": 1}]


@databases.on("sqlite")  # Procrastinate keeps jobs and leases in its own way
def test_what_a_dead_runner_held_runs_again_when_its_lease_is_over(own_table, stopped_clock):
    seen = []
    ask()
    assert embedded._take(clock.now()) is not None
    jobs.handler("note")(seen.append)
    assert jobs.run_due(clock.now()) == 0
    with reading() as session:
        stopped_clock[0] = jobs.next_due(session)
    assert jobs.run_due(clock.now()) == 1
    assert len(seen) == 1


@databases.on("sqlite")  # Procrastinate keeps jobs and leases in its own way
def test_a_job_that_kills_its_runner_each_time_is_given_up(own_table, stopped_clock):
    jobs.handler("note")(lambda _: None)
    ask()
    for _ in range(jobs.MOST_ATTEMPTS):
        assert embedded._take(clock.now()) is not None
        stopped_clock[0] += embedded.LEASE
    assert jobs.run_due(clock.now()) == 1
    assert stored(Job.state, Job.error) == [("failed", jobs.TOO_MANY_ATTEMPTS)]


@databases.on("sqlite")  # Procrastinate keeps jobs and leases in its own way
def test_a_runner_whose_lease_ran_out_ends_nothing(own_table, stopped_clock):
    jobs.handler("note")(lambda _: None)
    ask()
    slow = embedded._take(clock.now())
    stopped_clock[0] += embedded.LEASE
    quick = embedded._take(clock.now())
    assert quick.fence == slow.fence + 1
    embedded._run(slow, clock.now())
    assert stored(Job.state, Job.fence) == [("running", quick.fence)]
    embedded._run(quick, clock.now())
    assert stored(Job.id) == []


def test_forty_jobs_over_three_days_off_all_run_once_oldest_first_attack_111(let_pass):
    seen = []
    jobs.handler("note")(lambda payload: seen.append(payload["n"]))
    start = clock.now()
    for n in range(40):
        ask(payload={"n": n}, run_at=start + timedelta(hours=n))
    let_pass(timedelta(days=3))
    assert jobs.run_due(clock.now(), limit=30) == 30
    assert jobs.run_due(clock.now(), limit=30) == 10
    assert seen == list(range(40))


def test_four_runners_share_the_work_without_doing_any_of_it_twice():
    seen = []
    jobs.handler("note")(lambda payload: seen.append(payload["n"]))
    with transaction() as session:
        for n in range(60):
            jobs.enqueue(session, "note", {"n": n})
    now = clock.now()
    runners = [threading.Thread(target=jobs.run_due, args=(now,)) for _ in range(4)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    assert sorted(seen) == list(range(60))


@databases.on("sqlite")  # Procrastinate keeps jobs and leases in its own way
def test_looking_for_work_on_an_idle_house_writes_nothing(own_table, database, monkeypatch):
    monkeypatch.setattr(database.writer, "connect", None)
    assert jobs.run_due(clock.now()) == 0


def test_retrying_what_has_not_failed_is_refused():
    with pytest.raises(Missing), transaction() as session:
        jobs.retry(session, 987654, clock.now())


@databases.on("postgresql")  # the alarm of an embedded house runs its jobs
def test_a_runner_does_what_is_asked_for_while_it_runs_and_stops_when_told(database):
    seen, came = [], threading.Event()

    @jobs.handler("note")
    def note(payload):
        seen.append(payload["n"])
        came.set()

    runner = jobs.Runner(database)
    runner.start()
    for n in range(3):
        ask(payload={"n": n})
        assert came.wait(10)
        came.clear()
    runner.stop()
    ask(payload={"n": 3})
    assert seen == [0, 1, 2]
    assert kept() == 1


@databases.on("postgresql")  # an embedded house has a lease on each job
def test_the_jobs_of_a_worker_that_died_are_taken_up_by_another(database, monkeypatch):
    monkeypatch.setattr(shared, "STALLED_SECONDS", 0.0)
    seen = []
    jobs.handler("note")(lambda payload: seen.append(payload["n"]))
    ask(payload={"n": 1})

    async def die_and_recover():
        app = shared._app(shared._connector(database))
        async with app.open_async():
            dead = await app.job_manager.register_worker()
            held = await app.job_manager.fetch_job(queues=[shared.QUEUE], worker_id=dead)
            assert held.task_kwargs["payload"] == {"n": 1}
            assert await app.job_manager.fetch_job(queues=[shared.QUEUE], worker_id=dead) is None
            await shared.take_up(SimpleNamespace(app=app), 0)

    looped(die_and_recover())
    assert jobs.run_due(clock.now()) == 1
    assert seen == [1]


@databases.on("postgresql")  # an embedded house counts its leases
def test_a_job_that_takes_its_worker_down_each_time_is_given_up(database):
    jobs.handler("note")(lambda _: None)
    ask()
    with transaction() as session:
        session.execute(update(shared._JOBS).values(attempts=jobs.MOST_ATTEMPTS))
    assert jobs.run_due(clock.now()) == 1
    assert [error for *_, error in given_up()] == [jobs.TOO_MANY_ATTEMPTS]


@databases.on("postgresql")  # an embedded house has no loop
def test_due_jobs_run_where_the_caller_has_a_loop_of_its_own(database):
    seen = []
    jobs.handler("note")(seen.append)
    with transaction() as session:
        jobs.enqueue(session, "note", {"n": 1})

    async def within() -> None:
        jobs.run_due(clock.now())

    looped(within())
    assert seen == [{"n": 1}]


def test_what_names_something_and_is_not_done_is_told_by_its_whole_name_alone(let_pass):
    def fail(_payload):
        raise ValueError

    jobs.handler("note")(fail)
    jobs.handler("done")(lambda _: None)
    for n, said in enumerate(("case:abc", "abc", "xabc", "abcd", "case:a%c")):
        ask(payload={"to": said}, dedupe=str(n))
    ask("done", {"to": "abc"})
    assert jobs.run_due(clock.now()) == 6

    def told(refs):
        with reading() as session:
            return [(row.payload["to"], row.state, row.attempts) for row in jobs.about(session, refs)]

    assert told(["abc"]) == [("abc", "waiting", 1), ("case:abc", "waiting", 1)]
    assert told(["a%c"]) == [("case:a%c", "waiting", 1)]
    assert told([]) == []
    for _attempt in range(jobs.MOST_ATTEMPTS):
        let_pass(timedelta(days=2))
        jobs.run_due(clock.now())
    assert {state for _to, state, _attempts in told(["abc"])} == {"failed"}
