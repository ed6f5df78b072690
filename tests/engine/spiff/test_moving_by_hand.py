"""Tokens moved by hand in random diagrams, against the oracle: what waits then, and that the instance still ends."""

from itertools import pairwise

import pytest

from engine.spiff.placing import NoSuchToken, Signed, TargetNotReachable, TargetUnknown
from tests.engine.diagrams import (
    boundary,
    catch,
    each,
    element,
    end,
    exclusive,
    flow,
    line,
    parallel,
    path,
    process,
    start,
    subprocess,
    timer,
    user,
)
from tests.engine.spiff.play import Play
from tests.engine.spiff.random_hand import Game, sources

STEPS = 60
MOVES = 12
SEEDS = 50


def run(seed: int) -> int:
    """Play one diagram to its end, with moves by hand in between; how many moves that were."""
    game = Game(seed)
    game.expect("begun")
    for _ in range(STEPS):
        if not game.oracle.places():
            return game.moves
        if game.moves < MOVES and game.targets and sources(game.oracle.top) and game.chance.random() < 0.5:
            game.move()
        else:
            game.step()
    while game.oracle.places():
        game.step()
    return game.moves


@pytest.mark.parametrize("part", range(3))
def test_after_each_move_waits_what_the_oracle_says_and_the_instance_still_ends(part: int):
    assert sum(run(seed) for seed in range(part * SEEDS, part * SEEDS + SEEDS)) > SEEDS


def several() -> bytes:
    """a, then b and c beside each other (b with a timer at its edge), then d."""
    return process(
        start("s"), user("a"), parallel("fork"), user("b"), user("c"), parallel("join"), user("d"), end("e"),
        boundary("late", "b", timer("P1D"), interrupting=False), user("urge"), path("late", "urge"),
        path("s", "a", "fork", "b", "join", "d", "e"), path("fork", "c", "join"),
    )  # fmt: skip


def test_one_branch_is_left_and_entered_with_all_the_others():
    play = Play(several())
    moved(play, "a", "c")
    assert play.waiting() == ["b", "c"]
    play.fire("late").do("c")
    assert play.waiting() == ["b", "urge"]
    moved(play, "b", "c")
    assert play.waiting() == ["b", "c"]
    moved(play, "b", "d")
    assert play.waiting() == ["d"]
    assert play.do("d").outcome == "e"


def test_a_task_moves_within_its_branch_and_leaves_the_other_alone():
    play = Play(
        process(
            start("s"),
            parallel("fork"),
            user("a"),
            user("b"),
            user("c"),
            parallel("join"),
            end("e"),
            path("s", "fork", "a", "b", "join", "e"),
            path("fork", "c", "join"),
        )
    )
    moved(play, "a", "b")
    assert play.waiting() == ["b", "c"]
    play.do("b")
    moved(play, "c", "c")
    assert play.waiting() == ["c"]
    assert play.do("c").outcome == "e"


def test_the_timer_at_its_edge_goes_with_the_task_and_comes_anew():
    play = Play(
        process(
            start("s"),
            user("a"),
            user("b"),
            end("e"),
            boundary("late", "a", timer("P1D")),
            user("urge"),
            end("x"),
            path("s", "a", "b", "e"),
            path("late", "urge", "x"),
        )
    )
    moved(play, "a", "b")
    assert play.waiting("timer") == []
    moved(play, "b", "a")
    assert (play.waiting(), play.waiting("timer")) == (["a"], ["late"])
    moved(play.fire("late"), "urge", "b")
    assert play.do("b").outcome == "e"


def test_an_event_at_an_edge_is_no_token():
    play = Play(several()).do("a")
    with pytest.raises(NoSuchToken):
        play.instance.move("late", "d")
    with pytest.raises(NoSuchToken):
        play.instance.move("a", "d")


@pytest.mark.parametrize(
    ("to", "refusal"),
    [
        ("join", TargetNotReachable), ("late", TargetNotReachable), ("gone", TargetNotReachable),
        ("inside", TargetNotReachable), ("stop", TargetNotReachable), ("nothing", TargetUnknown), ("", TargetUnknown),
        ("e:b", TargetUnknown),
    ],
)  # fmt: skip
def test_what_cannot_hold_a_token_is_refused_and_nothing_moves(to, refusal):
    play = Play(
        several().replace(
            b"</process>",
            subprocess(
                "stop", start("gone", timer("P9D")), user("inside"), path("gone", "inside"), by_event=True
            ).encode()
            + b"</process>",
        )
    )
    before = play.instance.freeze()
    with pytest.raises(refusal):
        play.instance.move("a", to)
    assert play.instance.freeze() == before


def test_instances_are_left_and_entered_together():
    play = Play(line(user("a"), user("m", each("people", "it_m")), user("b")), people=[1, 2, 3])
    moved(play, "a", "m")
    play.do("m", nth=1)
    moved(play, "m", "m")
    assert play.waiting() == ["m", "m", "m"]
    moved(play, "m", "b", play.token("m", nth=2).id)
    assert play.waiting() == ["b"]
    assert play.do("b").outcome == "end"


def test_within_one_instance_the_others_stay_where_they_are():
    inside = subprocess("m", start("s"), user("x"), user("y"), end("t"), path("s", "x", "y", "t"), each("people", "it"))
    play = Play(line(inside, user("b")), people=[1, 2])
    with pytest.raises(NoSuchToken) as refused:
        play.instance.move("x", "y")
    assert sorted(refused.value.detail["tokens"]) == sorted(token.id for token in play.instance.tokens())
    moved(play, "x", "y", play.token("x").id)
    assert play.waiting() == ["x", "y"]
    moved(play, "y", "x")
    assert play.waiting() == ["x", "x"]
    for _ in range(2):
        play.do("x").do("y")
    assert play.do("b").outcome == "end"


def test_of_rivals_behind_an_event_gateway_none_moves_without_the_others():
    play = Play(
        process(
            start("s"),
            user("a"),
            element("eventBasedGateway", "race"),
            catch("t1", timer("P1D")),
            catch("t2", timer("P2D")),
            user("b"),
            end("e"),
            path("s", "a", "race", "t1", "b", "e"),
            path("race", "t2", "b"),
        )
    )
    moved(play, "a", "t2")
    assert play.waiting("timer") == ["t1", "t2"]
    moved(play, "t1", "a")
    assert (play.waiting("timer"), play.waiting()) == ([], ["a"])


def calling() -> bytes:
    """a, then a called process of x and y, then b."""
    called = f'<process id="other">{start("s")}{user("x")}{user("y")}{end("t")}{path("s", "x", "y", "t")}</process>'
    body = line(user("a"), element("callActivity", "call", calledElement="other"), user("b"))
    return body.replace(b'<process id="p"', called.encode() + b'<process id="p"')


def test_a_called_process_is_entered_whole_moved_in_and_left_whole():
    play = Play(calling())
    moved(play, "a", "other:y")
    assert play.waiting() == ["x"]
    moved(play, "other:x", "other:y")
    assert play.waiting() == ["y"]
    play.do("y")
    assert play.waiting() == ["b"]
    moved(play, "b", "call")
    moved(play, "other:x", "b")
    assert play.do("b").outcome == "end"


def signed(id_: str) -> str:
    return user(id_, jidi_signed="true")


def sound(*ways: tuple[str, ...]) -> bytes:
    """Tasks a, b and c and a signed one, sign, along these ways."""
    gates = [exclusive(id_) for id_ in ("g", "h") if any(id_ in way for way in ways)]
    flows = [flow(one, two, condition_of(one, two), id=f"{one}_{two}") for way in ways for one, two in pairwise(way)]
    return process(start("s"), end("e"), *gates, *(user(id_) for id_ in "abc"), signed("sign"), *dict.fromkeys(flows))


def condition_of(one: str, two: str) -> str | None:
    return f'way == "{two}"' if one in {"g", "h"} else None


STRAIGHT = sound(("s", "a", "b", "sign", "c", "e"))
LOOP = sound(("s", "a", "sign", "b", "g", "c", "e"), ("g", "a"))
PERHAPS = sound(("s", "a", "g", "sign", "b", "c", "e"), ("g", "b"))
AGAIN = sound(("s", "a", "b", "g", "sign", "h", "c", "e"), ("g", "a"), ("h", "a"))


@pytest.mark.parametrize(
    ("body", "at", "to", "refused"),
    [
        (STRAIGHT, "a", "b", False), (STRAIGHT, "b", "a", False), (STRAIGHT, "a", "sign", True),
        (STRAIGHT, "a", "c", True), (STRAIGHT, "b", "e", True), (STRAIGHT, "sign", "a", True),
        (STRAIGHT, "sign", "sign", True), (STRAIGHT, "c", "a", False), (STRAIGHT, "c", "e", False),
        (LOOP, "a", "b", True), (LOOP, "a", "c", True), (LOOP, "b", "a", False), (LOOP, "c", "b", False),
        (PERHAPS, "a", "b", True), (PERHAPS, "a", "c", True), (PERHAPS, "c", "b", False), (PERHAPS, "b", "a", False),
        (AGAIN, "b", "a", False), (AGAIN, "a", "b", False), (AGAIN, "b", "c", True), (AGAIN, "c", "b", False),
    ],
)  # fmt: skip
def test_a_signed_step_is_not_taken_put_or_evaded(body, at, to, refused):
    play = Play(body)
    walk(play, at, after_b="c" if b'"g_c"' in body else "sign")
    before = play.instance.freeze()
    if refused:
        with pytest.raises(Signed) as no:
            play.instance.move(at, to)
        assert no.value.detail["elements"] == ["sign"]
        assert play.instance.freeze() == before
    else:
        moved(play, at, to)


def walk(play: Play, to: str, *, after_b: str) -> None:
    """Complete one task after the other until it waits at this one."""
    while play.waiting() != [to]:
        here = play.waiting()[0]
        play.do(here, way={"a": "sign", "b": after_b, "sign": "c"}[here])


def test_a_signed_step_in_a_branch_beside_keeps_the_branch():
    play = Play(
        process(
            start("s"),
            parallel("fork"),
            user("a"),
            signed("sign"),
            parallel("join"),
            user("c"),
            end("e"),
            path("s", "fork", "a", "join", "c", "e"),
            path("fork", "sign", "join"),
        )
    )
    for to in ("c", "e", "sign"):
        with pytest.raises(Signed):
            play.instance.move("a", to)


def test_a_signed_step_in_a_subprocess_or_called_process_is_not_evaded():
    inner = line(user("a"), subprocess("sub", start("s"), signed("x"), end("t"), path("s", "x", "t")), user("b"))
    with pytest.raises(Signed):
        Play(inner).instance.move("a", "b")
    called = calling().replace(b'<userTask id="y"', b'<userTask id="y" jidi:signed="true"')
    with pytest.raises(Signed):
        Play(called).instance.move("a", "b")
    play = Play(called)
    assert play.instance.move("a", "other:y") == "call"
    play.go_on()
    for to in ("b", "end", "other:y"):
        with pytest.raises(Signed):
            play.instance.move("other:x", to)


def test_a_value_is_put_right_where_one_instance_reads_it():
    inside = subprocess(
        "m", start("s"), user("x"), user("y"), exclusive("g", default="g_t"), end("u"), end("t"),
        path("s", "x", "y", "g"), flow("g", "u", 'way == "u"', id="g_u"), flow("g", "t", id="g_t"),
        each("people", "it"),
    )  # fmt: skip
    play = Play(line(inside, user("b")), people=[1, 2], way="t")
    for nth in (0, 0):
        play.do("x", nth=nth, way="t")
    assert play.instance.correct("way", "u", play.token("y", nth=1).id) == "t"
    assert play.instance.correct("way", "v") == "t"
    play.go_on()
    assert [play.token("y", nth=nth).data["way"] for nth in (0, 1)] == ["t", "u"]
    assert play.instance.data["way"] == "v"


def test_a_value_put_right_in_one_called_process_is_not_changed_in_another_and_comes_back():
    called = f'<process id="other">{start("s")}{user("x")}{end("t")}{path("s", "x", "t")}</process>'
    calls = [element("callActivity", id_, calledElement="other") for id_ in ("c1", "c2")]
    body = process(
        start("S"), parallel("f"), *calls, parallel("j"), user("z"), end("E"), path("S", "f", "c1", "j", "z", "E"),
        path("f", "c2", "j"),
    )  # fmt: skip
    play = Play(body.replace(b'<process id="p"', called.encode() + b'<process id="p"'), way=1)
    assert play.instance.correct("way", 2, play.token("x").id) == 1
    play.go_on()
    assert [token.data["way"] for token in play.instance.tokens()] == [2, 1]
    assert play.instance.data["way"] == 1
    assert play.do("x").do("x").instance.data["way"] == 2


def moved(play: Play, at: str, to: str, token: str | None = None) -> None:
    """Move a token, and see that the state is whole afterwards."""
    play.instance.move(at, to, token)
    play.go_on()
