"""One instance of a trial: as it was last stored, when its timers are due, and who in it takes a message."""

from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from engine.spiff import correlation
from engine.spiff.correlation import Told
from engine.spiff.diagrams import Diagram
from engine.spiff.hosts import Host
from engine.spiff.instance import Instance, Token


@dataclass
class Running:
    """One instance: its state as it was last stored, when its timers are due, how many of its signals were heard."""

    diagram: Diagram
    instance: Instance
    stored: bytes = b""
    due: dict[str, datetime] = field(default_factory=dict)
    heard: int = 0

    def thaw(self, host: Host) -> None:
        """Go on with what was stored."""
        self.instance, self.heard = Instance.thaw(self.stored, self.diagram, host), 0

    def receiver(self, told: Told) -> Token | None:
        """Who takes it: a script speaks for persons, too, and so reaches those that only hear a role."""
        if told.id:
            return self.instance.receiver(told)
        waiting = [token for token in self.instance.tokens() if token.kind == "message"]
        return correlation.first(sorted(waiting, key=attrgetter("age")), told)
