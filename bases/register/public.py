"""What anybody may see of the register: only bases that hold or held a name, and only these fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, exists, or_, select

from bases.measures import codes
from bases.register import base, change, title
from bases.register.base import Base
from bases.register.ledgers import code_lists
from ground import regions
from ground.database import Session
from ground.errors import Missing
from ground.regions import Place

VALID = (base.DESIGNATED, base.RECTIFYING)
STANDINGS = {"valid": VALID, "revoked": (base.REVOKED,), "all": (*VALID, base.REVOKED)}
MOST = 500
# The provincial name is withdrawn, the Ministry's stands: on the list, and it says so.
NATIONAL_ONLY = "national_only"
PUBLIC_CHANGES = frozenset({"title", "status"})


@dataclass(frozen=True)
class Shown:
    """Which part of the list: a city, an industry, a kind of name, valid or revoked, a piece of the name, a carrier."""

    city: str = ""
    industry: str = ""
    kind: str = ""
    standing: str = "valid"
    q: str = ""
    carrier: str = ""


@dataclass(frozen=True)
class Entry:
    """One base on the public list."""

    ref: str
    code: str
    name: str
    name_en: str
    city: Place
    county: Place | None
    industry: codes.Entry
    feature: str
    status: str
    titles: tuple[Record[Any], ...]


@dataclass(frozen=True)
class Happened:
    """One public line of a base's history, as codes."""

    on: date
    at: datetime
    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Page:
    """One base's public page."""

    entry: Entry
    extent: str
    carriers: tuple[codes.Entry, ...]
    hs_codes: tuple[str, ...]
    history: tuple[Happened, ...]


def public_list(session: Session, shown: Shown = Shown()) -> list[Entry]:
    """The bases with a name, in Chinese order; one whose last name has ended is on the list only when asked for."""
    standing = STANDINGS.get(shown.standing, VALID)
    named = exists().where(title.Title.base_id == Base.id, title.Title.valid_to.is_(None))
    held = Base.status.in_(standing)
    wanted = select(*_LISTED).where(or_(held, (Base.status == base.REVOKED) & named) if standing == VALID else held)
    if shown.city:
        wanted = wanted.where(Base.city == shown.city)
    if shown.industry:
        wanted = wanted.where(Base.industry == shown.industry)
    if shown.kind:
        holders = select(title.Title.base_id).where(title.Title.kind == shown.kind, title.Title.valid_to.is_(None))
        wanted = wanted.where(Base.id.in_(holders))
    if shown.q:
        wanted = wanted.where(Base.name.contains(shown.q, autoescape=True))
    rows = session.execute(wanted.order_by(Base.sort_key, Base.id).limit(MOST)).all()
    return _entries(session, [row for row in rows if not shown.carrier or shown.carrier in row.carriers])


def public_page(session: Session, ref: str) -> Page:
    """The public page of one base; an applicant has none."""
    row = session.execute(
        select(*_LISTED, Base.extent, Base.hs_codes).where(Base.ref == ref, Base.status.in_(STANDINGS["all"]))
    ).one_or_none()
    if row is None:
        raise Missing(base=ref)
    carriers = code_lists.of(session, "carrier", offered=False)
    return Page(
        entry=_entries(session, [row])[0],
        extent=row.extent,
        carriers=tuple(carriers[code] for code in row.carriers),
        hs_codes=tuple(row.hs_codes),
        history=tuple(
            Happened(line.holds_from, line.recorded_at, line.what, line.before, line.after)
            for line in change.of_base(session, row.id)
            if line.what in PUBLIC_CHANGES
        ),
    )


_LISTED = (
    Base.id,
    Base.ref,
    Base.code,
    Base.name,
    Base.name_en,
    Base.city,
    Base.county,
    Base.industry,
    Base.carriers,
    Base.feature,
    Base.status,
)


def _entries(session: Session, rows: Sequence[Record[Any]]) -> list[Entry]:
    places = regions.named(session, {code for row in rows for code in (row.city, row.county) if code})
    titles = title.titles_of(session, [row.id for row in rows])
    industries = code_lists.of(session, "industry", offered=False)
    return [
        Entry(
            ref=row.ref,
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            city=places[row.city],
            county=places[row.county] if row.county else None,
            industry=industries[row.industry],
            feature=row.feature,
            status=_shown_as(row.status, titles.get(row.id, ())),
            titles=tuple(titles.get(row.id, ())),
        )
        for row in rows
    ]


def _shown_as(status: str, titles: Sequence[Record[Any]]) -> str:
    stands = any(each.valid_to is None for each in titles)
    return NATIONAL_ONLY if status == base.REVOKED and stands else status
