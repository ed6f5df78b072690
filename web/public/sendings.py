"""How often one network sends the public form: a free number an hour, then a pause; no address is kept in the clear."""

from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Instant, Whole

FREE = 20
WITHIN = timedelta(hours=1)


class PublicSending(Row):
    """How often a network has sent the form since its hour began."""

    __tablename__ = "public_sending"

    key: Mapped[str] = mapped_column(Code(80), primary_key=True)
    sent: Mapped[int] = mapped_column(Whole)
    since: Mapped[datetime] = mapped_column(Instant, index=True)


class TooMany(Refused):
    """This network has sent the form too often within the hour."""

    code = "objection.too_many"
    status = 429


def count(session: Session, ip: str, now: datetime) -> None:
    """Count this sending before anything of it is read; TooMany beyond the free number of the hour."""
    session.execute(delete(PublicSending).where(PublicSending.since <= now - WITHIN))
    key = f"network:{sha256(ip.encode()).hexdigest()}"
    session.put_once(PublicSending, {"key": key, "sent": 0, "since": now})
    counted = session.execute(
        update(PublicSending)
        .where(PublicSending.key == key)
        .values(sent=PublicSending.sent + 1)
        .returning(PublicSending.sent, PublicSending.since)
    ).one()
    if counted.sent > FREE:
        left = counted.since + WITHIN - now
        raise TooMany(minutes=max(1, ceil(left.total_seconds() / 60)))
