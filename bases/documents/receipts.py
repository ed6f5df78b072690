"""Receipts (签收): one row for each organ that a document goes to, until somebody there signs for it.

D-4: a document to four departments of 21 cities has 84 of them. Groups become organs on the day of issue, so a
document keeps whom it went to whatever becomes of the organs later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, Select, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.documents.document import Document
from ground import regions
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused
from ground.organs import Organ, valid
from ground.people import Actor, Person
from ground.types import Code, Id, Instant, Text

MAIN, COPY = "main", "copy"
HERE, ON_PAPER = "here", "paper"
OFFICE = "prov_office"
CITIES = {"cities_industry": "industry", "cities_finance": "finance", "cities_agriculture": "agriculture"}


class DocumentReceipt(Row):
    """That a document went to an organ, and who signed for it; `how` is `here` or, for a slip, `paper`."""

    __tablename__ = "document_receipt"
    __table_args__ = (Index("ix_document_receipt_organ", "organ_id", "received_at"),)

    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), primary_key=True)
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"), primary_key=True)
    role: Mapped[str] = mapped_column(Code(10))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    how: Mapped[str | None] = mapped_column(Code(10))
    note: Mapped[str] = mapped_column(Text(500))


class NoAddressee(Refused):
    """A document goes to somebody: of the groups that it names there is no organ on this day."""

    code = "document.no_addressee"


class NoSlip(Refused):
    """Who writes a receipt down for another organ says how it is known."""

    code = "document.no_slip"
    status = 422


@dataclass(frozen=True)
class Around:
    """The case that a document belongs to, as far as addressees are worked out from it."""

    organ: int
    region: str


def organs_of(session: Session, groups: Iterable[str], around: Around, on: date) -> list[int]:
    """The organs that these groups are on this day, each once, in the order of the groups."""
    found: dict[int, None] = {}
    for group in groups:
        found.update(dict.fromkeys(session.execute(_group(group, around), {"on": on}).scalars()))
    return list(found)


def send(session: Session, row: Record[Any], around: Around, on: date, now: datetime) -> int:
    """Open a receipt for each organ; who is both a main and a copied addressee gets one. Returns how many."""
    main = organs_of(session, row.main, around, on)
    copied = [organ for organ in organs_of(session, row.copy, around, on) if organ not in main]
    if row.main and not main:
        raise NoAddressee(document=row.ref, groups=row.main)
    rows = [
        {"document_id": row.id, "organ_id": organ, "role": role, "sent_at": now, "note": ""}
        for role, listed in ((MAIN, main), (COPY, copied))
        for organ in listed
    ]
    if rows:
        session.execute(insert(DocumentReceipt), rows)
    return len(rows)


def sign(session: Session, row: Record[Any], organ_id: int, by: Actor, now: datetime, slip: str = "") -> None:
    """Sign for a document: somebody of the organ, or the office by a slip that it names. Twice changes nothing."""
    own = any(held.organ_id == organ_id for held in by.held)
    office = any(held.role == OFFICE and held.organ_kind == "province" for held in by.held)
    receipt = _one(session, row.id, organ_id)
    if receipt is None or not (own or office):
        raise Missing(document=row.ref) if not (own or office) else Forbidden(document=row.ref)
    if not own and not slip.strip():
        raise NoSlip(document=row.ref)
    how = HERE if own else ON_PAPER
    signed = {"received_at": now, "by_person": by.person, "how": how, "note": slip.strip()[:500]}
    session.execute(
        update(DocumentReceipt)
        .where(
            DocumentReceipt.document_id == row.id,
            DocumentReceipt.organ_id == organ_id,
            DocumentReceipt.received_at.is_(None),
        )
        .values(**signed)
    )


def of_document(session: Session, document_id: int, *, unread: bool = False) -> Sequence[Record[Any]]:
    """Its receipts, main addressees first, city by city; `unread` leaves only what nobody has signed for."""
    wanted = _RECEIPTS.where(DocumentReceipt.document_id == document_id)
    if unread:
        wanted = wanted.where(DocumentReceipt.received_at.is_(None))
    return session.execute(wanted.order_by(DocumentReceipt.role.desc(), Organ.region, Organ.id)).all()


def of_organs(session: Session, by: Actor, limit: int = 200) -> Sequence[Record[Any]]:
    """What was sent to the organs of this person, unsigned first, then the newest."""
    own = {held.organ_id for held in by.held}
    wanted = _SENT.where(DocumentReceipt.organ_id.in_(own))
    order = (DocumentReceipt.received_at.is_not(None), DocumentReceipt.sent_at.desc(), Document.id.desc())
    return session.execute(wanted.order_by(*order).limit(limit)).all()


def went_to(session: Session, document_id: int, by: Actor) -> bool:
    """Whether a document was sent to an organ of this person."""
    own = {held.organ_id for held in by.held}
    wanted = select(DocumentReceipt.organ_id).where(
        DocumentReceipt.document_id == document_id, DocumentReceipt.organ_id.in_(own)
    )
    return session.scalar(wanted.limit(1)) is not None


def _group(group: str, around: Around) -> Select[Any]:
    every = select(Organ.id).where(valid(Organ)).order_by(Organ.id)
    city = regions.city_of(around.region)
    if group == "cities_commerce":
        return every.where(Organ.kind == "city")
    if group in CITIES:
        return every.where(Organ.code.like(f"city-%-{CITIES[group]}"))
    if group == "departments":
        return every.where(Organ.kind == "department", Organ.region == regions.PROVINCE)
    if group == "applicant":
        return every.where(Organ.id == around.organ)
    if group == "authority":
        return every.where(Organ.kind == "county", Organ.region == around.region)
    return every.where(Organ.kind == "city", Organ.region == city)


def _one(session: Session, document_id: int, organ_id: int) -> Record[Any] | None:
    wanted = select(DocumentReceipt.received_at).where(
        DocumentReceipt.document_id == document_id, DocumentReceipt.organ_id == organ_id
    )
    return session.execute(wanted).one_or_none()


_ROW = (
    DocumentReceipt.document_id,
    DocumentReceipt.organ_id,
    DocumentReceipt.role,
    DocumentReceipt.sent_at,
    DocumentReceipt.received_at,
    DocumentReceipt.how,
    DocumentReceipt.note,
)
_RECEIPTS = (
    select(
        *_ROW,
        Organ.ref.label("organ_ref"),
        Organ.name,
        Organ.name_en,
        Person.name.label("person"),
        Person.name_en.label("person_en"),
    )
    .join(Organ, Organ.id == DocumentReceipt.organ_id)
    .outerjoin(Person, Person.id == DocumentReceipt.by_person)
)
_SENT = (
    select(
        *_ROW,
        Organ.ref.label("organ_ref"),
        Organ.name,
        Organ.name_en,
        Document.ref,
        Document.title,
        Document.number,
        Document.issued_on,
        Document.urgency,
    )
    .join(Document, Document.id == DocumentReceipt.document_id)
    .join(Organ, Organ.id == DocumentReceipt.organ_id)
)
