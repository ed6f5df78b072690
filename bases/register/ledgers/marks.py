"""What a list says of an entry beside its answers: facts worked out on the day, and what wants attention.

A mark decides nothing. A date that an organ set itself, once passed, is grey: «超出系统默认时限», never a breach.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from bases.register.ledgers import definition, incident, rights
from bases.register.ledgers.definition import Register
from bases.register.ledgers.entry import LIVE, LedgerEntry, LedgerFacet
from ground.clock import local_day
from ground.database import Session
from ground.people import Actor

VISITS, VISITED = "visit", "key_enterprise"
EVERY = {"month": relativedelta(months=1), "quarter": relativedelta(months=3), "half_year": relativedelta(months=6)}


@dataclass(frozen=True)
class Mark:
    """One thing said: its code, its facts, and whether it wants attention (warn), is past (past) or is plain."""

    code: str
    tone: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


Of = Callable[[Session, Sequence[Any], date], dict[int, Mark]]


def of(session: Session, register: Register, rows: Sequence[Any], today: date) -> dict[int, list[Mark]]:
    """By entry: everything that its register says of it."""
    found: dict[int, list[Mark]] = {}
    standing = [row for row in rows if row.state == LIVE]
    for name in register.marks:
        for entry_id, mark in _MARKS[name](session, standing, today).items():
            found.setdefault(entry_id, []).append(mark)
    return found


def overdue(session: Session, base_id: int, today: date) -> list[tuple[Any, Mark]]:
    """S-3.5: the key enterprises of a base that nobody has contacted within their frequency."""
    rows = session.execute(
        select(*LedgerEntry.__table__.columns)
        .where(LedgerEntry.register == VISITED, LedgerEntry.base_id == base_id, LedgerEntry.state == LIVE)
        .order_by(LedgerEntry.sort_key, LedgerEntry.id)
    ).all()
    found = _contacted(session, rows, today)
    return [(row, found[row.id]) for row in rows if found[row.id].tone]


def to_contact(session: Session, by: Actor, today: date) -> int:
    """How many key enterprises that this person sees are overdue, in one statement."""
    visit = aliased(LedgerEntry)
    stands = and_(visit.id == LedgerFacet.entry_id, visit.register == VISITS, visit.state == LIVE)
    rows = session.execute(
        select(LedgerEntry.ref, LedgerEntry.answers, LedgerEntry.created_at, visit.answers.label("visited"))
        .outerjoin(LedgerFacet, and_(LedgerFacet.field == VISITED, LedgerFacet.code == LedgerEntry.ref))
        .outerjoin(visit, stands)
        .where(rights.sight(definition.of(VISITED), by), LedgerEntry.state == LIVE)
    ).all()
    last: dict[str, date] = {}
    for row in rows:
        day = date.fromisoformat(row.visited["visited_on"]) if row.visited else date.min
        last[row.ref] = max(day, last.get(row.ref, date.min))
    due = {row.ref: _due(row, last[row.ref] if last[row.ref] > date.min else None) for row in rows}
    return sum(day < today for day in due.values())


def _use(_session: Session, rows: Sequence[Any], _today: date) -> dict[int, Mark]:
    """R-7.6: the newest year of real use; a platform without any figure is marked."""
    found = {}
    for row in rows:
        years = sorted(row.answers.get("usage") or (), key=lambda each: each["in_year"])
        facts = (
            {"in_year": years[-1]["in_year"], "users": years[-1]["users"], "uses": years[-1]["uses"]} if years else {}
        )
        found[row.id] = Mark("ledger.use", "", facts) if years else Mark("ledger.no_use", "warn")
    return found


def _missing_link(_session: Session, rows: Sequence[Any], _today: date) -> dict[int, Mark]:
    return {row.id: Mark("ledger.missing_link", "warn") for row in rows if row.answers.get("state") == "missing"}


def _overspent(_session: Session, rows: Sequence[Any], _today: date) -> dict[int, Mark]:
    """S-4.4: used is more than planned."""
    found = {}
    for row in rows:
        planned, used = row.answers.get("planned"), row.answers.get("used")
        if planned is not None and used is not None and Decimal(used) > Decimal(planned):
            found[row.id] = Mark("ledger.spent", "warn", {"over": f"{Decimal(used) - Decimal(planned):f}"})
    return found


def _past_own_date(_session: Session, rows: Sequence[Any], today: date) -> dict[int, Mark]:
    """M-5.1: a date that was set by whoever keeps the entry; passed it is grey."""
    return {
        row.id: Mark("ledger.past_own_date", "past", {"due_on": row.answers["due_on"]})
        for row in rows
        if row.answers.get("progress") != "done" and (row.answers.get("due_on") or "9999") < today.isoformat()
    }


def _joined(_session: Session, rows: Sequence[Any], _today: date) -> dict[int, Mark]:
    return {
        row.id: Mark("ledger.joined", "", {"enterprises": len(row.answers["joined"])})
        for row in rows
        if row.answers.get("joined")
    }


def _contacted(session: Session, rows: Sequence[Any], today: date) -> dict[int, Mark]:
    """The last visit of each, and whether the next one is overdue; without any, counted from its entry."""
    last = _last_visits(session, [row.ref for row in rows])
    found = {}
    for row in rows:
        visited = last.get(row.ref)
        due = _due(row, visited)
        facts = {"last": visited.isoformat() if visited else "", "due": due.isoformat()}
        code = "ledger.visited" if visited else "ledger.never_visited"
        found[row.id] = Mark("ledger.overdue_visit" if due < today else code, "warn" if due < today else "", facts)
    return found


def _due(row: Any, visited: date | None) -> date:
    """By when it has to be contacted, counted from the last visit, or from its entry."""
    since = visited or local_day(row.created_at)
    return since + EVERY.get(row.answers.get("frequency", ""), EVERY["half_year"])


def _last_visits(session: Session, refs: Sequence[str]) -> dict[str, date]:
    rows = session.execute(
        select(LedgerFacet.code, LedgerEntry.answers)
        .join(LedgerEntry, LedgerEntry.id == LedgerFacet.entry_id)
        .where(
            LedgerFacet.field == VISITED,
            LedgerFacet.code.in_(list(refs)),
            LedgerEntry.register == VISITS,
            LedgerEntry.state == LIVE,
        )
    )
    found: dict[str, date] = {}
    for row in rows:
        day = date.fromisoformat(row.answers["visited_on"])
        found[row.code] = max(day, found.get(row.code, day))
    return found


def _cluster_total(_session: Session, rows: Sequence[Any], _today: date) -> dict[int, Mark]:
    return {row.id: Mark("ledger.members", "", {"bases": len(row.answers.get("bases") or ())}) for row in rows}


def _checked(session: Session, rows: Sequence[Any], _today: date) -> dict[int, Mark]:
    """R-14.3: how the check of an incident stands; before it has begun, it is being checked as well."""
    states = incident.states(session, [row.id for row in rows])
    return {row.id: Mark(f"ledger.{states.get(row.id, incident.CHECKING)}") for row in rows}


_MARKS: Mapping[str, Of] = {
    "checked": _checked,
    "no_use": _use,
    "missing_link": _missing_link,
    "overspent": _overspent,
    "past_own_date": _past_own_date,
    "joined": _joined,
    "overdue_visit": _contacted,
    "cluster_total": _cluster_total,
}
