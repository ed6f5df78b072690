"""The checker's process: warm, held to limits, replaced when it breaks them, and never a reason to hang."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from engine import checker, definitions
from engine.checker import Checker, TooCostly, Unavailable
from engine.spiff import child
from ground import clock
from ground.database import Session
from tests.engine import flows
from tests.engine.diagrams import element, line, subprocess as inside, times, user


@pytest.fixture(scope="module")
def warm() -> Iterator[Checker]:
    one = Checker(checks=2)
    yield one
    one.close()


@pytest.fixture
def own() -> Iterator[Checker]:
    one = Checker()
    yield one
    one.close()


ROOT = Path(checker.__file__).parent.parent


def pid(one: Checker) -> int:
    assert one.process is not None
    return one.process.pid


def test_a_right_diagram_has_nothing_said_about_it_and_a_wrong_one_what_the_linter_says(warm: Checker):
    assert warm.check("a.bpmn", line(user("a"))) == ()
    script = line(element("scriptTask", "x"))
    assert [(said.code, said.element) for said in warm.check("a.bpmn", script)] == [("bpmn.script_forbidden", "x")]


def test_the_same_bytes_are_looked_at_once_and_a_process_is_replaced_after_its_checks(warm: Checker):
    warm.check("b.bpmn", line(user("b1")))
    first = pid(warm)
    for _ in range(3):
        warm.check("b.bpmn", line(user("b1")))
    assert pid(warm) == first
    for number in range(2, 5):
        warm.check("b.bpmn", line(user(f"b{number}")))
    assert pid(warm) != first


def test_a_diagram_that_would_open_too_many_tasks_is_refused_and_the_process_lives_on(warm: Checker):
    nested = user("u", times("100"))
    for number in range(3):
        nested = inside(f"s{number}", nested, times("100"))
    assert [said.code for said in warm.check("c.bpmn", line(nested))] == ["bpmn.too_many_tokens"]
    assert warm.process is not None
    assert warm.process.poll() is None


def test_a_check_that_takes_too_long_is_refused_by_name_and_the_next_one_is_served(own: Checker):
    own.check("a.bpmn", line(user("a")))
    assert own.process is not None
    # One that answers nothing any more, for a reason that no pace of a machine changes.
    own.process.send_signal(signal.SIGSTOP)
    own._seconds = 0.2
    with pytest.raises(TooCostly) as refused:
        own.check("b.bpmn", line(user("b")))
    assert refused.value.detail["why"] == "time"
    assert own.process is None
    own._seconds = checker.SECONDS
    assert own.check("b.bpmn", line(user("b"))) == ()


def test_a_process_killed_from_outside_is_said_so_and_the_next_check_is_served(own: Checker):
    own.check("a.bpmn", line(user("a")))
    assert own.process is not None
    own.process.kill()
    own.process.wait()
    with pytest.raises(TooCostly) as died:
        own.check("b.bpmn", line(user("b")))
    assert died.value.detail["why"] == "memory"
    assert own.check("b.bpmn", line(user("b"))) == ()


def test_threads_are_served_one_after_the_other(warm: Checker):
    answers: dict[int, tuple[checker.Finding, ...]] = {}

    def ask(number: int) -> None:
        answers[number] = warm.check("t.bpmn", line(user(f"t{number}")))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == dict.fromkeys(range(5), ())


REPORT = """
import atexit, json, os, sys

def told():
    try:
        import resource
        limits = resource.getrlimit(resource.RLIMIT_AS)
        if limits == (resource.RLIM_INFINITY, resource.RLIM_INFINITY):
            resource.setrlimit(resource.RLIMIT_AS, (MOST, MOST))
            limits = "free, and the system would have held it"
    except (ImportError, ValueError, OSError):
        limits = "the system holds nobody"
    with open(PLACE, "w") as file:
        json.dump({"limits": limits, "settings": [name for name in os.environ if "JIDI" in name]}, file)

if "engine.spiff.child" in sys.orig_argv:
    atexit.register(told)
"""


def test_the_process_is_held_to_its_memory_and_inherits_no_setting(
    own: Checker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Told by itself at its end: Python imports a `sitecustomize` from the path before anything else."""
    report = tmp_path / "report.json"
    script = REPORT.replace("MOST", str(child.MEMORY)).replace("PLACE", repr(str(report)))
    (tmp_path / "sitecustomize.py").write_text(script, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("JIDI_DATABASE", "secret")
    own.check("m.bpmn", line(user("m")))
    assert own.process is not None
    assert own.process.stdin is not None
    own.process.stdin.close()
    own.process.wait()
    told = orjson.loads(report.read_bytes())
    assert told["limits"] in ([child.MEMORY] * 2, "the system holds nobody")
    assert told["settings"] == []


def test_the_process_imports_nothing_of_the_house_but_its_engine_room(warm: Checker):
    told = [sys.executable, "-P", "-c", "import sys, engine.spiff.child; print(*sys.modules)"]
    loaded = subprocess.run(told, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True).stdout
    ours = {name for name in loaded.split() if name.split(".")[0] in {"ground", "engine", "tasks", "bases", "web"}}
    assert "engine.spiff.child" in ours
    assert ours <= {name for name in ours if name.startswith("engine.spiff")} | {
        "engine", "ground", "ground.errors", "ground.clock"
    }  # fmt: skip
    assert "sqlalchemy" not in loaded.split()


def test_without_a_process_nothing_is_published_unchecked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unavailable):
        Checker().check("a.bpmn", line(user("a")))


def test_what_the_checker_refuses_is_not_published(session: Session, monkeypatch: pytest.MonkeyPatch):
    def too_costly(*_: object, **__: object) -> None:
        raise TooCostly(why="time", seconds=0.0)

    monkeypatch.setattr(Checker, "check", too_costly)
    with pytest.raises(TooCostly):
        definitions.publish(session, flows.in_a_row("long", 3), origin="owner", by=None, now=clock.now())
    assert "long" not in {row.key for row in definitions.processes(session)}


def test_a_condition_that_reads_what_nothing_sets_is_refused_at_publication(session: Session):
    body = "".join(
        [
            '<bpmn:startEvent id="b"/>', flows.user("a"), '<bpmn:exclusiveGateway id="g" default="g_e"/>',
            '<bpmn:endEvent id="e"/>', flows.user("c"), flows.flow("b", "a"), flows.flow("a", "g"),
            flows.flow("g", "e"), flows.flow("g", "c", "{name} == 'forward'"),
        ]
    )  # fmt: skip
    with pytest.raises(definitions.NotRunnable) as refused:
        definitions.check(session, flows.folder("named", body.format(name="outcom")), clock.now())
    assert [(each.code, each.params["name"]) for each in refused.value.detail["findings"]] == [
        ("expr.unknown_name", "outcom")
    ]
    definitions.check(session, flows.folder("named", body.format(name="outcome")), clock.now())
    started = flows.folder("named", body.format(name="whole"))
    facts = started["process.json"].replace(b'"clauses":[]', b'"clauses":[],"starts_with":["whole"]')
    definitions.check(session, {**started, "process.json": facts}, clock.now())


def test_a_doubt_is_published_only_by_whoever_has_read_it(session: Session):
    body = "".join(
        [
            '<bpmn:startEvent id="b"/>', '<bpmn:parallelGateway id="s"/>',
            '<bpmn:exclusiveGateway id="x" default="x_f"/>', '<bpmn:parallelGateway id="m"/>',
            '<bpmn:endEvent id="e"/>', '<bpmn:endEvent id="f"/>', flows.user("a"),
            flows.flow("b", "a"), flows.flow("a", "s"), flows.flow("s", "x"), flows.flow("s", "m"),
            flows.flow("x", "m", "outcome == 'forward'"), flows.flow("x", "f"), flows.flow("m", "e"),
        ]
    )  # fmt: skip
    parts = flows.folder("doubtful", body)

    def publish(acknowledged: set[str] | None) -> None:
        definitions.publish(session, parts, origin="owner", by=None, now=clock.now(), acknowledged=acknowledged)

    with pytest.raises(definitions.NotAcknowledged) as refused:
        publish(set())
    [doubt] = refused.value.detail["findings"]
    assert (doubt.code, doubt.element, doubt.params["waits_for"]) == ("soundness.may_deadlock", "m", ["x"])
    publish({"soundness.may_deadlock@m"})
    assert "doubtful" in {row.key for row in definitions.processes(session)}
