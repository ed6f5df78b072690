"""Entries of registers: a row for each, every change of it kept as a version, and its chosen answers beside it.

Nothing is deleted: what no longer holds is retired (注销), with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from ground import pinyin
from ground.database import Row, Session
from ground.errors import Stale
from ground.ids import ref as new_ref
from ground.types import Amount, Code, Document, Id, Instant, Ref, Text, Whole

LIVE, RETIRED = "live", "retired"
ENTERED, AMENDED, ENDED, PUBLISHED, WITHDRAWN = "entered", "amended", "retired", "published", "withdrawn"
LABEL, REASON, FACET = 200, 500, 120
SORT = 800


class LedgerEntry(Row):
    """One entry as it stands now; `by_role` and `organ_id` say who made it."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_entry_listed", "register", "state", "sort_key", "id"),
        Index("ix_ledger_entry_base", "base_id", "register"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    register: Mapped[str] = mapped_column(Code())
    base_id: Mapped[int | None] = mapped_column(Id, ForeignKey("base.id"))
    city: Mapped[str | None] = mapped_column(Code(6))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"), index=True)
    by_role: Mapped[str] = mapped_column(Code(30))
    label: Mapped[str] = mapped_column(Text(LABEL))
    sort_key: Mapped[str] = mapped_column(Text(SORT))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    first_year: Mapped[int | None] = mapped_column(Whole)
    last_year: Mapped[int | None] = mapped_column(Whole)
    amount: Mapped[int | None] = mapped_column(Amount)
    state: Mapped[str] = mapped_column(Code(20))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Whole)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class LedgerVersion(Row):
    """What was done to an entry: by whom, as whom, when and why, with the answers as they stood from then on."""

    __tablename__ = "ledger_version"
    __table_args__ = (UniqueConstraint("by_person", "key"),)

    entry_id: Mapped[int] = mapped_column(Id, ForeignKey("ledger_entry.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(Code(20))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(Text(REASON))
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    acting: Mapped[str] = mapped_column(Code(120))
    at: Mapped[datetime] = mapped_column(Instant)
    key: Mapped[str | None] = mapped_column(Code(80))


class LedgerFacet(Row):
    """One chosen answer of one entry: what lists are filtered by, and what is counted."""

    __tablename__ = "ledger_facet"
    __table_args__ = (Index("ix_ledger_facet_code", "field", "code", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(Id, ForeignKey("ledger_entry.id"), primary_key=True)
    field: Mapped[str] = mapped_column(Code(), primary_key=True)
    code: Mapped[str] = mapped_column(Text(FACET), primary_key=True)


class Changed(Stale):
    """Somebody has changed this entry since it was opened."""

    code = "ledger.changed"
    status = 412


@dataclass(frozen=True)
class Act:
    """What was done, by whom, as whom, when and why; the same key of the same person is the same act."""

    what: str
    at: datetime
    by_person: int | None
    acting: str
    reason: str = ""
    key: str | None = None


@dataclass(frozen=True)
class Facts:
    """An entry's answers, and what is kept beside them."""

    answers: Mapping[str, Any]
    label: str
    before_pinyin: str
    first_year: int | None
    last_year: int | None
    amount: int | None
    facets: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def columns(self) -> dict[str, Any]:
        """As the row holds them."""
        return {
            "answers": dict(self.answers),
            "label": self.label,
            "sort_key": (self.before_pinyin + pinyin.key(self.label))[:SORT],
            "first_year": self.first_year,
            "last_year": self.last_year,
            "amount": self.amount,
        }


def write(session: Session, place: Mapping[str, Any], facts: Facts, act: Act) -> str:
    """A new entry; its ref."""
    ref = new_ref()
    made = {"ref": ref, "state": LIVE, "version": 1, "created_at": act.at, "changed_at": act.at}
    entry_id = int(
        session.scalar(insert(LedgerEntry).values(**place, **facts.columns(), **made).returning(LedgerEntry.id))
    )
    _keep(session, entry_id, 1, facts.answers, act)
    _facets(session, entry_id, facts.facets)
    return ref


def rewrite(session: Session, entry: Any, facts: Facts, act: Act, **also: Any) -> None:
    """The entry with these answers from now on."""
    _step(session, entry, facts.answers, act, {**facts.columns(), **also})
    session.execute(delete(LedgerFacet).where(LedgerFacet.entry_id == entry.id))
    _facets(session, entry.id, facts.facets)


def mark(session: Session, entry: Any, act: Act, **columns: Any) -> None:
    """The entry retired, published or withdrawn; its answers stay."""
    _step(session, entry, entry.answers, act, columns)


def _step(session: Session, entry: Any, answers: Mapping[str, Any], act: Act, columns: Mapping[str, Any]) -> None:
    changed = session.execute(
        update(LedgerEntry)
        .where(LedgerEntry.id == entry.id, LedgerEntry.version == entry.version)
        .values(**columns, version=entry.version + 1, changed_at=act.at)
    )
    if changed.rowcount == 0:
        raise Changed(entry=entry.ref, version=entry.version)
    _keep(session, entry.id, entry.version + 1, answers, act)


def _keep(session: Session, entry_id: int, version: int, answers: Mapping[str, Any], act: Act) -> None:
    """Two of the same act at once meet at its key, and one of them is refused."""
    row = {"entry_id": entry_id, "version": version, "answers": dict(answers), **vars(act)}
    if not session.put_once(LedgerVersion, row):
        raise Changed(version=version)


def _facets(session: Session, entry_id: int, facets: frozenset[tuple[str, str]]) -> None:
    if facets:
        session.execute(
            insert(LedgerFacet), [{"entry_id": entry_id, "field": name, "code": code} for name, code in sorted(facets)]
        )
