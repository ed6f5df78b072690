"""moving(): the one door to a case's state. One transaction, one case, all or nothing.

Lock the row, thaw the state, fire what is due, let the caller act, run until the case waits, freeze, write waits,
history and the head of its chain, guard `rev`, commit. An exception rolls everything back; a second transaction
writes the incident.
"""

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Row as Record, bindparam, false, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import definitions, history, incidents, messages, steps, submissions, waits
from engine.cases.case import Case, create, note
from engine.cases.locking import Taken, Which, take
from engine.cases.opening import Known, Opening
from engine.folders import Folder
from engine.spiff.diagrams import AT, Element
from engine.spiff.instance import Instance, StuckAt, Token, Told
from engine.spiff.migration import MustStay, NeedsMapping
from ground import clock, jobs
from ground.database import Row, Session, StorageFull, StorageLost, table, transaction
from ground.errors import Busy, Missing, Refused, Stale
from ground.people import Actor
from ground.types import Code, Document, Id, Instant

log = logging.getLogger(__name__)

# What a person does; all other lines of a move are the diagram's own, also when the last expert's sheet set them off.
ACTS = frozenset({"case.started", "task.completed", "message.sent"}) | {
    f"case.{act}" for act in ("moved", "suspended", "resumed", "cancelled", "corrected", "migrated")
}


class MoveKey(Row):
    """A move that was confirmed under a client's key: the same key gets the same answer, and nothing moves twice."""

    __tablename__ = "move_key"

    key: Mapped[str] = mapped_column(Code(240), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    result: Mapped[dict[str, Any]] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Instant)


class Stopped(Refused):
    """The case cannot go on here; nothing was lost, and the supervisor sees an incident."""

    code = "case.stopped"


class Repeated(Refused):
    """The same key has moved this case before."""

    code = "case.repeated"


class Suspended(Refused):
    """The case is suspended: nothing in it is claimed, completed or fired until it is resumed."""

    code = "case.suspended"


# Refusals that say nothing against the case: the same move may succeed in a moment, or whoever asks is answered.
PASSING = (Busy, Missing, Stale, StorageFull, StorageLost, Suspended, NeedsMapping, MustStay)


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
        self.standing: Sequence[Record[Any]] | None = taken.standing
        self._opening = Opening(self, folder.diagram, self.names(), known or Known())
        self.key: str | None = None
        self.heard: str | None = None
        self.troubled = bool(row.troubled)
        self.status: str = row.status
        self.process_id: int = row.process_id
        self.result: dict[str, Any] = {}
        self.instance: Instance

    # What a step may do.

    @property
    def version_id(self) -> int:
        """The version of the process that runs now: the case's own, or that of a called one."""
        return self.folder.home(self.element).version_id

    def place(self, element: str) -> str:
        """How rows name an element of the process that runs now: in a called one, that process stands before it."""
        process, at, _ = self.element.rpartition(AT)
        return f"{process}{at}{element}"

    def submissions(self, element: str) -> Sequence[Record[Any]]:
        """What people sent at this element of this case, oldest first; in a called process, at its own element."""
        return submissions.at(self.session, self.case.id, self.place(element))

    def tell(self, to: str, name: str, data: Mapping[str, Any], *, dedupe: str) -> None:
        """Send a message to another case."""
        sent = messages.post(
            self.session, sender_id=self.case.id, receiver=to, name=name, data=data, dedupe=dedupe, now=self.now
        )
        if sent:
            self.enqueue("message.deliver", {"receiver": to}, dedupe=f"message:{dedupe}")

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
        self.record("step.ran", step=element.step)
        self._opening.forget()
        self.element = before
        return result

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask the table that a business rule task names."""
        place = self.folder.diagram.place(element)
        try:
            decided = self.folder.home(place).tables[element.table or ""].decide(names)
        except Refused as no:
            raise StuckAt(place, no.code, no.detail) from no
        self.record("table.decided", element=place, table=element.table, rows=decided.rules, result=decided.result)
        return decided.result

    def say(self, element: Element, told: Told) -> None:
        """Send what the diagram says: to its address, else to whatever is under way about the same subject.

        Within this case it arrives before the move is over; elsewhere right after the commit.
        """
        to, dedupe = told.to or self.case.subject, f"{self.case.id}:{told.id}"
        messages.post(
            self.session,
            sender_id=self.case.id,
            receiver=to,
            name=told.name,
            data=told.data,
            keys=told.keys,
            dedupe=dedupe,
            now=self.now,
            kept_until=told.keep.after(self.now) if told.keep else None,
        )
        self.enqueue("message.deliver", {"receiver": to}, dedupe=f"message:{dedupe}")
        self.record("message.told", element=self.folder.diagram.place(element), name=told.name, to=to)

    # How a move begins and ends.

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
        self._give_signals()
        if self.troubled:
            self._mend()
        if self.instance.is_completed and self.status != "cancelled":
            self.record("case.completed", element=self.instance.outcome)
        self._store()
        if self.key:
            confirmed = {"key": self.key, "case_id": self.case.id, "result": self.result, "at": self.now}
            self.session.later_once(MoveKey, confirmed, lambda: Repeated(case=self.case.number))

    def _reconcile(self) -> None:
        """Close the rows whose tokens are gone, open rows for the tokens that are new."""
        tokens = {token.id: token for token in self.instance.tokens()}
        rows = waits.standing(self.session, self.case.id) if self.standing is None else self.standing
        self.standing = None
        for kind in ("wait", "timer", "subscription"):
            waits.close_all(
                self.session, kind, [row.id for row in rows if row.kind == kind and row.token not in tokens]
            )
        known = {row.token for row in rows}
        fresh = [token for token in tokens.values() if token.id not in known]
        for kind, rows_of, row_of in (
            ("user", "wait", self._opening.wait),
            ("timer", "timer", self._opening.timer),
            ("message", "subscription", self._opening.subscription),
            ("signal", "subscription", self._opening.signal),
        ):
            waits.open_all(self.session, rows_of, [row_of(token) for token in fresh if token.kind == kind])

    def _take_messages(self) -> None:
        """Hand over what was sent before anybody waited for it; each arrival may open new waits."""
        while (found := self._next_message()) is not None:
            self.record("message.arrived", name=found.told.name, sender=found.sender_id)
            self.instance.deliver(found.told)
            self.instance.advance()
            self._reconcile()

    def _next_message(self) -> messages.UnderWay | None:
        """The oldest message that somebody here waits for, now marked as arrived."""
        listening = {token.element.message or "" for token in self.instance.tokens() if _listens(token)}
        if not listening:
            return None
        addresses = [self.case.ref, self.case.subject]
        for found in messages.waiting_for(self.session, addresses, sorted(listening), self.now):
            if self.instance.receiver(found.told) and messages.arrived(self.session, found.id, self.now):
                return found
        return None

    def _give_signals(self) -> None:
        """What was thrown here reaches the other cases right after the commit; what was just heard is not echoed."""
        for name in sorted(set(self.instance.given) - {self.heard}):
            if waits.anybody_hears(self.session, name, self.case.id):
                key = f"{self.case.id}:{self._rev}:{name}"
                self.enqueue("signal.give", {"name": name, "sender": self.case.id, "key": key}, dedupe=f"signal:{key}")

    def _mend(self) -> None:
        """What had stopped the case does so no more."""
        standing = {self.folder.diagram.place(token.element) for token in self.instance.tokens()}
        for ref in incidents.mend(self.session, self.case.id, standing, self.now):
            self.record("incident.closed", incident=ref)

    def _store(self) -> None:
        head = history.write(self.session, self.case.id, self._head, self._facts)
        ended = self.instance.is_completed
        self.result = {
            "ref": self.case.ref,
            "number": self.case.number,
            "outcome": self.instance.outcome if ended else None,
        }
        row = {
            "case": self.case.id,
            "from_rev": self._rev,
            "to_rev": self._rev + 1,
            "to_seq": head.seq,
            "to_head": head.hash,
            "to_state": self.instance.freeze(),
            "now": self.now,
        }
        if ended:
            row["to_outcome"] = self.instance.outcome
        self.session.later(_CLOSE if ended else _GO_ON, [row], lambda: Stale(case=self.case.number))


def _listens(token: Token) -> bool:
    """A message that a person sends, by their role, comes from nobody else."""
    return token.kind == "message" and not token.element.role


@contextlib.contextmanager
def moving(
    which: Which, by: Actor, received_at: datetime | None, key: str | None = None, *, asleep: bool = False
) -> Iterator[Moving]:
    """Lock one case (`of_wait`, `of_ref` or `of_id` says which), yield the move, finish and commit it.

    Suspended if it is suspended, but for the few acts that may be done to it `asleep`.
    """
    now = received_at or clock.now()
    case_id: int | None = None
    move: Moving | None = None
    try:
        with transaction() as session:
            taken = take(session, which)
            if taken is None:
                raise Missing(what="case")
            case_id = taken.case.id
            if taken.case.status == "suspended" and not asleep:
                raise Suspended(case=taken.case.number)
            move = Moving(session, taken, definitions.pinned(session, taken.case.release_id), by, now)
            move.key = key
            move.begin(taken.case.state)
            yield move
            move.finish()
    except StuckAt as stuck:
        place = move.instance.place(stuck.detail["element"]) if move else None
        raise _stopped(case_id, stuck.code, place, {**stuck.detail, "element": place}, now) from stuck
    except Refused as no:
        if by.person is not None or isinstance(no, PASSING):
            raise
        # Nobody is there to be told: what a step refuses to a timer or a message is for the supervisor.
        raise _stopped(case_id, no.code, move.element if move else None, no.detail, now) from no
    except Exception as failure:
        # One of the four places that catch it: a broken case must not take the server or another case with it.
        log.exception("a move failed: case %s", case_id)
        if case_id is None:
            raise
        raise _stopped(
            case_id, "move.failed", move.element if move else None, {"type": type(failure).__name__}, now
        ) from failure


def opening(
    session: Session,
    values: Mapping[str, Any],
    folder: Folder,
    data: Mapping[str, Any],
    by: Actor,
    now: datetime,
    at: str | None = None,
) -> Moving:
    """Write a new case's row and put it at its start, or at the start event `at`; the caller finishes the move."""
    blank = {
        "status": "open",
        "rev": 0,
        "seq": 0,
        "head": history.FIRST,
        "state": b"",
        "started_at": now,
        "moved_at": now,
    }
    case_id = create(session, {**blank, **values})
    row = session.execute(select(Case, false().label("troubled")).where(Case.id == case_id)).one()
    move = Moving(session, Taken(row, ()), folder, by, now)
    move.instance = Instance.start(folder.diagram, dict(data), move, at)
    return move


def recorded(session: Session, key: str) -> dict[str, Any] | None:
    """What a move under this key had answered."""
    result: dict[str, Any] | None = session.scalar(select(MoveKey.result).where(MoveKey.key == key))
    return result


def _stopped(case_id: int | None, code: str, element: str | None, detail: dict[str, Any], now: datetime) -> Stopped:
    """Write the incident in a transaction of its own, since the move's was rolled back."""
    if case_id is None:
        return Stopped(code=code, element=element)
    with transaction() as session:
        ref, new = incidents.report(session, case_id, code, element, detail, now)
        if new:
            note(
                session,
                case_id,
                history.Fact("incident.opened", now, None, element, {"incident": ref, "code": code}),
            )
    return Stopped(code=code, element=element, incident=ref)


_GO_ON = (
    update(table(Case))
    .where(Case.id == bindparam("case"), Case.rev == bindparam("from_rev"))
    .values(
        rev=bindparam("to_rev"),
        seq=bindparam("to_seq"),
        head=bindparam("to_head"),
        state=bindparam("to_state"),
        moved_at=bindparam("now"),
    )
)
_CLOSE = _GO_ON.values(status="closed", outcome=bindparam("to_outcome"), ended_at=bindparam("now"), alone=None)
