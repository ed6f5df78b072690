"""Work after the commit."""

import itertools
import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from ground import clock, jobs
from ground.database import reading, transaction
from ground.errors import Refused
from ground.jobs import Job


class NotNow(Refused):
    """A refusal of a test."""

    code = "test.not_now"


pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch, stopped_clock):
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_bell", [])


def ask(kind="note", payload=None, run_at=None, dedupe=None):
    with transaction() as session:
        return jobs.enqueue(session, kind, payload or {}, run_at=run_at, dedupe=dedupe)


def stored(*columns):  # noqa: ANN002
    with reading() as session:
        return session.execute(select(*columns).select_from(Job).order_by(Job.id)).all()


def test_a_job_runs_once_with_its_payload_and_leaves_no_row():
    seen = []
    jobs.handler("note")(seen.append)
    ask(payload={"case": 7, "words": "商务"})
    assert jobs.run_due(clock.now()) == 1
    assert jobs.run_due(clock.now()) == 0
    assert seen == [{"case": 7, "words": "商务"}]
    assert stored(Job.id) == []


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
    jobs.on_enqueue(lambda: rung.append(len(stored(Job.id))))
    with transaction() as session:
        jobs.enqueue(session, "note", {})
        jobs.enqueue(session, "note", {})
        assert rung == []
    assert rung == [2]


def test_a_job_waits_for_its_time_and_the_oldest_runs_first(stopped_clock):
    seen = []
    jobs.handler("note")(lambda payload: seen.append(payload["n"]))
    now = clock.now()
    ask(payload={"n": 2}, run_at=now + timedelta(hours=2))
    ask(payload={"n": 1}, run_at=now + timedelta(hours=1))
    assert jobs.run_due(now) == 0
    with reading() as session:
        assert jobs.next_due(session) == now + timedelta(hours=1)
    stopped_clock[0] = now + timedelta(days=3)
    assert jobs.run_due(clock.now()) == 2
    assert seen == [1, 2]
    with reading() as session:
        assert jobs.next_due(session) is None


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


def test_a_failing_job_is_tried_again_later_and_later_and_then_given_up(stopped_clock):
    tried = []

    @jobs.handler("note")
    def fail(_payload):
        tried.append(clock.now())
        raise NotNow

    ask()
    while jobs.run_due(clock.now()):
        with reading() as session:
            stopped_clock[0] = jobs.next_due(session) or clock.now()
    assert len(tried) == jobs.MOST_ATTEMPTS
    pauses = [(b - a).total_seconds() for a, b in itertools.pairwise(tried)]
    assert pauses == [5, 10, 20, 40, 80, 160, 320]
    with reading() as session:
        row = jobs.failed(session)[0]
    assert (row.kind, row.attempts, row.error) == ("note", jobs.MOST_ATTEMPTS, "test.not_now")


def test_one_broken_job_stops_no_other():
    seen = []

    @jobs.handler("note")
    def run(payload):
        if payload["n"] == 1:
            raise ZeroDivisionError("nothing to divide by\nsecond line")
        seen.append(payload["n"])

    for n in range(3):
        ask(payload={"n": n})
    assert jobs.run_due(clock.now()) == 3
    assert seen == [0, 2]
    assert stored(Job.error) == [("ZeroDivisionError: nothing to divide by",)]


def test_a_job_of_an_unknown_kind_is_kept_as_failed_and_never_executed_attack_108():
    with transaction() as session:
        session.execute(
            insert(Job).values(
                kind="os.system", payload={"command": "id"}, run_at=clock.now(), state="waiting", attempts=0, fence=0
            )
        )
    assert jobs.run_due(clock.now()) == 1
    assert stored(Job.kind, Job.state, Job.error) == [("os.system", "failed", jobs.UNKNOWN_KIND)]
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
    assert jobs.run_due(clock.now()) == 1
    assert seen == [{"n": 1}]


def test_what_a_dead_runner_held_runs_again_when_its_lease_is_over(stopped_clock):
    seen = []
    ask()
    assert jobs._take(clock.now()) is not None
    jobs.handler("note")(seen.append)
    assert jobs.run_due(clock.now()) == 0
    with reading() as session:
        stopped_clock[0] = jobs.next_due(session)
    assert jobs.run_due(clock.now()) == 1
    assert len(seen) == 1


def test_a_job_that_kills_its_runner_each_time_is_given_up(stopped_clock):
    jobs.handler("note")(lambda _: None)
    ask()
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs._take(clock.now()) is not None
        stopped_clock[0] += jobs.LEASE
    assert jobs.run_due(clock.now()) == 1
    assert stored(Job.state, Job.error) == [("failed", jobs.TOO_MANY_ATTEMPTS)]


def test_a_runner_whose_lease_ran_out_ends_nothing(stopped_clock):
    jobs.handler("note")(lambda _: None)
    ask()
    slow = jobs._take(clock.now())
    stopped_clock[0] += jobs.LEASE
    quick = jobs._take(clock.now())
    assert quick.fence == slow.fence + 1
    jobs._run(slow, clock.now())
    assert stored(Job.state, Job.fence) == [("running", quick.fence)]
    jobs._run(quick, clock.now())
    assert stored(Job.id) == []


def test_forty_jobs_over_three_days_off_all_run_once_oldest_first_attack_111(stopped_clock):
    seen = []
    jobs.handler("note")(lambda payload: seen.append(payload["n"]))
    start = clock.now()
    for n in range(40):
        ask(payload={"n": n}, run_at=start + timedelta(hours=n))
    stopped_clock[0] = start + timedelta(days=3)
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


def test_looking_for_work_on_an_idle_house_writes_nothing(database, monkeypatch):
    monkeypatch.setattr(database.writer, "connect", None)
    assert jobs.run_due(clock.now()) == 0


def test_retrying_what_has_not_failed_is_refused():
    with pytest.raises(jobs.Missing), transaction() as session:
        jobs.retry(session, 987654, clock.now())
