"""取消命名 (Articles 13, 14, 四(二)): on a ground that a person has confirmed, after a statement, by a signed decision.

Article 13(2) binds («取消命名»), Article 14 leaves it to the Department («可取消命名»). The name ends on the day of the
decision; the supports and the plaque follow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Row as Record, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.register import base, ledgers, standing
from bases.verdicts import rectification, signing
from bases.verdicts.decision import Signature
from bases.verdicts.signing import KEEP, REVOKE, Minutes
from engine import cases
from ground import clock, parameters
from ground.calendar import Calendar
from ground.clock import local_day
from ground.database import Row, Session, reading
from ground.errors import Forbidden, Missing, Refused
from ground.organs import Organ
from ground.people import Actor
from ground.types import Code, Day, Flag, Id, Instant, Text

PROCESS = KIND = "revocation"
ASSESSMENT, RECTIFICATION, DIRECT = ORIGINS = ("assessment", "rectification", "direct")
FOURTEEN = ("14a", "14b", "14c")
GROUNDS: Mapping[str, Sequence[str]] = {
    ASSESSMENT: FOURTEEN,
    RECTIFICATION: rectification.GROUNDS,
    DIRECT: FOURTEEN,
}
BINDING = "binding"
OUTSIDE, STATEMENT, MONTHS = "revoke.outside_assessment", "revoke.statement", "reapply.months"
OFFICER = "prov_officer"
FROM = "14"


class Revocation(Row):
    """One revocation: where it comes from, its ground and who has confirmed it, and what was signed."""

    __tablename__ = "revocation"
    __table_args__ = (
        Index("ix_revocation_base", "base_id", "opened_at"),
        CheckConstraint(
            "force <> 'binding' OR outcome <> 'keep' OR minutes_number IS NOT NULL", name="ck_revocation_minutes_number"
        ),
        CheckConstraint(
            "outcome IS NULL OR (confirmed_by IS NOT NULL AND decided_in IS NOT NULL)", name="ck_revocation_outcome"
        ),
    )

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    origin: Mapped[str] = mapped_column(Code(20))
    origin_case: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    ground: Mapped[str] = mapped_column(Code(20))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    outside: Mapped[bool] = mapped_column(Flag)
    force: Mapped[str | None] = mapped_column(Code(20))
    confirmed_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(Code(20))
    minutes_number: Mapped[str | None] = mapped_column(Text(60))
    minutes_on: Mapped[date | None] = mapped_column(Day)
    minutes_topic: Mapped[str | None] = mapped_column(Text(200))
    decided_in: Mapped[int | None] = mapped_column(Id, ForeignKey("decision.id"))
    revoked_on: Mapped[date | None] = mapped_column(Day)


class NoBasis(Refused):
    """A revocation begins on a signed decision, or by an officer on a ground of Article 14; and on nothing else."""

    code = "revocation.no_basis"


class OutsideAssessment(Refused):
    """Outside an assessment no revocation begins while the parameter says so (文件未规定，系统默认)."""

    code = "revocation.outside_assessment"


class Unconfirmed(Refused):
    """Nobody has confirmed the ground."""

    code = "revocation.unconfirmed"


@dataclass(frozen=True)
class Origin:
    """Where a revocation comes from: kind, its case (0 for none), the ground, and who began it."""

    kind: str
    case_id: int
    ground: str
    by: int | None


def start(base_ref: str, ground: str, *, by: Actor, key: str) -> cases.Started:
    """Begin one from the page of a base, by an officer of the Department, on a ground of Article 14."""
    with reading() as session:
        found = register.by_ref(session, base_ref)
        if not by.has(OFFICER):
            raise Forbidden(base=base_ref)
        check_origin(session, found.id, Origin(DIRECT, 0, ground, by.person), clock.now())
        if found.status not in {base.DESIGNATED, base.RECTIFYING}:
            raise standing.NotNamed(base=found.ref, status=found.status)
    return cases.start(
        PROCESS,
        subject=register.subject(found.id),
        region=found.county or found.city,
        organ=found.organ_id,
        title=found.name,
        data={"origin": DIRECT, "origin_case": 0, "ground": ground},
        alone=True,
        by=by,
        key=key,
    )


def check_origin(session: Session, base_id: int, origin: Origin, now: datetime) -> None:
    """NoBasis unless the ground fits where it comes from and a person has signed or begun it; OutsideAssessment."""
    if origin.ground not in GROUNDS.get(origin.kind, ()):
        raise NoBasis(origin=origin.kind, ground=origin.ground)
    if origin.kind == DIRECT:
        if origin.by is None:
            raise NoBasis(origin=origin.kind, ground=origin.ground)
        if parameters.value(session, OUTSIDE, local_day(now)).value is not True:
            raise OutsideAssessment(parameter=OUTSIDE)
        return
    decided = signing.newest(session, origin.case_id, origin.kind)
    if decided is None or decided.base_id != base_id or decided.outcome != REVOKE:
        raise NoBasis(origin=origin.kind, ground=origin.ground)


def begin(session: Session, base_id: int, case_id: int, origin: Origin, now: datetime) -> bool:
    """Begin it; says whether a statement is heard first (revoke.statement, 文件未规定，系统默认)."""
    check_origin(session, base_id, origin, now)
    session.execute(
        insert(Revocation).values(
            case_id=case_id,
            base_id=base_id,
            origin=origin.kind,
            origin_case=origin.case_id or None,
            ground=origin.ground,
            opened_at=now,
            opened_by=origin.by,
            outside=origin.kind == DIRECT,
        )
    )
    return parameters.value(session, STATEMENT, local_day(now)).value is True


def confirm(session: Session, case_id: int, by: int | None, at: datetime, force: str) -> None:
    """The ground is confirmed by a named person; the table says how it binds."""
    if by is None:
        raise Unconfirmed(case=case_id)
    _change(session, case_id, confirmed_by=by, confirmed_at=at, force=force)


def decide(session: Session, case_id: int, signed: Signature, said: Minutes | None) -> Record[Any]:
    """Enter what was signed: 保留命名 leaves the name; 取消命名 takes effect once the decision has been issued."""
    row = of_case(session, case_id)
    if row.confirmed_by is None:
        raise Unconfirmed(case=case_id)
    signing.check(signed.outcome, signed.reason, said, row.ground, binding=row.force == BINDING)
    number = signing.write(session, row.base_id, case_id, KIND, clause(row.ground), signed)
    _change(session, case_id, outcome=signed.outcome, decided_in=number, **(said.values() if said else {}))
    found = register.by_id(session, row.base_id)
    if signed.outcome == KEEP and found.status == base.RECTIFYING:
        standing.keep(session, row.base_id, signing.basis(case_id, signed))
    return row


def take_effect(session: Session, case_id: int, document: str, now: datetime) -> date:
    """The decision has been issued: the provincial name ends on the day that was signed. Returns that day."""
    decided = signing.newest(session, case_id, KIND)
    if decided is None or decided.outcome != REVOKE:
        raise NoBasis(case=case_id)
    on: date = decided.signed_on
    row = of_case(session, case_id)
    signed = Signature(decided.signed_by, now, decided.signed_on, REVOKE, decided.reason)
    standing.revoke(session, row.base_id, signing.basis(case_id, signed, document))
    _change(session, case_id, revoked_on=on)
    return on


def cooled(session: Session, base_id: int, on: date) -> date | None:
    """Until when a revoked base may not apply again (R-14.5); None where nothing is in its way."""
    wanted = select(Revocation.revoked_on).where(Revocation.base_id == base_id, Revocation.revoked_on.is_not(None))
    last = session.scalar(wanted.order_by(Revocation.revoked_on.desc()).limit(1))
    if last is None:
        return None
    until = Calendar.add_months(last, int(parameters.value(session, MONTHS, on).value))
    return until if on < until else None


def clause(ground: str) -> str:
    """The clause that a ground stands in: `13(2)` or `14`."""
    return rectification.CLAUSE if ground in rectification.GROUNDS else FROM


def of_case(session: Session, case_id: int) -> Record[Any]:
    """The revocation that this case is; Missing if it is none."""
    found = session.execute(select(*_COLUMNS).where(Revocation.case_id == case_id)).one_or_none()
    if found is None:
        raise Missing(revocation=case_id)
    return found


def of_base(session: Session, base_id: int) -> Sequence[Record[Any]]:
    """Every revocation of a base, the newest first."""
    wanted = select(*_COLUMNS).where(Revocation.base_id == base_id)
    return session.execute(wanted.order_by(Revocation.opened_at.desc(), Revocation.case_id.desc())).all()


def supports(session: Session, base_id: int) -> list[dict[str, str]]:
    """The active supports of a base, as their register knows them: the organ in the code of the form, and the name."""
    rows = [row.answers for row in ledgers.rows(session, "support", base_id=base_id)]
    active = [each for each in rows if each["standing"] == "active"]
    givers = select(Organ.ref, Organ.code).where(Organ.ref.in_({each["giver"] for each in active}))
    codes = {row.ref: row.code.replace("-", "_") for row in session.execute(givers)}
    return [{"organ": codes[each["giver"]], "support": each["name"]} for each in active]


def _change(session: Session, case_id: int, **facts: Any) -> None:
    session.execute(update(Revocation).where(Revocation.case_id == case_id).values(**facts))


_COLUMNS = tuple(Revocation.__table__.columns)
