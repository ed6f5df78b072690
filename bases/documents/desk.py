"""Who may see a document, and what the office's desk shows: what waits, is not signed for, is to be disclosed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, Select, func, or_, select

from bases.documents import disclosure, document, receipts, signature
from bases.documents.document import ISSUED, NUMBERED, REVIEWING, SEALED, SIGNED, Document
from bases.documents.receipts import DocumentReceipt
from bases.documents.templates import PROCESS
from engine.cases import Case
from engine.spiff.diagrams import AT
from engine.waits import Wait
from ground.database import Session
from ground.errors import Forbidden, Missing
from ground.people import Actor
from ground.types import clean

INSIDE = frozenset(
    {"prov_officer", "prov_division_head", "prov_office", "prov_leader", "legal", "supervisor", "auditor"}
)
LIAISON = "dept_liaison"
# What the office does with a document, in its order: the elements that wait for it, and where the document stands then.
BOXES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("check", ("office_check",), REVIEWING),
    ("proofread", ("proofread",), SIGNED),
    ("number", ("number_oa", "number_system"), SIGNED),
    ("seal", ("seal",), NUMBERED),
    ("issue", ("issue",), SEALED),
)
MOST = 100


@dataclass(frozen=True)
class Box:
    """One box of the desk: its name, and its rows, each a document with what waits for it."""

    name: str
    rows: Sequence[Record[Any]]


def is_inside(by: Actor) -> bool:
    """Whether this person works on documents at the department."""
    return any(held.role in INSIDE and held.organ_kind == "province" for held in by.held)


def may_see(session: Session, row: Record[Any], by: Actor) -> bool:
    """The department sees all; an organ that countersigns sees it from then on, an addressee once it is issued."""
    if is_inside(by):
        return True
    if any(held.role == LIAISON and held.organ_code in row.cosigners for held in by.held):
        return bool(row.state != document.DRAFTING)
    return bool(row.state == ISSUED) and receipts.went_to(session, row.id, by)


def look(session: Session, ref: str, by: Actor) -> Record[Any]:
    """The document of this ref if this person may see it; else it is not there."""
    row = document.by_ref(session, ref)
    if not may_see(session, row, by):
        raise Missing(document=ref)
    return row


def of_case(session: Session, case_id: int, by: Actor) -> list[Record[Any]]:
    """The documents of a case that this person may see, the newest first."""
    return [row for row in reversed(document.of_case(session, case_id)) if may_see(session, row, by)]


def case_of(session: Session, row: Record[Any]) -> Record[Any]:
    """The case that a document belongs to: ref, number, title."""
    return session.execute(select(Case.ref, Case.number, Case.title).where(Case.id == row.case_id)).one()


def boxes(session: Session) -> list[Box]:
    """What waits for the office, each box with what is due first on top."""
    return [Box(name, _waiting(session, elements, state)) for name, elements, state in BOXES]


def counts(session: Session) -> dict[str, int]:
    """How much each box holds, what nobody has signed for, and what is under way: in one statement."""
    boxes_ = [_waits(elements, state).with_only_columns(func.count()) for _name, elements, state in BOXES]
    out = select(func.count(func.distinct(Document.id))).join(
        DocumentReceipt, DocumentReceipt.document_id == Document.id
    )
    more = [
        out.where(Document.state == ISSUED, DocumentReceipt.received_at.is_(None)),
        select(func.count()).select_from(Document).where(Document.state.in_(document.UNDER_WAY)),
    ]
    names = (*(name for name, _elements, _state in BOXES), "unread", "under_way")
    columns = [each.scalar_subquery() for each in (*boxes_, *more)]
    row = session.execute(select(*columns)).one()
    return dict(zip(names, map(int, row), strict=True))


def undisclosed(session: Session) -> Sequence[Record[Any]]:
    """What is issued and still to be published, the first due on top."""
    return disclosure.waiting(session)


def unread(session: Session) -> Sequence[Record[Any]]:
    """Issued documents with receipts that are out: how many of how many nobody has signed for."""
    out = func.count().filter(DocumentReceipt.received_at.is_(None))
    counted = (
        select(
            Document.ref,
            Document.title,
            Document.number,
            Document.issued_on,
            func.count().label("sent"),
            out.label("unread"),
        )
        .join(DocumentReceipt, DocumentReceipt.document_id == Document.id)
        .where(Document.state == ISSUED)
        .group_by(Document.id, Document.ref, Document.title, Document.number, Document.issued_on)
        .having(out > 0)
    )
    return session.execute(counted.order_by(Document.issued_on, Document.id).limit(MOST)).all()


def listed(session: Session, q: str = "", limit: int = MOST, *, under_way: bool = False) -> Sequence[Record[Any]]:
    """The newest documents, or those that are under way; `q` is looked for in title and number."""
    wanted = select(Document.__table__)
    if under_way:
        wanted = wanted.where(Document.state.in_(document.UNDER_WAY))
    if text := clean(q).strip():
        wanted = wanted.where(_holds(text))
    return session.execute(wanted.order_by(Document.id.desc()).limit(limit)).all()


def signed_on_paper(
    session: Session, by: Actor, year: int | None = None, before: str | None = None
) -> Sequence[Record[Any]]:
    """N-8: what was signed on paper and confirmed, with the page of each scan, for whoever works at the department."""
    if not is_inside(by):
        raise Forbidden(signatures=year)
    return signature.listed(session, year, before)


def _holds(text: str) -> ColumnElement[bool]:
    return or_(Document.title.contains(text, autoescape=True), Document.number.contains(text, autoescape=True))


def _waiting(session: Session, elements: Sequence[str], state: str) -> Sequence[Record[Any]]:
    return session.execute(_waits(elements, state).order_by(Wait.due_at, Document.id).limit(MOST)).all()


def _waits(elements: Sequence[str], state: str) -> Select[Any]:
    places = [place for each in elements for place in (each, f"{PROCESS}{AT}{each}")]
    return (
        select(*Document.__table__.columns, Wait.ref.label("wait_ref"), Wait.due_on, Wait.due_kind, Wait.held_by)
        .join(Wait, Wait.case_id == Document.case_id)
        .where(Document.state == state, Wait.element.in_(places))
    )
