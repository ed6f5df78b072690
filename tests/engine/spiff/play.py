"""A diagram played step by step, frozen and thawed after every step, with a host that remembers what it was asked."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.spiff import diagrams, lint
from engine.spiff.elements import Element
from engine.spiff.instance import Instance, Token, Told


class Host:
    """Answers steps from a table, and keeps lists of what it was asked and told."""

    def __init__(self, steps: Mapping[str, Callable[..., Mapping[str, Any] | None]] | None = None) -> None:
        self.steps = steps or {}
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.said: list[str] = []
        self.told: list[Told] = []

    def names(self) -> Mapping[str, Any]:
        return {"case": {"organ": 7, "region": "510100", "subject": "base:1", "number": "1"}}

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
        self.calls.append((element.id, dict(parameters)))
        found = self.steps.get(element.step or "")
        return (found(dict(data)) or {}) if found else {}

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        self.calls.append((element.id, dict(names)))
        found = self.steps.get(element.table or "")
        return (found(dict(names)) or {}) if found else {}

    def say(self, element: Element, told: Told) -> None:
        self.said.append(element.id)
        self.told.append(told)


class Play:
    """One instance; `do`, `fire` and `send` name elements, not tokens. What is told is kept until somebody takes it."""

    def __init__(
        self, *bodies: bytes, steps: Mapping[str, Any] | None = None, at: str | None = None, **data: Any
    ) -> None:
        self.host = Host(steps)
        self.diagram = (
            diagrams.load(f"{hash(bodies)}", {"a.bpmn": bodies[0]}) if not bodies[1:] else diagrams.together(bodies)
        )
        known: Any = dict.fromkeys(self.diagram.every, ())
        findings = [each for body in bodies for each in lint.check({"a.bpmn": body}, processes=known)]
        assert not [finding for finding in findings if finding.severity == "error"]
        self.instance = Instance.start(self.diagram, data, self.host, at)
        self.bytes = 0
        self.go_on()

    def waiting(self, kind: str = "user") -> list[str]:
        return sorted(token.element.id for token in self.instance.tokens() if token.kind == kind)

    def token(self, element: str, *, nth: int = 0, kind: str | None = None) -> Token:
        found = [token for token in self.instance.tokens() if token.element.id == element]
        return [token for token in found if kind in {None, token.kind}][nth]

    def do(self, element: str, *, nth: int = 0, **data: Any) -> "Play":
        self.instance.complete(self.token(element, nth=nth).id, data)
        return self.go_on()

    def fire(self, element: str, *, nth: int = 0) -> "Play":
        self.instance.fire(self.token(element, nth=nth, kind="timer").id)
        return self.go_on()

    def send(self, element: str, **data: Any) -> "Play":
        self.instance.catch(self.token(element, kind="message").id, data)
        return self.go_on()

    def tell(self, name: str, keys: Mapping[str, Any] | None = None, **data: Any) -> "Play":
        """Somebody outside says something."""
        self.host.told.append(Told(name, data, keys or {}))
        return self.go_on()

    def signal(self, name: str, **data: Any) -> "Play":
        self.instance.signal(name, data)
        return self.go_on()

    def assign(self, **data: Any) -> "Play":
        self.instance.assign(data)
        return self.go_on()

    @property
    def called(self) -> list[str]:
        return [name for name, _ in self.host.calls]

    @property
    def outcome(self) -> str | None:
        assert self.instance.is_completed
        return self.instance.outcome

    def go_on(self) -> "Play":
        self.instance.advance()
        while taken := next((told for told in self.host.told if self.instance.receiver(told)), None):
            self.host.told.remove(taken)
            self.instance.deliver(taken)
            self.instance.advance()
        before = [_seen(token) for token in self.instance.tokens()]
        blob = self.instance.freeze()
        self.bytes = len(blob)
        self.instance = Instance.thaw(blob, self.diagram, self.host)
        after = [_seen(token) for token in self.instance.tokens()]
        assert sorted(before, key=str) == sorted(after, key=str)
        assert self.instance.freeze() == blob
        return self


def _seen(token: Token) -> tuple[Any, ...]:
    return token.id, token.process, token.element.id, token.kind, token.item, token.data, token.correlation
