"""A panel: the experts drawn for one case, with the seed, the pool as it stood, who drew and who witnessed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.review import conflict, criteria, draw, experts
from bases.review.draw import Candidate, Lots, Rule, Snapshot
from ground import ids, parameters, regions
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.grants import Grant
from ground.types import Code, Document, Id, Instant, Text, Whole

MEMBER, SUBSTITUTE = "member", "substitute"
INVITED, ACCEPTED, DECLINED, SILENT = "invited", "accepted", "declined", "silent"
# The step of the review at which each set of criteria is scored.
SCORED_AT = {criteria.ARTICLE_10: "score", criteria.ARTICLE_12: "score_assessment"}
CALLED = "expert_review:"
PLACES = tuple(f"{where}{at}" for at in SCORED_AT.values() for where in ("", CALLED))
NUMBERS = (
    "panel.size",
    "panel.substitutes",
    "panel.per_unit_max",
    "panel.same_city_max",
    "panel.industry_min",
    "panel.finance_min",
)


class Panel(Row):
    """One draw; a second draw for a case is another row and takes nothing away from the first.

    It begins with the seed and its hash; the pool, the lots and their hash come with the draw.
    """

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("case_id", "round"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    round: Mapped[int] = mapped_column(Whole)
    seed: Mapped[str] = mapped_column(Text(64))
    seed_hash: Mapped[str | None] = mapped_column(Text(64))
    committed_at: Mapped[datetime | None] = mapped_column(Instant)
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(Document)
    hash: Mapped[str | None] = mapped_column(Text(64))
    drawn_at: Mapped[datetime | None] = mapped_column(Instant)
    drawn_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    witness_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    witnessed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    leader_id: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    reported_at: Mapped[datetime | None] = mapped_column(Instant)
    report: Mapped[dict[str, Any] | None] = mapped_column(Document)
    criteria: Mapped[str | None] = mapped_column(Code())


class Seat(Row):
    """One expert who was drawn, in the order of the lots: as a member or as a substitute, and what they answered."""

    __tablename__ = "panel_seat"
    __table_args__ = (UniqueConstraint("panel_id", "person_id"),)

    panel_id: Mapped[int] = mapped_column(Id, ForeignKey("panel.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    standing: Mapped[str | None] = mapped_column(Code())
    answer: Mapped[str | None] = mapped_column(Code())
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Code())


class TooFewExperts(Refused):
    """After leaving out those who may not judge this base, the pool does not fill the panel that the rule asks for."""

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
    substitutes: int


def begin(session: Session, case_id: int, now: datetime) -> Record[Any]:
    """Choose the seed of the next draw and put its hash on record, before anybody settles the pool."""
    seed = ids.ref() + ids.ref()
    row = {
        "case_id": case_id,
        "round": len(of_case(session, case_id)) + 1,
        "seed": seed,
        "seed_hash": draw.sealed(seed),
        "committed_at": now,
    }
    session.execute(insert(Panel).values(**row))
    return newest(session, case_id)


def draw_for(session: Session, base: Record[Any], case_id: int, by: int | None, now: datetime) -> Drawn:
    """Draw a panel for this base from the pool of today; TooFewExperts says how many there were."""
    on = local_day(now)
    left_out = {row.person_id: row.answer for row in _fallen_out(session, case_id)}
    snapshot = snapshot_for(session, base, on, left_out)
    rows = of_case(session, case_id)
    row = rows[-1] if rows and rows[-1].hash is None else begin(session, case_id, now)
    lots = draw.lots(row.seed, snapshot)
    if len(lots.members) < snapshot.size:
        wanted, eligible = snapshot.size, len(snapshot.eligible())
        raise TooFewExperts(wanted=wanted, eligible=eligible, pool=len(snapshot.pool), base=base.ref)
    return _keep(session, row, snapshot, lots, by, now)


def snapshot_for(session: Session, base: Record[Any], on: date, left_out: dict[int, str] | None = None) -> Snapshot:
    """The pool of this day with the rule D03 of this day; `left_out` are experts of an earlier draw and why."""
    found = parameters.values(session, NUMBERS, on)
    size, substitutes, per_unit, same_city, industry, finance = (found[key].value for key in NUMBERS)
    rule = Rule(substitutes, per_unit, same_city, base.city, industry, finance)
    pool = pool_for(session, base, on, strict=same_city == 0)
    kept = [_without(candidate, (left_out or {}).get(candidate.person)) for candidate in pool]
    return draw.frozen(size, kept, rule)


def pool_for(session: Session, base: Record[Any], on: date, *, strict: bool = True) -> list[Candidate]:
    """Every expert of today, with the reason why some may not judge this base.

    N-1: its own organ, its own city (where the parameter leaves none in), and every tie that was upheld.
    """
    own = _people_of(session, base.organ_id)
    years = parameters.value(session, "panel.past_employer_years", on).value
    ties = conflict.against(session, base, on, years)
    fields = experts.fields(session)
    found: dict[int, Candidate] = {}
    for row in experts.holding(session, on):
        city = regions.city_of(row.region)
        near = draw.SAME_CITY if strict and city == base.city else None
        excluded = draw.SAME_ORGAN if row.id in own or row.organ == base.organ_id else ties.get(row.id) or near
        known = found.get(row.id)
        if known is None or known.excluded is None:
            found[row.id] = Candidate(row.id, row.ref, row.organ, city, excluded, fields.get(row.id, ()))
    return list(found.values())


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """The panels of a case, oldest first."""
    return session.execute(_COLUMNS.where(Panel.case_id == case_id).order_by(Panel.round)).all()


def newest(session: Session, case_id: int) -> Record[Any]:
    """The panel that counts: the last one of the case."""
    rows = of_case(session, case_id)
    if not rows:
        raise Missing(panel=case_id)
    return rows[-1]


def by_id(session: Session, panel_id: int) -> Record[Any]:
    """The panel of this number."""
    return session.execute(_COLUMNS.where(Panel.id == panel_id)).one()


def drawn_seats(session: Session, panel_id: int) -> Sequence[Record[Any]]:
    """Everybody who was drawn, in the order of the lots."""
    columns = (Seat.position, Seat.person_id, Seat.standing, Seat.answer, Seat.answered_at, Seat.reason)
    return session.execute(select(*columns).where(Seat.panel_id == panel_id).order_by(Seat.position)).all()


def seats(session: Session, panel_id: int) -> list[int]:
    """Who sits on a panel, in the order of the lots: who accepted; before there were invitations, who was drawn."""
    rows = drawn_seats(session, panel_id)
    invited = any(row.answer for row in rows)
    return [row.person_id for row in rows if (row.answer == ACCEPTED if invited else row.standing in {None, MEMBER})]


def holds(session: Session, row: Record[Any]) -> bool:
    """Whether the record of a draw still gives the same hashes and the same lots."""
    if row.snapshot is None or row.seed_hash not in {None, draw.sealed(row.seed)}:
        return False
    same = drawn_again(row) == [each.person_id for each in drawn_seats(session, row.id)]
    return same and draw.commitment(row.seed, Snapshot.of_document(row.snapshot)) == row.hash


def drawn_again(row: Record[Any]) -> list[int]:
    """The lots drawn once more from the record alone."""
    return draw.replay(row.seed, Snapshot.of_document(row.snapshot)) if row.snapshot is not None else []


def change(session: Session, panel_id: int, **values: Any) -> None:
    """Note a fact of the panel that came later: its witness, its closing, its leader, its report."""
    session.execute(update(Panel).where(Panel.id == panel_id).values(**values))


def _keep(session: Session, row: Record[Any], snapshot: Snapshot, lots: Lots, by: int | None, now: datetime) -> Drawn:
    hash_ = draw.commitment(row.seed, snapshot)
    change(session, row.id, snapshot=snapshot.as_document(), hash=hash_, drawn_at=now, drawn_by=by)
    drawn = [*((each, MEMBER) for each in lots.members), *((each, SUBSTITUTE) for each in lots.substitutes)]
    places = [
        {"panel_id": row.id, "position": position, "person_id": each.person, "standing": standing}
        for position, (each, standing) in enumerate(drawn, start=1)
    ]
    session.execute(insert(Seat), places)
    pool = len(snapshot.pool)
    members = [each.person for each in lots.members]
    excluded = pool - len(snapshot.eligible())
    return Drawn(row.id, row.round, members, hash_, pool, excluded, len(lots.substitutes))


def _fallen_out(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """Who declined or did not answer in an earlier draw of this case."""
    return session.execute(
        select(Seat.person_id, Seat.answer)
        .join(Panel, Panel.id == Seat.panel_id)
        .where(Panel.case_id == case_id, Seat.answer.in_([DECLINED, SILENT]))
    ).all()


def _without(candidate: Candidate, why: str | None) -> Candidate:
    if why is None or candidate.excluded is not None:
        return candidate
    return Candidate(candidate.person, candidate.ref, candidate.organ, candidate.city, why, candidate.fields)


def _people_of(session: Session, organ_id: int) -> set[int]:
    """Whoever holds any role in the base's own organ, now or earlier."""
    return {row.person_id for row in session.execute(select(Grant.person_id).where(Grant.organ_id == organ_id))}


_COLUMNS = select(*Panel.__table__.c)
