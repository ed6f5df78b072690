"""批量推动: one act on many cases, each in its own transaction, taken up again where it was cut off.

What is to be done stands as rows before the first case is touched. A case and its row are written in one commit, so
after a crash nothing is done twice and nothing is left out; one that refuses keeps why and stops no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, func, insert, literal, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import cases
from engine.cases import Case
from ground import clock, jobs, people
from ground.database import Row, Session, reading, transaction
from ground.errors import Busy, Forbidden, Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor
from ground.types import Code, Document, Id, Instant, Ref, Text
from tasks import pushing
from tasks.pushing import Order

KIND = "cases.push"
AT_ONCE = 100
MOST = 1_000
SHOWN = 200
WAITING, DONE, REFUSED = "waiting", "done", "refused"


class Push(Row):
    """One act on many cases: which, with which terms, by whom, why."""

    __tablename__ = "push"
    __table_args__ = (Index("ix_push_person", "by_person", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    key: Mapped[str] = mapped_column(Code(120), unique=True)
    act: Mapped[str] = mapped_column(Code(10))
    terms: Mapped[dict[str, Any]] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(Text(500))
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PushItem(Row):
    """One case of it: `waiting`, `done` (with how many tasks), or `refused` (with why)."""

    __tablename__ = "push_item"
    __table_args__ = (Index("ix_push_item_state", "push_id", "state", "case_id"),)

    push_id: Mapped[int] = mapped_column(Id, ForeignKey("push.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    state: Mapped[str] = mapped_column(Code(10))
    detail: Mapped[dict[str, Any]] = mapped_column(Document)
    done_at: Mapped[datetime | None] = mapped_column(Instant)


class Nothing(Refused):
    """No case was chosen, or none of those chosen is in this person's sight."""

    code = "push.nothing"
    status = 422


class TooMany(Refused):
    """At most so many cases at once (`most`)."""

    code = "push.too_many"
    status = 422


class DoneAlready(Refused):
    """Another runner has done this case in the meantime."""

    code = "push.done_already"


@dataclass(frozen=True)
class Verdict:
    """What would become of one case: how many tasks it is about, or the code and facts of why not."""

    row: Record[Any]
    tasks: int
    why: str = ""
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Progress:
    """How far it is: how many cases by what became of them, how many are left, and whether it is over."""

    row: Record[Any]
    total: int
    left: int
    results: Mapping[str, int]


def preview(session: Session, case_refs: Sequence[str], order: Order, by: Actor, now: datetime) -> list[Verdict]:
    """Of each chosen case in this person's sight whether it goes, and why not; nothing is written."""
    pushing.check_act(order, by)
    found = []
    for row in _chosen(session, case_refs, by):
        try:
            found.append(Verdict(row, pushing.planned(session, row, order, by, now)))
        except Refused as no:
            found.append(Verdict(row, 0, no.code, no.detail))
    return found


def start(case_refs: Sequence[str], order: Order, *, by: Actor, reason: str, key: str) -> str:
    """Write down what is to be done and ask for it; its ref. The same key again is the same push."""
    pushing.check_act(order, by)
    cases.check_reason(order.act, reason)
    name = f"{by.person}:{key[:80]}"
    with transaction() as session:
        chosen = [row.case_id for row in _chosen(session, case_refs, by)]
        values = {
            "ref": new_ref(),
            "key": name,
            "act": order.act,
            "terms": dict(order.terms),
            "reason": reason.strip(),
            "by_person": by.person,
            "began_at": clock.now(),
        }
        if not session.put_once(Push, values):
            return str(session.scalar(select(Push.ref).where(Push.key == name)))
        number = session.scalar(select(Push.id).where(Push.key == name))
        mine = select(literal(number), Case.id, literal(WAITING), literal("{}")).where(Case.id.in_(chosen))
        session.execute(insert(PushItem).from_select(["push_id", "case_id", "state", "detail"], mine))
        jobs.enqueue(session, KIND, {"push": number})
    return str(values["ref"])


def listed(session: Session, by: Actor, limit: int = 50) -> Sequence[Record[Any]]:
    """This person's own, the newest first."""
    mine = select(Push).where(Push.by_person == by.person).order_by(Push.id.desc()).limit(limit)
    return session.execute(mine).all()


def progress(session: Session, ref: str, by: Actor) -> Progress:
    """How far the push of this ref is; only whoever began it reads it."""
    row = session.execute(select(Push).where(Push.ref == ref, Push.by_person == by.person)).one_or_none()
    if row is None:
        raise Missing(push=ref)
    counted = session.execute(
        select(PushItem.state, func.count().label("cases")).where(PushItem.push_id == row.id).group_by(PushItem.state)
    )
    results = {each.state: each.cases for each in counted}
    total, left = sum(results.values()), results.pop(WAITING, 0)
    return Progress(row, total, left, results)


def items(session: Session, push_id: int, by: Actor, state: str = "", limit: int = SHOWN) -> Sequence[Record[Any]]:
    """The cases of it that this person still sees, what was refused first."""
    wanted = (
        select(Case.ref.label("case_ref"), Case.number, Case.title, Case.release_id, Case.region)
        .add_columns(PushItem.state, PushItem.detail, PushItem.done_at)
        .join(Case, Case.id == PushItem.case_id)
        .where(PushItem.push_id == push_id, cases.visible(by))
    )
    if state:
        wanted = wanted.where(PushItem.state == state)
    return session.execute(wanted.order_by(PushItem.state.desc(), Case.id).limit(limit)).all()


@jobs.handler(KIND)
def run(payload: Mapping[str, Any]) -> None:
    """Do the next hundred cases, and ask for the rest as another job, so that none runs longer than its lease."""
    with reading() as session:
        row = session.execute(select(Push).where(Push.id == payload["push"])).one()
        by = people.actor(session, row.by_person, clock.today())
        waiting = _waiting(session, row.id)
    order = Order(row.act, row.terms)
    for each in waiting:
        _one(row, each, order, by)
    with transaction() as session:
        if _waiting(session, row.id):
            jobs.enqueue(session, KIND, dict(payload))
        else:
            still = (Push.id == row.id, Push.ended_at.is_(None))
            session.execute(update(Push).where(*still).values(ended_at=clock.now()))


def _one(push: Record[Any], case: Record[Any], order: Order, by: Actor) -> None:
    """Do one case; a refusal is kept beside it, unless it says nothing against the case."""
    try:
        pushing.done(case, order, by, push.reason, f"push:{push.ref}", partial(_claim, push.id, case.id))
    except DoneAlready:
        return
    except Refused as no:
        if isinstance(no, Busy) or no.status >= 500:  # noqa: PLR2004  it is done by whoever takes the job up again
            raise
        with transaction() as session:
            _mark(session, push.id, case.id, REFUSED, {"why": no.code, "facts": _plain(no.detail)})


def _claim(push_id: int, case_id: int, session: Session, tasks: int) -> None:
    """In the case's own transaction, under its lock: this case is done by whoever finds it waiting."""
    if _mark(session, push_id, case_id, DONE, {"tasks": tasks}) != 1:
        raise DoneAlready(case=case_id)


def _mark(session: Session, push_id: int, case_id: int, state: str, detail: Mapping[str, Any]) -> int:
    return session.execute(
        update(PushItem)
        .where(PushItem.push_id == push_id, PushItem.case_id == case_id, PushItem.state == WAITING)
        .values(state=state, detail=dict(detail), done_at=clock.now())
    ).rowcount


def _plain(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if isinstance(value, str | int | bool)}


def _waiting(session: Session, push_id: int) -> Sequence[Record[Any]]:
    return session.execute(
        select(Case.id, Case.ref)
        .join(PushItem, PushItem.case_id == Case.id)
        .where(PushItem.push_id == push_id, PushItem.state == WAITING)
        .order_by(Case.id)
        .limit(AT_ONCE)
    ).all()


def _chosen(session: Session, case_refs: Sequence[str], by: Actor) -> Sequence[Record[Any]]:
    """The chosen cases that this person may know of; Missing is told of none, but nothing at all is refused."""
    if not any(by.has(role) for role in pushing.WHO):
        raise Forbidden(roles=sorted(pushing.WHO), rights=True)
    refs = list(dict.fromkeys(case_refs))
    if len(refs) > MOST:
        raise TooMany(most=MOST)
    found = session.execute(pushing.CASES.where(Case.ref.in_(refs), cases.visible(by)).order_by(Case.id)).all()
    if not found:
        raise Nothing
    return found
