"""Where the fields of a template get their values: the case, its base, what was sent, and what others add.

A part further up registers its own: `@source("batch")` gives the values of `batch.…`, and rows for its lists.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record

from bases import register
from bases.documents import content
from bases.documents.templates import Template
from engine import definitions, submissions
from engine.steps import Move
from ground import clock, organs, regions
from ground.database import Session

BASE = "base:"


@dataclass(frozen=True)
class Found:
    """What one source knows: single values by name, and rows by name."""

    values: Mapping[str, Any]
    lists: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Glance:
    """A case as a template reads it outside a move: to look at a letter before anybody issues it."""

    session: Session
    case: Any
    now: datetime
    data: Mapping[str, Any] = field(default_factory=dict)

    def submissions(self, element: str) -> Sequence[Record[Any]]:
        """What was sent at an element of the case, oldest first."""
        return submissions.at(self.session, self.case.id, element)


Case = Move | Glance
Source = Callable[[Any], Found]
_sources: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Register what gives the values that templates call `name.…`."""

    def register_(function: Source) -> Source:
        _sources[name] = function
        return function

    return register_


def registered() -> frozenset[str]:
    """The names that a template's `from` may begin with."""
    return frozenset(_sources) | {"data", "answer", "today"}


def of(move: Case, template: Template) -> tuple[dict[str, Any], dict[str, Sequence[Mapping[str, Any]]]]:
    """The values of a template's fields by name, and the rows of its lists by source; what is not known is left out."""
    wanted = {slot.source.partition(".")[0] for slot in template.fields if slot.source}
    wanted |= {each.source.partition(".")[0] for each in template.lists}
    found = {name: _sources[name](move) for name in sorted(wanted & set(_sources))}
    values = {slot.name: _value(move, slot.source, found) for slot in template.fields if slot.source}
    lists = {}
    for each in template.lists:
        name, _, rest = each.source.partition(".")
        if name in found and rest in found[name].lists:
            lists[each.source] = found[name].lists[rest]
    return values, lists


def sent(move: Case, *places: str) -> list[Record[Any]]:
    """What was sent in the case at these places, oldest first; a called process stands before its element, `a:b`.

    A document may be issued by a process that the case calls, so no place is meant from where the step stands.
    """
    rows = [row for place in places for row in submissions.at(move.session, move.case.id, place)]
    return sorted(rows, key=lambda row: row.seq)


@source("case")
def _case(move: Case) -> Found:
    """Number, title and first day of the case."""
    case = move.case
    return Found({"number": case.number, "title": case.title, "begun": _day(clock.local_day(case.started_at))}, {})


@source("organ")
def _organ(move: Case) -> Found:
    """The organ that the case belongs to: the applicant of a designation."""
    body = organs.bodies(move.session, [move.case.organ]).get(move.case.organ)
    return Found({"name": body.name if body else ""}, {})


@source("base")
def _base(move: Case) -> Found:
    """The base that the case is about, if it is about one."""
    if not move.case.subject.startswith(BASE):
        return Found({}, {})
    base = register.of_subject(move.session, move.case.subject)
    city = regions.find(move.session, base.city)
    return Found({"name": base.name, "city": city.name if city else "", "feature": base.feature}, {})


def _value(move: Case, path: str, found: Mapping[str, Found]) -> Any:
    name, _, rest = path.partition(".")
    if name == "today":
        return _day(clock.local_day(move.now))
    if name == "data":
        return _said(move.data.get(rest))
    if name == "answer":
        return _said(_answer(move, *rest.partition(".")[::2]))
    return _said(found[name].values.get(rest)) if name in found else None


def _answer(move: Case, element: str, name: str) -> Any:
    """The newest answer at an element of the case, if everybody who sees the case may read the form it stands in."""
    rows = submissions.at(move.session, move.case.id, element)
    if not rows:
        return None
    form = definitions.folder(move.session, rows[-1].version_id).form(None, rows[-1].form)
    if form is None or form.readers or form.sealed:
        return None
    return rows[-1].answers.get(name)


def _said(value: Any) -> Any:
    """A day in words; anything else as it is."""
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, str):
        try:
            return _day(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def _day(value: date) -> str:
    return content.day(value)
