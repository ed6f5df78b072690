"""Reading a register: lists, single entries with their history, sums; each from what the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from bases.register.ledgers import definition, rights
from bases.register.ledgers.definition import Register, Total
from bases.register.ledgers.entry import LIVE, LedgerEntry, LedgerFacet, LedgerVersion
from ground.database import Session
from ground.errors import Missing
from ground.people import Actor

MOST = 20_000
PAGE = 50
YEAR = "year"


@dataclass(frozen=True)
class Shown:
    """Which part of a register: of a base, a city, a year, with these chosen answers, a piece of the name."""

    base_id: int | None = None
    city: str = ""
    year: int | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    q: str = ""
    state: str = LIVE


@dataclass(frozen=True)
class Sum:
    """One line of a table of sums: a code, how many entries, and how much, by what stands across; under "" all."""

    code: str
    counts: Mapping[str, int]
    amounts: Mapping[str, int]


def find(session: Session, ref: str, by: Actor) -> Record[Any]:
    """The entry of this ref; Missing for whoever may not see it."""
    entry = by_ref(session, ref)
    seen = rights.sight(definition.of(entry.register), by)
    if not session.scalar(select(LedgerEntry.id).where(LedgerEntry.id == entry.id, seen)):
        raise Missing(entry=ref)
    return entry


def by_ref(session: Session, ref: str) -> Record[Any]:
    """The entry of this ref, whoever asks."""
    entry = session.execute(_COLUMNS.where(LedgerEntry.ref == ref)).one_or_none()
    if entry is None:
        raise Missing(entry=ref)
    return entry


def rows(session: Session, code: str, *, base_id: int | None = None, year: int | None = None) -> Sequence[Record[Any]]:
    """The standing entries of a register, of one base or all, that count for a year; for the house itself."""
    wanted = and_(LedgerEntry.register == code, _narrowed(Shown(base_id=base_id, year=year)))
    return session.execute(_ordered(_COLUMNS.where(wanted))).all()


def page(
    session: Session, register: Register, by: Actor, shown: Shown, *, after: str = "", limit: int = PAGE
) -> Sequence[Record[Any]]:
    """The entries that this person may see, so many after the one of this ref; one more, where there are more."""
    wanted = _COLUMNS.where(rights.sight(register, by), _narrowed(shown))
    last = session.execute(select(LedgerEntry.sort_key, LedgerEntry.id).where(LedgerEntry.ref == after)).one_or_none()
    if last:
        same = and_(LedgerEntry.sort_key == last.sort_key, LedgerEntry.id > last.id)
        wanted = wanted.where(or_(LedgerEntry.sort_key > last.sort_key, same))
    return session.execute(_ordered(wanted).limit(limit + 1)).all()


def whole(session: Session, register: Register, by: Actor, shown: Shown) -> Sequence[Record[Any]]:
    """All of them, for a file; no more than twenty thousand."""
    wanted = _COLUMNS.where(rights.sight(register, by), _narrowed(shown))
    return session.execute(_ordered(wanted).limit(MOST)).all()


def count(session: Session, register: Register, by: Actor, shown: Shown) -> tuple[int, int]:
    """How many entries, and how much together, in hundredths of the unit."""
    wanted = select(func.count().label("n"), func.coalesce(func.sum(LedgerEntry.amount), 0).label("sum"))
    row = session.execute(wanted.where(rights.sight(register, by), _narrowed(shown))).one()
    return int(row.n), int(row.sum)


def counts(session: Session, by: Actor) -> dict[str, int]:
    """How many standing entries of each register this person may see, in one statement."""
    seen = or_(*(rights.sight(each, by) for each in definition.every().values()))
    wanted = select(LedgerEntry.register, func.count().label("n")).where(seen, LedgerEntry.state == LIVE)
    return {row.register: int(row.n) for row in session.execute(wanted.group_by(LedgerEntry.register))}


def unfinished(session: Session, code: str, by: Actor) -> int:
    """How many standing entries of one's own organ are not done: the measures that a department has to go on with."""
    organs = {held.organ_id for held in by.held}
    done = select(LedgerFacet.entry_id).where(LedgerFacet.field == "progress", LedgerFacet.code == "done")
    wanted = select(func.count()).where(
        LedgerEntry.register == code,
        LedgerEntry.state == LIVE,
        LedgerEntry.organ_id.in_(organs),
        LedgerEntry.id.not_in(done),
    )
    return int(session.scalar(wanted) or 0)


def of_bases(session: Session, by: Actor, base_id: int | None = None) -> dict[Any, int]:
    """How many standing entries that this person may see: by base, or, of one base, by register."""
    seen = or_(*(rights.sight(each, by) for each in definition.every().values()))
    key = LedgerEntry.base_id if base_id is None else LedgerEntry.register
    wanted = select(key.label("key"), func.count().label("n")).where(seen, LedgerEntry.state == LIVE)
    if base_id is not None:
        wanted = wanted.where(LedgerEntry.base_id == base_id)
    return {row.key: int(row.n) for row in session.execute(wanted.group_by(key))}


def sums(session: Session, register: Register, by: Actor, shown: Shown, total: Total) -> list[Sum]:
    """How many and how much for each code of a field; an entry with two codes counts once under each of them."""
    return _sums(session, and_(rights.sight(register, by), _narrowed(shown)), total)


def sums_of(session: Session, code: str, total: Total, shown: Shown = Shown()) -> list[Sum]:
    """The same over everything that stands, for the house itself."""
    return _sums(session, and_(LedgerEntry.register == code, _narrowed(shown)), total)


def history(session: Session, entry: Record[Any]) -> Sequence[Record[Any]]:
    """Every version of an entry, oldest first."""
    return session.execute(
        select(*LedgerVersion.__table__.columns)
        .where(LedgerVersion.entry_id == entry.id)
        .order_by(LedgerVersion.version)
    ).all()


def published(session: Session, code: str) -> Sequence[Record[Any]]:
    """What everybody may read of a public register, e.g. the answers to questions about a clause."""
    return session.execute(_ordered(_COLUMNS.where(rights.public(definition.of(code))))).all()


def _sums(session: Session, where: ColumnElement[bool], total: Total) -> list[Sum]:
    one, other = aliased(LedgerFacet), aliased(LedgerFacet)
    by: Any = LedgerEntry.first_year if total.by == YEAR else one.code
    across = LedgerEntry.first_year if total.across == YEAR else other.code if total.across else None
    columns = [by.label("code"), func.count().label("n"), func.coalesce(func.sum(LedgerEntry.amount), 0).label("sum")]
    wanted: Select[Any] = select(*columns).where(where).group_by(by).order_by(by)
    if total.by != YEAR:
        wanted = wanted.join(one, and_(one.entry_id == LedgerEntry.id, one.field == total.by))
    if across is not None:
        wanted = wanted.add_columns(across.label("across")).group_by(across)
        if total.across != YEAR:
            wanted = wanted.outerjoin(other, and_(other.entry_id == LedgerEntry.id, other.field == total.across))
    found: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
    for row in session.execute(wanted):
        counted, summed = found.setdefault(str(row.code), ({"": 0}, {"": 0}))
        for key in {"", str(row.across or "") if across is not None else ""}:
            counted[key] = counted.get(key, 0) + row.n
            summed[key] = summed.get(key, 0) + row.sum
    return [Sum(code, counted, summed) for code, (counted, summed) in found.items()]


def _narrowed(shown: Shown) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [LedgerEntry.state == shown.state]
    if shown.base_id is not None:
        wanted.append(LedgerEntry.base_id == shown.base_id)
    if shown.city:
        wanted.append(LedgerEntry.city == shown.city)
    if shown.year is not None:
        wanted.append(counts_for(shown.year))
    if shown.q:
        wanted.append(LedgerEntry.label.contains(shown.q, autoescape=True))
    for name, code in shown.facets.items():
        held = select(LedgerFacet.entry_id).where(LedgerFacet.field == name, LedgerFacet.code == code)
        wanted.append(LedgerEntry.id.in_(held))
    return and_(*wanted)


def counts_for(year: int) -> ColumnElement[bool]:
    """Whether an entry counts for this year: it began by then and has not ended before; without a year, for all."""
    begun = or_(LedgerEntry.first_year.is_(None), LedgerEntry.first_year <= year)
    return and_(begun, or_(LedgerEntry.last_year.is_(None), LedgerEntry.last_year >= year))


def _ordered(wanted: Select[Any]) -> Select[Any]:
    return wanted.order_by(LedgerEntry.sort_key, LedgerEntry.id)


_COLUMNS = select(*LedgerEntry.__table__.columns)
