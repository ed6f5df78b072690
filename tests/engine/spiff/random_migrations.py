"""Random diagrams moved to random versions of themselves in mid-run, in the engine and in the oracle.

What stands at the moment decides: it is carried, renamed by its mapping, or the whole must stay as it is.
"""

from collections import Counter
from random import Random

from engine.spiff import diagrams
from engine.spiff.instance import Instance
from engine.spiff.migration import MustStay, NeedsMapping
from tests.engine.spiff.oracle import Oracle
from tests.engine.spiff.play import Play
from tests.engine.spiff.random_diagrams import Draughtsman
from tests.engine.spiff.random_trials import DO, Different, place_of
from tests.engine.spiff.random_versions import Change, Reviser, carried, joined

STEPS, REVISED, ROUNDS = 120, 14, 3


def versions(seed: int) -> str:
    """The diagram of this seed in one version after the other; a trial as `random_trials.counted` takes them."""
    Trial(seed).run()
    return "accepted"


class Trial:
    """One diagram played in the engine and in the oracle, and revised in both."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  orders, not secrets
        draughtsman = Draughtsman(Random(seed))  # noqa: S311
        body, shape = draughtsman.diagram()
        self.play, self.oracle = Play(body, **draughtsman.lists), Oracle(shape)
        self.reviser = Reviser(self.chance, body.decode(), shape)
        self.rounds: Counter[str] = Counter()
        self.became: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        """Play it to its end; what became of each change."""
        self.compare("begun")
        for _ in range(STEPS):
            if not self.oracle.places():
                break
            if self.became.total() < REVISED and self.chance.random() < 0.5:
                self.revise()
            else:
                self.step()
        return self.became

    def compare(self, what: str) -> None:
        waits = sorted(self.oracle.places())
        found = sorted(map(place_of, self.play.instance.tokens()))
        if found != waits or self.play.instance.is_completed != (not waits):
            raise Different(f"after {what} the engine waits for {found}, the oracle for {waits}")

    def step(self) -> None:
        """Somebody does one of the things that wait."""
        chosen = self.chance.choice(sorted(self.oracle.places()))
        self.rounds[chosen[0]] += 1
        asks = chosen[0].startswith("again")
        again = asks and self.rounds[chosen[0]] < ROUNDS and self.chance.random() < 0.5
        self.oracle.act(chosen, again=again)
        token = next(token for token in self.play.instance.tokens() if place_of(token) == chosen)
        DO[token.kind](self.play.instance, token, {chosen[0]: again} if asks else {})
        self.play.go_on()
        self.compare(f"{chosen} again={again}")

    def revise(self) -> None:
        """Move to the next version, or find that this is impossible where it stands."""
        change = self.reviser.draw()
        expected = self._refusal(change)
        before, known = self.play.instance.freeze(), [token.id for token in self.play.instance.tokens()]
        diagram = diagrams.load(f"{hash(change.body)}", {"a.bpmn": change.body.encode()})
        mapping = {self._place(was): self._place(was).removesuffix(was) + now for was, now in change.became.items()}
        try:
            instance, _ = self.play.instance.on(diagram, mapping)
        except (NeedsMapping, MustStay) as no:
            self._stays(change, no, expected, before)
            return
        if expected:
            raise Different(f"{change.kind} {change.at} was not refused by {expected}")
        self.became[change.kind] += 1
        self.oracle = carried(self.oracle, change)
        self.reviser.take(change)
        self.play.diagram, self.play.instance = diagram, instance
        self.play.go_on()
        if missing := set(known) - {token.id for token in self.play.instance.tokens()}:
            raise Different(f"{change.kind} {change.at} lost the tokens {missing}")
        self.compare(f"{change.kind} {change.at}")

    def _refusal(self, change: Change) -> str:
        """The code of the refusal that must come, or nothing."""
        if change.kind not in {"removed", "forked"}:
            return ""
        if any(place[0] == change.at for place in self.oracle.places()):
            return NeedsMapping.code if change.kind == "removed" else MustStay.code
        return MustStay.code if joined(self.oracle, change, self.reviser.body) else ""

    def _stays(self, change: Change, no: NeedsMapping | MustStay, expected: str, before: bytes) -> None:
        if no.code != expected:
            raise Different(f"{change.kind} {change.at} was refused: {no.code} {no.detail}")
        if isinstance(no, NeedsMapping) and no.detail["elements"] != [self._place(change.at)]:
            raise Different(f"{change.kind} {change.at} needs a mapping of {no.detail}")
        self.play.instance = Instance.thaw(before, self.play.diagram, self.play.host)
        if self.play.instance.freeze() != before:
            raise Different(f"{change.kind} {change.at} was refused, and something has changed")
        self.became[no.code] += 1

    def _place(self, id_: str) -> str:
        """A node, with its process before it if that is a called one."""
        every = self.play.diagram.every.values()
        element = next(each.elements[id_] for each in every if id_ in each.elements)
        return self.play.diagram.place(element)
