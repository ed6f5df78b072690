"""流程处置: proposed by the process owner or the supervisor, approved by the unit's head, foreseen before it is done.

督办不代办: who proposes does not decide. The act runs in the head's name in the transaction that approves it, so that
before, after, reason, proposer and approver stand in the same chain. What was foreseen holds for one `rev` of the case:
where the case has moved on, approving is refused, what would happen is worked out anew, and the head looks again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, false, func, select, true, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from engine import history
from engine.cases import hand, sight, wishes
from engine.cases.case import Case, note
from engine.cases.foreseeing import foreseen
from engine.cases.moving import Moved
from engine.cases.repeating import key_of, once
from engine.cases.under_way import Moving
from engine.cases.wishes import Wish
from ground import clock
from ground.database import Row, Session, reading, transaction
from ground.errors import Forbidden, Missing, Refused, Stale
from ground.ids import ref as new_ref
from ground.people import Actor, Person
from ground.types import Code, Document, Id, Instant, Ref, Text, Whole

PROPOSED, DECLINED, STALE, DONE = "proposed", "declined", "stale", "done"
PROPOSERS = frozenset({"supervisor", "process_owner"})
# Who may read proposals, of cases that they see.
READERS = PROPOSERS | hand.HEADS | {"auditor", "prov_leader"}
LONGEST_BASIS, MOST = 200, 200


class Intervention(Row):
    """One proposal: which act on which case, why and on what ground, what was foreseen, what became of it.

    `alone` holds the case's number while it is open: of a case only one is under way.
    """

    __tablename__ = "intervention"
    __table_args__ = (Index("ix_intervention_state", "state", "id"), Index("ix_intervention_case", "case_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    alone: Mapped[int | None] = mapped_column(Id, unique=True)
    key: Mapped[str] = mapped_column(Code(240), unique=True)
    act: Mapped[str] = mapped_column(Code(10))
    terms: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(Text(500))
    basis: Mapped[str] = mapped_column(Text(200))
    state: Mapped[str] = mapped_column(Code(10))
    seen_rev: Mapped[int] = mapped_column(Whole)
    seen_seq: Mapped[int] = mapped_column(Whole)
    foreseen: Mapped[dict[str, Any]] = mapped_column(Document)
    proposed_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(Text(500))


class NoBasis(Refused):
    """A proposal names what it rests on, in at most 200 characters."""

    code = "intervention.no_basis"
    status = 422


class UnderWay(Refused):
    """Another proposal about this case waits for the head; `intervention` is its ref."""

    code = "intervention.under_way"


class Own(Refused):
    """Who has proposed it does not approve it."""

    code = "intervention.own"
    status = 403


class Settled(Refused):
    """It was approved, declined or found impossible already; `state` says which."""

    code = "intervention.settled"


class Changed(Stale):
    """The case has moved since this was foreseen; what would happen was worked out anew."""

    code = "intervention.changed"


class Unfit(Stale):
    """The case has moved, and the act does not fit it any more; `why` is the code of what refuses it."""

    code = "intervention.unfit"


def preview(case_ref: str, wish: Wish, *, by: Actor) -> dict[str, Any]:
    """What the act would change now; refused is whatever the engine would refuse, Signed among it."""
    _may_propose(by)
    return foreseen(case_ref, wishes.deed(wishes.checked(wish)), by, asleep=wish.asleep)


def propose(case_ref: str, wish: Wish, *, by: Actor, reason: str, basis: str, rev: int, key: str, now: datetime) -> str:
    """Lay it before the unit's head; its ref. Changed if the case has moved since `rev`, UnderWay if one waits."""
    _may_propose(by)
    hand.check_reason(wish.act, reason)
    if not 0 < len(basis.strip()) <= LONGEST_BASIS:
        raise NoBasis(most=LONGEST_BASIS)
    name = key_of(by, f"intervene:{wish.act}", case_ref, key)
    with reading() as session:
        if (again := session.scalar(select(Intervention.ref).where(Intervention.key == name))) is not None:
            return str(again)
    seen = preview(case_ref, wish, by=by)
    if seen["rev"] != rev:
        raise Changed(case=case_ref, rev=seen["rev"])
    with transaction() as session:
        case = _case(session, case_ref, by)
        values = {
            "ref": new_ref(),
            "case_id": case.id,
            "alone": case.id,
            "key": name,
            "act": wish.act,
            "terms": dict(wish.terms),
            "reason": reason.strip(),
            "basis": basis.strip(),
            "state": PROPOSED,
            "seen_rev": seen["rev"],
            "seen_seq": seen["seq"],
            "foreseen": seen,
            "proposed_by": by.person,
            "proposed_at": now,
        }
        if not session.put_once(Intervention, values):
            return _instead(session, case, name)
        told = {"intervention": values["ref"], "act": wish.act, **wishes.told(wish), "reason": reason.strip()}
        note(
            session,
            case.id,
            history.Fact("intervention.proposed", now, by.person, None, told | {"basis": basis.strip()}),
        )
    return str(values["ref"])


def approve(ref: str, *, rev: int, by: Actor, key: str, received_at: datetime | None = None) -> Moved:
    """Do it, in the head's name, as it was foreseen for `rev`; Own for whoever proposed it, Settled, Changed, Unfit."""
    with reading() as session:
        row = find(session, ref, by)
    if not may_decide(by):
        raise Forbidden(intervention=ref, rights=True)
    if row.proposed_by == by.person:
        raise Own(intervention=ref)
    name, wish = key_of(by, "approve", ref, key), Wish(row.act, row.terms)

    def act() -> dict[str, Any]:
        with hand.within(row.case_ref, by, name, received_at, asleep=wish.asleep) as move:
            _still(move, ref, rev)
            told = {"reason": row.reason, "basis": row.basis, "intervention": ref, "proposed_by": row.proposed_by}
            wishes.deed(wish)(move, **told)
            _settle(move.session, ref, DONE, by, move.now)
        return move.result

    try:
        return Moved(**once(name, act))
    except Changed:
        refresh(ref, by=by)
        raise


def refresh(ref: str, *, by: Actor) -> None:
    """Work out anew what it would change, for the case as it stands; Unfit, and over, if it does not fit any more."""
    with reading() as session:
        row = find(session, ref, by)
    if row.state != PROPOSED:
        raise Settled(intervention=ref, state=row.state)
    wish = Wish(row.act, row.terms)
    try:
        seen = foreseen(row.case_ref, wishes.deed(wish), by, asleep=wish.asleep)
    except Refused as no:
        if no.status >= 500:  # noqa: PLR2004  the store is busy or full, which says nothing of the act
            raise
        with transaction() as session:
            _over(session, row, STALE, by, clock.now(), no.code)
        raise Unfit(intervention=ref, why=no.code) from no
    with transaction() as session:
        session.execute(
            update(Intervention)
            .where(Intervention.ref == ref, Intervention.state == PROPOSED)
            .values(foreseen=seen, seen_rev=seen["rev"], seen_seq=seen["seq"])
        )


def decline(ref: str, *, by: Actor, reason: str, now: datetime) -> None:
    """The head does not agree, or the proposer takes it back; with a reason."""
    hand.check_reason("decline", reason)
    with transaction() as session:
        row = find(session, ref, by)
        if not may_decide(by) and row.proposed_by != by.person:
            raise Forbidden(intervention=ref, rights=True)
        _over(session, row, DECLINED, by, now, reason.strip())


def may_decide(by: Actor) -> bool:
    """Whether this person is head of the division that answers for the process."""
    return any(held.role in hand.HEADS and held.organ_kind == "province" for held in by.held)


def may_propose(by: Actor) -> bool:
    """Whether this person may ask for such an act; on which cases, their sight says."""
    return any(by.has(role) for role in PROPOSERS)


def find(session: Session, ref: str, by: Actor) -> Record[Any]:
    """One proposal, for its readers who see its case; Missing for all others."""
    row = session.execute(_listed(by).where(Intervention.ref == ref)).one_or_none()
    if row is None:
        raise Missing(intervention=ref)
    return row


def listed(session: Session, by: Actor, *, case_ref: str = "", state: str = "") -> Sequence[Record[Any]]:
    """The proposals in this person's sight: of one case, in one state, or all; the newest first."""
    wanted = _listed(by)
    if case_ref:
        wanted = wanted.where(Case.ref == case_ref)
    if state:
        wanted = wanted.where(Intervention.state == state)
    return session.execute(wanted.order_by(Intervention.id.desc()).limit(MOST)).all()


def to_decide(session: Session, by: Actor) -> int:
    """How many wait for this person's decision."""
    waiting = select(func.count(Intervention.id)).join(Case, Case.id == Intervention.case_id)
    mine = (
        Intervention.state == PROPOSED,
        Intervention.proposed_by != by.person,
        sight.visible(by),
        true() if may_decide(by) else false(),
    )
    return int(session.scalar(waiting.where(*mine)))


def revision(session: Session, case_ref: str, by: Actor) -> int:
    """How often the case has moved, for a page that is to say later what it had seen."""
    return int(_case(session, case_ref, by).rev)


def _may_propose(by: Actor) -> None:
    if not may_propose(by):
        raise Forbidden(roles=sorted(PROPOSERS), rights=True)


def _case(session: Session, case_ref: str, by: Actor) -> Record[Any]:
    row = session.execute(
        select(Case.id, Case.number, Case.rev).where(Case.ref == case_ref, sight.visible(by))
    ).one_or_none()
    if row is None:
        raise Missing(case=case_ref)
    return row


def _instead(session: Session, case: Record[Any], name: str) -> str:
    """The same wish, sent twice at once, is the one that stands; another one has to wait for that."""
    row = session.execute(
        select(Intervention.ref, Intervention.key).where((Intervention.alone == case.id) | (Intervention.key == name))
    ).first()
    if row is None or row.key != name:
        raise UnderWay(case=case.number, intervention=row.ref if row else "")
    return str(row.ref)


def _still(move: Moving, ref: str, rev: int) -> None:
    """Under the case's lock: it waits for its decision, and the case stands where it was foreseen for."""
    row = move.session.execute(select(Intervention.state, Intervention.seen_rev).where(Intervention.ref == ref)).one()
    if row.state != PROPOSED:
        raise Settled(intervention=ref, state=row.state)
    if not move.rev == row.seen_rev == rev:
        raise Changed(case=move.case.number, rev=move.rev)


def _over(session: Session, row: Record[Any], state: str, by: Actor, now: datetime, answer: str) -> None:
    note(
        session,
        row.case_id,
        history.Fact(f"intervention.{state}", now, by.person, None, {"intervention": row.ref, "reason": answer}),
    )
    _settle(session, row.ref, state, by, now, answer)


def _settle(session: Session, ref: str, state: str, by: Actor, now: datetime, answer: str | None = None) -> None:
    """Of two who settle it at once the second is told so."""
    settled = {"state": state, "alone": None, "decided_by": by.person, "decided_at": now, "answer": answer}
    still = (Intervention.ref == ref, Intervention.state == PROPOSED)
    if session.execute(update(Intervention).where(*still).values(**settled)).rowcount == 0:
        raise Settled(intervention=ref, state="")


_proposer, _decider = aliased(Person), aliased(Person)


def _listed(by: Actor) -> Any:
    """All that is known of proposals, of the cases that this person sees; nothing for whoever is no reader."""
    wanted = (
        select(
            Intervention,
            Case.ref.label("case_ref"),
            Case.number,
            Case.title,
            Case.release_id,
            Case.region,
            Case.rev,
            Case.status,
            _proposer.name.label("proposer"),
            _proposer.name_en.label("proposer_en"),
            _decider.name.label("decider"),
            _decider.name_en.label("decider_en"),
        )
        .join(Case, Case.id == Intervention.case_id)
        .join(_proposer, _proposer.id == Intervention.proposed_by)
        .outerjoin(_decider, _decider.id == Intervention.decided_by)
        .where(sight.visible(by))
    )
    return wanted if any(by.has(role) for role in READERS) else wanted.where(Intervention.id < 0)
