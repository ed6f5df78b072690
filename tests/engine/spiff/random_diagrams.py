"""Random diagrams of nested blocks, and the shape of each for the oracle."""

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.engine.diagrams import (
    boundary,
    catch,
    each,
    element,
    end,
    error,
    escalation,
    event,
    exclusive,
    flow,
    inclusive,
    loop,
    message,
    parallel,
    process,
    service,
    signal,
    start,
    subprocess,
    throw,
    timer,
    user,
)
from tests.engine.spiff.oracle import Shape

DEPTH = 3
GATEWAYS = {"exclusive": exclusive, "inclusive": inclusive, "parallel": parallel}


@dataclass(frozen=True)
class Drawn:
    """A block: its parts, where it is entered and left, and its shape."""

    parts: list[str]
    entry: str
    exit: str
    shape: Shape


@dataclass
class Draughtsman:
    """Draws one diagram from one seed."""

    chance: Random
    count: int = 0
    lists: dict[str, list[int]] = field(default_factory=dict)
    declared: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)

    def diagram(self) -> tuple[bytes, Shape]:
        """The file and the shape of what is in it."""
        block = self.block(0)
        body = process(
            start("S"), end("E"), *block.parts, flow("S", block.entry, id="fS"), flow(block.exit, "E", id="fE"),
            before="".join(self.declared),
        )  # fmt: skip
        body = body.replace(b"</definitions>", "".join(self.called).encode() + b"</definitions>")
        return body, block.shape

    def block(self, depth: int) -> Drawn:
        """Any block."""
        simple = [self.task, self.service, self.race]
        nested = [
            self.row, self.choice, self.split, self.some, self.round, self.sub, self.each, self.edge, self.some_after,
            self.in_turn, self.loop, self.listening, self.asked, self.call, self.signalled,
        ]  # fmt: skip
        return self.chance.choice(simple if depth >= DEPTH else simple[:2] + nested)(depth + 1)

    def task(self, _depth: int) -> Drawn:
        id_ = self._id("u")
        return Drawn([user(id_)], id_, id_, Shape("task", (id_,)))

    def service(self, _depth: int) -> Drawn:
        id_ = self._id("w")
        return Drawn([service(id_)], id_, id_, Shape("service", (id_,)))

    def race(self, _depth: int) -> Drawn:
        gate, first, second, meet = self._id("v"), self._id("t"), self._id("t"), self._id("x")
        parts = [element("eventBasedGateway", gate), exclusive(meet)]
        for id_ in (first, second):
            parts += [catch(id_, timer("P1D")), self._flow(gate, id_), self._flow(id_, meet)]
        return Drawn(parts, gate, meet, Shape("race", (first, second)))

    def row(self, depth: int) -> Drawn:
        blocks = [self.block(depth) for _ in range(self.chance.randint(2, 3))]
        parts = [part for block in blocks for part in block.parts]
        parts += [self._flow(a.exit, b.entry) for a, b in pairwise(blocks)]
        return Drawn(parts, blocks[0].entry, blocks[-1].exit, Shape("row", (), tuple(block.shape for block in blocks)))

    def choice(self, depth: int) -> Drawn:
        blocks = self._blocks(depth)
        taken = self.chance.randrange(len(blocks))
        conditions = [str(number == taken) for number in range(len(blocks) - 1)]
        return self._gated("exclusive", blocks, conditions, blocks[taken].shape)

    def some(self, depth: int) -> Drawn:
        blocks = self._blocks(depth)
        picks = [self.chance.random() < 0.5 for _ in blocks[:-1]]
        open_ = [block.shape for block, pick in zip(blocks, picks, strict=False) if pick] or [blocks[-1].shape]
        return self._gated("inclusive", blocks, [str(pick) for pick in picks], Shape("split", (), tuple(open_)))

    def split(self, depth: int) -> Drawn:
        blocks = self._blocks(depth)
        return self._gated("parallel", blocks, [], Shape("split", (), tuple(block.shape for block in blocks)))

    def round(self, depth: int) -> Drawn:
        body = self.block(depth)
        back, gate, ask, out = self._id("x"), self._id("x"), self._id("again"), self._id("x")
        default = self._id("f")
        parts = [
            *body.parts, user(ask), exclusive(back), exclusive(gate, default=default), exclusive(out),
            self._flow(back, body.entry), self._flow(body.exit, ask), self._flow(ask, gate),
            flow(gate, back, ask, id=self._id("f")), flow(gate, out, id=default),
        ]  # fmt: skip
        return Drawn(parts, back, out, Shape("round", (ask,), (body.shape,)))

    def sub(self, depth: int) -> Drawn:
        body = self.block(depth)
        id_ = self._id("s")
        return Drawn([self._inside(id_, body)], id_, id_, Shape("sub", (), (body.shape,)))

    def each(self, depth: int) -> Drawn:
        id_ = self._id("m")
        number = self.chance.randint(1, 3)
        self.lists[f"list_{id_}"] = list(range(1, number + 1))
        repeated = each(f"list_{id_}", f"it_{id_}")
        if self.chance.random() < 0.5:
            shape = Shape("each", (f"it_{id_}",), (Shape("task", (id_,)),), number)
            return Drawn([user(id_, repeated)], id_, id_, shape)
        body = self.block(depth)
        shape = Shape("each", (f"it_{id_}",), (Shape("sub", (), (body.shape,)),), number)
        return Drawn([self._inside(id_, body, repeated)], id_, id_, shape)

    def edge(self, depth: int) -> Drawn:
        body = self.block(depth)
        id_, clock, after, meet = self._id("s"), self._id("t"), self._id("u"), self._id("x")
        interrupting = self.chance.random() < 0.5
        parts = [
            self._inside(id_, body), boundary(clock, id_, timer("P1D"), interrupting=interrupting), user(after),
            exclusive(meet), self._flow(clock, after), self._flow(id_, meet),
        ]  # fmt: skip
        if interrupting:
            parts.append(self._flow(after, meet))
        return Drawn(parts, id_, meet, Shape("cut" if interrupting else "remind", (clock, after), (body.shape,)))

    def some_after(self, depth: int) -> Drawn:
        """Conditions on the flows that leave a task."""
        blocks, id_, join = self._blocks(depth), self._id("u"), self._id("j")
        picks = [self.chance.random() < 0.5 for _ in blocks[:-1]]
        open_ = [block.shape for block, pick in zip(blocks, picks, strict=False) if pick] or [blocks[-1].shape]
        flows = [self._id("f") for _ in blocks]
        parts = [user(id_, default=flows[-1]), inclusive(join)]
        for block, flow_, said in zip(blocks, flows, [*map(str, picks), None], strict=True):
            parts += [*block.parts, flow(id_, block.entry, said, id=flow_), self._flow(block.exit, join)]
        shape = Shape("row", (), (Shape("task", (id_,)), Shape("split", (), tuple(open_))))
        return Drawn(parts, id_, join, shape)

    def in_turn(self, depth: int) -> Drawn:
        """One instance after the other."""
        body, id_, number = self.block(depth), self._id("m"), self.chance.randint(1, 3)
        self.lists[f"list_{id_}"] = list(range(1, number + 1))
        inside = self._inside(id_, body, each(f"list_{id_}", f"it_{id_}", sequential=True))
        shape = Shape("turns", (f"it_{id_}",), (Shape("sub", (), (body.shape,)),), number)
        return Drawn([inside], id_, id_, shape)

    def loop(self, depth: int) -> Drawn:
        """A standard loop of so many rounds."""
        body, id_, number = self.block(depth), self._id("s"), self.chance.randint(1, 3)
        inside = self._inside(id_, body, loop("", maximum=str(number)))
        return Drawn([inside], id_, id_, Shape("turns", (), (Shape("sub", (), (body.shape,)),), number))

    def listening(self, depth: int) -> Drawn:
        """A subprocess with an event subprocess of one or two tasks in a row."""
        body, id_, heard, last = self.block(depth), self._id("s"), self._id("h"), self._id("e")
        tasks = [self._id("u") for _ in range(self.chance.randint(1, 2))]
        kind = self.chance.choice(("interrupted", "heard", "heard_once"))
        about = {
            "interrupted": ("message", "timer", "signal"),
            "heard": ("message", "signal"),
            "heard_once": ("timer",),
        }
        by = self.chance.choice(about[kind])
        if by != "timer":
            self.declared.append({"message": message, "signal": signal}[by](f"{by}_{heard}"))
        begin = start(
            heard, event(by, f"{by}_{heard}") if by != "timer" else timer("P1D"),
            isInterrupting=str(kind == "interrupted").lower(),
        )  # fmt: skip
        ways = [self._flow(a, b) for a, b in pairwise([heard, *tasks, last])]
        handler = subprocess(self._id("v"), begin, *map(user, tasks), end(last), *ways, by_event=True)
        after = Shape("row", (), tuple(Shape("task", (task,)) for task in tasks))
        ids = (heard, heard) if by == "signal" else (heard,)
        return Drawn([self._inside(id_, body, handler)], id_, id_, Shape(kind, ids, (body.shape, after)))

    def asked(self, depth: int) -> Drawn:
        """A subprocess in which a task beside the block may throw an error, an escalation, or stop everything."""
        kind = self.chance.choice(("fail", "stop", "call_out", "rescued", "relieved", "warned"))
        body, id_, ask, after = self.block(depth), self._id("s"), self._id("again"), self._id("u")
        first, fork, gate, join, last, out, meet = (self._id(letter) for letter in ("b", "g", "x", "j", "e", "e", "x"))
        default, what = self._id("f"), "error" if kind in {"fail", "rescued"} else "escalation"
        about = event("terminate") if kind == "stop" else event(what, f"{what}_{id_}")
        ends = kind in {"fail", "rescued", "stop"}
        self.declared += [error(f"error_{id_}")] if what == "error" else [escalation(f"escalation_{id_}")]
        inside = subprocess(
            id_, start(first), parallel(fork), *body.parts, user(ask), exclusive(gate, default=default), parallel(join),
            end(last), end(out, about) if ends else throw(out, about), exclusive(meet), self._flow(first, fork),
            self._flow(fork, body.entry), self._flow(fork, ask), self._flow(ask, gate),
            flow(gate, out, ask, id=self._id("f")), flow(gate, meet, id=default), self._flow(meet, join),
            self._flow(body.exit, join), self._flow(join, last), *([] if ends else [self._flow(out, meet)]),
            *(self._caught(after, about, what, interrupting=kind != "warned")
              if kind in {"rescued", "relieved", "warned"} else []),
        )  # fmt: skip
        shape = Shape(kind, (ask, after), (body.shape,))
        if kind not in {"fail", "call_out"}:
            return Drawn([inside], id_, id_, shape)
        edge, way_on = self._id("t"), self._id("x")
        parts = [
            inside, boundary(edge, id_, about, interrupting=kind == "fail"), user(after), exclusive(way_on),
            self._flow(edge, after), self._flow(id_, way_on), *([self._flow(after, way_on)] if kind == "fail" else []),
        ]  # fmt: skip
        return Drawn(parts, id_, way_on, shape)

    def _caught(self, task: str, about: str, what: str, *, interrupting: bool) -> list[str]:
        """An event subprocess of one task; an error always interrupts."""
        heard, last = self._id("h"), self._id("e")
        begin = start(heard, about, **({} if what == "error" else {"isInterrupting": str(interrupting).lower()}))
        ways = [self._flow(heard, task), self._flow(task, last)]
        return [subprocess(self._id("v"), begin, user(task), end(last), *ways, by_event=True)]

    def signalled(self, _depth: int) -> Drawn:
        """A signal that one branch may give and the other waits for."""
        ask, heard = self._id("again"), self._id("t")
        fork, gate, out, meet, join, default = (self._id(letter) for letter in ("g", "x", "e", "x", "j", "f"))
        about = event("signal", f"sig_{heard}")
        self.declared.append(signal(f"sig_{heard}"))
        parts = [
            parallel(fork), user(ask), exclusive(gate, default=default), throw(out, about), exclusive(meet),
            parallel(join), catch(heard, about), self._flow(fork, ask), self._flow(fork, heard), self._flow(ask, gate),
            flow(gate, out, ask, id=self._id("f")), flow(gate, meet, id=default), self._flow(out, meet),
            self._flow(meet, join), self._flow(heard, join),
        ]  # fmt: skip
        return Drawn(parts, fork, join, Shape("signal", (ask, heard)))

    def call(self, depth: int) -> Drawn:
        """A block that is a process of its own, in the same file."""
        body, id_, process_ = self.block(depth), self._id("c"), self._id("called")
        first, last = self._id("b"), self._id("e")
        parts = [start(first), end(last), *body.parts, self._flow(first, body.entry), self._flow(body.exit, last)]
        self.called.append(element("process", process_, "".join(parts), isExecutable="false"))
        activity = element("callActivity", id_, calledElement=process_)
        return Drawn([activity], id_, id_, Shape("sub", (), (body.shape,)))

    def _blocks(self, depth: int) -> list[Drawn]:
        return [self.block(depth) for _ in range(self.chance.randint(2, 3))]

    def _gated(self, kind: str, blocks: list[Drawn], conditions: list[str], shape: Shape) -> Drawn:
        fork, join = self._id("g"), self._id("j")
        flows = [self._id("f") for _ in blocks]
        default = {} if kind == "parallel" else {"default": flows[-1]}
        parts = [GATEWAYS[kind](fork, **default), GATEWAYS[kind](join)]
        for number, block in enumerate(blocks):
            condition = conditions[number] if number < len(conditions) else None
            parts += [*block.parts, flow(fork, block.entry, condition, id=flows[number]), self._flow(block.exit, join)]
        return Drawn(parts, fork, join, shape)

    def _inside(self, id_: str, body: Drawn, more: str = "") -> str:
        first, last = self._id("b"), self._id("e")
        parts = [start(first), end(last), *body.parts, self._flow(first, body.entry), self._flow(body.exit, last)]
        return subprocess(id_, *parts, more)

    def _flow(self, source: str, target: str) -> str:
        return flow(source, target, id=self._id("f"))

    def _id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"
