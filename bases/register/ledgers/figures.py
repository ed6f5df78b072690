"""What registers count for the items of the information form: I15 is the number of platforms of the base in that year.

A register without a single entry of a base says nothing about it, so that a base may begin to keep one when it likes.
"""

from typing import Any

from sqlalchemy import and_, func, select

from bases.register.ledgers import definition
from bases.register.ledgers.definition import Count, Register
from bases.register.ledgers.entry import LIVE, LedgerEntry, LedgerFacet
from bases.register.ledgers.reading import counts_for
from ground.database import Session


def counted(session: Session, base_id: int, year: int) -> dict[str, int]:
    """By item: how many entries of this base count for this year, of the registers that it keeps."""
    kept = set(
        session.execute(
            select(LedgerEntry.register).where(LedgerEntry.base_id == base_id, LedgerEntry.state == LIVE).distinct()
        ).scalars()
    )
    return {
        each.indicator: _count(session, register, each, base_id, year)
        for register in definition.every().values()
        if register.code in kept
        for each in register.counts
    }


def feeds() -> dict[str, Register]:
    """By item of the form: the register that counts it."""
    return {each.indicator: register for register in definition.every().values() for each in register.counts}


def _count(session: Session, register: Register, counts: Count, base_id: int, year: int) -> int:
    wanted: Any = and_(
        LedgerEntry.register == register.code,
        LedgerEntry.base_id == base_id,
        LedgerEntry.state == LIVE,
        counts_for(year),
    )
    for name, codes in counts.when.items():
        held = select(LedgerFacet.entry_id).where(LedgerFacet.field == name, LedgerFacet.code.in_(codes))
        wanted = and_(wanted, LedgerEntry.id.in_(held))
    return int(session.scalar(select(func.count()).select_from(LedgerEntry).where(wanted)) or 0)
