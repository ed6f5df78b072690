"""A case that was, played once more through another state of its process: whether it goes another way, and where.

People do what they did, at the moment at which they did it; steps and messages give what they gave. Gateways, tables
and timers are those of the state that is tried. A task that is new in it is done with its first outcome.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.folders import Folder
from engine.spiff.diagrams import AT, Element
from engine.trial.files import Files
from engine.trial.script import Script
from engine.trial.stage import Stage
from engine.trial.standing import files_of
from ground import clock
from ground.errors import Refused

# Reminders follow the clock, not the way; they are counted apart.
REMINDER = "reminders.overdue"
MOST_NEW = 50
SAME, OTHER, UNCLEAR = "same", "other", "unclear"
FORM_OUTCOME = "outcome"


@dataclass(frozen=True)
class Deed:
    """What came to the case from outside at one moment: a task done (`complete`), a message."""

    at: datetime
    act: str
    name: str
    data: Mapping[str, Any]
    item: Any = None


@dataclass(frozen=True)
class Past:
    """One case as it was: how it began, what came to it, what its steps gave in turn, and the way that it took."""

    number: str
    ref: str
    seen: bool
    facts: Mapping[str, Any]
    began_at: datetime
    last_at: datetime
    data: Mapping[str, Any]
    deeds: Sequence[Deed]
    gave: Mapping[str, Sequence[Mapping[str, Any]]]
    way: Sequence[str]
    late: Counter[str]
    decided: Sequence[tuple[str, tuple[str, ...]]] = ()


@dataclass
class Gone:
    """How a replay went: the way, the reminders that fired, and what it could not do."""

    way: list[str] = field(default_factory=list)
    late: Counter[str] = field(default_factory=Counter)
    stuck: str | None = None
    decided: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """One case compared: at which element it leaves its way and what comes there instead; what is new on the way."""

    past: Past
    kind: str
    at: str = ""
    instead: str = ""
    new: tuple[str, ...] = ()
    late: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()


class Replay(Stage):
    """A stage on which the steps give what they gave."""

    def __init__(self, files: Files, past: Past) -> None:
        super().__init__(files, Script((), at=past.began_at))
        self._facts = past.facts
        self._gave = {element: deque(each) for element, each in past.gave.items()}
        self._last: dict[str, Mapping[str, Any]] = {}
        self.gone = Gone()

    def names(self) -> Mapping[str, Any]:
        """What the case was about."""
        return {"case": self._facts}

    def step(self, element: Element, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What it gave this time; beyond the last, what it gave at last."""
        super().step(element, parameters, data)
        if element.step == REMINDER:
            self.gone.late[element.id] += 1
            return {}
        self.gone.way.append(element.id)
        turns = self._gave.get(element.id)
        if turns:
            self._last[element.id] = turns.popleft()
        return self._last.get(element.id, {})

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        """The table as it is tried."""
        self.gone.way.append(element.id)
        before = set(self.fired)
        self.fired.clear()
        result = super().decide(element, names)
        self.gone.decided.append((element.id, tuple(sorted(rule for _table, rule in self.fired))))
        self.fired |= before
        return result

    def do(self, element: str, data: Mapping[str, Any], item: Any = None) -> bool:
        """Do an open task of this element, of several that of the item; False, and as before, if it cannot be done."""
        fields, mark = self._fields(element), len(self.gone.way)
        known = {name: value for name, value in data.items() if not fields or name in fields}
        try:
            with clock.within(lambda: self.now):
                self.complete(element, known, self._nth(element, item))
            held = self.trouble is None
        except Refused:
            held = False
        if not held:
            del self.gone.way[mark:]
        return held

    def complete(self, element: str, data: Mapping[str, Any], nth: int = 0) -> None:
        """The task stands on the way before what follows from it."""
        self.gone.way.append(element)
        super().complete(element, data, nth)

    def pass_new(self, known: frozenset[str]) -> None:
        """Do what nobody could do then, because it was not there."""
        for _ in range(MOST_NEW):
            new = next((each for each in self.open_tasks() if each not in known), None)
            if new is None or not self.do(new, self._first_outcome(new)):
                return

    def until(self, moment: datetime) -> None:
        """Let the clock go on to this moment."""
        with clock.within(lambda: self.now):
            self.advance(max(0.0, (moment - self.now).total_seconds()))

    def _nth(self, element: str, item: Any) -> int:
        found = [token.item for _, token in self.tokens() if token.element.id == element]
        return found.index(item) if item in found else 0

    def _fields(self, element: str) -> Mapping[str, Any]:
        form = self._form(element)
        return form.fields if form else {}

    def _first_outcome(self, element: str) -> dict[str, Any]:
        outcome = self._fields(element).get(FORM_OUTCOME)
        return {FORM_OUTCOME: outcome.options[0].code} if outcome is not None and outcome.options else {}

    def _form(self, element: str) -> Any:
        found = next((each for _, each in self.tokens() if each.element.id == element), None)
        return self.files.forms.get(found.element.form or "") if found else None


def verdict(past: Past, own: Folder, tried: Folder, house: Mapping[str, Any]) -> Verdict:
    """Whether the case would go another way; UNCLEAR where even its own version does not lead where it went."""
    here, there = ids(own), ids(tried)
    went = replay(past, files_of(tried, house), here)
    new = tuple(dict.fromkeys(each for each in went.way if each not in here))
    late = {element: went.late[element] - past.late[element] for element in {*went.late, *past.late}}
    common = here & there
    turns = zip(past.decided, went.decided, strict=False)
    rows = tuple((at, old, now) for (at, old), (also, now) in turns if at == also and old != now)
    before, after = ([each for each in way if each in common] for way in (past.way, went.way))
    if went.stuck is None and before == after:
        return Verdict(past, SAME, new=new, late=late, rows=rows)
    control = replay(past, files_of(own, house), here)
    if control.stuck is not None or list(control.way) != list(past.way):
        return Verdict(past, UNCLEAR)
    at = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    if at is not None:
        return Verdict(past, OTHER, before[at], after[at], new, late, rows)
    behind = min(len(before), len(after))
    gone = went.stuck or (before[behind] if behind < len(before) else "")
    return Verdict(past, OTHER, gone, after[behind] if behind < len(after) else "", new, late, rows)


def replay(past: Past, files: Files, known: frozenset[str]) -> Gone:
    """Play the case on these files, as far as it goes; `known` are the elements that were there."""
    stage = Replay(files, past)
    with clock.within(lambda: stage.now):
        try:
            stage.start(None, past.data)
        except Refused as no:
            stage.trouble = no
    if stage.trouble is not None:
        stage.gone.stuck = ""
        return stage.gone
    for deed in past.deeds:
        stage.until(deed.at)
        if not _done(stage, deed):
            stage.pass_new(known)
            if not _done(stage, deed):
                stage.gone.stuck = deed.name
                return stage.gone
    stage.until(past.last_at)
    stage.pass_new(known)
    if stage.ended and stage.outcome:
        stage.gone.way.append(stage.outcome)
    return stage.gone


def ids(folder: Folder) -> frozenset[str]:
    """Every element of a folder's diagram and of those that it calls."""
    every = (folder, *folder.calls.values())
    return frozenset(id_ for each in every for id_ in each.diagram.elements)


def bare(place: str) -> str:
    """The element of a place, without the process that stands before it."""
    return place.rpartition(AT)[2]


def _done(stage: Replay, deed: Deed) -> bool:
    if deed.act == "complete":
        return deed.name in stage.open_tasks() and stage.do(deed.name, deed.data, deed.item)
    with clock.within(lambda: stage.now):
        stage.message(deed.name, deed.data)
    return stage.trouble is None
