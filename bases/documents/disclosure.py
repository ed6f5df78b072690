"""Disclosure (D-6): what is 主动公开 stands on the public page within 20 working days of its 成文日期, and no more.

The term is that of Article 26 of the State Council's regulations on open government; it runs from the day on which the
document was signed, whatever the day on which it was printed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, select

from bases.documents import document
from bases.documents.document import ISSUED, OPEN, Document
from ground import calendar, parameters
from ground.database import Session
from ground.errors import Missing, Refused

PARAMETER = "deadline.disclosure"


class NotOpen(Refused):
    """Only an issued document that is to be disclosed can be published."""

    code = "document.not_open"


def due(session: Session, dated_on: date) -> date:
    """The last day on which a document of this date may be published."""
    term = parameters.value(session, PARAMETER, dated_on).value
    return calendar.load(session).add_working_days(dated_on, term["n"])


def publish(session: Session, row: Record[Any], now: datetime) -> bool:
    """Put it on the public page; True if it was not there before."""
    if row.disclosure != OPEN or row.state != ISSUED:
        raise NotOpen(document=row.ref, disclosure=row.disclosure, state=row.state)
    if row.published_at is not None:
        return False
    document.change(session, row.id, published_at=now)
    return True


def public(session: Session, limit: int = 200) -> Sequence[Record[Any]]:
    """The documents on the public page, the newest first."""
    return session.execute(_PUBLIC.order_by(Document.published_at.desc(), Document.id.desc()).limit(limit)).all()


def public_one(session: Session, ref: str) -> Record[Any]:
    """One of them; any other is not there."""
    row = session.execute(_PUBLIC.where(Document.ref == ref)).one_or_none()
    if row is None:
        raise Missing(document=ref)
    return row


def waiting(session: Session) -> Sequence[Record[Any]]:
    """Issued and not yet published, the most urgent first: those past `disclosure_due` are an alarm."""
    wanted = select(Document.__table__).where(
        Document.state == ISSUED, Document.disclosure == OPEN, Document.published_at.is_(None)
    )
    return session.execute(wanted.order_by(Document.disclosure_due, Document.id)).all()


_PUBLIC = select(Document.__table__).where(
    Document.published_at.is_not(None), Document.disclosure == OPEN, Document.state == ISSUED
)
