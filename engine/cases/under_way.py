"""One move under way: what a step may do in it, what the instance asks of it, and how it begins and ends.

Begun, it has thawed the state and fired what was due; finished, all that it changed stands in the session and is
written with the commit. Nothing here opens or ends a transaction: `moving()` does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row as Record

from engine import history, incidents, inputs, steps, submissions, waits
from engine.cases import mail
from engine.cases.case import store
from engine.cases.locking import Taken
from engine.cases.opening import Again, Known, Opening
from engine.cases.repeating import confirm
from engine.folders import Folder
from engine.spiff.diagrams import AT, Element
from engine.spiff.instance import Instance, StuckAt, Token, Told
from ground import jobs
from ground.database import Session
from ground.errors import Refused
from ground.people import Actor

# What a person does; all other lines of a move are the diagram's own, also when the last expert's sheet set them off.
ACTS = frozenset({"case.started", "task.completed", "task.sent_back", "task.taken_back", "message.sent"}) | {
    *(f"case.{act}" for act in ("moved", "retried", "suspended", "resumed", "cancelled", "corrected", "migrated")),
    *(f"cosign.{act}" for act in ("given", "dropped", "recalled", "waits")),
}


class Moving:
    """One move under way. It is the `move` that steps get, and the host that the instance runs in."""

    def __init__(
        self,
        session: Session,
        taken: Taken,
        folder: Folder,
        by: Actor,
        now: datetime,
        known: Known | None = None,
    ) -> None:
        row = taken.case
        self.session = session
        self.folder = folder
        self.by = by
        self.now = now
        self.element = ""
        self.data: Mapping[str, Any] = {}
        self.case = steps.CaseFacts(
            row.id, row.ref, row.number, row.title, row.subject, row.region, row.organ_id, row.started_at
        )
        self._head = history.Head(row.seq, row.head)
        self._rev = row.rev
        self._facts: list[history.Fact] = []
        self._given: list[tuple[int, Mapping[str, Any]]] = []
        self.standing: Sequence[Record[Any]] | None = taken.standing
        self._opening = Opening(self, folder.diagram, self.names(), known or Known())
        self.key: str | None = None
        self.heard: str | None = None
        self.troubled = bool(row.troubled)
        self.status: str = row.status
        self.process_id: int = row.process_id
        self.result: dict[str, Any] = {}
        self.more: dict[str, Any] = {}  # what the act answers beside it
        self.instance: Instance

    # What a step may do.

    @property
    def version_id(self) -> int:
        """The version of the process that runs now: the case's own, or that of a called one."""
        return self.folder.home(self.element).version_id

    @property
    def rev(self) -> int:
        """How often the case had moved before this move."""
        return int(self._rev)

    @property
    def seq(self) -> int:
        """The last line of its history before this move."""
        return self._head.seq

    @property
    def written(self) -> Sequence[history.Fact]:
        """The lines that this move has added to the history up to now."""
        return self._facts

    def place(self, element: str) -> str:
        """How rows name an element of the process that runs now: in a called one, that process stands before it."""
        process, at, _ = self.element.rpartition(AT)
        return f"{process}{at}{element}"

    def submissions(self, element: str) -> Sequence[Record[Any]]:
        """What people sent at this element of this case, oldest first; in a called process, at its own element."""
        return submissions.at(self.session, self.case.id, self.place(element))

    def tell(self, to: str, name: str, data: Mapping[str, Any], *, dedupe: str) -> None:
        """Send a message to another case."""
        mail.tell(self, to, name, data, dedupe=dedupe)

    def enqueue(
        self, kind: str, payload: Mapping[str, Any], *, run_at: datetime | None = None, dedupe: str | None = None
    ) -> None:
        """Ask for work after the commit."""
        jobs.enqueue(self.session, kind, payload, run_at=run_at or self.now, dedupe=dedupe)

    def record(self, kind: str, *, element: str | None = None, **detail: Any) -> int:
        """Write a line of the case's history and return its number; what runs by itself is nobody's act."""
        plain = orjson.loads(orjson.dumps(detail))
        by = self.by.person if kind in ACTS else None
        self._facts.append(history.Fact(kind, self.now, by, element or self.element or None, plain))
        return self._head.seq + len(self._facts)

    def keep(self, seq: int, given: Mapping[str, Any]) -> None:
        """Keep what came in from outside at this line, so that the case can be played again."""
        if given:
            self._given.append((seq, given))

    def amend(self, seq: int, **detail: Any) -> None:
        """Add to a line of this move what only came out after it was begun."""
        self._facts[seq - self._head.seq - 1].detail.update(orjson.loads(orjson.dumps(detail)))

    def settle(self) -> None:
        """Run until the case waits, and open and close the rows of what waits."""
        self.instance.advance()
        self._reconcile()

    def dates(self, kind: str, token: Token) -> Mapping[str, Any]:
        """When this task or timer would be due if it began now."""
        return self._opening.due_of(token) if kind == "wait" else self._opening.fires(token)

    def addressee(self, token: Token) -> str:
        """The queue in which this task would be if it began now."""
        return self._opening.addressee(token)

    # What the instance asks of its host.

    def names(self) -> Mapping[str, Any]:
        """What every expression may read beside the data."""
        return {
            "case": {
                "organ": self.case.organ,
                "region": self.case.region,
                "subject": self.case.subject,
                "number": self.case.number,
            }
        }

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call the step that a service task names."""
        before, self.element, self.data = self.element, self.folder.diagram.place(element), data
        result = steps.find(element.step or "").call(self, parameters)
        self.keep(self.record("step.ran", step=element.step), result)
        self._opening.forget()
        self.element = before
        return result

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the table that a business rule task names."""
        place = self.folder.diagram.place(element)
        table = self.folder.home(place).tables[element.table or ""]
        try:
            decided = table.decide(names)
        except Refused as no:
            raise StuckAt(place, no.code, no.detail) from no
        told = {"table": element.table, "rows": decided.rules, "result": decided.result}
        self.keep(self.record("table.decided", element=place, **told), table.asked(names))
        return decided.result

    def say(self, element: Element, told: Told) -> None:
        """Send what a thrown message or a send task says."""
        to = mail.say(self, told)
        self.record("message.told", element=self.folder.diagram.place(element), name=told.name, to=to)

    # How a move begins and ends.

    def reopen(self, place: str, again: Again) -> None:
        """The task that opens next at this place is somebody's who has done it before."""
        self._opening.again[place] = again

    def stand_on(self, folder: Folder, instance: Instance) -> None:
        """Go on with another version of the process; what opens from now on is named by that one."""
        self.folder, self.instance = folder, instance
        self._opening.diagram = folder.diagram

    def begin(self, state: bytes) -> None:
        """Thaw the state and fire first what was due before this act came in."""
        self.instance = Instance.thaw(state, self.folder.diagram, self)
        if self.status != "open":
            return  # while it is suspended nothing is due
        due = [row for row in self.standing or () if row.kind == "timer" and row.due_at <= self.now]
        for row in sorted(due, key=lambda row: (row.due_at, row.id)):
            if self.instance.waits_at(row.token):
                self.record("timer.fired", element=row.element, due_at=row.due_at)
                self.instance.fire(row.token)
                self.instance.advance()

    def finish(self) -> None:
        """Run until the case waits, then gather all of it to be written with the commit."""
        self.instance.advance()
        self._reconcile()
        if self.status == "suspended":
            waits.set_aside(self.session, self.case.id)
        else:
            self._take_messages()
        # What was just heard is not echoed.
        mail.give(self, set(self.instance.given) - {self.heard}, self._rev)
        if self.troubled:
            self._mend()
        if self.instance.is_completed and self.status != "cancelled":
            self.record("case.completed", element=self.instance.outcome)
        self._store()
        if self.key:
            confirm(self.session, self.key, self.case, self.result, self.now)

    def _reconcile(self) -> None:
        """Close the rows whose tokens are gone, open rows for the tokens that are new."""
        rows = waits.standing(self.session, self.case.id) if self.standing is None else self.standing
        self.standing = None
        self._opening.reconcile(self.instance.tokens(), rows)

    def _take_messages(self) -> None:
        """Hand over what was sent before anybody waited for it; each arrival may open new waits."""
        while (found := mail.heard(self, self.instance)) is not None:
            seq = self.record("message.arrived", name=found.told.name, sender=found.sender_id)
            self.keep(seq, found.told.data)
            self.instance.deliver(found.told)
            self.instance.advance()
            self._reconcile()

    def _mend(self) -> None:
        """What had stopped the case does so no more."""
        standing = {self.folder.diagram.place(token.element) for token in self.instance.tokens()}
        for ref in incidents.mend(self.session, self.case.id, standing, self.now):
            self.record("incident.closed", incident=ref)

    def _store(self) -> None:
        head = history.write(self.session, self.case.id, self._head, self._facts)
        inputs.write(self.session, self.case.id, self._given)
        ended = self.instance.is_completed
        self.result = {
            "ref": self.case.ref,
            "number": self.case.number,
            "outcome": self.instance.outcome if ended else None,
            **self.more,
        }
        values = {
            "case": self.case.id,
            "from_rev": self._rev,
            "to_rev": self._rev + 1,
            "to_seq": head.seq,
            "to_head": head.hash,
            "to_state": self.instance.freeze(),
            "now": self.now,
        }
        if ended:
            values["to_outcome"] = self.instance.outcome
        store(self.session, values, self.case.number, ended=ended)
