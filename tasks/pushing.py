"""What one bulk act does to one case: asked first, then done in the case's own transaction together with its claim.

改派, 延期, 中止, 恢复 and 重试 belong to the head of the unit that has it in hand; 催办 to the supervisor as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, Select, exists, false, or_, select

from engine import cases, definitions, history, incidents
from engine.cases import Case, hand, heads
from engine.cases.under_way import Moving
from engine.definitions import Process
from engine.folders import Folder
from engine.waits import Wait
from ground import clock
from ground.database import Session, transaction
from ground.errors import Forbidden, Missing, Refused
from ground.grants import ROLES
from ground.organs import Organ
from ground.people import Actor, role_key
from tasks import charges, extension, letters, pages, reassigning, walks
from tasks.reassigning import To
from tasks.reminders import Reminder

REASSIGN, URGE, EXTEND, SUSPEND, RESUME, RETRY = "reassign", "urge", "extend", "suspend", "resume", "retry"
HEADS = frozenset({heads.DIVISION, heads.SECTION})
WHO = HEADS | {"supervisor"}
RIGHTS: Mapping[str, frozenset[str]] = {
    REASSIGN: HEADS,
    URGE: WHO,
    EXTEND: HEADS,
    SUSPEND: HEADS,
    RESUME: HEADS,
    RETRY: hand.HEADS,
}
URGED = "pushed"
# The end of each, with how many tasks it was about: it writes the claim, or refuses.
Claim = Callable[[Session, int], None]


class NoSuchAct(Refused):
    """There is no such bulk act, or what it needs to be told is missing."""

    code = "push.no_such_act"
    status = 422


class NothingToDo(Refused):
    """No task of this case is one that this act by this person is about."""

    code = "push.nothing_to_do"


class UrgedToday(Refused):
    """Whoever is asked was urged today already."""

    code = "push.urged_today"


@dataclass(frozen=True)
class Order:
    """A bulk act with its terms: reassign {person} or {organ}, extend {days}, the others none."""

    act: str
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def to(self) -> To:
        """Whom tasks are given to."""
        return To(str(self.terms.get("person", "")), str(self.terms.get("organ", "")))


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to, as it stands in the address; `left` is what waits for organs that have ended."""

    process: str = ""
    city: str = ""
    element: str = ""
    queue: str = ""
    status: str = ""
    left: str = ""
    q: str = ""


CASES = select(Case.id.label("case_id"), *walks.CASE_COLUMNS, Case.status, Case.moved_at).join(
    Process, Process.id == Case.process_id
)


def listed(session: Session, by: Actor, filters: Filters, limit: int) -> Sequence[Record[Any]]:
    """The cases in this person's sight that are not closed, what has stood longest first."""
    wanted = CASES.where(Case.status != "closed", cases.visible(by), *_narrowed(session, filters))
    return session.execute(wanted.order_by(Case.moved_at, Case.id).limit(limit)).all()


def case_of(session: Session, wait_ref: str, by: Actor) -> str:
    """The ref of the case of an open task, for whoever may know of it; Gone or Missing."""
    row = session.execute(
        select(Case.ref, cases.visible(by).label("seen"))
        .join(Wait, Wait.case_id == Case.id)
        .where(Wait.ref == wait_ref)
    ).one_or_none()
    if row is None:
        raise cases.Gone(wait=wait_ref)
    if not row.seen:
        raise Missing(wait=wait_ref)
    return str(row.ref)


def check_act(order: Order, by: Actor) -> None:
    """Refuse an act that is none, one that lacks its terms, and whoever holds no role that may do it at all."""
    if order.act not in RIGHTS:
        raise NoSuchAct(act=order.act[:20])
    if not any(by.has(role) for role in RIGHTS[order.act]):
        raise Forbidden(act=order.act, roles=sorted(RIGHTS[order.act]), rights=True)
    lacks = {
        REASSIGN: not (order.to.person or order.to.organ),
        EXTEND: not isinstance(order.terms.get("days"), int),
    }
    if lacks.get(order.act, False):
        raise NoSuchAct(act=order.act)


def planned(session: Session, row: Record[Any], order: Order, by: Actor, now: datetime) -> int:
    """How many tasks of this case it would be about, or why it would not go."""
    if order.act in {SUSPEND, RESUME, RETRY}:
        _may_as_a_whole(session, row, order, by, now)
        return 1
    folder = definitions.pinned(session, row.release_id)
    return _each(session, row.case_id, folder, order, by, now, _PLANS[order.act])


def done(case: Record[Any], order: Order, by: Actor, reason: str, key: str, claim: Claim) -> None:
    """Do it to one case (its `id` and `ref`); what it changes and the claim are one commit."""
    now = clock.now()
    whole = {SUSPEND: cases.suspend, RESUME: cases.resume, RETRY: cases.retry}
    if order.act in whole:

        def confirm(move: Moving) -> None:
            claim(move.session, 1)

        whole[order.act](case.ref, by=by, reason=reason, key=key, received_at=now, confirm=confirm)
        return
    with transaction() as session:
        cases.lock(session, case.id)
        folder = definitions.pinned(session, cases.find(session, case.ref, by).release_id)

        def act(session: Session, row: Record[Any], folder: Folder, order: Order, now: datetime) -> None:
            _ACTS[order.act](session, row, folder, order, by, reason, now)

        claim(session, _each(session, case.id, folder, order, by, now, act))


def _each(
    session: Session, case_id: int, folder: Folder, order: Order, by: Actor, now: datetime, act: Callable[..., None]
) -> int:
    """To each task that it may be done to; how many. Where there is none, what refused the first says why."""
    count, first = 0, None
    for row in charges.of_case(session, case_id):
        try:
            _check(session, row, folder, order, by, now)
            act(session, row, folder, order, now)
        except (Forbidden, charges.ByName, cases.Signed, *_NO_MATTER) as no:
            first = first or no
            continue
        count += 1
    if not count:
        raise first or NothingToDo(case=case_id)
    return count


def _check(session: Session, row: Record[Any], folder: Folder, order: Order, by: Actor, now: datetime) -> None:
    if order.act == URGE and by.has("supervisor"):
        if row.status == "suspended":
            raise cases.Suspended(case=row.number)
        return
    charges.check(session, row, folder, by, now)


def _may_as_a_whole(session: Session, row: Record[Any], order: Order, by: Actor, now: datetime) -> None:
    tasks = charges.of_case(session, row.case_id)
    on = clock.local_day(now)
    if row.status == "closed":
        raise cases.Ended(case=row.number)
    if not heads.answers_for_all(session, by, [each.queue for each in tasks], on):
        raise Forbidden(act=order.act, rights=True)
    if order.act == RESUME and row.status != "suspended":
        raise cases.NotSuspended(case=row.number)
    if order.act != RESUME and row.status == "suspended":
        raise cases.Suspended(case=row.number)
    if order.act == RETRY and not incidents.open_of(session, row.case_id):
        raise NothingToDo(case=row.number)


def _urge(
    session: Session, row: Record[Any], _folder: Folder, order: Order, by: Actor, reason: str, now: datetime
) -> None:
    """A letter to whoever holds the task or could, once a day."""
    _may_be_urged(session, row, _folder, order, now)
    told = {"wait_ref": row.ref, "kind": f"pushed:{clock.local_day(now)}", "due_at": row.due_at}
    session.put_once(Reminder, told | {"case_id": row.case_id, "sent_at": now})
    asked = charges.asked(session, row, now)
    letters.write(session, asked, row.case_id, URGED, charges.facts(row, reason=reason), now)
    detail = {"reason": reason, "act": order.act}
    cases.note(session, row.case_id, history.Fact("task.pushed", now, by.person, row.element, detail))


def _may_be_urged(session: Session, row: Record[Any], _folder: Folder, _order: Order, now: datetime) -> None:
    today = (Reminder.wait_ref == row.ref, Reminder.kind == f"pushed:{clock.local_day(now)}")
    if session.scalar(select(Reminder.case_id).where(*today).limit(1)) is not None:
        raise UrgedToday(case=row.number)


def _reassign(
    session: Session, row: Record[Any], folder: Folder, order: Order, by: Actor, reason: str, now: datetime
) -> None:
    reassigning.hand_over(session, row, folder, order.to, by, reason, now)


def _extend(
    session: Session, row: Record[Any], folder: Folder, order: Order, by: Actor, reason: str, now: datetime
) -> None:
    extension.put_off(session, row, folder, order.terms["days"], by, reason, now)


_PLANS: Mapping[str, Callable[..., Any]] = {
    URGE: _may_be_urged,
    REASSIGN: lambda session, row, folder, order, now: reassigning.planned(session, row, folder, order.to, now),
    EXTEND: lambda session, row, _folder, order, now: extension.planned(session, row, order.terms["days"], now),
}
_ACTS: Mapping[str, Callable[..., None]] = {URGE: _urge, REASSIGN: _reassign, EXTEND: _extend}
# What says only that this task is not meant; another task of the same case may well be.
_NO_MATTER = (
    extension.NotOurs,
    extension.NoDate,
    extension.OftenEnough,
    reassigning.NotACandidate,
    reassigning.StillHeld,
    UrgedToday,
)


def _narrowed(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.process:
        found.append(Process.key == filters.process)
    if filters.city:
        found.append(Case.region.startswith(filters.city[:4], autoescape=True))
    if filters.status:
        found.append(Case.status == filters.status)
    for column, value in ((Wait.element, filters.element), (Wait.queue, filters.queue)):
        if value:
            found.append(_waits(column == value))
    if filters.left:
        keys = _left(session)
        found.append(_waits(Wait.queue.in_(keys)) if keys else false())
    if filters.q:
        like = f"%{pages.literal(filters.q)}%"
        found.append(or_(Case.number.like(like, escape="/"), Case.title.like(like, escape="/")))
    return found


def _waits(how: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Wait.case_id == Case.id, how).correlate(Case)


def _left(session: Session) -> list[str]:
    """The keys of organs that have ended."""
    ended: Select[Any] = select(Organ.id).where(Organ.valid_to < clock.today())
    return [role_key(role, number) for number in session.execute(ended).scalars() for role in ROLES]
