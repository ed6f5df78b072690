"""What is stuck, counted by process, by step, by organ and by city: each figure is that of the list it opens."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, func, null, or_, select

from engine import cases
from engine.cases import Case
from engine.definitions import Process
from engine.incidents import Incident
from engine.waits import Wait
from ground.database import Session
from ground.numerals import whole
from ground.people import Actor
from tasks import stuck_filters, stuck_rule


@dataclass
class Tallies:
    """How many are stuck by process, by city (four digits), by organ, and by step (with a release that names it).

    `partly` where there are more than were looked through, and each figure is the least it can be.
    """

    processes: Counter[str] = field(default_factory=Counter)
    cities: Counter[str] = field(default_factory=Counter)
    organs: Counter[int] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    releases: dict[str, int] = field(default_factory=dict)
    partly: bool = False

    def add(self, keys: Mapping[int, str], places: Sequence[Any], n: int) -> None:
        """So many cases that are stuck at these places: release_id, process_id, city, element, queue."""
        release, process, city, *_place = places[0]
        self.processes[keys[process]] += n
        self.cities[city] += n
        for element in {each[3] for each in places if each[3]}:
            self.steps[element] += n
            self.releases[element] = release
        for organ in {organ_of(each[4]) for each in places} - {0}:
            self.organs[organ] += n


def of(session: Session, by: Actor, rule: stuck_rule.Rule) -> Tallies:
    """Everything that is stuck, counted by what the list can be narrowed to: the same number, where it is not partly.

    One look through what waits, in the order of its cases. What is alike is counted together, since most cases wait
    at one place; a case that waits at several is counted once wherever it is.
    """
    waits = session.execute(_places(by, rule).limit(stuck_filters.LOOKED_THROUGH + 1)).all()
    troubles = session.execute(_troubles(by)).all()
    rows = sorted([*waits, *troubles], key=_NUMBER) if troubles else waits
    several = {before[0] for before, row in pairwise(rows) if before[0] == row[0]}
    alike: Counter[tuple[Any, ...]] = Counter((row[1:],) for row in rows if row[0] not in several)
    for _number, each in groupby((row for row in rows if row[0] in several), key=_NUMBER):
        alike[tuple(row[1:] for row in each)] += 1
    found = Tallies(partly=len(waits) > stuck_filters.LOOKED_THROUGH)
    keys = dict(tuple(row) for row in session.execute(select(Process.id, Process.key)))
    for places, n in alike.items():
        found.add(keys, places, n)
    return found


def organ_of(queue: str | None) -> int:
    """The organ behind the key of a queue; nought behind that of a person, and where there is none."""
    return whole((queue or "").rpartition("@")[2]) or 0


def _places(by: Actor, of: stuck_rule.Rule) -> Select[*tuple[Any, ...]]:
    """Where anything is stuck: one row a task, in the order of their cases."""
    return (
        select(Wait.case_id, Case.release_id, Case.process_id, _CITY, Wait.element, Wait.queue)
        .join(Case, Case.id == Wait.case_id)
        .where(Case.status == "open", or_(*stuck_rule.parts(of).values()), cases.visible(by))
        .order_by(Wait.case_id)
    )


def _troubles(by: Actor) -> Select[*tuple[Any, ...]]:
    """The same of what went wrong; the few that stand open are read first, and their cases looked up."""
    first = (
        select(Incident.case_id, Incident.element)
        .where(*stuck_rule.TROUBLE)
        .limit(stuck_filters.LOOKED_THROUGH)
        .subquery()
    )
    return (
        select(first.c.case_id, Case.release_id, Case.process_id, _CITY, first.c.element, null().label("queue"))
        .join(Case, Case.id == first.c.case_id)
        .where(Case.status == "open", cases.visible(by))
    )


_CITY = func.substr(Case.region, 1, 4).label("city")
_NUMBER = itemgetter(0)
