"""The archive of a closed case (归档): all that whoever makes it may read of it, as one package that can be checked.

N-10. A package is not kept a second time: the same person gets the same bytes again, and the history of the case keeps
their digest. N-8: who only looks on may take one, and nothing is recorded.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row as Record

from bases.documents import desk
from bases.filing import incoming_letter
from bases.verdicts import archive_content, decision
from bases.verdicts.archive_content import Holding, OnPaper
from engine import cases, history, submissions
from ground import files
from ground.database import Session, reading, transaction
from ground.errors import Refused
from ground.files import packages
from ground.files.packages import Packed
from ground.people import Actor

# Who files a case away; and who may have what they filed, N-8: an auditor changes nothing, not even a history.
ARCHIVISTS = frozenset({"prov_officer", "prov_office", "supervisor"})
READERS = ARCHIVISTS | {"auditor"}
CLOSED = "closed"
KIND = "case.archived"

# What people read is written where words are made: names of entries and their bytes.
Pages = Callable[[Session, Holding], Mapping[str, bytes]]


class StillOpen(Refused):
    """A case is filed away when it is closed, and not before."""

    code = "archive.still_open"


class NotArchivist(Refused):
    """Cases are filed away by the Department's officers, its office and its supervisors."""

    code = "archive.not_archivist"
    status = 403


def may_make(by: Actor) -> bool:
    """Whether this person files cases away."""
    return _is_one_of(ARCHIVISTS, by)


def check_closed(case: Record[Any]) -> None:
    """StillOpen as long as anything can still be added to it."""
    if case.status != CLOSED:
        raise StillOpen(case=case.number, number=case.number)


def may_take(by: Actor) -> bool:
    """Whether this person may have what there is to file, without filing it."""
    return _is_one_of(READERS, by)


def make(case_ref: str, pages: Pages, place: Path, by: Actor, now: datetime) -> Packed:
    """File a closed case away: its package in this place, and its digest in the history of the case.

    Made again before anything else has happened it is the same package, and the history has one line of it.
    """
    with reading() as session:
        case = cases.find(session, case_ref, by)
        if not may_make(by):
            raise NotArchivist(case=case_ref)
        earlier = _earlier(session, case.id, by)
        if earlier is not None:
            packed, _lines = _pack(session, case_ref, pages, place, by, earlier.at, earlier.detail["lines"])
            if packed.sha256 == earlier.detail["digest"]:
                return packed
        packed, lines = _pack(session, case_ref, pages, place, by, now, None)
    with transaction() as session:
        detail = {"digest": packed.sha256, "entries": packed.entries, "lines": lines}
        cases.note(session, case.id, history.Fact("case.archived", now, by.person, detail=detail))
    return packed


def take(case_ref: str, pages: Pages, place: Path, by: Actor, now: datetime) -> Packed:
    """The same for whoever only reads: nothing is recorded, and nothing in the case has changed."""
    with reading() as session:
        return _pack(session, case_ref, pages, place, by, now, None)[0]


def look(session: Session, case_ref: str, by: Actor, at: datetime, until: int | None = None) -> Holding:
    """What would be in the package; StillOpen before the case is closed, and NotArchivist for whoever has no part."""
    case = cases.find(session, case_ref, by)
    if not may_take(by):
        raise NotArchivist(case=case_ref)
    check_closed(case)
    view = cases.look(session, case_ref, by)
    letters = incoming_letter.of_case(session, case.id)
    signatures = [OnPaper(row, cases.may_open(session, row.scan, by)) for row in decision.papers(session, case.id)]
    lines = cases.chain(session, case_ref, by)[:until]
    refs = {
        *(each.scan for each in letters if cases.may_open(session, each.scan, by)),
        *(each.row.scan for each in signatures if each.open),
        *(ref for row, form in archive_content.forms(session, view) if form for ref in form.files_of(row.answers)),
    }
    return Holding(
        view=view,
        by=by,
        made_at=at,
        lines=lines,
        documents=list(reversed(desk.of_case(session, case.id, by))),
        letters=letters,
        signatures=signatures,
        files=files.named(session, refs),
        withheld={
            "papers": submissions.count(session, case.id) - len(view.submissions),
            "lines": sum(each.fact is None for each in lines),
        },
    )


def _is_one_of(roles: frozenset[str], by: Actor) -> bool:
    return any(held.role in roles and held.organ_kind == "province" for held in by.held)


def _earlier(session: Session, case_id: int, by: Actor) -> Record[Any] | None:
    """The line of this person's last package, if nothing but filing away has happened since what it covers."""
    lines = history.read(session, case_id)
    own = [each for each in lines if each.kind == KIND and each.by_person == by.person]
    if not own or any(each.kind != KIND for each in lines[own[-1].detail["lines"] :]):
        return None
    return own[-1]


def _pack(
    session: Session, case_ref: str, pages: Pages, place: Path, by: Actor, at: datetime, until: int | None
) -> tuple[Packed, int]:
    """The package, and how many lines of the history it covers."""
    holding = look(session, case_ref, by, at, until)
    entries = archive_content.entries(session, holding, pages(session, holding))
    return packages.write(place, entries, at, archive_content.facts(holding)), len(holding.lines)
