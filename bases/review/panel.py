"""A panel: the experts drawn for one case, with the seed, the pool as it stood, and who drew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, UniqueConstraint, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.review import draw
from bases.review.draw import Candidate, Snapshot
from ground import ids, parameters, regions
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Refused
from ground.organs import Organ
from ground.people import Grant, Person
from ground.types import Document, Id, Instant, Text, Whole

EXPERT = "expert"


class Panel(Row):
    """One draw; a second draw for a case is another row and takes nothing away from the first."""

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("case_id", "round"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    round: Mapped[int] = mapped_column(Whole)
    seed: Mapped[str] = mapped_column(Text(64))
    snapshot: Mapped[dict[str, Any]] = mapped_column(Document)
    hash: Mapped[str] = mapped_column(Text(64))
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    drawn_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class Seat(Row):
    """One expert on a panel, in the order of the lots."""

    __tablename__ = "panel_seat"
    __table_args__ = (UniqueConstraint("panel_id", "person_id"),)

    panel_id: Mapped[int] = mapped_column(Id, ForeignKey("panel.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))


class TooFewExperts(Refused):
    """After leaving out those who may not judge this base, the pool is smaller than the panel."""

    code = "panel.too_few_experts"


@dataclass(frozen=True)
class Drawn:
    """The outcome of a draw."""

    panel: int
    round: int
    experts: list[int]
    hash: str
    pool: int
    excluded: int


def draw_for(session: Session, base: Record[Any], case_id: int, by: int | None, now: datetime) -> Drawn:
    """Draw a panel for this base from the pool of today; TooFewExperts says how many there were."""
    on = local_day(now)
    snapshot = draw.frozen(parameters.value(session, "panel.size", on).value, pool_for(session, base, on))
    if len(snapshot.eligible()) < snapshot.size:
        raise TooFewExperts(
            wanted=snapshot.size, eligible=len(snapshot.eligible()), pool=len(snapshot.pool), base=base.ref
        )
    return _keep(session, snapshot, case_id, by, now)


def pool_for(session: Session, base: Record[Any], on: date) -> list[Candidate]:
    """Every expert of today, with the reason why some may not judge this base: its own city, its own organ."""
    rows = session.execute(
        select(Person.id, Person.ref, Organ.id.label("organ"), Organ.region)
        .join(Grant, Grant.person_id == Person.id)
        .join(Organ, Organ.id == Grant.organ_id)
        .where(
            Person.active,
            Grant.role == EXPERT,
            Grant.valid_from <= on,
            or_(Grant.valid_to.is_(None), Grant.valid_to >= on),
        )
        .order_by(Person.ref, Grant.id)
    ).all()
    own = _people_of(session, base.organ_id)
    found: dict[int, Candidate] = {}
    for row in rows:
        city = regions.city_of(row.region)
        excluded = draw.SAME_ORGAN if row.id in own else draw.SAME_CITY if city == base.city else None
        known = found.get(row.id)
        if known is None or known.excluded is None:
            found[row.id] = Candidate(row.id, row.ref, row.organ, city, excluded)
    return list(found.values())


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The panels drawn for a case, oldest first."""
    columns = (Panel.id, Panel.round, Panel.seed, Panel.snapshot, Panel.hash, Panel.drawn_at, Panel.drawn_by)
    return session.execute(select(*columns).where(Panel.case_id == case_id).order_by(Panel.round)).all()


def seats(session: Session, panel_id: int) -> list[int]:
    """The persons on a panel, in the order of their lots."""
    rows = session.execute(select(Seat.person_id).where(Seat.panel_id == panel_id).order_by(Seat.position))
    return [row.person_id for row in rows]


def holds(session: Session, row: Record[Any]) -> bool:
    """Whether the record of a draw still gives the same hash and the same panel."""
    snapshot = Snapshot.of_document(row.snapshot)
    return draw.commitment(row.seed, snapshot) == row.hash and draw.replay(row.seed, snapshot) == seats(session, row.id)


def _keep(session: Session, snapshot: Snapshot, case_id: int, by: int | None, now: datetime) -> Drawn:
    seed = ids.ref() + ids.ref()
    experts, hash_ = draw.replay(seed, snapshot), draw.commitment(seed, snapshot)
    round_ = len(of_case(session, case_id)) + 1
    row = {"case_id": case_id, "round": round_, "seed": seed, "snapshot": snapshot.as_document(), "hash": hash_}
    panel_id = int(session.scalar(insert(Panel).values(**row, drawn_at=now, drawn_by=by).returning(Panel.id)))
    session.execute(
        insert(Seat),
        [
            {"panel_id": panel_id, "position": position, "person_id": person}
            for position, person in enumerate(experts, start=1)
        ],
    )
    pool = len(snapshot.pool)
    return Drawn(panel_id, round_, experts, hash_, pool, pool - len(snapshot.eligible()))


def _people_of(session: Session, organ_id: int) -> set[int]:
    """Whoever holds any role in the base's own organ, now or earlier."""
    return {row.person_id for row in session.execute(select(Grant.person_id).where(Grant.organ_id == organ_id))}
