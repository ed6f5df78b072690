"""A document on its way: its words in versions, and the facts that its number, seal and issue add.

`dated_on` (成文日期) is the day on which it was signed, `issued_on` (印发日期) the day on which it was printed:
two fields, never one (D-6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.documents import content
from bases.documents.content import Content
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.types import Code, Day, Document as Json, Id, Instant, Ref, Text, Whole

DRAFTING, REVIEWING, SIGNED, NUMBERED, SEALED, ISSUED, DROPPED = (
    "drafting",
    "reviewing",
    "signed",
    "numbered",
    "sealed",
    "issued",
    "dropped",
)
OPEN, ON_REQUEST, CLOSED = "open", "request", "closed"
UNDER_WAY = (DRAFTING, REVIEWING, SIGNED, NUMBERED, SEALED)


class Document(Row):
    """One document; what is not settled yet is null."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_case", "case_id"),
        Index("ix_document_state", "state", "id"),
        Index("ix_document_public", "published_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    kind: Mapped[str] = mapped_column(Code())
    series: Mapped[str] = mapped_column(Text(20))
    title: Mapped[str] = mapped_column(Text(400))
    state: Mapped[str] = mapped_column(Code(20))
    secrecy: Mapped[str] = mapped_column(Code(20))
    urgency: Mapped[str] = mapped_column(Code(20))
    disclosure: Mapped[str] = mapped_column(Code(20))
    disclosure_reason: Mapped[str] = mapped_column(Text(2000))
    main: Mapped[list[str]] = mapped_column(Json)
    copy: Mapped[list[str]] = mapped_column(Json)
    cosigners: Mapped[list[str]] = mapped_column(Json)
    cosign_mode: Mapped[str] = mapped_column(Code(20))
    version: Mapped[int] = mapped_column(Whole)
    digest: Mapped[str] = mapped_column(Text(64))
    signer: Mapped[str | None] = mapped_column(Text(60))
    signed_how: Mapped[str | None] = mapped_column(Code(10))
    signed_on: Mapped[date | None] = mapped_column(Day)
    number: Mapped[str | None] = mapped_column(Text(60))
    source: Mapped[str | None] = mapped_column(Code(10))
    dated_on: Mapped[date | None] = mapped_column(Day)
    final_file: Mapped[str | None] = mapped_column(Ref)
    sealed_on: Mapped[date | None] = mapped_column(Day)
    issued_on: Mapped[date | None] = mapped_column(Day)
    disclosure_due: Mapped[date | None] = mapped_column(Day)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    archive: Mapped[str | None] = mapped_column(Text(64))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class DocumentVersion(Row):
    """The words as they stood after one drafting; never changed."""

    __tablename__ = "document_version"

    document_id: Mapped[int] = mapped_column(Id, ForeignKey("document.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    digest: Mapped[str] = mapped_column(Text(64))
    at: Mapped[datetime] = mapped_column(Instant)
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class WrongState(Refused):
    """The document does not stand where this could be done to it."""

    code = "document.wrong_state"


@dataclass(frozen=True)
class Opened:
    """What a document begins with: the case and the template it comes from, and what that offers."""

    case_id: int
    version_id: int
    kind: str
    series: str
    disclosure: str
    main: Sequence[str]
    copy: Sequence[str]


def open_(session: Session, opened: Opened, whole: Content, by: int | None, now: datetime) -> Record[Any]:
    """Begin a document; its first version is what the template gives."""
    ref = new_ref()
    values = {
        "ref": ref,
        "case_id": opened.case_id,
        "version_id": opened.version_id,
        "kind": opened.kind,
        "series": opened.series,
        "title": whole.title,
        "state": DRAFTING,
        "secrecy": "none",
        "urgency": "none",
        "disclosure": opened.disclosure,
        "disclosure_reason": "",
        "main": list(opened.main),
        "copy": list(opened.copy),
        "cosigners": [],
        "cosign_mode": "all",
        "version": 0,
        "digest": "",
        "opened_at": now,
        "opened_by": by,
    }
    session.execute(insert(Document).values(**values))
    made = by_ref(session, ref)
    write(session, made, whole, by, now)
    return by_ref(session, ref)


def write(session: Session, row: Record[Any], whole: Content, by: int | None, now: datetime, **facts: Any) -> str:
    """Keep these words as the next version, and what else the drafter said; returns the digest."""
    digest = content.digest(content.check(whole))
    number = row.version + 1
    kept = {"document_id": row.id, "number": number, "content": content.kept(whole), "digest": digest}
    session.execute(insert(DocumentVersion).values(**kept, at=now, by_person=by))
    change(session, row.id, version=number, digest=digest, title=whole.title, **facts)
    return digest


def change(session: Session, document_id: int, **facts: Any) -> None:
    """Write facts of a document."""
    session.execute(update(Document).where(Document.id == document_id).values(**facts))


def expect(row: Record[Any], *states: str) -> None:
    """Refuse by name what comes too early or too late."""
    if row.state not in states:
        raise WrongState(document=row.ref, state=row.state, wanted=states)


def by_ref(session: Session, ref: str) -> Record[Any]:
    """The document of this ref."""
    row = session.execute(_ROWS.where(Document.ref == ref)).one_or_none()
    if row is None:
        raise Missing(document=ref)
    return row


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The documents of a case, oldest first."""
    return session.execute(_ROWS.where(Document.case_id == case_id).order_by(Document.id)).all()


def drafted_in(session: Session, case_id: int) -> Record[Any] | None:
    """The document of a case that is being drafted; of several the newest."""
    rows = [row for row in of_case(session, case_id) if row.state == DRAFTING]
    return rows[-1] if rows else None


def versions(session: Session, document_id: int) -> Sequence[Record[Any]]:
    """Its versions without their words, oldest first."""
    columns = (DocumentVersion.number, DocumentVersion.digest, DocumentVersion.at, DocumentVersion.by_person)
    wanted = select(*columns).where(DocumentVersion.document_id == document_id)
    return session.execute(wanted.order_by(DocumentVersion.number)).all()


def words(session: Session, row: Record[Any], number: int | None = None) -> Content:
    """A version as it was drafted, by default the newest."""
    stored = session.scalar(
        select(DocumentVersion.content).where(
            DocumentVersion.document_id == row.id, DocumentVersion.number == (number or row.version)
        )
    )
    if stored is None:
        raise Missing(document=row.ref, version=number)
    return content.read(stored)


def whole(session: Session, row: Record[Any], number: int | None = None) -> Content:
    """What is printed: the words, and what has been added since: number, dates, secrecy, urgency, disclosure."""
    said = {"internal": "内部", "urgent": "加急", "most_urgent": "特急"}
    return replace(
        words(session, row, number),
        number=row.number or "",
        dated_on=row.dated_on,
        issued_on=row.issued_on,
        secrecy=said.get(row.secrecy, ""),
        urgency=said.get(row.urgency, ""),
        note="此件公开发布" if row.disclosure == OPEN else "此件依申请公开" if row.disclosure == ON_REQUEST else "",
    )


def is_draft(row: Record[Any]) -> bool:
    """Whether a print of it bears «未用印»: it has not been sealed."""
    return row.sealed_on is None


_ROWS = select(Document.__table__)
