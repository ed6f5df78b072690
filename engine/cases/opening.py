"""What a token that waits becomes: the row of a task, a timer or a subscription, with its addressee and its date."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record

from engine import incidents, waits
from engine.cases import hanging
from engine.cases.behalf import may_be_lent
from engine.cases.case import join
from engine.spiff.diagrams import Diagram, Element
from engine.spiff.expressions import Expression
from engine.spiff.instance import StuckAt, Token
from engine.spiff.timers import Timer
from engine.steps import Move
from engine.waits import Standing
from ground import clock, deadlines, people
from ground.database import Session
from ground.deadlines import Due
from ground.errors import Refused
from ground.ids import ref as new_ref
from ground.people import Addressee


@dataclass(frozen=True)
class Known:
    """What was worked out once in a transaction at one instant: the holders of roles, and when deadlines end."""

    addressees: dict[tuple[Any, ...], Addressee] = field(default_factory=dict)
    dues: dict[tuple[str, datetime, int], Due] = field(default_factory=dict)


@dataclass
class Again:
    """A task that opens once more: under which ref, and for whom if they may still do it; `queue` and `holder` say
    what came of it once it is open.
    """

    person: int | None
    ref: str = field(default_factory=new_ref)
    queue: str = ""
    holder: int | None = None

    def taken(self, session: Session, queue: str, on: date) -> int | None:
        """Who holds it: whoever did it before, if they hold this key today."""
        may = named(queue) or any(each.id == self.person for each in people.holders(session, queue, on))
        self.queue, self.holder = queue, named(queue) or (self.person if may else None)
        return self.holder


def named(queue: str) -> int | None:
    """The person whom a queue names, if it is one person's own."""
    return int(queue.removeprefix("person:")) if queue.startswith("person:") else None


class Opening:
    """The rows of one move's fresh tokens; `names` is what every expression may read beside a token's data."""

    def __init__(self, move: Move, diagram: Diagram, names: Mapping[str, Any], known: Known) -> None:
        self._move = move
        self.diagram = diagram
        self._names = names
        self._known = known
        self.again: dict[str, Again] = {}

    def forget(self) -> None:
        """A step has run, which may have granted a role or changed a term."""
        self._known.addressees.clear()
        self._known.dues.clear()

    def reconcile(self, tokens: Sequence[Token], rows: Sequence[Record[Any]] | Sequence[Standing]) -> None:
        """Close the rows whose tokens are gone, open rows for the tokens that are new."""
        session, standing = self._move.session, {token.id for token in tokens}
        for kind in ("wait", "timer", "subscription"):
            gone = [row for row in rows if row.kind == kind and row.token not in standing]
            if kind == "wait":
                hanging.end(self._move, gone)
            waits.close_all(session, kind, [row.id for row in gone])
        known = {row.token for row in rows}
        fresh = [token for token in tokens if token.id not in known]
        for kind, rows_of, row_of in (
            ("user", "wait", self.wait),
            ("timer", "timer", self.timer),
            ("message", "subscription", self.subscription),
            ("signal", "subscription", self.signal),
        ):
            waits.open_all(session, rows_of, [row_of(token) for token in fresh if token.kind == kind])

    def wait(self, token: Token) -> dict[str, Any]:
        """A task in somebody's queue, held at once if one person is asked by name."""
        element = token.element
        addressee = self.addressee(token)
        due = self.due_of(token)
        person, again = named(addressee), self.again.pop(self.diagram.place(element), None)
        if again is not None:
            person = again.taken(self._move.session, addressee, clock.local_day(self._move.now))
        if named(addressee) is not None and person is not None:
            join(self._move.session, self._move.case.id, person)
        facts = {"queue": addressee, "due_on": due["due_on"], "due_kind": due["due_kind"]}
        self._move.record("task.opened", element=self.diagram.place(element), **facts)
        return {
            "case_id": self._move.case.id,
            "token": token.id,
            "element": self.diagram.place(element),
            "form": element.form,
            "item": token.item,
            "queue": addressee,
            "held_by": person,
            "held_at": self._move.now if person is not None else None,
            "held_for": None,
            "lendable": may_be_lent(element, addressee),
            "opened_at": self._move.now,
            **due,
            **({"ref": again.ref} if again else {}),
        }

    def due_of(self, token: Token) -> dict[str, Any]:
        """Until when a task that begins now is to be done; one without a deadline sorts behind all others."""
        due = self._task_due(token)
        return {
            "due_at": due.at if due else clock.NEVER,
            "due_on": due.on if due else None,
            "due_kind": due.kind if due else None,
            "deadline": token.element.deadline,
            "clause": (due.clause if due else None) or None,
            "provisional": bool(due and due.provisional),
        }

    def addressee(self, token: Token) -> str:
        """The stored key; with nobody there, the task goes to the supervisor and an incident says why."""
        element = token.element
        argument = self._value(element, element.argument, self._names_at(token)) if element.argument else None
        role, scope = element.role or "", element.scope or ""  # the linter lets no task pass without them
        found = self._resolved(role, scope, argument)
        if found.held:
            return found.key
        place = self.diagram.place(element)
        detail = {"role": element.role, "scope": element.scope, "key": found.key}
        ref, _ = incidents.report(
            self._move.session, self._move.case.id, incidents.NOBODY, place, detail, self._move.now
        )
        self._move.record("incident.opened", element=place, incident=ref, code=incidents.NOBODY, **detail)
        return self._resolved("supervisor", "province", None).key

    def _resolved(self, role: str, scope: str, argument: Any) -> Addressee:
        question = (role, scope, argument, self._move.case.region)
        if question not in self._known.addressees:
            on = clock.local_day(self._move.now)
            self._known.addressees[question] = people.resolve(self._move.session, *question, on)
        return self._known.addressees[question]

    def _task_due(self, token: Token) -> Due | None:
        """A deadline of the measures, or the date that the diagram works out: of a served notice, or our own."""
        element = token.element
        if element.deadline:
            return self._deadline(element.deadline)
        if element.due is None:
            return None
        due = self._moment(token, element.due)
        return due if due.key else replace(due, kind="default")

    def timer(self, token: Token) -> dict[str, Any]:
        """A date that the case waits for."""
        element = token.element
        return {
            "case_id": self._move.case.id,
            "token": token.id,
            "element": self.diagram.place(element),
            "stopped": False,
            "opened_at": self._move.now,
            **self.fires(token),
        }

    def fires(self, token: Token) -> dict[str, Any]:
        """When a timer that begins now is due."""
        if token.element.timer is None:
            raise StuckAt(self.diagram.place(token.element), "timer.not_a_date")
        due = self._moment(token, token.element.timer)
        return {"due_at": due.at, "due_on": due.on, "due_kind": due.kind, "deadline": due.key}

    def subscription(self, token: Token) -> dict[str, Any]:
        """A message that the case waits for, and who may send it."""
        element = token.element
        sender = self.addressee(token) if element.role else None
        return {
            "case_id": self._move.case.id,
            "token": token.id,
            "element": self.diagram.place(element),
            "message": element.message,
            "signal": None,
            "sender": sender,
            "form": element.form,
        }

    def signal(self, token: Token) -> dict[str, Any]:
        """A signal that the case listens for."""
        return {
            "case_id": self._move.case.id,
            "token": token.id,
            "element": self.diagram.place(token.element),
            "message": None,
            "signal": token.element.code,
            "sender": None,
            "form": None,
        }

    def _moment(self, token: Token, source: Expression | Timer) -> Due:
        """The date that an expression of the diagram works out."""
        value = self._value(token.element, source, self._names_at(token))
        due = deadlines.of(value)
        if due is None:
            raise StuckAt(self.diagram.place(token.element), "timer.not_a_date", {"value": repr(value)})
        return due

    def _value(self, element: Element, source: Expression | Timer, names: Mapping[str, Any]) -> Any:
        """What an expression of the diagram gives; one that fails stops the case where it stands."""
        try:
            return source.evaluate(names, self._functions())
        except Refused as no:
            raise StuckAt(self.diagram.place(element), no.code, no.detail) from no

    def _names_at(self, token: Token) -> Mapping[str, Any]:
        return {**token.data, **self._names}

    def _functions(self) -> Mapping[str, Callable[..., Any]]:
        return {
            "deadline": self._deadline,
            "end_of": _day,
            "in_text": lambda day: deadlines.named(_day(day), "text"),
            "in_notice": lambda day: deadlines.named(_day(day), "notice"),
            "notice_or_default": lambda day, fixed: deadlines.named(_day(day), "notice" if fixed else "default"),
        }

    def _deadline(self, key: str) -> Due:
        """A task and the timer on its boundary share a deadline: it is worked out once.

        A day of the year is that of the year in which the case began, however long it takes.
        """
        question = (key, self._move.now, clock.local_day(self._move.case.started_at).year)
        if question not in self._known.dues:
            self._known.dues[question] = deadlines.due(self._move.session, *question)
        return self._known.dues[question]


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value
