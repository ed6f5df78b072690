"""What stands stuck and late at one moment, counted from the very list of the board: for the week's circular.

The figures are numbers and codes, so that they can be kept and said in words later; they name no holder.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, func, select

from engine.cases import Case
from engine.incidents import Incident
from engine.waits import Wait
from ground import clock, parameters
from ground.database import Session
from ground.people import SYSTEM
from tasks import stuck, stuck_filters, stuck_rule
from tasks.stuck_filters import Filters
from tasks.stuck_rule import Rule

# The parts of the rule, what is overdue apart by whether the text or a notice set the day, or only a default of ours.
PAST = "past"
PARTS = (stuck_rule.TROUBLED, stuck_rule.OVERDUE, PAST, stuck_rule.UNTAKEN, stuck_rule.UNMOVED)
KINDS = ("text", "notice", "default")
LIMITS = (stuck_rule.STILL, stuck_rule.UNCLAIMED)
PAGE, MOST, LISTED = 500, 5_000, 300


def of(session: Session, now: datetime) -> dict[str, Any]:
    """The figures of this moment: stuck by part, city and unit, late tasks by kind of limit, and the cases by name.

    `stuck` has `all` and the parts of the rule; `cities` and `units` have the same for each, by four digits and by
    organ; `cases` are at most three hundred, what has stood longest first. Nothing is counted past five thousand.
    `overdue` and `past` together are what the board lists as overdue; a passed default is nobody's fault.
    """
    rule = stuck_rule.at(session, now)
    rows = {row.case_id: row for row in _every(session, rule, "")}
    parts = _parts(session, rule, set(rows))
    asked = dict(_asked(session, rows))
    cities, units = Counter[str](), Counter[str]()
    for number, row in rows.items():
        for part in ("all", *(part for part in PARTS if number in parts[part])):
            cities[f"{row.region[:4]} {part}"] += 1
            units[f"{asked[number][0]} {part}"] += 1
    return {
        "stuck": {"all": len(rows), **{part: len(found) for part, found in parts.items()}},
        "cities": _by_part(cities),
        "units": _by_part(units),
        "late": _late(session, now),
        "limits": {
            key: int(one.value) for key, one in parameters.values(session, LIMITS, clock.local_day(now)).items()
        },
        "cases": [_case(row, asked[row.case_id], parts, rule) for row in list(rows.values())[:LISTED]],
    }


def _parts(session: Session, rule: Rule, every: set[int]) -> dict[str, set[int]]:
    listed = {part: {row.case_id for row in _every(session, rule, part)} & every for part in PARTS if part != PAST}
    late = select(Wait.case_id).where(Wait.due_at <= rule.now, Wait.due_kind.in_(stuck_rule.BINDING))
    binding = set(session.execute(late).scalars())
    overdue = listed[stuck_rule.OVERDUE]
    return listed | {stuck_rule.OVERDUE: overdue & binding, PAST: overdue - binding}


def _every(session: Session, rule: Rule, why: str) -> Iterator[Record[Any]]:
    """The board's list from its first page to its last."""
    after, seen = None, 0
    while True:
        page = stuck.page(session, SYSTEM, Filters(why=why), rule, after=after, limit=PAGE)
        yield from page.items
        after, seen = page.after, seen + len(page.items)
        if after is None or seen >= MOST:
            return


def _asked(session: Session, numbers: Collection[int]) -> Iterator[tuple[int, tuple[int, str | None]]]:
    """Of each case the organ that is asked and the step, soonest due first; who is asked by name stands for no unit."""
    listed = sorted(numbers)
    for first in range(0, len(listed), PAGE):
        some = listed[first : first + PAGE]
        own = {row.id: row.organ_id for row in session.execute(_ORGANS.where(Case.id.in_(some)))}
        places: dict[int, tuple[int, str | None]] = {}
        waits = select(Wait.case_id, Wait.queue, Wait.element).where(Wait.case_id.in_(some))
        for row in session.execute(waits.order_by(Wait.due_at, Wait.id)):
            _role, at, organ = row.queue.partition("@")
            places.setdefault(row.case_id, (int(organ) if at else own[row.case_id], row.element))
        broken = select(Incident.case_id, Incident.element).where(Incident.case_id.in_(some))
        for row in session.execute(broken.where(Incident.closed_at.is_(None)).order_by(Incident.id)):
            places.setdefault(row.case_id, (own[row.case_id], row.element))
        yield from ((number, places.get(number, (own[number], None))) for number in some)


def _late(session: Session, now: datetime) -> dict[str, int]:
    """Open tasks past their day, by the kind of limit; one without a kind is a default of ours."""
    past = select(Wait.due_kind, func.count().label("n")).join(Case, Case.id == Wait.case_id)
    rows = session.execute(past.where(Wait.due_at <= now, stuck_filters.OPEN).group_by(Wait.due_kind))
    found = Counter(dict.fromkeys(KINDS, 0))
    for row in rows:
        found[row.due_kind or KINDS[-1]] += row.n
    return dict(found)


def _by_part(counted: Mapping[str, int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for key, n in counted.items():
        name, part = key.split(" ")
        found.setdefault(name, dict.fromkeys(("all", *PARTS), 0))[part] = n
    return found


def _case(
    row: Record[Any], asked: tuple[int, str | None], parts: Mapping[str, Collection[int]], rule: Rule
) -> dict[str, Any]:
    found: Sequence[str] = [part for part in PARTS if row.case_id in parts[part]]
    return {
        "number": row.number,
        "title": row.title,
        "city": row.region[:4],
        "unit": asked[0],
        "release": row.release_id,
        "element": asked[1],
        "parts": found,
        "days": rule.working_days(row.moved_at),
    }


_ORGANS = select(Case.id, Case.organ_id)
