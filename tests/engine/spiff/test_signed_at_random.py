"""Tokens moved by hand at random in diagrams with signed steps: no signed step is taken off, set going or evaded.

Whether one is taken or set going is read from the oracle's run, whether one is evaded from the flows of the file. So a
move is refused exactly where one of both says so, and then nothing has moved.
"""

import copy
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from xml.etree import ElementTree as ET

from engine.spiff.instance import Instance
from engine.spiff.placing import Signed
from tests.engine.diagrams import user
from tests.engine.spiff.oracle import Place, Shape, Work
from tests.engine.spiff.random_diagrams import Drawn
from tests.engine.spiff.random_hand import Caller, Game, Hand, sources
from tests.engine.spiff.random_versions import models

SEEDS = int(os.environ.get("JIDI_RANDOM_SEEDS", "50"))
STEPS = 25
ROWS = 2
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass
class Signer(Caller):
    """Draws some tasks as signed ones, and many rows, in which a token can be moved past one."""

    signed: set[str] = field(default_factory=set)
    body: bytes = b""

    def block(self, depth: int) -> Drawn:
        many = depth < ROWS and self.chance.random() < 0.6
        return self.row(depth + 1) if many else super().block(depth)

    def task(self, _depth: int) -> Drawn:
        if self.chance.random() < 0.75:
            return super().task(_depth)
        id_ = self._id("u")
        self.signed.add(id_)
        return Drawn([user(id_, jidi_signed="true")], id_, id_, Shape("task", (id_,)))

    def diagram(self) -> tuple[bytes, Shape]:
        self.body, shape = super().diagram()
        return self.body, shape


class Flows:
    """The file as a graph: where a token can go from each element, into scopes, out of them, and over their edges."""

    def __init__(self, body: bytes) -> None:
        root = ET.fromstring(body)  # noqa: S314  drawn a moment ago
        self.out: dict[str, list[str]] = {}
        self.edges: dict[str, list[str]] = {}
        self.holder: dict[str, str] = {}
        self.starts: dict[str, str] = {}
        self.gates: set[str] = set()
        callers = {node.get("calledElement"): node.get("id", "") for node in root.iter(f"{BPMN}callActivity")}
        for process in root.iter(f"{BPMN}process"):
            self._draw(process, callers.get(process.get("id"), ""))

    def evaded(self, signed: set[str], source: str, target: str) -> set[str]:
        """The signed steps that must be passed before the target and not before the source, or lie between both."""
        back = not self._leads("S", source, target)
        return {
            step
            for step in signed - {source, target}
            if (not self._leads("S", target, step) and self._leads("S", source, step))
            or (not back and self._leads(source, step, target) and self._leads(step, target, source))
        }

    def around(self, node: str) -> Iterator[str]:
        """What holds a node, the innermost first."""
        while node := self.holder.get(node, ""):
            yield node

    def _draw(self, scope: ET.Element, holder: str) -> None:
        for node in scope:
            id_, kind = node.get("id", ""), node.tag.removeprefix(BPMN)
            if kind == "sequenceFlow":
                self.out.setdefault(node.get("sourceRef", ""), []).append(node.get("targetRef", ""))
                continue
            self.holder[id_] = holder
            if kind == "startEvent" and holder:
                self.starts[holder] = id_
            elif kind == "boundaryEvent":
                self.edges.setdefault(node.get("attachedToRef", ""), []).append(id_)
            elif kind == "subProcess":
                self._draw(node, id_)
            elif kind.endswith("Gateway"):
                self.gates.add(id_)

    def _next(self, node: str) -> list[str]:
        edges = [edge for each in (node, *self.around(node)) for edge in self.edges.get(each, [])]
        if node in self.starts:
            return [self.starts[node], *edges]
        ways = next((self.out[each] for each in (node, *self.around(node)) if each in self.out), [])
        return [*ways, *edges]

    def _leads(self, start: str, goal: str, without: str) -> bool:
        seen, left = {start, without}, [start]
        while left:
            for node in self._next(left.pop()):
                if node == goal != without:
                    return True
                if node not in seen:
                    seen.add(node)
                    left.append(node)
        return start == goal != without


class Guarded(Game):
    """A random diagram with signed steps; what became of each move is counted."""

    def __init__(self, seed: int) -> None:
        signer = Signer(Random(seed))  # noqa: S311  orders, not secrets
        super().__init__(seed, signer)
        self.signed, self.flows = signer.signed, Flows(signer.body)
        self.became: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        self.expect("begun")
        for _ in range(STEPS):
            if not self.oracle.places():
                break
            if self.targets and sources(self.oracle.top) and self.chance.random() < 0.6:
                self.try_to_move()
            else:
                self.step()
        return self.became

    def try_to_move(self) -> None:
        """Move on both sides, as cases do it: a signed step that the way on sets going or ends refuses it as well."""
        at, to = self.chance.choice(sources(self.oracle.top)), self.chance.choice(self.targets)
        what = f"moved {at} to {to}"
        frozen, oracle, before = self.play.instance.freeze(), copy.deepcopy(self.oracle), self._standing()
        Hand(at, to, []).moved(self.oracle.top)
        touched = set(map(id, self._standing())) != set(map(id, before))
        try:
            put = self._moved(at, to)
        except Signed as no:
            self._refused(at[0], to, set(no.detail["elements"]), touched=touched)
            self.oracle = oracle
            self.play.instance = Instance.thaw(frozen, self.play.diagram, self.play.host)
        else:
            evaded = self.flows.evaded(self.signed, at[0], put)
            assert not touched, f"seed {self.seed}, {what}: a signed step was touched"
            assert not evaded, f"seed {self.seed}, {what}: {evaded} were evaded"
            self.became["moved"] += 1
        self.expect(what)

    def _moved(self, at: Place, to: str) -> str:
        signed = self._tokens()
        put = self.play.instance.move(self.places[at[0]], self.places[to], self.token(at).id)
        self.play.go_on()
        if self._tokens() != signed:
            raise Signed(elements=sorted({element for _, element in self._tokens() ^ signed}))
        return put.rpartition(":")[2]

    def _refused(self, at: str, to: str, named: set[str], *, touched: bool) -> None:
        """Only signed steps are named, and there was a reason: also for what the target lies in, or begins behind."""
        assert named
        assert named <= self.signed
        put = {to, *self.flows.around(to), *self.flows.gates}
        evaded = set[str]().union(*(self.flows.evaded(self.signed, at, each) for each in put))
        assert touched or named <= evaded, f"seed {self.seed}, {at} to {to}: refused for {named}"
        self.became["touched" if touched else "evaded"] += 1

    def _standing(self) -> list[Work]:
        """The signed steps that stand, each as itself: one that is taken off and put again is another one."""
        places = self.oracle.places()
        work = [one for one in models(self.oracle.top) if isinstance(one, Work) and one.shape.ids[0] in self.signed]
        return [one for one in work if set(one.places()) & set(places)]

    def _tokens(self) -> set[tuple[str, str]]:
        return {(token.id, token.element.id) for token in self.play.instance.tokens() if token.element.signed}


def test_a_move_is_refused_exactly_where_a_signed_step_would_be_touched_or_evaded():
    became: Counter[str] = Counter()
    for seed in range(SEEDS):
        became += Guarded(seed).run()
    assert all(became[kind] > SEEDS // 10 for kind in ("moved", "touched", "evaded")), became
