"""Timers, messages, boundary events, event subprocesses: what the plain library does wrong, each with its diagram."""

from datetime import UTC, date, datetime

import pytest

from engine.spiff import timers
from engine.spiff.expressions import ExpressionFailed, ExpressionRefused
from engine.spiff.stuck import StuckAt
from engine.spiff.timers import TimerRefused
from ground import clock
from tests.engine.diagrams import (
    boundary,
    catch,
    element,
    end,
    escalation,
    event,
    line,
    message,
    parallel,
    path,
    process,
    service,
    signal,
    start,
    subprocess,
    throw,
    timer,
    user,
)
from tests.engine.spiff.play import Play

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def withdrawal(*, interrupting: bool = True, kind: str = "message") -> str:
    definition = event("message", "m") if kind == "message" else timer("P1D")
    return subprocess(
        "es",
        start("told", definition, isInterrupting=str(interrupting).lower()),
        service("note"),
        end("withdrawn"),
        path("told", "note", "withdrawn"),
        by_event=True,
    )


def test_a_timer_waits_until_it_is_fired_and_never_fires_by_itself():
    play = Play(line(catch("t", timer("P1D")), user("a")))
    for _ in range(3):
        play.instance.advance()
    assert play.waiting("timer") == ["t"]
    assert play.fire("t").waiting() == ["a"]


def test_an_interrupting_boundary_timer_ends_its_task():
    body = process(
        start("s"), user("a"), boundary("late", "a", timer("P1D")), user("b"), user("c"), path("s", "a", "b"),
        path("late", "c"),
    )  # fmt: skip
    play = Play(body)
    assert (play.waiting(), play.waiting("timer")) == (["a"], ["late"])
    assert play.fire("late").waiting() == ["c"]
    assert play.waiting("timer") == []


def test_completing_a_task_ends_the_timers_at_its_edge():
    body = process(
        start("s"), user("a"), boundary("late", "a", timer("P1D")), user("b"), user("c"), path("s", "a", "b"),
        path("late", "c"),
    )  # fmt: skip
    play = Play(body).do("a")
    assert (play.waiting(), play.waiting("timer")) == (["b"], [])


def test_a_non_interrupting_boundary_timer_fires_once_and_its_task_stays():
    body = process(
        start("s"), user("a"), boundary("late", "a", timer("P1D"), interrupting=False), service("remind"),
        end("reminded"),
        user("b"), path("s", "a", "b"), path("late", "remind", "reminded"),
    )  # fmt: skip
    play = Play(body)
    token = play.token("a").id
    play.fire("late")
    assert (play.waiting(), play.waiting("timer"), play.called) == (["a"], [], ["remind"])
    assert play.token("a").id == token
    assert play.do("a").waiting() == ["b"]


def test_a_non_interrupting_message_at_the_edge_may_come_again_and_again():
    body = process(
        start("s"), user("a"), boundary("asked", "a", event("message", "m"), interrupting=False), user("answer"),
        path("s", "a"), path("asked", "answer"), before=message("m"),
    )  # fmt: skip
    play = Play(body)
    for round_ in range(1, 4):
        assert play.send("asked").waiting() == ["a", *["answer"] * round_]
    play.do("a")
    assert (play.waiting(), play.waiting("message")) == (["answer"] * 3, [])


def test_a_repeating_timer_comes_as_often_as_it_says_and_its_tasks_stay_when_the_main_one_ends():
    body = process(
        start("s"), user("a"), boundary("again", "a", timer("R3/PT1H", "timeCycle"), interrupting=False), user("look"),
        path("s", "a"), path("again", "look"),
    )  # fmt: skip
    play = Play(body)
    for _ in range(3):
        play.fire("again")
    assert play.waiting("timer") == []
    assert play.do("a").waiting() == ["look"] * 3
    assert not play.instance.is_completed


def repeating(text: str) -> bytes:
    return process(
        start("s"), user("a"), boundary("again", "a", timer(text, "timeCycle"), interrupting=False), user("look"),
        path("s", "a"), path("again", "look"),
    )  # fmt: skip


def test_an_anchored_cycle_comes_at_its_own_hours_and_not_from_when_it_was_noticed():
    play = Play(repeating("R3/2026-03-02T05:00:00Z/PT1H"))
    hours = []
    for now in (4, 5, 7):
        due = play.token("again").element.timer
        assert due is not None
        hours.append(due.evaluate({}, None, datetime(2026, 3, 2, now, 0, tzinfo=UTC)).hour)
        play.fire("again")
    assert (hours, play.waiting("timer"), play.waiting()) == ([5, 6, 7], [], ["a", "look", "look", "look"])


def test_a_cycle_may_stand_in_the_data_and_stays_what_it_was_when_its_task_opened():
    play = Play(repeating("rhythm"), rhythm="R2/PT5M").assign(rhythm="R9/P1D")
    play.fire("again").fire("again")
    assert (play.waiting(), play.waiting("timer")) == (["a", "look", "look"], [])


@pytest.mark.parametrize("rhythm", ["PT5M", "daily", 7, None])
def test_data_that_are_no_cycle_stop_the_instance_and_name_the_event(rhythm: object):
    with pytest.raises(StuckAt) as stuck:
        Play(repeating("rhythm"), rhythm=rhythm)
    assert stuck.value.detail["element"] == "again"


def test_an_interrupting_timer_with_a_cycle_fires_once():
    play = Play(repeating("R3/PT1H").replace(b'cancelActivity="false"', b'cancelActivity="true"')).fire("again")
    assert (play.waiting(), play.waiting("timer")) == (["look"], [])


def test_a_boundary_event_on_a_subprocess_ends_all_that_is_in_it():
    inner = subprocess("inner", start("s2"), user("u2"), end("e2"), path("s2", "u2", "e2"))
    outer = subprocess(
        "outer", start("s1"), parallel("f"), inner, user("u1"), catch("t1", timer("P1D")), path("s1", "f", "inner"),
        path("f", "u1"), path("f", "t1"),
    )  # fmt: skip
    body = process(
        start("s"), outer, boundary("late", "outer", timer("P1D")), user("after"), user("mend"),
        path("s", "outer", "after"),
        path("late", "mend"),
    )  # fmt: skip
    play = Play(body)
    assert (play.waiting(), play.waiting("timer")) == (["u1", "u2"], ["late", "t1"])
    play.fire("late")
    assert (play.waiting(), play.waiting("timer")) == (["mend"], [])
    assert play.do("mend").instance.is_completed


def test_two_boundary_events_of_which_one_interrupts():
    body = process(
        start("s"), user("a"), boundary("soft", "a", timer("P1D"), interrupting=False),
        boundary("hard", "a", timer("P2D")),
        service("remind"), user("b"), user("c"), path("s", "a", "b"), path("soft", "remind"), path("hard", "c"),
    )  # fmt: skip
    play = Play(body).fire("soft").fire("hard")
    assert (play.waiting(), play.waiting("timer")) == (["c"], [])


def test_a_receive_task_and_a_message_event_wait_for_their_own_token_only():
    body = process(
        start("s"), parallel("f"), element("receiveTask", "r", messageRef="m"), catch("c", event("message", "m")),
        user("a"), user("b"), path("s", "f", "r", "a"), path("f", "c", "b"), before=message("m"),
    )  # fmt: skip
    play = Play(body)
    assert play.waiting("message") == ["c", "r"]
    assert play.token("r").element.message == "m"
    assert play.send("r", answer=3).waiting() == ["a"]
    assert play.waiting("message") == ["c"]


def test_the_first_event_behind_an_event_gateway_ends_the_others():
    body = process(
        start("s"), element("eventBasedGateway", "g"), catch("t1", timer("P1D")), catch("t2", timer("P2D")),
        catch("c", event("message", "m")), user("a"), user("b"), user("d"), path("s", "g", "t1", "a"),
        path("g", "t2", "b"),
        path("g", "c", "d"), before=message("m"),
    )  # fmt: skip
    play = Play(body)
    assert play.waiting("timer") == ["t1", "t2"]
    play.fire("t2")
    assert (play.waiting(), play.waiting("timer"), play.waiting("message")) == (["b"], [], [])


def test_an_interrupting_event_subprocess_ends_everything_else():
    body = process(
        start("s"), parallel("f"), user("a"), catch("t", timer("P1D")), subprocess("sub", user("u")), withdrawal(),
        path("s", "f", "a"), path("f", "t"), path("f", "sub"), before=message("m"),
    )  # fmt: skip
    play = Play(body)
    assert play.waiting("message") == ["told"]
    play.send("told", reason="later")
    assert (play.outcome, play.waiting(), play.waiting("timer")) == ("withdrawn", [], [])
    assert play.instance.data == {"reason": "later"}


def test_a_case_that_ends_ends_its_event_subprocess_unheard():
    play = Play(process(start("s"), user("a"), end("e"), withdrawal(), path("s", "a", "e"), before=message("m")))
    assert play.do("a").outcome == "e"
    assert play.waiting("message") == []


def test_a_timer_event_subprocess_does_not_keep_its_process_open():
    play = Play(process(start("s"), user("a"), end("e"), withdrawal(kind="timer"), path("s", "a", "e")))
    assert play.waiting("timer") == ["told"]
    assert play.do("a").outcome == "e"


def test_a_message_event_subprocess_of_one_case_starts_none_in_the_next():
    body = process(start("s"), user("a"), end("e"), withdrawal(), path("s", "a", "e"), before=message("m"))
    assert Play(body).send("told").outcome == "withdrawn"
    second = Play(body)
    assert (second.called, second.waiting()) == ([], ["a"])


def test_a_non_interrupting_event_subprocess_runs_beside_and_may_come_again():
    asked = subprocess(
        "es", start("told", event("message", "m"), isInterrupting="false"), user("answer"), path("told", "answer"),
        by_event=True
    )  # fmt: skip
    play = Play(process(start("s"), user("a"), end("e"), asked, path("s", "a", "e"), before=message("m")))
    play.send("told").send("told")
    assert play.waiting() == ["a", "answer", "answer"]
    play.do("a").do("answer")
    assert not play.instance.is_completed
    assert play.do("answer").instance.is_completed


def test_an_event_subprocess_inside_a_subprocess_ends_only_that():
    inside = subprocess("sub", start("is"), user("u"), end("ie"), withdrawal(), path("is", "u", "ie"))
    body = process(start("s"), inside, user("after"), path("s", "sub", "after"), before=message("m"))
    assert Play(body).send("told").waiting() == ["after"]


def test_an_event_subprocess_sees_the_data_as_they_are_now():
    seen = subprocess(
        "es", start("told", event("message", "m")), service("w", "note", given="n"), path("told", "w"), by_event=True
    )  # fmt: skip
    body = process(start("s"), user("a"), user("b"), seen, path("s", "a", "b"), before=message("m"))
    play = Play(body, n=1).do("a", n=2).send("told")
    assert play.host.calls == [("w", {"given": 2})]


def test_an_escalation_reaches_the_edge_and_its_subprocess_goes_on():
    inside = subprocess("sub", start("is"), throw("up", event("escalation", "x")), user("u"), path("is", "up", "u"))
    body = process(
        start("s"), inside, boundary("b", "sub", event("escalation", "x"), interrupting=False), user("chief"),
        path("s", "sub"), path("b", "chief"), before=escalation("x"),
    )  # fmt: skip
    assert Play(body).waiting() == ["chief", "u"]


def test_a_signal_reaches_everybody_who_waits_for_it_also_from_an_end_event():
    body = process(
        start("s"), parallel("f"), catch("c1", event("signal", "x")), catch("c2", event("signal", "x")), user("a"),
        end("e", event("signal", "x")), user("u1"), user("u2"), path("s", "f", "c1", "u1"), path("f", "c2", "u2"),
        path("f", "a", "e"), before=signal("x"),
    )  # fmt: skip
    assert Play(body).do("a").waiting() == ["u1", "u2"]


@pytest.fixture
def noon():
    before = clock.use(lambda: NOON)
    yield
    clock.use(before)


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "P7D", datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),
        ("timeDuration", "PT36H", datetime(2026, 3, 3, 16, 0, tzinfo=UTC)),
        ("timeDuration", '"P1W"', datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),
        ("timeDuration", "${P7D}", datetime(2026, 3, 9, 4, 0, tzinfo=UTC)),
        ("timeDate", "2026-05-01", date(2026, 5, 1)),
        ("timeDate", "2026-05-01T08:00:00+08:00", datetime(2026, 5, 1, 0, 0, tzinfo=UTC)),
        ("timeDate", "2026-05-01T08:00:00", datetime(2026, 5, 1, 0, 0, tzinfo=UTC)),
        ("timeCycle", "R3/PT10M", datetime(2026, 3, 2, 4, 10, tzinfo=UTC)),
        ("timeCycle", "R3/2026-03-02T05:00:00Z/PT1H", datetime(2026, 3, 2, 5, 0, tzinfo=UTC)),
        ("timeCycle", "R3/2026-03-02T04:00:00Z/PT1H", NOON),
        ("timeCycle", "R3/2026-03-02T03:30:00Z/PT1H", datetime(2026, 3, 2, 4, 30, tzinfo=UTC)),
        ("timeCycle", "R3/2026-01-01T00:00:00Z/PT1H", datetime(2026, 1, 1, 2, 0, tzinfo=UTC)),
        ("timeCycle", "R/2026-01-31/P1M", datetime(2026, 3, 30, 16, 0, tzinfo=UTC)),
        ("timeCycle", "R/2001-01-31T00:00:00Z/P1M", datetime(2026, 3, 31, 0, 0, tzinfo=UTC)),
        ("timeCycle", "rhythm", datetime(2026, 3, 2, 4, 5, tzinfo=UTC)),
        ("timeDate", "closes", date(2026, 4, 1)),
        ("timeDate", "add_days(closes, 2)", date(2026, 4, 3)),
    ],
)
def test_a_timer_says_its_moment(kind: str, text: str, due: object):
    assert timers.read(kind, text).evaluate({"closes": date(2026, 4, 1), "rhythm": "R2/PT5M"}) == due


@pytest.mark.parametrize(
    ("start_", "text", "due"),
    [
        (datetime(2026, 8, 31, 2, 0, tzinfo=UTC), "P6M", datetime(2027, 2, 28, 2, 0, tzinfo=UTC)),
        (datetime(2026, 1, 30, 17, 0, tzinfo=UTC), "P1M", datetime(2026, 2, 27, 17, 0, tzinfo=UTC)),
        (datetime(2024, 2, 29, 2, 0, tzinfo=UTC), "P1Y", datetime(2025, 2, 28, 2, 0, tzinfo=UTC)),
    ],
)
def test_months_are_the_calendars_in_shanghai(start_: datetime, text: str, due: datetime):
    assert timers.read("timeDuration", text).evaluate({}, None, start_) == due


def test_what_an_expression_calls_a_moment_must_be_one():
    timer_ = timers.read("timeDate", "closes")
    assert timer_.evaluate({"closes": "2026-04-01"}) == date(2026, 4, 1)
    with pytest.raises(ExpressionFailed):
        timer_.evaluate({"closes": "soon"})


@pytest.mark.parametrize(
    "text",
    ["R/PT0S", "PT0.001S", "P-1D", "-P1D", "P9999Y", "2026-02-30", "FREQ=DAILY", "RRULE:FREQ=DAILY", "PT", "P1DT",
     "PT0S", "2026-13-01", "R99999/P1D", "R/PT1S", "R0/P1D", "P1.5M", "R3/2026-02-30/PT1H", "R3/PT1H/PT1H",
     "R999/2026-01-01/P30Y"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["timeDuration", "timeDate", "timeCycle"])
def test_impossible_timers_are_refused_attack_022(kind: str, text: str):
    with pytest.raises((TimerRefused, ExpressionRefused)):
        timers.read(kind, text)
