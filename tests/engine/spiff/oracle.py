"""A token game of our own over nested blocks: what must wait after each step, worked out without the engine.

A place is (element, items): the element that waits, and which instances of which multi-instances it belongs to.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

Items = tuple[tuple[str, int], ...]
Place = tuple[str, Items]


@dataclass(frozen=True)
class Shape:
    """A block of a random diagram: its kind, its own element ids, the blocks inside."""

    kind: str
    ids: tuple[str, ...] = ()
    inner: tuple["Shape", ...] = ()
    number: int = 0


class Model:
    """What a running block says: what waits in it, whether it is over, what an act on one of its places changes."""

    def __init__(self, shape: Shape, items: Items) -> None:
        self.shape = shape
        self.items = items
        self.done = False

    def places(self) -> Iterator[Place]:
        """What waits here."""
        return iter(())

    def act(self, place: Place, *, again: bool) -> "list[Model] | None":
        """None if the place is not here, else the models that were set free beside us."""
        raise NotImplementedError

    def hear(self, signal: str) -> None:
        """A signal was given; whoever waits for it goes on."""

    def here(self, id_: str) -> Place:
        """Our own place of this name."""
        return id_, tuple(sorted(self.items))


class Work(Model):
    """A user task, or a step that is over at once."""

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.done = shape.kind == "service"

    def places(self) -> Iterator[Place]:
        if not self.done:
            yield self.here(self.shape.ids[0])

    def act(self, place: Place, *, again: bool) -> list[Model] | None:  # noqa: ARG002
        self.done = True
        return []


class Signalled(Model):
    """Somebody may give a signal, for which the other branch waits; others may have given it before."""

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.open = [shape.ids[0], shape.ids[1]]

    def places(self) -> Iterator[Place]:
        yield from map(self.here, self.open)

    def act(self, place: Place, *, again: bool) -> list[Model] | None:  # noqa: ARG002
        self.open.remove(place[0])
        self.done = not self.open
        return []

    def hear(self, signal: str) -> None:
        self.open = [id_ for id_ in self.open if id_ != signal]
        self.done = not self.open


class Race(Model):
    """An event gateway."""

    def places(self) -> Iterator[Place]:
        if not self.done:
            yield from (self.here(id_) for id_ in self.shape.ids)

    def act(self, place: Place, *, again: bool) -> list[Model] | None:  # noqa: ARG002
        self.done = True
        return []


class Row(Model):
    """One block after the other."""

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.left = list(shape.inner)
        self.now = made(self.left.pop(0), items)
        self._step()

    def _step(self) -> None:
        while self.now.done and self.left:
            self.now = made(self.left.pop(0), self.items)
        self.done = self.now.done

    def places(self) -> Iterator[Place]:
        return self.now.places()

    def act(self, place: Place, *, again: bool) -> list[Model] | None:
        free = self.now.act(place, again=again)
        self._step()
        return free

    def hear(self, signal: str) -> None:
        self.now.hear(signal)
        self._step()


class Beside(Model):
    """Blocks beside each other: branches, or the instances of a multi-instance."""

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        if shape.kind == "each":
            self.all = [made(shape.inner[0], (*items, (shape.ids[0], n))) for n in range(1, shape.number + 1)]
        else:
            self.all = [made(each, items) for each in shape.inner]
        self.done = all(each.done for each in self.all)

    def places(self) -> Iterator[Place]:
        for each in self.all:
            yield from each.places()

    def act(self, place: Place, *, again: bool) -> list[Model] | None:
        one = next(each for each in self.all if place in each.places())
        free = one.act(place, again=again)
        self.done = all(each.done for each in self.all)
        return free

    def hear(self, signal: str) -> None:
        for each in self.all:
            each.hear(signal)
        self.done = all(each.done for each in self.all)


class Round(Model):
    """A block, then a task that asks whether to do it again."""

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.body = made(shape.inner[0], items)

    def places(self) -> Iterator[Place]:
        if not self.body.done:
            yield from self.body.places()
        elif not self.done:
            yield self.here(self.shape.ids[0])

    def act(self, place: Place, *, again: bool) -> list[Model] | None:
        if not self.body.done:
            return self.body.act(place, again=again)
        self.body = made(self.shape.inner[0], self.items) if again else self.body
        self.done = not again
        return []

    def hear(self, signal: str) -> None:
        if not self.body.done:
            self.body.hear(signal)


class Inside(Model):
    """A subprocess: over when its block and all that was set free in it are over; with a timer at its edge, perhaps."""

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.all = [made(shape.inner[0], items)]
        self.timer = shape.ids[0] if shape.ids else None
        self.cut = False
        self.done = self.all[0].done

    def places(self) -> Iterator[Place]:
        if self.cut:
            yield from [] if self.done else [self.here(self.shape.ids[1])]
        elif not self.done:
            yield from [self.here(self.timer)] if self.timer else []
            for each in self.all:
                yield from each.places()

    def act(self, place: Place, *, again: bool) -> list[Model] | None:
        if self.cut:
            self.done = True
            return []
        if self.timer and place == self.here(self.timer):
            return self._fired()
        one = next(each for each in self.all if place in each.places())
        self.all += one.act(place, again=again) or []
        self.done = all(each.done for each in self.all)
        return []

    def hear(self, signal: str) -> None:
        if not self.cut and not self.done:
            for each in self.all:
                each.hear(signal)
            self.done = all(each.done for each in self.all)

    def _fired(self) -> list[Model]:
        self.timer = None
        if self.shape.kind == "cut":
            self.cut = True
            return []
        return [made(Shape("task", (self.shape.ids[1],)), self.items)]


class Turns(Model):
    """A block done several times, one after the other: once for each item, or a number of times."""

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.turn = 0
        self._next()

    def _next(self) -> None:
        while self.turn < self.shape.number and (self.turn == 0 or self.now.done):
            self.turn += 1
            own = ((self.shape.ids[0], self.turn),) if self.shape.ids else ()
            self.now = made(self.shape.inner[0], (*self.items, *own))
        self.done = self.now.done

    def places(self) -> Iterator[Place]:
        return self.now.places()

    def act(self, place: Place, *, again: bool) -> list[Model] | None:
        free = self.now.act(place, again=again)
        self._next()
        return free

    def hear(self, signal: str) -> None:
        if not self.done:
            self.now.hear(signal)
            self._next()


class Heard(Model):
    """A subprocess with an event subprocess: interrupting, or again and again (a message), or once (a timer).

    A second id says that it is a signal, which is heard by every instance at once.
    """

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.all = [made(shape.inner[0], items)]
        self.listens = True
        self.done = self.all[0].done

    def places(self) -> Iterator[Place]:
        if not self.done:
            yield from [self.here(self.shape.ids[0])] if self.listens else []
            for each in self.all:
                yield from each.places()

    def act(self, place: Place, *, again: bool) -> list[Model] | None:
        if place == self.here(self.shape.ids[0]):
            self._begin()
        else:
            one = next(each for each in self.all if place in each.places())
            self.all += one.act(place, again=again) or []
        self.done = all(each.done for each in self.all)
        return []

    def hear(self, signal: str) -> None:
        if self.done:
            return
        mine = self.listens and signal in self.shape.ids[1:]
        for each in [] if mine and self.shape.kind == "interrupted" else self.all:
            each.hear(signal)
        if mine:
            self._begin()
        self.done = all(each.done for each in self.all)

    def _begin(self) -> None:
        self.all = [] if self.shape.kind == "interrupted" else self.all
        self.all.append(made(self.shape.inner[1], self.items))
        self.listens = self.shape.kind == "heard"


class Asked(Model):
    """A subprocess in which somebody, beside the block, may end it with an error or at once, or only call out.

    What is thrown is caught at its edge, or by an event subprocess in it: that ends all the rest (rescued, relieved),
    or is done beside it and belongs to it (warned).
    """

    def __init__(self, shape: Shape, items: Items) -> None:
        super().__init__(shape, items)
        self.all = [made(shape.inner[0], items)]
        self.open = True
        self.cut = False

    def places(self) -> Iterator[Place]:
        if self.done:
            return
        if self.cut:
            yield self.here(self.shape.ids[1])
            return
        yield from [self.here(self.shape.ids[0])] if self.open else []
        for each in self.all:
            yield from each.places()

    def act(self, place: Place, *, again: bool) -> list[Model] | None:
        if self.cut:
            self.done = True
        elif place != self.here(self.shape.ids[0]):
            one = next(each for each in self.all if place in each.places())
            self.all += one.act(place, again=again) or []
            self.done = not self.open and all(each.done for each in self.all)
        else:
            self.open = False
            self.cut = again and self.shape.kind in {"fail", "rescued", "relieved"}
            stopped = again and self.shape.kind == "stop"
            if again and self.shape.kind == "warned":
                self.all.append(made(Shape("task", (self.shape.ids[1],)), self.items))
            self.done = stopped or (not self.cut and all(each.done for each in self.all))
            if again and self.shape.kind == "call_out":
                return [made(Shape("task", (self.shape.ids[1],)), self.items)]
        return []

    def hear(self, signal: str) -> None:
        if not self.done and not self.cut:
            for each in self.all:
                each.hear(signal)
            self.done = not self.open and all(each.done for each in self.all)


@dataclass
class Oracle:
    """The whole process."""

    shape: Shape
    top: Inside = field(init=False)
    signals: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.top = Inside(Shape("sub", (), (self.shape,)), ())
        self.signals = {id_: one.ids[-1] for one in _signalled(self.shape) for id_ in one.ids}

    def places(self) -> list[Place]:
        """What must wait now."""
        return sorted(self.top.places())

    def act(self, place: Place, *, again: bool = False) -> None:
        """Do it. A signal is heard before whoever gave it goes on."""
        given = self.signals.get(place[0])
        if given is not None and (again or given == place[0]):
            self.top.hear(given)
        if given != place[0]:
            self.top.act(place, again=again)


def _signalled(shape: Shape) -> Iterator[Shape]:
    yield from [shape] if shape.kind == "signal" or (shape.kind in {"interrupted", "heard"} and shape.ids[1:]) else []
    for each in shape.inner:
        yield from _signalled(each)


KINDS: dict[str, type[Model]] = {
    "task": Work,
    "service": Work,
    "race": Race,
    "signal": Signalled,
    "row": Row,
    "split": Beside,
    "each": Beside,
    "round": Round,
    "sub": Inside,
    "cut": Inside,
    "remind": Inside,
    "turns": Turns,
    "interrupted": Heard,
    "heard": Heard,
    "heard_once": Heard,
    "fail": Asked,
    "stop": Asked,
    "call_out": Asked,
    "rescued": Asked,
    "relieved": Asked,
    "warned": Asked,
}


def made(shape: Shape, items: Items) -> Model:
    """The model of a shape."""
    return KINDS[shape.kind](shape, items)
