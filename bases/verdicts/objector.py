"""Who objected, and in which words: kept apart from the case, read by the objection's handler and by nobody else.

No case, submission, history line, letter, message or log holds any of it. `read` is the one way to it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.verdicts import objection
from bases.verdicts.objection import Form, Objection
from engine.forms import FormContext, Problem, check
from ground import files
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.files import Received, StoredFile
from ground.people import SYSTEM, Actor
from ground.types import Code, Id, Text

NAME, CONTACT, FACTS = 120, 200, 5000
SEAL, EVIDENCE = "seal", "evidence"
MOST_EVIDENCE = 5
SHORTEST_TRACE = 2
# A telephone number or an e-mail address by itself gives its owner away as well as the whole line.
REACHED_AT = re.compile(r"[\w.+-]+@[\w.-]+|\d{7,}")
HANDLES = "prov_officer"


class Objector(Row):
    """The person or unit behind one objection, how to reach them, and what they wrote."""

    __tablename__ = "objector"

    objection_id: Mapped[int] = mapped_column(Id, ForeignKey("objection.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text(NAME))
    contact_person: Mapped[str] = mapped_column(Text(NAME))
    contact: Mapped[str] = mapped_column(Text(CONTACT))
    facts: Mapped[str] = mapped_column(Text(FACTS))


class ObjectorFile(Row):
    """A file that came with an objection: the scan with the unit's seal, or evidence."""

    __tablename__ = "objector_file"

    objection_id: Mapped[int] = mapped_column(Id, ForeignKey("objection.id"), primary_key=True)
    file_ref: Mapped[str] = mapped_column(Code(12), ForeignKey("file.ref"), primary_key=True)
    kind: Mapped[str] = mapped_column(Code(20))


class NothingSaid(Refused):
    """An objection says something: facts, or a paper with them."""

    code = "objection.nothing_said"
    status = 422


@dataclass(frozen=True)
class Given:
    """What the public form brings; a unit names who speaks for it in `contact_person`."""

    unit: bool
    name: str
    contact_person: str
    contact: str
    facts: str
    seal: Received | None = None
    evidence: tuple[Received, ...] = ()

    @property
    def form(self) -> Form:
        """What of it D10 looks at."""
        return Form(
            unit=self.unit,
            named=bool(self.name),
            reachable=bool(self.contact),
            factual=bool(self.facts),
            sealed=self.seal is not None,
        )


@dataclass(frozen=True)
class Known:
    """What the handler reads of the objector."""

    name: str
    contact_person: str
    contact: str
    facts: str
    seal: Sequence[StoredFile]
    evidence: Sequence[StoredFile]


def object_to(
    session: Session,
    notice_: Record[Any],
    base_id: int,
    given: Given,
    *,
    key: str,
    now: datetime,
    letter: objection.Letter | None = None,
) -> Record[Any]:
    """Take an objection in: its row for the office, and the objector apart; sent twice, it is taken once."""
    if not (given.facts or given.evidence):
        raise NothingSaid
    taken = objection.receive(session, notice_, base_id, given.form, key, now, letter)
    words = {"contact_person": given.contact_person, "contact": given.contact, "facts": given.facts}
    if session.put_once(Objector, {"objection_id": taken.id, "name": given.name, **words}):
        _keep(session, taken.id, given, now)
    return taken


def read(session: Session, objection_ref: str, by: Actor) -> Known:
    """Who objected, for the handler of this objection alone; for everybody else it is not there."""
    found = _handled(session, objection_ref, by)
    row = session.execute(
        select(Objector.name, Objector.contact_person, Objector.contact, Objector.facts).where(
            Objector.objection_id == found.id
        )
    ).one()
    kept = _files(session, found.id)
    stored = files.named(session, kept)
    of = {kind: [stored[ref] for ref, known in kept.items() if known == kind] for kind in (SEAL, EVIDENCE)}
    return Known(row.name, row.contact_person, row.contact, row.facts, of[SEAL], of[EVIDENCE])


def file_of(session: Session, objection_ref: str, file_ref: str, by: Actor) -> StoredFile:
    """A file that came with an objection, for its handler alone."""
    found = _handled(session, objection_ref, by)
    if file_ref not in _files(session, found.id):
        raise Missing(file=file_ref, rights=True)
    return files.find(session, file_ref)


@check("objector_unnamed")
def unnamed(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """What the handler sends on (a question, findings, the reply) does not repeat the objector's name or contact.

    Only forms that the handler fills may name this check: to anybody else its answer would tell who it was.
    """
    if context.session is None or context.case is None:
        return []
    traces = _traces(context.session, context.case.id)
    return [
        Problem(name, "objection.names_objector")
        for name, value in answers.items()
        if isinstance(value, str) and any(trace in value for trace in traces)
    ]


def _keep(session: Session, objection_id: int, given: Given, now: datetime) -> None:
    """Make the received bytes files of nobody: no person's own, in no submission, so no other page opens them."""
    for kind, received in [*([(SEAL, given.seal)] if given.seal else []), *((EVIDENCE, one) for one in given.evidence)]:
        stored = files.record(session, received, SYSTEM, now)
        session.execute(insert(ObjectorFile).values(objection_id=objection_id, file_ref=stored.ref, kind=kind))


def _handled(session: Session, objection_ref: str, by: Actor) -> Record[Any]:
    found = objection.by_ref(session, objection_ref)
    if by.person is None or found.handler_id != by.person or not by.has(HANDLES):
        raise Missing(objection=objection_ref, rights=True)
    return found


def _files(session: Session, objection_id: int) -> Mapping[str, str]:
    rows = session.execute(
        select(ObjectorFile.file_ref, ObjectorFile.kind)
        .where(ObjectorFile.objection_id == objection_id)
        .order_by(ObjectorFile.file_ref)
    )
    return {row.file_ref: row.kind for row in rows}


def _traces(session: Session, case_id: int) -> list[str]:
    row = session.execute(
        select(Objector.name, Objector.contact_person, Objector.contact)
        .join(Objection, Objection.id == Objector.objection_id)
        .where(Objection.case_id == case_id)
    ).one_or_none()
    texts = [*row, *REACHED_AT.findall(row.contact)] if row else []
    return [text for text in texts if len(text) >= SHORTEST_TRACE]
