"""The letters that were written about a case, as far as the reader may know of them: to whom, when, whether read.

One's own always; those to people of one's own office; at the province all. Who was asked by name under a form that
is kept for others stays unknown: letters to them are told to whoever may know that they were asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as Record, select

from engine.cases import offices, sight
from engine.cases.case import Party
from engine.folders import Folder
from ground import clock, organs
from ground.database import Session
from ground.grants import Grant
from ground.people import Actor, Person
from tasks.letters import Letter

MOST = 200


@dataclass(frozen=True)
class Sent:
    """One letter, and whether it is one's own: ref, template, facts, version_id, written_at, read_at, name, name_en."""

    row: Record[Any]
    mine: bool


def about(session: Session, case_id: int, by: Actor, folder: Folder) -> Sequence[Sent]:
    """The newest letters about a case that this person may know of, the newest first."""
    rows = session.execute(_LETTERS.where(Letter.case_id == case_id).order_by(Letter.id.desc()).limit(MOST)).all()
    others = {row.person_id for row in rows} - {by.person}
    known = _known(session, case_id, others, by, folder) if others else set()
    return [Sent(row, row.person_id == by.person) for row in rows if row.person_id in known | {by.person}]


def refs(session: Session, case_id: int) -> Sequence[str]:
    """The refs of the newest letters about a case, whoever they are to."""
    wanted = select(Letter.ref).where(Letter.case_id == case_id).order_by(Letter.id.desc()).limit(MOST)
    return session.execute(wanted).scalars().all()


def _known(session: Session, case_id: int, persons: set[int], by: Actor, folder: Folder) -> set[int]:
    """Those of these persons of whom this reader may know that they were written to."""
    holding = select(Grant.person_id, Grant.organ_id).where(Grant.person_id.in_(persons), organs.valid(Grant))
    rows = session.execute(holding, {"on": clock.today()})
    found = {row.person_id for row in rows if offices.inside(by, row.organ_id)}
    if found and not _may_know_who_was_asked(by, folder):
        parties = select(Party.person_id).where(Party.case_id == case_id, Party.person_id.in_(found))
        found -= set(session.execute(parties).scalars())
    return found


def _may_know_who_was_asked(by: Actor, folder: Folder) -> bool:
    asked = [
        folder.diagram.place(element)
        for diagram in folder.diagram.every.values()
        for element in diagram.elements.values()
        if element.scope == "person"
    ]
    return sight.insider(by, folder) and not any(sight.withheld(place, None, by, folder) for place in asked)


_LETTERS = select(
    Letter.ref,
    Letter.template,
    Letter.facts,
    Letter.version_id,
    Letter.written_at,
    Letter.read_at,
    Letter.person_id,
    Person.name,
    Person.name_en,
).join(Person, Person.id == Letter.person_id)
