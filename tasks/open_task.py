"""One open task before one person: what they may do with it, on whose behalf, and what hinders them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as Record, bindparam

from engine import cases, definitions, holding, loans, submissions
from engine.folders import Folder
from engine.forms import Form
from engine.holding import Gone
from engine.waits import Wait
from ground.database import Session
from ground.errors import Missing
from ground.people import Actor, Name
from tasks import walks


@dataclass(frozen=True)
class Work:
    """One task as its page shows it; `behalf` is the principal for whom this person does it, or would.

    `holds` says that somebody holds it out of whose hands this person may take it: their principal or substitute.
    """

    item: Record[Any]
    folder: Folder
    may_act: bool
    may_claim: bool
    apart: bool
    suspended: bool = False
    behalf: Name | None = None
    holds: bool = False
    capacities: Sequence[str] = ()
    draft: Record[Any] | None = None
    before: Sequence[Record[Any]] = field(default_factory=tuple)

    @property
    def home(self) -> Folder:
        """The folder of the process that the task stands in: the case's own, or a called one."""
        return self.folder.home(self.item.element)

    @property
    def form(self) -> Form:
        """The form to fill in."""
        return self.home.forms[self.item.form]


@dataclass(frozen=True)
class Right:
    """On whose behalf this person does a task, if not by an own key, and out of whose hands they may take it."""

    behalf: int | None = None
    out_of: int | None = None


def look(session: Session, wait_ref: str, by: Actor) -> Work:
    """One open task: Missing for whoever has nothing to do with it, Gone once it was completed."""
    item = find(session, wait_ref, by)
    folder = definitions.pinned(session, item.release_id)
    right = right_to(item, folder, by)
    apart = _is_apart(session, folder, item, by, right.behalf)
    suspended = item.status == "suspended"
    return Work(
        item=item,
        folder=folder,
        may_act=item.held_by == by.person and not suspended,
        may_claim=(item.held_by is None or right.out_of is not None) and not apart and not suspended,
        apart=apart,
        suspended=suspended,
        behalf=_lender(by, right.behalf),
        holds=right.out_of is not None,
        capacities=cases.capacities(item, folder, by),
        draft=submissions.draft(session, wait_ref, by.person or 0),
        before=cases.papers(session, item.case_id, by, folder),
    )


def hindrance(session: Session, item: Record[Any], by: Actor) -> str | None:
    """The code that says why this person could not do an open task now (a row of `walks.ITEMS`); None if they can."""
    if item.queue not in by.keys and not _lenders(session, item, by):
        return Missing.code
    if item.status == "suspended":
        return cases.Suspended.code
    folder = definitions.pinned(session, item.release_id)
    right = right_to(item, folder, by)
    if item.held_by not in {None, by.person, right.out_of}:
        return holding.Taken.code
    return cases.Separate.code if _is_apart(session, folder, item, by, right.behalf) else None


def find(session: Session, wait_ref: str, by: Actor) -> Record[Any]:
    """The open task, for whoever holds its key or was lent it; Missing for others, Gone once it was completed."""
    item = session.execute(_ITEM, {"wait": wait_ref}).one_or_none()
    if item is None:
        raise Gone(wait=wait_ref)
    held = item.held_by == by.person and loans.standing(session, item)
    if item.queue not in by.keys and not held and not _lenders(session, item, by):
        raise Missing(wait=wait_ref)
    return item


def right_to(item: Record[Any], folder: Folder, by: Actor) -> Right:
    """The own key first; a substitute may take what their principal holds, and the principal may take it back."""
    lenders = cases.behalf.principals(item, item.region, folder, by)
    if item.held_by == by.person:
        return Right(behalf=item.held_for)
    if item.held_by is not None and item.held_by in lenders:
        return Right(behalf=item.held_by, out_of=item.held_by)
    if item.queue in by.keys:
        return Right(out_of=item.held_by if item.held_for == by.person else None)
    return Right(behalf=lenders[0] if lenders else None)


def _lenders(session: Session, item: Record[Any], by: Actor) -> list[int]:
    if not by.lent:
        return []
    return cases.behalf.principals(item, item.region, definitions.pinned(session, item.release_id), by)


def _lender(by: Actor, person: int | None) -> Name | None:
    found = next((lent for lent in by.lent if lent.person == person), None)
    return Name(found.person, "", found.name, found.name_en) if found else None


def _is_apart(session: Session, folder: Folder, item: Record[Any], by: Actor, principal: int | None) -> bool:
    try:
        cases.check_separate(session, folder, item, by, principal)
    except cases.Separate:
        return True
    return False


_ITEM = walks.ITEMS.where(Wait.ref == bindparam("wait"))
