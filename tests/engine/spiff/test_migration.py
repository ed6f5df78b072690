"""An instance moves to another diagram: what stands keeps its place, its number and its data, or all of it stays."""

from itertools import pairwise
from random import Random

import pytest

from engine.spiff import diagrams
from engine.spiff.migration import Changes, MustStay, NeedsMapping
from tests.engine.diagrams import (
    boundary,
    catch,
    each,
    element,
    end,
    line,
    parallel,
    path,
    process,
    start,
    subprocess,
    timer,
    times,
    user,
)
from tests.engine.spiff.play import Play
from tests.engine.spiff.random_diagrams import Draughtsman
from tests.engine.spiff.random_hand import Caller, place

SEEDS = 30
STEPS = 12
ROUNDS = 40


def carried(play: Play, body: bytes, **mapping: str) -> Changes:
    """Move the play to another diagram; its tokens are the same ones."""
    play.diagram = diagrams.load(f"{hash(body)}", {"a.bpmn": body})
    play.instance, changes = play.instance.on(play.diagram, mapping)
    play.go_on()
    return changes


def refused(play: Play, body: bytes, refusal: type[Exception], **mapping: str) -> dict[str, object]:
    """It stays as it was, down to the byte."""
    before = play.instance.freeze()
    with pytest.raises(refusal) as no:
        play.instance.on(diagrams.load(f"{hash(body)}", {"a.bpmn": body}), mapping)
    play.instance = play.instance.thaw(before, play.diagram, play.host)
    assert play.instance.freeze() == before
    return no.value.detail


def tokens(play: Play) -> list[tuple[str, str]]:
    return sorted((token.id, token.element.id) for token in play.instance.tokens())


def test_what_is_past_may_be_gone_and_what_comes_may_be_new():
    play = Play(line(user("a"), user("b"), user("c")), seen=1).do("a", way="x")
    before = tokens(play)
    assert carried(play, line(user("z"), user("b"), user("d"), user("c"))) == Changes()
    assert tokens(play) == before
    assert play.instance.data == {"seen": 1, "way": "x"}
    assert play.do("b").do("d").do("c").outcome == "end"


def test_where_the_element_is_gone_a_mapping_says_where_it_stands():
    play = Play(line(user("a"), user("b"))).do("a")
    target = line(user("a"), user("c"), user("d"))
    assert refused(play, target, NeedsMapping) == {"elements": ["b"]}
    before = tokens(play)
    assert carried(play, target, b="c").renamed == {"b": "c"}
    assert [id_ for id_, _ in tokens(play)] == [id_ for id_, _ in before]
    assert play.do("c").do("d").outcome == "end"


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (line(user("x"), catch("a", timer("P1D"))), "other_kind"),
        (line(subprocess("a", start("s"), end("t"), path("s", "t"))), "other_kind"),
        (line(user("x"), subprocess("sub", start("s"), user("a"), end("t"), path("s", "a", "t"))), "other_scope"),
        (line(user("x"), user("a", each("people", "it"))), "other_kind"),
        (
            process(
                start("s"), parallel("f"), user("a"), user("x"), parallel("j"), end("e"),
                path("s", "f", "a", "j", "e"), path("f", "x", "j"),
            ),
            "other_branches",
        ),
    ],
)  # fmt: skip
def test_what_has_no_like_place_stays_and_says_why(target, why):
    assert refused(Play(line(user("a"))), target, MustStay) == {"element": "a", "why": why}


def test_a_branch_more_would_never_be_joined_so_the_case_stays():
    def fork(*names: str) -> bytes:
        return process(
            start("s"), parallel("f"), *(user(name) for name in names), parallel("j"), user("z"), end("e"),
            path("s", "f"), path("j", "z", "e"), *(path("f", name, "j") for name in names),
        )  # fmt: skip

    play = Play(fork("a", "b")).do("a")
    assert refused(play, fork("a", "b", "c"), MustStay)["why"] in {"other_branches", "other_way"}
    swapped = fork("b", "a")
    carried(play, swapped)
    assert play.do("b").waiting() == ["z"]


def test_two_branches_do_not_become_one():
    def fork(*ways: tuple[str, ...]) -> bytes:
        names = dict.fromkeys(name for way in ways for name in way)
        return process(
            start("s"), parallel("f"), *map(user, names), parallel("j"), end("e"), path("s", "f"), path("j", "e"),
            *(path("f", *way, "j") for way in ways),
        )  # fmt: skip

    play = Play(fork(("a",), ("b",)))
    assert refused(play, fork(("a", "b"), ("c",)), MustStay)["why"] == "other_branches"
    carried(play, fork(("x", "a"), ("b", "y")))
    assert play.do("a").do("b").waiting() == ["y"]


def test_a_token_before_a_join_needs_the_flow_it_came_by():
    def fork(last: str) -> bytes:
        return process(
            start("s"), parallel("f"), user("a"), user("b"), user(last), parallel("j"), end("e"),
            path("s", "f", "a", last, "j", "e"), path("f", "b", "j"),
        )  # fmt: skip

    play = Play(fork("c")).do("a").do("c")
    assert refused(play, fork("d"), MustStay)["element"] == "j"
    carried(play, fork("d"), c="d")
    assert play.do("b").outcome == "e"


def edged(*edges: str) -> bytes:
    """a, with these timers at its edge, each with a task behind it."""
    more = [
        part
        for edge in edges
        for part in (boundary(edge, "a", timer("P1D"), interrupting=False), user(f"u_{edge}"), path(edge, f"u_{edge}"))
    ]
    return process(start("s"), user("a"), end("e"), *more, path("s", "a", "e"))


def test_events_at_the_edge_are_kept_opened_and_closed():
    play = Play(edged("t1", "t2"))
    kept = play.token("t1").id
    changes = carried(play, edged("t1", "t3"))
    assert (changes.opened, changes.closed) == (["t3"], ["t2"])
    assert (play.token("t1").id, play.waiting("timer")) == (kept, ["t1", "t3"])
    assert play.fire("t3").waiting() == ["a", "u_t3"]


def test_an_event_that_has_fired_is_not_opened_anew():
    play = Play(edged("t1")).fire("t1").do("u_t1")
    assert carried(play, edged("t1", "t2")).opened == ["t2"]
    assert play.waiting("timer") == ["t2"]


def test_an_event_that_now_watches_something_else_is_closed():
    play = Play(edged("t1"))
    target = process(
        start("s"), user("a"), user("b"), end("e"), boundary("t1", "b", timer("P1D")), end("x"), path("t1", "x"),
        path("s", "a", "b", "e"),
    )  # fmt: skip
    assert carried(play, target).closed == ["t1"]
    assert play.do("a").waiting("timer") == ["t1"]


def test_a_new_event_subprocess_listens_and_one_that_is_gone_does_not():
    def listens(name: str) -> bytes:
        inside = subprocess(
            f"sub_{name}", start(name, timer("P1D")), user(f"u_{name}"), path(name, f"u_{name}"), by_event=True
        )
        return process(start("s"), user("a"), end("e"), path("s", "a", "e"), inside)

    play = Play(listens("t1"))
    changes = carried(play, listens("t2"))
    assert (changes.opened, changes.closed) == (["t2"], ["t1"])
    assert play.fire("t2").waiting() == ["u_t2"]


def test_progress_of_instances_is_kept():
    def many(task: str) -> bytes:
        return line(user(task, times("4", output=("all", "way"))), user("b"))

    play = Play(many("m")).do("m", way=1).do("m", way=2)
    carried(play, many("n"), m="n")
    assert play.waiting() == ["n", "n"]
    play.do("n", way=3).do("n", way=4)
    assert play.instance.data["all"] == [1, 2, 3, 4]
    assert play.do("b").outcome == "end"


@pytest.mark.parametrize(
    "repeat",
    [each("people", "other"), each("others", "it"), each("people", "it", sequential=True), times("2")],
)
def test_instances_of_another_kind_stay(repeat):
    play = Play(line(user("m", each("people", "it"))), people=[1, 2])
    assert refused(play, line(user("m", repeat)), MustStay) == {"element": "m", "why": "other_repeat"}


def test_open_scopes_are_carried_with_their_inside():
    def nested(sub: str, task: str) -> bytes:
        inside = subprocess(
            sub, start("s"), user(task), user("y"), end("t"), path("s", task, "y", "t"), each("p", "it")
        )
        return line(inside, user("b"))

    play = Play(nested("sub", "x"), p=[1, 2]).do("x")
    assert refused(play, nested("sub", "x2"), NeedsMapping) == {"elements": ["x"]}
    assert refused(play, nested("other", "x"), NeedsMapping) == {"elements": ["sub"]}
    carried(play, nested("other", "x2"), sub="other", x="x2")
    assert play.waiting() == ["x2", "y"]
    play.do("x2").do("y").do("y")
    assert play.do("b").outcome == "end"


def test_a_called_process_is_carried_with_the_case():
    def calling(task: str) -> bytes:
        called = f'<process id="other">{start("s")}{user(task)}{end("t")}{path("s", task, "t")}</process>'
        body = line(user("a"), element("callActivity", "call", calledElement="other"), user("b"))
        return body.replace(b'<process id="p"', called.encode() + b'<process id="p"')

    play = Play(calling("x")).do("a", way=7)
    assert refused(play, calling("y"), NeedsMapping) == {"elements": ["other:x"]}
    before = tokens(play)
    carried(play, calling("y"), **{"other:x": "other:y"})
    assert [id_ for id_, _ in tokens(play)] == [id_ for id_, _ in before]
    assert play.do("y").do("b").outcome == "end"


def race(*events: str) -> bytes:
    ways = [path("g", event, "b") for event in events]
    return process(
        start("s"), element("eventBasedGateway", "g"), *(catch(event, timer("P1D")) for event in events), user("b"),
        end("e"), path("s", "g"), path("b", "e"), *ways,
    )  # fmt: skip


def test_rivals_stay_rivals_and_new_ones_join_them():
    play = Play(race("t1", "t2"))
    assert carried(play, race("t1", "t2", "t3")).opened == ["t3"]
    assert play.waiting("timer") == ["t1", "t2", "t3"]
    assert play.fire("t3").waiting() == ["b"]
    assert play.waiting("timer") == []


def test_a_rival_that_is_gone_or_stands_elsewhere_keeps_the_case():
    play = Play(race("t1", "t2"))
    assert refused(play, race("t1", "t3"), NeedsMapping) == {"elements": ["t2"]}
    apart = line(catch("t1", timer("P1D")), catch("t2", timer("P1D")))
    assert refused(play, apart, MustStay)["why"] == "other_race"


def test_a_mapping_may_not_put_two_branches_on_one_element():
    body = process(
        start("s"), parallel("f"), user("a"), user("b"), parallel("j"), end("e"),
        path("s", "f", "a", "j", "e"), path("f", "b", "j"),
    )  # fmt: skip
    play = Play(body)
    assert refused(play, body, MustStay, a="b")["why"] == "other_branches"


@pytest.mark.parametrize("part", range(2))
def test_at_random_every_token_keeps_its_place_under_new_names_and_the_way_to_the_end(part: int):
    carried_ = sum(at_random(seed) for seed in range(part * SEEDS, part * SEEDS + SEEDS))
    assert carried_ > SEEDS


def at_random(seed: int) -> int:
    """Play a diagram twice, one of them moved again and again to a copy with other names; both go the same way."""
    chance = Random(seed)  # noqa: S311  orders, not secrets
    draughtsman = Caller(Random(seed))  # noqa: S311
    body, _ = draughtsman.diagram()
    stays, goes = Play(body, **draughtsman.lists), Play(body, **draughtsman.lists)
    moves, now = 0, ""
    for step in range(STEPS * ROUNDS):
        found = sorted((token.id, place(token), token.kind) for token in stays.instance.tokens())
        again = sorted((token.id, named(place(token), now), token.kind) for token in goes.instance.tokens())
        assert found == again, f"seed {seed}, step {step}"
        if not found:
            return moves
        if step < STEPS and chance.random() < 0.5:
            now = "n" if not now else ""
            other = renamed(body, draughtsman, now)
            carried(goes, other, **{was: became(was, now, _ids(body.decode())) for was in places(goes)})
            moves += 1
            continue
        id_, (element_id, _), kind = chance.choice(found)
        answers = {element_id: False} if element_id.startswith("again") else {}
        for play in (stays, goes):
            acts = play.instance
            acts.complete(id_, answers) if kind == "user" else acts.fire(id_) if kind == "timer" else acts.catch(
                id_, {}
            )
            play.go_on()
    return moves


def act(play: Play, id_: str, kind: str, answers: dict[str, bool]) -> None:
    if kind == "user":
        play.instance.complete(id_, answers)
    elif kind == "timer":
        play.instance.fire(id_)
    else:
        play.instance.catch(id_, {})
    play.go_on()


def places(play: Play) -> list[str]:
    """Every element, with its process before it if that is a called one."""
    return [play.diagram.place(element) for each in play.diagram.every.values() for element in each.elements.values()]


def became(place_: str, prefix: str, ids: set[str]) -> str:
    """What an element is called after the next change of names."""
    process_, colon, id_ = place_.rpartition(":")
    plain = id_ if id_ in ids else id_.removeprefix("n")
    return f"{process_}{colon}{prefix}{plain}" if plain in ids else place_


def named(at: tuple[str, object], prefix: str) -> tuple[str, object]:
    return at[0].removeprefix(prefix), at[1]


def renamed(body: bytes, draughtsman: Draughtsman, prefix: str) -> bytes:
    """The same diagram with the id of every element changed."""
    text = body.decode()
    if not prefix:
        return body
    for id_ in sorted({*_ids(text)}, key=len, reverse=True):
        for around in (f'id="{id_}"', f'sourceRef="{id_}"', f'targetRef="{id_}"', f'attachedToRef="{id_}"'):
            text = text.replace(around, around.replace(f'"{id_}"', f'"{prefix}{id_}"'))
    return text.encode()


def _ids(text: str) -> set[str]:
    """The ids of the nodes: of everything that flows join, and of events at edges."""
    parts = text.split('Ref="')
    found = {part.split('"', 1)[0] for (before, part) in pairwise(parts) if before.endswith(("source", "target"))}
    found |= {part.split('"', 1)[0] for (before, part) in pairwise(parts) if before.endswith("attachedTo")}
    return found - {"S", "E"}
