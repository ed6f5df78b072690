"""Proof of service (送达回证): to whom, on which day and in which way a document was served, with the scan of it.

How a document is served is «文件未规定,系统默认»; what begins with the service begins on this day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Id, Instant, Ref, Text

UNPROVED = "unproved"
WAYS = ("direct", "post", "electronic", UNPROVED)


class ProofOfService(Row):
    """One service of one document in one case; `served_on` is empty where no proof could be had."""

    __tablename__ = "proof_of_service"
    __table_args__ = (Index("ix_proof_of_service_case", "case_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"))
    addressee: Mapped[str] = mapped_column(Text(120))
    served_on: Mapped[date | None] = mapped_column(Day)
    way: Mapped[str] = mapped_column(Code(20))
    scan: Mapped[str | None] = mapped_column(Ref)
    note: Mapped[str] = mapped_column(Text(1000))
    entered_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)


class NoProof(Refused):
    """A service names its day and has the scan of its proof, or says why there is none."""

    code = "serving.no_proof"
    status = 422


class WrongDay(Refused):
    """A document is served on or after the day of its issue, and not later than it is entered."""

    code = "serving.wrong_day"
    status = 422


@dataclass(frozen=True)
class Served:
    """A service as it was entered."""

    addressee: str
    served_on: date | None
    way: str
    scan: str | None
    note: str
    by: int
    at: datetime


def keep(session: Session, case_id: int, issued: Record[Any], served: Served) -> None:
    """Keep the proof of serving this document; NoProof, WrongDay."""
    proved = served.way != UNPROVED
    if proved != (served.served_on is not None) or (proved and not served.scan) or not (proved or served.note.strip()):
        raise NoProof(way=served.way)
    latest = local_day(served.at)
    if served.served_on and not issued.issued_on <= served.served_on <= latest:
        raise WrongDay(on=served.served_on.isoformat(), after=issued.issued_on.isoformat(), latest=latest.isoformat())
    session.execute(
        insert(ProofOfService).values(
            case_id=case_id,
            document_id=issued.id,
            addressee=served.addressee,
            served_on=served.served_on,
            way=served.way,
            scan=served.scan,
            note=served.note,
            entered_by=served.by,
            entered_at=served.at,
        )
    )


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The proofs of a case, the oldest first."""
    wanted = select(*ProofOfService.__table__.columns).where(ProofOfService.case_id == case_id)
    return session.execute(wanted.order_by(ProofOfService.id)).all()
