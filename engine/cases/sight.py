"""Who may know of a case, and what of it they may see: the row, its tasks, its papers and the files in them.

Lists, counts, search, exports and completions all begin at `visible`. What a form keeps for named readers is withheld
from all others, and so is who wrote it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, Select, and_, bindparam, exists, false, or_, select, true

from engine import definitions, incidents, submissions
from engine.cases import admission
from engine.cases.case import Case, Party
from engine.cases.offices import CITY_SEES, PROVINCE_SEES
from engine.cosigners import Cosigner
from engine.folders import Folder
from engine.forms import read
from engine.sendings import Sending
from engine.waits import Subscription, Wait
from ground import people, regions
from ground.database import Session
from ground.errors import Missing
from ground.people import Actor, Lent

KNOWN = 256  # so many people's sight is kept as a statement: it depends on who they are and what they hold
# Another department, and a city in a case of the province's, sees it while it is asked something in it, and no longer.
WHILE_ASKED = frozenset({"dept_liaison", "city_officer"})


@dataclass(frozen=True)
class Act:
    """Something that this person may do to the case at any time: a message the diagram listens for, and as whom."""

    message: str
    element: str
    form: str
    sender: str = ""


@dataclass(frozen=True)
class CaseView:
    """What the case's page shows: the row, what it waits for, what this person may do, what went wrong."""

    case: Record[Any]
    folder: Folder
    waits: Sequence[Record[Any]]
    acts: Sequence[Act]
    incidents: Sequence[Record[Any]]
    submissions: Sequence[Record[Any]]


@lru_cache(maxsize=KNOWN)
def visible(by: Actor) -> ColumnElement[bool]:
    """The cases that this person may know of; lists, counts, search and completions all start here."""
    if by.person is None:
        return true()
    ways: list[ColumnElement[bool]] = [
        exists().where(Party.case_id == Case.id, Party.person_id == by.person).correlate(Case)
    ]
    ways += [_lent(lent, by.person) for lent in by.lent]
    for held in by.held:
        if held.role in PROVINCE_SEES and held.organ_kind == "province":
            return true()
        if held.role in CITY_SEES:
            ways.append(Case.region.startswith(held.region[:4], autoescape=True))
        if held.role in WHILE_ASKED:
            asked = exists().where(Wait.case_id == Case.id, Wait.queue == people.role_key(held.role, held.organ_id))
            ways.append(asked.correlate(Case))
        elif held.role == "base_authority":
            ways.append(Case.region == held.region)
        elif held.role == "base_filler":
            ways.append(Case.organ_id == held.organ_id)
    return or_(false(), *ways)


def _lent(lent: Lent, person: int) -> ColumnElement[bool]:
    """A substitute knows of a case while a task waits in it that they may do for their principal, and no longer."""
    asked = [Wait.case_id == Case.id, Wait.queue == lent.key, Wait.lendable]
    asked.append(or_(Wait.held_by.is_(None), Wait.held_by.in_([lent.person, person])))
    narrowed = [Case.region.startswith(regions.stem(lent.region), autoescape=True)] if lent.region else []
    if lent.process:
        process = select(definitions.Process.id).where(definitions.Process.key == lent.process).scalar_subquery()
        narrowed.append(Case.process_id == process)
    return and_(exists().where(*asked).correlate(Case), *narrowed)


def among(session: Session, case_ids: Collection[int], by: Actor) -> set[int]:
    """Those of these cases that this person may know of."""
    return set(session.execute(select(Case.id).where(Case.id.in_(list(case_ids)), visible(by))).scalars())


def numbers(session: Session, case_ids: Collection[int]) -> dict[int, Record[Any]]:
    """What whoever may change a rule reads of any case that it touches: ref, number, version_id, and no more."""
    rows = session.execute(select(Case.id, Case.ref, Case.number, Case.version_id).where(Case.id.in_(list(case_ids))))
    return {row.id: row for row in rows}


def find(session: Session, case_ref: str, by: Actor) -> Record[Any]:
    """The case of this ref, if this person may know of it; else Missing, as if it were not there."""
    row = session.execute(_found(by), {"case": case_ref}).one_or_none()
    if row is None:
        raise Missing(case=case_ref)
    return row


def look(session: Session, case_ref: str, by: Actor) -> CaseView:
    """Everything that this person may see of a case."""
    case = find(session, case_ref, by)
    folder = definitions.pinned(session, case.release_id)
    if admission.shut(session, case.id, by, folder):
        raise admission.NotAdmitted(case=case_ref)
    return CaseView(
        case=case,
        folder=folder,
        waits=_waits(session, case.id, by, folder),
        acts=[] if case.status == "suspended" else _acts(session, case.id, by),
        incidents=incidents.open_of(session, case.id),
        submissions=papers(session, case.id, by, folder),
    )


def papers(session: Session, case_id: int, by: Actor, folder: Folder) -> Sequence[Any]:
    """The papers of a case that this person may read, oldest first; `folder` is the one that the case is on now."""
    rows = submissions.of_case(session, case_id, by, definitions.written_under(session, folder))
    return admission.seen(session, case_id, by, folder, rows)


def may_open(session: Session, file_ref: str, by: Actor) -> bool:
    """Whether this file stands in a paper that this person may read, of a case that they may know of.

    NotAdmitted for whoever was asked by name and has not yet sent what lets them read.
    """
    for case_id in {row.case_id for row in submissions.cases_with(session, file_ref)}:
        release = session.scalar(select(Case.release_id).where(Case.id == case_id, visible(by)))
        if release is None:
            continue
        folder = definitions.pinned(session, release)
        if admission.shut(session, case_id, by, folder):
            raise admission.NotAdmitted(file=file_ref)
        under = definitions.written_under(session, folder)
        for paper in papers(session, case_id, by, folder):
            form = under(paper.version_id).form(paper.element, paper.form)
            if form is not None and file_ref in form.files_of(paper.answers):
                return True
    return _awaits_opinion(session, file_ref, by)


def _awaits_opinion(session: Session, file_ref: str, by: Actor) -> bool:
    """Whether a file stands in what this person is asked to countersign: its holder could enclose it."""
    waiting = (
        select(Sending.answers, Wait.element, Wait.form, Case.release_id)
        .join(Wait, Wait.id == Sending.wait_id)
        .join(Case, Case.id == Sending.case_id)
        .join(Cosigner, Cosigner.wait_id == Sending.wait_id)
        .where(Cosigner.person_id == by.person, Cosigner.asked_at.is_not(None), visible(by))
    )
    for row in session.execute(waiting).all():
        form = definitions.pinned(session, row.release_id).home(row.element).forms[row.form]
        if file_ref in form.files_of(read(form, row.answers, draft=True).answers):
            return True
    return False


@lru_cache(maxsize=KNOWN)
def _found(by: Actor) -> Select[*tuple[Any, ...]]:
    return _FACTS.where(Case.ref == bindparam("case"), visible(by))


def _waits(session: Session, case_id: int, by: Actor, folder: Folder) -> list[Record[Any]]:
    """Who is asked now; a task with named readers is shown to them, its holder, and while free whom it asks."""
    rows = session.execute(select(Wait).where(Wait.case_id == case_id).order_by(Wait.due_at, Wait.id)).all()
    return [row for row in rows if _asked(row, by) or not withheld(row.element, row.held_by, by, folder)]


def _asked(wait: Any, by: Actor) -> bool:
    return wait.held_by == by.person or (wait.held_by is None and wait.queue in by.keys)


def _acts(session: Session, case_id: int, by: Actor) -> list[Act]:
    rows = session.execute(
        select(Subscription).where(
            Subscription.case_id == case_id, Subscription.sender.in_(list(by.keys)), Subscription.form.is_not(None)
        )
    ).all()
    return [Act(row.message, row.element, row.form, row.sender) for row in rows if row.message is not None]


def withheld(element: str | None, person: int | None, by: Actor, folder: Folder) -> bool:
    """Blind both ways: who fills a form with named readers is known to those readers and to nobody else."""
    known = folder.element(element)
    form = folder.form(element, known.form) if known else None
    if form is None or not form.readers or (person is not None and person == by.person):
        return False
    return not any(by.has(role) for role in form.readers)


def insider(by: Actor, folder: Folder) -> bool:
    """Whether this person may read what sealed forms came to: panels, totals, what tables made of them."""
    sealed = [form for each in (folder, *folder.calls.values()) for form in each.forms.values() if form.sealed]
    return not sealed or any(by.has(role) for form in sealed for role in form.readers)


_FACTS = select(
    Case.id,
    Case.ref,
    Case.number,
    Case.title,
    Case.process_id,
    Case.release_id,
    Case.version_id,
    Case.subject,
    Case.region,
    Case.organ_id.label("organ"),
    Case.status,
    Case.outcome,
    Case.started_by,
    Case.started_at,
    Case.moved_at,
    Case.ended_at,
    Case.seq,
    Case.head,
    definitions.Process.key.label("process"),
).join(definitions.Process, definitions.Process.id == Case.process_id)
