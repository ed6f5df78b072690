"""The bases at risk, for the Department: in rectification, with a revocation under way, or with reports missed.

It lists facts with the case behind each; nothing here decides anything.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row as Record, func, select

from bases.register import breach
from bases.register.base import REVOKED, Base
from bases.register.breach import Breach
from bases.verdicts.rectification import Rectification
from bases.verdicts.revocation import Revocation
from bases.verdicts.signing import KEEP
from engine.cases import Case
from ground.database import Session

RECTIFYING, GROUND, OVERDUE = "rectifying", "ground", "overdue"


@dataclass(frozen=True)
class Risk:
    """One base and one thing about it: the last day that runs, the ground in question, or how many reports are late."""

    base: Record[Any]
    kind: str
    until: date | None = None
    ground: str = ""
    missed: int = 0
    case_ref: str | None = None


def listed(session: Session, year: int) -> list[Risk]:
    """The risks of today, by base; three statements."""
    found = [*_grounds(session), *_rectifying(session), *_overdue(session, year)]
    return sorted(found, key=lambda risk: (risk.base.city, risk.base.sort_key, risk.base.id))


def _rectifying(session: Session) -> list[Risk]:
    rows = session.execute(
        select(*_BASE, Rectification.material_due, Case.ref.label("case_ref"))
        .select_from(Rectification)
        .join(Base, Base.id == Rectification.base_id)
        .join(Case, Case.id == Rectification.case_id)
        .where(Rectification.outcome.is_(None), Case.status != "closed")
    )
    return [Risk(row, RECTIFYING, row.material_due, case_ref=row.case_ref) for row in rows]


def _grounds(session: Session) -> list[Risk]:
    """Article 14: a revocation that is under way, until the base has lost the name or keeps it."""
    rows = session.execute(
        select(*_BASE, Revocation.ground, Case.ref.label("case_ref"))
        .select_from(Revocation)
        .join(Base, Base.id == Revocation.base_id)
        .join(Case, Case.id == Revocation.case_id)
        .where(Case.status != "closed", Base.status != REVOKED, func.coalesce(Revocation.outcome, "") != KEEP)
    )
    return [Risk(row, GROUND, ground=row.ground, case_ref=row.case_ref) for row in rows]


def _overdue(session: Session, year: int) -> list[Risk]:
    """R-8.5: reports of the year's days that bind, which have not come."""
    within = Breach.due_on.between(date(year, 1, 1), date(year, 12, 31))
    rows = session.execute(
        select(*_BASE, func.count().label("missed"))
        .select_from(Breach)
        .join(Base, Base.id == Breach.base_id)
        .where(Breach.kind == breach.MISSING, within)
        .group_by(*_BASE)
    )
    return [Risk(row, OVERDUE, missed=row.missed) for row in rows]


_BASE = (Base.id, Base.ref, Base.name, Base.name_en, Base.city, Base.sort_key)
