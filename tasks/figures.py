"""What a home says of a person's work: open tasks by step, what is late in their sight, their own cases, progress.

Nothing is counted further than a thousand, and what is late is walked along the index of due instants.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Record, Select, case, func, select

from engine import cases, definitions, submissions
from engine.cases import Case
from engine.definitions import Process
from engine.incidents import Incident
from engine.submissions import Submission
from engine.waits import Wait
from ground import clock
from ground.database import Session
from ground.grants import ROLES
from ground.people import Actor, Person, person_key, role_key
from tasks import pages, queue, walks
from tasks.pages import Page

COUNTED = queue.COUNTED
FILLER = "base_filler"
OWN, ALL = "own", "all"
MOST_CASES = 10
LATE = {"overdue": walks.BINDING, "past": walks.OURS}


@dataclass(frozen=True)
class Remark:
    """Why a case was sent back, as it was written, by which step of which version, at how many fields."""

    text: str
    element: str
    version_id: int
    items: int


def by_step(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """How many open tasks there are at each step (element, release_id, tasks, due_at), the most urgent step first."""
    keys = queue.keys_of(by)
    return session.execute(walks.steps(len(keys), COUNTED), {"person": by.person, **keys}).all()


def late(session: Session, by: Actor, scope: str) -> Mapping[str, int]:
    """Overdue and past: what is late of this person's own organs, or of all that they may see."""
    inner = _late(by, scope).limit(COUNTED).subquery()
    row = session.execute(
        select(
            func.count(case((inner.c.due_kind != "default", 1))).label("overdue"),
            func.count(case((inner.c.due_kind == "default", 1))).label("past"),
        )
    ).one()
    return {"overdue": row.overdue, "past": row.past}


def watched(session: Session, by: Actor, scope: str, due: str, *, after: str | None = None, limit: int = 20) -> Page:
    """The same as a list, what has been late for longest first; `due` is overdue or past."""
    late = _late(by, scope).where(LATE[due])
    if after:
        at, number = pages.place(after)
        late = late.where((Wait.due_at > at) | ((Wait.due_at == at) & (Wait.id > number)))
    first = late.order_by(Wait.due_at, Wait.id).limit(limit + 1).subquery()
    rows = session.execute(walks.ITEMS.join(first, first.c.id == Wait.id).order_by(Wait.due_at, Wait.id)).all()
    return Page(rows[:limit], pages.cursor(rows[limit - 1]) if len(rows) > limit else None)


def incidents(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """运行异常: what stands open, oldest first; `seen` where this person may open the case."""
    return session.execute(
        select(
            Incident.code,
            Incident.element,
            Incident.count.label("times"),
            Incident.opened_at,
            Case.id.label("case_id"),
            cases.visible(by).label("seen"),
            *walks.CASE_COLUMNS,
        )
        .join(Case, Case.id == Incident.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(Incident.closed_at.is_(None))
        .order_by(Incident.opened_at, Incident.id)
        .limit(COUNTED)
    ).all()


def load(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """人员负荷 of this person's own organs: by holder (none is the queue) the open tasks and those past their instant.

    Whoever is asked by name is not counted here: who that is may be for the panel alone.
    """
    own = [role_key(role, organ) for organ in {held.organ_id for held in by.held} for role in ROLES]
    past = func.count(case((Wait.due_at <= clock.now(), 1)))
    return session.execute(
        select(Person.name, Person.name_en, func.count().label("tasks"), past.label("past"))
        .select_from(Wait)
        .join(Case, Case.id == Wait.case_id)
        .outerjoin(Person, Person.id == Wait.held_by)
        .where(Wait.queue.in_(own), cases.visible(by))
        .group_by(Person.id, Person.name, Person.name_en)
        .order_by(func.count().desc(), Person.id)
    ).all()


def standing_at(session: Session, by: Actor, places: Collection[str]) -> Sequence[Record[Any]]:
    """The open cases in this person's sight that wait at one of these places, the first due on top."""
    return session.execute(
        select(*walks.CASE_COLUMNS, Case.id.label("case_id"), Wait.element, Wait.due_on, Wait.due_kind, Wait.clause)
        .add_columns(Wait.queue)
        .select_from(Wait)
        .join(Case, Case.id == Wait.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(Wait.element.in_(list(places)), cases.visible(by))
        .order_by(Wait.due_at, Wait.id)
        .limit(MOST_CASES)
    ).all()


def under_way(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """The open cases of the bases for which this person fills in, the newest first."""
    organs = [held.organ_id for held in by.held if held.role == FILLER]
    return session.execute(
        select(Case.id.label("case_id"), Case.status, Case.outcome, Case.ended_at, *walks.CASE_COLUMNS)
        .join(Process, Process.id == Case.process_id)
        .where(Case.organ_id.in_(organs), Case.status != "closed")
        .order_by(Case.id.desc())
        .limit(MOST_CASES)
    ).all()


def returned(session: Session, rows: Sequence[Record[Any]], by: Actor) -> Mapping[int, Remark]:
    """The remark with which each of these cases was sent back, if that was the last thing sent in it."""
    found: dict[int, Remark] = {}
    releases = {row.case_id: row.release_id for row in rows}
    for row in session.execute(_LAST.where(Submission.case_id.in_(releases))).all() if releases else ():
        if row.answers.get("outcome") != "return":
            continue
        form = definitions.pinned(session, releases[row.case_id]).form(row.element, row.form)
        if form is not None and submissions.may_read(row, by, form, sealed=form.sealed):
            text = row.answers.get("reason") or row.answers.get("opinion") or ""
            found[row.case_id] = Remark(str(text), row.element, row.version_id, _items(row.answers))
    return found


def progress(session: Session, by: Actor, role: str) -> Mapping[str, int]:
    """sent: the forms that this person has sent in this role; asked: those and what they still hold by name."""
    sent = select(Submission.seq).where(Submission.by_person == by.person, Submission.acting.like(f"{role}@%"))
    held = select(Wait.id).where(Wait.held_by == by.person, Wait.queue == person_key(by.person or 0))
    counts = [
        select(func.count()).select_from(each.limit(COUNTED).subquery()).scalar_subquery() for each in (sent, held)
    ]
    row = session.execute(select(counts[0].label("sent"), counts[1].label("held"))).one()
    return {"sent": row.sent, "asked": row.sent + row.held}


def _items(answers: Mapping[str, Any]) -> int:
    """At how many fields something is remarked; in some forms the remarks are one text and count for none."""
    remarks = answers.get("remarks")
    return len(remarks) if isinstance(remarks, list) else 0


def _late(by: Actor, scope: str) -> Select[*tuple[Any, ...]]:
    """What is late, of cases that this person may see; `own` leaves the queues of their own organs."""
    wanted = (
        select(Wait.id, Wait.due_kind, Wait.due_at)
        .join(Case, Case.id == Wait.case_id)
        .where(Wait.due_at <= clock.now(), cases.visible(by))
    )
    if scope == ALL:
        return wanted
    own = [role_key(role, organ) for organ in {held.organ_id for held in by.held} for role in ROLES]
    return wanted.where(Wait.queue.in_(own))


_later = Submission.__table__.alias("later")
_LAST = select(
    Submission.case_id,
    Submission.element,
    Submission.form,
    Submission.version_id,
    Submission.answers,
    Submission.by_person.label("by"),
).where(
    Submission.seq == select(func.max(_later.c.seq)).where(_later.c.case_id == Submission.case_id).scalar_subquery()
)
