"""From a draft to what new cases begin on: proposed by one owner, approved by another, in force now or from a date.

What is proposed is an immutable version already, so that what was approved is, byte for byte, what comes into force.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import trial
from engine.definitions import NotRunnable, assembled, check, drafts
from engine.definitions.publishing import put_in_force, store
from engine.definitions.releases import Part, Process, Release, Version
from engine.folders import FACTS, Folder
from ground import almanac, clock, parameters
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.people import Actor, Person
from ground.types import Day, Id, Instant, Text

FOUR_EYES = "publish.second_person"
NAMED = 3  # tests that a refusal names; the others are counted


class Proposal(Row):
    """Why a version is to come into force, from when, and what became of it; its state stands at the version."""

    __tablename__ = "proposal"

    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"), primary_key=True, autoincrement=False)
    basis: Mapped[str] = mapped_column(Text(120))
    note: Mapped[str] = mapped_column(Text(2000))
    in_force_on: Mapped[date | None] = mapped_column(Day)
    proposed_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text(500))


class NeedsApproval(Refused):
    """Another owner approves what one has proposed; who proposed it cannot."""

    code = "needs_approval"
    status = 403


class Settled(Refused):
    """It has been approved, declined or put in force already."""

    code = "proposal.settled"


class NoGrounds(Refused):
    """A proposal names the document that it rests on and says what changes; `field` is the one that is empty."""

    code = "proposal.no_grounds"
    status = 422


class PastDay(Refused):
    """A version comes into force today or on a day to come."""

    code = "proposal.past_day"
    status = 422


class TestsFail(Refused):
    """The draft does not do what its own tests say: `number` do not hold, and `tests` names the first of them."""

    code = "proposal.tests_fail"
    status = 422


class Unchanged(Refused):
    """The draft is, byte for byte, what new cases begin on now."""

    code = "proposal.unchanged"


def propose(
    session: Session,
    key: str,
    *,
    seen: int,
    basis: str,
    note: str,
    on: date | None,
    by: Actor,
    now: datetime,
    acknowledged: Collection[str] = (),
) -> Record[Any]:
    """Make a version of the draft as it was last seen, and lay it before another owner; the draft is done with.

    Where the rule of the second person is off, it comes into force at once, or on its day.
    """
    drafts.may(by)
    _grounds(basis, note, on, clock.local_day(now))
    working = drafts.look(session, key, by)
    made = check(session, working.parts, now, acknowledged)
    _prove(session, made)
    if made.facts["key"] != key:
        raise drafts.WrongPath(path=FACTS, key=made.facts["key"])
    if _in_force(session, key) == made.digest:
        raise Unchanged(process=key)
    drafts.drop(session, key, seen=seen, by=by, now=now)
    version_id = store(session, made, origin="owner", state="proposed", now=now)
    row = {"version_id": version_id, "basis": basis.strip(), "note": note.strip(), "in_force_on": on}
    session.execute(insert(Proposal).values(**row, proposed_by=by.person, proposed_at=now))
    if not parameters.value(session, FOUR_EYES, clock.local_day(now)).value:
        _go_ahead(session, version_id, by, now)
    return one(session, version_id, by)


def approve(session: Session, ref: str, *, by: Actor, now: datetime) -> Record[Any]:
    """Let a proposed version come into force, now or on its day; NeedsApproval for whoever proposed it."""
    row = _open(session, ref, by)
    if row.proposed_by == by.person:
        raise NeedsApproval(version=row.number)
    _go_ahead(session, row.version_id, by, now)
    return one(session, row.version_id, by)


def decline(session: Session, ref: str, *, reason: str, by: Actor, now: datetime) -> None:
    """Send a proposed version back, or take one's own back; what it held becomes the draft again, if none is open."""
    row = _open(session, ref, by)
    if not reason.strip():
        raise NoGrounds(field="reason")
    _settle(session, row.version_id, "declined", by, now, reason.strip()[:500])
    drafts.begin(session, row.key, by=by, now=now, version_id=row.version_id)


@almanac.begins("versions-in-force")
def when_due(session: Session, today: date) -> int:
    """Put in force what was approved for a day that has come; what could not run any more is declined. How many."""
    now = clock.now()
    due = session.execute(
        select(Version.id)
        .join(Proposal)
        .where(Version.state == "approved", Proposal.in_force_on <= today)
        .order_by(Version.id)
    ).scalars()
    done = 0
    for version_id in due.all():
        try:
            _publish(session, version_id, now)
            done += 1
        except NotRunnable as no:
            session.execute(update(Version).where(Version.id == version_id).values(state="declined"))
            session.execute(update(Proposal).where(Proposal.version_id == version_id).values(reason=no.code))
    return done


def waiting(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """What is proposed, or approved for a day to come; the oldest first."""
    drafts.may(by)
    rows = _ROW.where(Version.state.in_(["proposed", "approved"])).order_by(Proposal.proposed_at)
    return session.execute(rows).all()


def find(session: Session, ref: str, by: Actor) -> Record[Any]:
    """One proposal by its version's ref."""
    drafts.may(by)
    row = session.execute(_ROW.where(Version.ref == ref)).one_or_none()
    if row is None:
        raise Missing(proposal=ref)
    return row


def one(session: Session, version_id: int, by: Actor) -> Record[Any]:
    """One proposal by its version."""
    drafts.may(by)
    return session.execute(_ROW.where(Version.id == version_id)).one()


def _open(session: Session, ref: str, by: Actor) -> Record[Any]:
    row = find(session, ref, by)
    if row.state != "proposed":
        raise Settled(version=row.number, state=row.state)
    return row


def _go_ahead(session: Session, version_id: int, by: Actor, now: datetime) -> None:
    on = session.scalar(select(Proposal.in_force_on).where(Proposal.version_id == version_id))
    _settle(session, version_id, "approved", by, now)
    if on is None or on <= clock.local_day(now):
        _publish(session, version_id, now)


def _settle(session: Session, version_id: int, state: str, by: Actor, now: datetime, reason: str | None = None) -> None:
    """One of two who settle it at once is told so."""
    moved = session.execute(
        update(Version).where(Version.id == version_id, Version.state == "proposed").values(state=state)
    )
    if moved.rowcount == 0:
        raise Settled(version=version_id)
    settled = {"settled_by": by.person, "settled_at": now, "reason": reason}
    session.execute(update(Proposal).where(Proposal.version_id == version_id).values(**settled))


def _publish(session: Session, version_id: int, now: datetime) -> None:
    """Looked at once more: between the proposal and its day a step or a role may have gone."""
    rows = session.execute(select(Part.path, Part.body).where(Part.version_id == version_id)).all()
    made = check(session, {row.path: row.body for row in rows}, now)
    by = session.scalar(select(Proposal.settled_by).where(Proposal.version_id == version_id))
    put_in_force(session, version_id, made, by=by, now=now)
    today = clock.local_day(now)
    for key, value in made.terms.items():
        if parameters.value(session, key, today).value != value:
            parameters.change(session, key, value, today)


def _prove(session: Session, made: Folder) -> None:
    """What the folder says of itself in its tests has to hold."""
    failed = [each for each in trial.proofs(assembled(session, made)) if not each.held]
    if failed:
        named = [each.name for each in failed[:NAMED]]
        raise TestsFail(number=len(failed), tests=[*named, "…"] if len(failed) > NAMED else named)


def _in_force(session: Session, key: str) -> str | None:
    found: str | None = session.scalar(
        select(Version.digest)
        .join(Release, Release.version_id == Version.id)
        .join(Process, Process.release_id == Release.id)
        .where(Process.key == key)
    )
    return found


def _grounds(basis: str, note: str, on: date | None, today: date) -> None:
    for field, text in (("basis", basis), ("note", note)):
        if not text.strip():
            raise NoGrounds(field=field)
    if on is not None and on < today:
        raise PastDay(on=on)


_ROW = (
    select(
        Version.id.label("version_id"),
        Version.ref,
        Version.number,
        Version.state,
        Version.digest,
        Process.key,
        Proposal.basis,
        Proposal.note,
        Proposal.in_force_on,
        Proposal.proposed_by,
        Proposal.proposed_at,
        Proposal.settled_at,
        Proposal.reason,
        Person.name.label("proposed_by_name"),
        Person.name_en.label("proposed_by_name_en"),
    )
    .join(Proposal, Proposal.version_id == Version.id)
    .join(Process, Process.id == Version.process_id)
    .outerjoin(Person, Person.id == Proposal.proposed_by)
)
