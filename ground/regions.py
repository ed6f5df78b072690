"""The regions of the province: one province, its cities and prefectures, their counties and districts."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ForeignKey, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.types import Code, Text

LEVELS = ("province", "city", "county")
PROVINCE = "510000"  # Sichuan, GB/T 2260; an installation is one province


class Region(Row):
    """One line of GB/T 2260; functional zones (高新区 …) are carriers of bases, not regions."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(Text(6), primary_key=True)
    name: Mapped[str] = mapped_column(Text(60))
    name_en: Mapped[str] = mapped_column(Text(120))
    level: Mapped[str] = mapped_column(Code(10))
    parent: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    zone: Mapped[str | None] = mapped_column(Text(30))
    sort_key: Mapped[str] = mapped_column(Text(200))


@dataclass(frozen=True, slots=True)
class Place:
    """A region as pages and checks read it."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None
    zone: str | None


_PLACES = select(Region.code, Region.name, Region.name_en, Region.level, Region.parent, Region.zone)


def city_of(code: str) -> str:
    """The city or prefecture that a county's code lies in: `511527` → `511500`."""
    return code[:4] + "00"


def stem(code: str) -> str:
    """What the codes of every region within this one begin with: `511500` → `5115`; of none, nothing."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def find(session: Session, code: str) -> Place | None:
    """The region with this code, if there is one."""
    row = session.execute(_PLACES.where(Region.code == code)).first()
    return Place(*tuple(row)) if row else None


def listed(session: Session, level: str, parent: str | None = None) -> list[Place]:
    """All regions of a level, within `parent` if given, in Chinese order."""
    wanted = _PLACES.where(Region.level == level)
    if parent is not None:
        wanted = wanted.where(Region.parent == parent)
    return [Place(*tuple(row)) for row in session.execute(wanted.order_by(Region.sort_key, Region.code))]


def named(session: Session, codes: Iterable[str]) -> dict[str, Place]:
    """The regions with these codes."""
    rows = session.execute(_PLACES.where(Region.code.in_(set(codes))))
    return {row.code: Place(*tuple(row)) for row in rows}


def called(session: Session, name: str, most: int) -> list[str]:
    """The codes of the regions whose name has this in it, at most so many."""
    found = select(Region.code).where(or_(Region.name.contains(name, autoescape=True), Region.name_en == name))
    return list(session.execute(found.order_by(Region.code).limit(most)).scalars()) if name else []
