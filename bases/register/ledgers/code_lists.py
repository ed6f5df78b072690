"""Code lists as they are now: what comes with the program, and what the Department has added in the register of codes.

A code is never taken away, since something may stand under it; one that is retired is only offered no longer.
"""

from sqlalchemy import select

from bases.measures import codes
from bases.measures.codes import Entry
from bases.register.ledgers.entry import LIVE, LedgerEntry, LedgerFacet
from ground.database import Session

REGISTER = "code"


def of(session: Session, list_: str, *, offered: bool = True) -> dict[str, Entry]:
    """The entries of one list by code: the program's, then those added; with `offered` off also the retired ones."""
    found = dict(codes.of(list_))
    wanted = (
        select(LedgerEntry.answers)
        .join(LedgerFacet, LedgerFacet.entry_id == LedgerEntry.id)
        .where(LedgerEntry.register == REGISTER, LedgerFacet.field == "list", LedgerFacet.code == list_)
        .order_by(LedgerEntry.id)
    )
    if offered:
        wanted = wanted.where(LedgerEntry.state == LIVE)
    for row in session.execute(wanted):
        answers = row.answers
        found[answers["code"]] = Entry(answers["code"], answers["zh"], answers.get("en") or answers["zh"])
    return found
