"""督办通报: one a week, drafted from figures that are kept, looked at by the supervisor, and issued in its words.

A week has one circular. Its figures are those of the moment at which it was drafted and do not change afterwards; once
issued it has a number in its year, its words and their digest. Until then only the supervisor knows of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, Select, UniqueConstraint, case, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.cooperation import circular_words
from bases.documents import content
from bases.documents.content import Content
from ground import clock
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused, Stale
from ground.ids import ref as new_ref
from ground.people import Actor, Person
from ground.types import Code, Day, Document, Id, Instant, Ref, Text, Whole, clean

SUPERVISOR = "supervisor"
READERS = frozenset({SUPERVISOR, "prov_leader", "prov_division_head", "auditor"})
HOUR = "circular.hour"
LONGEST = 2_000


class Circular(Row):
    """The circular of one week, which begins on a Monday."""

    __tablename__ = "circular"
    __table_args__ = (UniqueConstraint("year", "issue"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    first_on: Mapped[date] = mapped_column(Day, unique=True)
    figures: Mapped[dict[str, Any]] = mapped_column(Document)
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    paragraph: Mapped[str] = mapped_column(Text(LONGEST))
    rev: Mapped[int] = mapped_column(Whole)
    year: Mapped[int | None] = mapped_column(Whole)
    issue: Mapped[int | None] = mapped_column(Whole)
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    issued_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    content: Mapped[dict[str, Any] | None] = mapped_column(Document, nullable=True)
    digest: Mapped[str | None] = mapped_column(Code(64))


class Issued(Refused):
    """An issued circular stays in the words in which it was issued."""

    code = "circular.issued"


class TooLong(Refused):
    """The paragraph that the supervisor adds is longer than there is room for."""

    code = "circular.too_long"
    status = 422


def draft(session: Session, first_on: date, figures: Mapping[str, Any], now: datetime) -> bool:
    """Keep the figures of a week as a draft, once; whether it is new."""
    values = {"ref": new_ref(), "first_on": first_on, "figures": dict(figures), "drafted_at": now, "paragraph": ""}
    empty = dict.fromkeys(("year", "issue", "issued_at", "issued_by", "content", "digest"))
    return session.put_once(Circular, {**values, "rev": 1, **empty})


def may_draft(by: Actor) -> None:
    """Forbidden for everybody but the supervisor."""
    if not by.has(SUPERVISOR):
        raise Forbidden(needs=SUPERVISOR)


def write(session: Session, ref: str, paragraph: str, *, seen: int, by: Actor) -> None:
    """Put the supervisor's own paragraph into a draft; Stale if somebody was quicker."""
    may_draft(by)
    text = clean(paragraph).strip()
    if len(text) > LONGEST:
        raise TooLong(most=LONGEST)
    _touch(session, one(session, ref, by), seen, paragraph=text)


def issue(session: Session, ref: str, *, seen: int, by: Actor, now: datetime) -> None:
    """Give it the next number of the year, and keep its words with their digest."""
    may_draft(by)
    row = one(session, ref, by)
    year = clock.local_day(now).year
    # The row is taken first, so that of two at once the second is told and no number is lost.
    _touch(session, row, seen, year=year, issued_at=now, issued_by=by.person)
    last = session.scalar(select(func.max(Circular.issue)).where(Circular.year == year)) or 0
    whole = words(session, row, number=(year, last + 1), on=clock.local_day(now))
    kept = {"issue": last + 1, "content": content.kept(whole), "digest": content.digest(whole)}
    session.execute(update(Circular).where(Circular.id == row.id).values(**kept))


def words(
    session: Session, row: Record[Any], *, number: tuple[int, int] | None = None, on: date | None = None
) -> Content:
    """The document: as it was issued, or as it would read."""
    if row.content is not None:
        return content.read(row.content)
    before = week_before(session, row.first_on)
    return circular_words.content(session, row, before.figures if before else None, number, on)


def one(session: Session, ref: str, by: Actor) -> Record[Any]:
    """A circular that this person may read; else Missing, as if it were not there."""
    row = session.execute(_readable(by).where(Circular.ref == ref)).one_or_none()
    if row is None:
        raise Missing(circular=ref)
    return row


def listed(session: Session, by: Actor, limit: int = 60) -> Sequence[Record[Any]]:
    """The circulars that this person may read, the latest week first."""
    return session.execute(_readable(by).order_by(Circular.first_on.desc()).limit(limit)).all()


def week_before(session: Session, first_on: date) -> Record[Any] | None:
    """The circular of the week before this one, drafted or issued; None if none was kept."""
    before = first_on.fromordinal(first_on.toordinal() - 7)
    return session.execute(select(Circular.figures).where(Circular.first_on == before)).one_or_none()


def exists(session: Session, first_on: date) -> bool:
    """Whether the week that begins on this Monday has one."""
    return session.scalar(select(Circular.id).where(Circular.first_on == first_on)) is not None


def counts(session: Session) -> Mapping[str, int]:
    """How many are drafted and how many issued, in one statement."""
    issued = func.sum(case((Circular.issue.is_not(None), 1), else_=0))
    row = session.execute(select(func.count().label("every"), func.coalesce(issued, 0).label("issued"))).one()
    return {"drafts": int(row.every) - int(row.issued), "issued": int(row.issued)}


def _touch(session: Session, row: Record[Any], seen: int, **values: Any) -> None:
    if row.issued_at is not None:
        raise Issued(circular=row.ref)
    mine = update(Circular).where(Circular.id == row.id, Circular.rev == seen, Circular.issued_at.is_(None))
    if session.execute(mine.values(**values, rev=seen + 1)).rowcount != 1:
        raise Stale(circular=row.ref)


def _readable(by: Actor) -> Select[Any]:
    rows = select(*Circular.__table__.columns).add_columns(
        Person.name.label("issuer_name"), Person.name_en.label("issuer_name_en")
    )
    rows = rows.outerjoin(Person, Person.id == Circular.issued_by)
    if by.has(SUPERVISOR):
        return rows
    if not any(held.role in READERS and held.organ_kind == "province" for held in by.held):
        raise Forbidden(needs=SUPERVISOR)
    return rows.where(Circular.issue.is_not(None))
