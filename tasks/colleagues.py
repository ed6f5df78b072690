"""Who can be asked about an open task: holders of its key, others of its office, and all who may know of its case.

Nobody who must be kept apart from the step (four eyes), and neither supervisors nor auditors, who do no case's work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Record

from engine import cases
from engine.cases.hanging import office
from engine.cases.offices import who_know
from ground import clock, people
from tasks.at_task import AtTask, NotAmong

ONLOOKERS = frozenset({"supervisor", "auditor"})
APPLICANT = "base_filler"


@dataclass(frozen=True)
class Colleague:
    """Somebody of the same office, with the role by which they can be asked."""

    id: int
    ref: str
    name: str
    name_en: str
    role: str


def of_queue(at: AtTask) -> list[Colleague]:
    """Whoever may do this task, too: 转办."""
    apart = _apart(at)
    return [each for each in _holders(at) if each.id not in apart]


def of_office(at: AtTask) -> list[Colleague]:
    """Whoever works on such cases in the same office, and reads what its form keeps for named readers: 委派, 加签."""
    role, _, _ = at.item.queue.partition("@")
    number, apart = office(at.item.queue), _apart(at)
    form = at.folder.home(at.item.element).forms[at.item.form]
    found = {each.id: each for each in _holders(at)}
    for row in _know(at):
        of_it = row.organ_id == number and row.role not in ONLOOKERS - {role}
        if of_it and (not form.readers or row.role in form.readers):
            found.setdefault(row.id, Colleague(row.id, row.ref, row.name, row.name_en, row.role))
    return [each for each in found.values() if each.id not in apart]


def of_case(at: AtTask) -> list[Record[Any]]:
    """Whoever may know of the case by one of their roles, with that role and organ: 抄送.

    The base is told by letters of the procedure, and tells nobody but its own.
    """
    organ = office(at.item.queue)
    own = at.item.queue.startswith(f"{APPLICANT}@")
    found: dict[int, Record[Any]] = {}
    for row in _know(at):
        fits = row.organ_id == organ if own else row.role != APPLICANT
        if fits and row.id != at.by.person:
            found.setdefault(row.id, row)
    return list(found.values())


def chosen(refs: Sequence[str], among: Sequence[Any], most: int) -> list[int]:
    """The numbers of these persons; NotAmong unless each of them can be asked, and there are one to `most`."""
    known = {each.ref: each.id for each in among}
    wanted = list(dict.fromkeys(refs))
    if not 1 <= len(wanted) <= most or any(ref not in known for ref in wanted):
        raise NotAmong(most=most)
    return [known[ref] for ref in wanted]


def _know(at: AtTask) -> Sequence[Record[Any]]:
    return who_know(at.session, at.case.region, at.case.organ, clock.local_day(at.now))


def _holders(at: AtTask) -> list[Colleague]:
    role, _, _ = at.item.queue.partition("@")
    found = people.holders(at.session, at.item.queue, clock.local_day(at.now))
    return [Colleague(each.id, each.ref, each.name, each.name_en, role) for each in found]


def _apart(at: AtTask) -> set[int]:
    return cases.kept_apart(at.session, at.folder, at.item) | {at.by.person or 0}
