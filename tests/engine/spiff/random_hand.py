"""The oracle's hand: what a move by hand does to a run of nested blocks, and the diagrams in which it is tried."""

from dataclasses import dataclass
from random import Random

from engine.spiff.instance import Token
from tests.engine.diagrams import element, end, start
from tests.engine.spiff.oracle import Beside, Inside, Model, Oracle, Place, Race, Round, Row, Shape, Work, made
from tests.engine.spiff.play import Play
from tests.engine.spiff.random_diagrams import DEPTH, Draughtsman, Drawn


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
    """One random diagram, played on both sides; moves only where no signed step is."""

    def __init__(self, seed: int, draughtsman: Caller | None = None) -> None:
        self.seed = seed
        self.chance = Random(seed)  # noqa: S311  orders, not secrets
        draughtsman = draughtsman or Caller(Random(seed))  # noqa: S311
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
        self.play.instance.move(self.places[at[0]], self.places[to], self.token(at).id)
        self.play.go_on()
        Hand(at, to, []).moved(self.oracle.top)
        self.moves += 1
        self.expect(f"moved {at} to {to}")

    def step(self) -> None:
        chosen = self.chance.choice(self.oracle.places())
        token = self.token(chosen)
        self.oracle.act(chosen)
        if token.kind == "user":
            self.play.instance.complete(token.id, {chosen[0]: False} if chosen[0].startswith("again") else {})
        else:
            self.play.instance.fire(token.id)
        self.play.go_on()
        self.expect(f"did {chosen}")

    def token(self, at: Place) -> Token:
        return next(one for one in self.play.instance.tokens() if place(one) == (at[0], tuple(sorted(at[1]))))
