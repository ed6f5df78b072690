"""Tokens moved by hand in random diagrams, against the oracle: what waits then, and that the instance still ends."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

import pytest

from engine.spiff.instance import Token
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
from tests.engine.spiff.oracle import Beside, Inside, Model, Oracle, Place, Race, Round, Row, Shape, Work, made
from tests.engine.spiff.play import Play
from tests.engine.spiff.random_diagrams import DEPTH, Draughtsman, Drawn

STEPS = 60
MOVES = 12
SEEDS = 50


@dataclass
class Hand:
    """The oracle's hand: takes a token of a model off and puts one at an element; `dropped` are the splits it left."""

    at: Place
    to: str
    dropped: list[Shape]

    def moved(self, model: Model) -> Model:
        """The model after the move, which lies in it as a whole."""
        if isinstance(model, Row):
            return self._row(model)
        if isinstance(model, Beside):
            return self._beside(model)
        if isinstance(model, Round):
            return self._round(model)
        if isinstance(model, Inside):
            return self._inside(model)
        assert isinstance(model, Work | Race)
        return made(model.shape, model.items)

    def put(self, shape: Shape, items: tuple[tuple[str, int], ...]) -> Model:
        """A block in which only one token stands, at the target; what cannot be entered in the middle is whole."""
        if shape.kind == "split":
            self.dropped.append(shape)
        if shape.kind == "cut" and self.to == shape.ids[1]:
            cut = Inside(shape, items)
            cut.cut, cut.timer, cut.done = True, None, False
            return cut
        model = made(shape, items)
        if isinstance(model, Row):
            self._go_to(model, next(n for n, one in enumerate(shape.inner) if holds(one, self.to)))
        if isinstance(model, Round):
            model.done = False
            if self.to == shape.ids[0]:
                model.body.done = True
            else:
                model.body = self.put(shape.inner[0], items)
        return model

    def _row(self, row: Row) -> Model:
        inner = row.shape.inner
        now = len(inner) - len(row.left) - 1
        goal = next(n for n, one in enumerate(inner) if holds(one, self.to))
        if goal == now:
            row.now = self.moved(row.now)
        else:
            self._leave(row.now)
            self._go_to(row, goal)
        row._step()
        return row

    def _go_to(self, row: Row, goal: int) -> None:
        row.now = self.put(row.shape.inner[goal], row.items)
        row.left = list(row.shape.inner[goal + 1 :])
        row.done = False
        row._step()

    def _beside(self, beside: Beside) -> Model:
        mine = next(n for n, one in enumerate(beside.all) if self.at in one.places())
        if beside.shape.kind == "each":
            if self.to in beside.shape.inner[0].ids and beside.shape.inner[0].kind == "task":
                return made(beside.shape, beside.items)
        elif not holds(beside.shape.inner[mine], self.to):
            self.dropped.append(beside.shape)
            return made(beside.shape, beside.items)
        beside.all[mine] = self.moved(beside.all[mine])
        beside.done = all(one.done for one in beside.all)
        return beside

    def _round(self, around: Round) -> Model:
        inside = self.at in around.body.places() and not around.body.done
        if self.to == around.shape.ids[0]:
            if inside:
                self._leave(around.body)
            around.body.done = True
        elif inside:
            around.body = self.moved(around.body)
        else:
            around.body = self.put(around.shape.inner[0], around.items)
        around.done = False
        return around

    def _inside(self, inside: Inside) -> Model:
        kind, ids = inside.shape.kind, inside.shape.ids
        if kind == "cut" and self.to == ids[1]:
            inside.cut, inside.timer, inside.done = True, None, False
            return inside
        if inside.cut:
            return made(inside.shape, inside.items)
        inside.all[0] = self.moved(inside.all[0])
        gone = {id_ for shape in self.dropped for id_ in every(shape)}
        inside.all[1:] = [one for one in inside.all[1:] if one.shape.ids[0] not in gone]
        inside.done = all(one.done for one in inside.all)
        return inside

    def _leave(self, model: Model) -> None:
        """The outermost split that the token stood in is left as a whole; a scope takes its own with it."""
        if isinstance(model, Row):
            self._leave(model.now)
        elif isinstance(model, Round):
            self._leave(model.body)
        elif isinstance(model, Beside) and model.shape.kind == "split":
            self.dropped.append(model.shape)


def every(shape: Shape) -> set[str]:
    return set(shape.ids).union(*(every(one) for one in shape.inner))


def holds(shape: Shape, id_: str) -> bool:
    return id_ in every(shape)


def targets(shape: Shape) -> list[str]:
    """Where a token can be put: tasks, races, and what follows an interrupting event."""
    own = {"task": shape.ids, "race": shape.ids, "round": shape.ids, "cut": shape.ids[1:]}.get(shape.kind, ())
    return [*own, *(id_ for one in shape.inner for id_ in targets(one))]


def sources(model: Model) -> list[Place]:
    """The tokens of the flow itself: no event at an edge, no reminder that it set free."""
    if isinstance(model, Row):
        return sources(model.now)
    if isinstance(model, Round):
        return sources(model.body) if not model.body.done else list(model.places())
    if isinstance(model, Beside):
        return [place for one in model.all if not one.done for place in sources(one)]
    if isinstance(model, Inside):
        return list(model.places()) if model.cut else [] if model.all[0].done else sources(model.all[0])
    return list(model.places())


@dataclass
class Caller(Draughtsman):
    """Draws the blocks that the hand knows, and some subprocesses of any kind as processes of their own."""

    def block(self, depth: int) -> Drawn:
        simple = [self.task, self.service, self.race]
        nested = [self.row, self.choice, self.split, self.some, self.round, self.sub, self.each, self.edge, self.call]
        return self.chance.choice(simple if depth >= DEPTH else simple[:2] + nested)(depth + 1)

    def _inside(self, id_: str, body: Drawn, more: str = "") -> str:
        if self.chance.random() < 0.6:
            return super()._inside(id_, body, more)
        first, last = self._id("b"), self._id("e")
        parts = [start(first), end(last), *body.parts, self._flow(first, body.entry), self._flow(body.exit, last)]
        self.called.append(element("process", f"p_{id_}", "".join(parts)))
        return element("callActivity", id_, more, calledElement=f"p_{id_}")


def place(token: Token) -> Place:
    """Where it stands, and in which instances."""
    return token.element.id, tuple(sorted((name, it) for name, it in token.data.items() if name.startswith("it_")))


class Game:
    """One random diagram, played on both sides."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = Random(seed)  # noqa: S311  orders, not secrets
        draughtsman = Caller(Random(seed))  # noqa: S311
        body, shape = draughtsman.diagram()
        self.play, self.oracle = Play(body, **draughtsman.lists), Oracle(shape)
        self.targets = targets(shape)
        every = self.play.diagram.every.values()
        self.places = {id_: self.play.diagram.place(one) for each in every for id_, one in each.elements.items()}
        self.moves = 0

    def expect(self, what: str) -> None:
        expected = [(id_, tuple(sorted(items))) for id_, items in self.oracle.places()]
        found = sorted(place(token) for token in self.play.instance.tokens())
        assert found == sorted(expected), f"seed {self.seed}, {what}"
        assert self.play.instance.is_completed == (not expected), f"seed {self.seed}, {what}"

    def move(self) -> None:
        at = self.chance.choice(sources(self.oracle.top))
        to = self.chance.choice(self.targets)
        self.play.instance.move(self.places[at[0]], self.places[to], self._token(at).id)
        self.play.go_on()
        Hand(at, to, []).moved(self.oracle.top)
        self.moves += 1
        self.expect(f"moved {at} to {to}")

    def step(self) -> None:
        chosen = self.chance.choice(self.oracle.places())
        token = self._token(chosen)
        self.oracle.act(chosen)
        if token.kind == "user":
            self.play.instance.complete(token.id, {chosen[0]: False} if chosen[0].startswith("again") else {})
        else:
            self.play.instance.fire(token.id)
        self.play.go_on()
        self.expect(f"did {chosen}")

    def _token(self, at: Place):
        return next(one for one in self.play.instance.tokens() if place(one) == (at[0], tuple(sorted(at[1]))))


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


def moved(play: Play, at: str, to: str, token: str | None = None) -> None:
    """Move a token, and see that the state is whole afterwards."""
    play.instance.move(at, to, token)
    play.go_on()
