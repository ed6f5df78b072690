"""What is kept of an instance: small, whole, the same everywhere, and refused when it is not ours."""

import ast
import builtins
import threading

import pytest

from engine.spiff import codec, diagrams
from engine.spiff.codec import Unreadable
from engine.spiff.instance import Instance
from engine.spiff.repairs.tree import NoScripts
from engine.spiff.stuck import StuckAt
from tests.engine.diagrams import (
    boundary,
    each,
    end,
    event,
    exclusive,
    flow,
    inclusive,
    line,
    message,
    parallel,
    path,
    process,
    service,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.spiff.play import Host, Play
from tests.workflows import folders

SHIPPED = folders.ROOT / "designation-case"

EVERYTHING = process(
    start("s"), parallel("f"), user("a"), boundary("late", "a", timer("P1D"), interrupting=False), service("remind"),
    user("score", each("experts", "expert")),
    subprocess("sub", start("is"), user("u"), end("ie"), path("is", "u", "ie")),
    exclusive("g", default="g-j"), parallel("j"), inclusive("i", default="i-z"), user("x"), user("z"), end("e"),
    subprocess("es", start("told", event("message", "m")), end("gone"), path("told", "gone"), by_event=True),
    path("s", "f", "a", "g"), path("late", "remind"), path("f", "score", "j"), path("f", "sub", "j", "i"),
    flow("g", "a", "again"), flow("g", "j"), flow("i", "x", "n > 0"), flow("i", "z"), path("x", "e"), path("z", "e"),
    before=message("m"),
)  # fmt: skip


def walk(play: Play) -> list[str]:
    """Through everything, with what waited after each step."""
    seen = []
    for element, data in [
        ("a", {"again": True}), ("u", {}), ("score", {"n": 1}), ("a", {"again": False}), ("score", {"n": 2}), ("x", {}),
    ]:  # fmt: skip
        if element == "a":
            play.fire("late")
        play.do(element, **data)
        seen.append(",".join(f"{token.id}:{token.element.id}" for token in play.instance.tokens()))
    return seen


def test_the_same_steps_make_the_same_bytes_every_time():
    first, second = Play(EVERYTHING, experts=[1, 2]), Play(EVERYTHING, experts=[1, 2])
    assert walk(first) == walk(second)
    assert first.outcome == "e"
    assert first.instance.freeze() == second.instance.freeze()


def test_one_shared_diagram_serves_eight_threads():
    expected = walk(Play(EVERYTHING, experts=[1, 2]))
    wrong: list[object] = []

    def run() -> None:
        try:
            wrong.extend(seen for _ in range(15) if (seen := walk(Play(EVERYTHING, experts=[1, 2]))) != expected)
        except Exception as error:  # noqa: BLE001  whatever happens in a thread is a failure of the test
            wrong.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_state_without_data_is_far_below_five_kilobytes():
    play = Play(EVERYTHING, experts=[1, 2])
    assert play.bytes < 400


def test_keys_keep_their_order():
    play = Play(line(user("a"), user("b")), z=1, a=2, m={"z": 1, "a": 2})
    play.do("a", q=1, b=2)
    assert list(play.instance.data) == ["z", "a", "m", "q", "b"]
    assert list(play.instance.data["m"]) == ["z", "a"]


def test_big_and_odd_values_survive():
    data = {
        "n": 2**53 + 1,
        "f": 0.1,
        "t": "基地\n\u2028",
        "l": [None, True, {"a": []}],
        "typename": "x",
        "len": 1,
        "self": 2,
    }
    play = Play(line(user("a"), user("b")))
    play.instance.complete(play.token("a").id, data)
    play.instance.advance()
    assert Instance.thaw(play.instance.freeze(), play.diagram, play.host).data == data


@pytest.mark.parametrize(
    "blob", [b"", b"\x01", b"\x02abc", b"\x01garbage", b"\x01" + codec._compressor().compress(b"[1]")]
)
def test_bytes_that_are_not_ours_are_refused(blob: bytes):
    play = Play(line(user("a")))
    with pytest.raises(Unreadable):
        Instance.thaw(blob, play.diagram, play.host)


def test_a_state_of_another_diagram_is_refused():
    play = Play(line(user("a")))
    other = Play(line(user("b")))
    with pytest.raises(Unreadable):
        Instance.thaw(play.instance.freeze(), other.diagram, other.host)


def test_every_cut_of_a_state_is_refused_or_read_never_half_read():
    play = Play(EVERYTHING, experts=[1, 2])
    blob = play.instance.freeze()
    for length in range(len(blob)):
        with pytest.raises(Unreadable):
            Instance.thaw(blob[:length], play.diagram, play.host)


def test_a_diagram_is_compiled_once_for_its_digest():
    body = line(user("a"))
    assert diagrams.load("once", {"a.bpmn": body}) is diagrams.load("once", {"a.bpmn": body})


def test_python_evaluates_nothing_during_a_whole_run(monkeypatch: pytest.MonkeyPatch):
    def forbidden(*_given: object, **_named: object) -> None:
        raise AssertionError

    play = Play(EVERYTHING, experts=[1, 2])
    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(builtins, name, forbidden)
    monkeypatch.setattr(ast, "parse", forbidden)
    walk(play)


def test_the_library_is_asked_for_no_moment_and_no_chance(monkeypatch: pytest.MonkeyPatch):
    for name in ("SpiffWorkflow.task.uuid4", "SpiffWorkflow.bpmn.specs.event_definitions.timer.datetime"):
        monkeypatch.setattr(name, None)
    play = Play(EVERYTHING, experts=[1, 2])
    walk(play)
    assert play.outcome == "e"


def test_the_librarys_own_ways_to_python_are_walled_up():
    play = Play(line(user("a")))
    task = play.instance._run.task_tree
    for call in (NoScripts().evaluate, NoScripts().execute):
        with pytest.raises(StuckAt):
            call(task, "1 + 1")
    with pytest.raises(StuckAt):
        NoScripts().call_service(task, name="x")


def test_the_shipped_designation_walks_its_whole_way():
    diagram = folders.diagram(SHIPPED)
    host = Host({
        "form.ask_stamp": lambda _data: {"stamp_required": False},
        "signers": lambda _names: {"next_signer": "leader"},
        "panel.begin": lambda _data: {"criteria": "article10"},
        "panel.draw": lambda _data: {"experts": [5]},
        "panel.witness": lambda _data: {"experts": [5]},
        "panel.seat": lambda _data: {"experts": [5], "enough": True},
        "scores.close": lambda _data: {"average": 81, "spread": 3, "valid": 1, "discuss": False, "experts": [5]},
        "panel.lead": lambda _data: {"leader": 5},
        "consultation.ask": lambda _data: {"organs": [], "enough": False},
        "admission.sum": lambda _data: {"admission": "clear"},
        "visit.due": lambda _data: {"report_due": "2026-03-09"},
        "visit.close": lambda _data: {"visited": True},
        "notice.open": lambda _data: {"notice_closes": "2026-05-01"},
        "site-visit": lambda _names: {"suggest_visit": True, "visit_reason": "spread"},
    })  # fmt: skip
    blob = Instance.start(diagram, {"whole_city": False, "batch": 0}, host).freeze()
    for element, outcome in [
        ("fill", None), ("authority_review", "return"), ("fill", None), ("authority_review", "forward"),
        ("city_review", "forward"), ("leader_sign", "agree"), ("report", None), ("request", None), ("intake", "accept"),
        ("recusals", None), ("witness", "confirm"), ("invite", "accept"), ("score", None), ("elect", None),
        ("report", None), ("signed_papers", None),
        ("visit_decision", "visit"), ("plan", None), ("visit", None), ("report", None),
        ("acknowledge", "acknowledge"), ("recheck", "return"), ("visit_decision", "skip"),
        ("recheck", "confirm"), ("request", None), ("notice_period", None), ("decide", "designate"),
    ]:  # fmt: skip
        instance = Instance.thaw(blob, diagram, host)
        instance.advance()
        token = next(token for token in instance.tokens() if token.element.id == element)
        if token.kind == "timer":
            instance.fire(token.id)
        else:
            instance.complete(token.id, {"outcome": outcome} if outcome else {})
        instance.advance()
        blob = instance.freeze()
        assert len(blob) < 1_000
    assert Instance.thaw(blob, diagram, host).outcome == "designated"
