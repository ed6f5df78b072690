"""What people typed: a Draft while they type, a Submission once they have sent it, numbered and never changed.

The engine's data holds none of it but the scalars that a form declares. Who may read a submission is said by its
form.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, Row as Record, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import waits
from engine.folders import Folder
from engine.forms import Form
from ground import files
from ground.database import Row, Session, table
from ground.errors import Stale
from ground.people import Actor
from ground.types import Code, Document, Id, Instant, Text, Whole


class Draft(Row):
    """What one person has typed into one open task, as typed; `rev` counts its savings."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_person", "person_id", "saved_at"),)

    wait_ref: Mapped[str] = mapped_column(Code(12), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    rev: Mapped[int] = mapped_column(Whole)
    saved_at: Mapped[datetime] = mapped_column(Instant)


class Submission(Row):
    """One form as it was sent; `digest` is over the answers, so a stamp or a signature can be bound to it.

    A substitute sends `behalf_of` their principal; both of them have then done this step.
    """

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_person", "by_person", "received_at", "case_id"),
        Index("ix_submission_form", "case_id", "form", "seq", "element", "version_id"),  # the newest paper of a form
    )

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(Id, ForeignKey("version.id"))
    element: Mapped[str] = mapped_column(Code(120))
    item: Mapped[Any] = mapped_column(Document, nullable=True)
    form: Mapped[str] = mapped_column(Code())
    answers: Mapped[dict[str, Any]] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(Text(64))
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    behalf_of: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    acting: Mapped[str] = mapped_column(Code(120))
    received_at: Mapped[datetime] = mapped_column(Instant)


class Enclosure(Row):
    """A file that stands in a submission, so that who may read the one may open the other."""

    __tablename__ = "enclosure"
    __table_args__ = (Index("ix_enclosure_file", "file_ref"),)

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    file_ref: Mapped[str] = mapped_column(Code(12), primary_key=True)


class DraftChanged(Stale):
    """The same person has gone on typing in another window; both texts are kept."""

    code = "draft.changed"
    status = 412


def save_draft(
    session: Session, wait: Record[Any], person: int, answers: Mapping[str, Any], rev: int, now: datetime
) -> int:
    """Keep what was typed; `rev` is the one last seen (0 for none). DraftChanged if another window was quicker."""
    row = {"wait_ref": wait.ref, "person_id": person, "case_id": wait.case_id}
    if rev == 0 and session.put_once(Draft, {**row, "answers": dict(answers), "rev": 1, "saved_at": now}):
        return 1
    changed = session.execute(
        update(Draft)
        .where(Draft.wait_ref == wait.ref, Draft.person_id == person, Draft.rev == rev)
        .values(answers=dict(answers), rev=rev + 1, saved_at=now)
    )
    if changed.rowcount == 0:
        raise DraftChanged(wait=wait.ref)
    return rev + 1


def draft(session: Session, wait_ref: str, person: int) -> Record[Any] | None:
    """What this person has typed so far: answers, rev, saved_at."""
    return session.execute(_DRAFT, {"wait": wait_ref, "person": person}).one_or_none()


def pass_draft(session: Session, wait: Any, form: Form, giver: int, taker: int, now: datetime) -> None:
    """What the giver has typed so far is the taker's from now on, with the files that they had uploaded for it."""
    typed = draft(session, wait.ref, giver)
    if typed is None:
        return
    shared = files.share(session, form.files_of(typed.answers), taker, now)
    session.execute(delete(Draft).where(Draft.wait_ref == wait.ref, Draft.person_id.in_((giver, taker))))
    row = {"wait_ref": wait.ref, "person_id": taker, "case_id": wait.case_id, "rev": typed.rev + 1, "saved_at": now}
    session.execute(insert(Draft).values(answers=_with(typed.answers, shared), **row))


def drop_draft(session: Session, wait_ref: str) -> None:
    """The task was completed: what was typed now stands in its submission."""
    session.later(_DROP, [{"wait": wait_ref}])


def send(session: Session, seq: int, values: Mapping[str, Any], files: Sequence[str]) -> None:
    """Gather a submission and its enclosures under this number of its case."""
    digest = hashlib.sha256(orjson.dumps(values["answers"], option=orjson.OPT_SORT_KEYS)).hexdigest()
    session.later(_SEND, [{**values, "seq": seq, "digest": digest}])
    session.later(_ENCLOSE, [{"case_id": values["case_id"], "seq": seq, "file_ref": file} for file in files])


def at(session: Session, case_id: int, element: str) -> Sequence[Record[Any]]:
    """What was sent at one element of a case, oldest first."""
    return session.execute(_AT, {"case": case_id, "element": element}).all()


def since(session: Session, case_id: int, elements: Sequence[str], after: Sequence[str]) -> Sequence[Record[Any]]:
    """What was sent at these elements of a case since the last sending at those of `after`, oldest first."""
    last = select(func.max(_last.c.seq)).where(_last.c.case_id == case_id, _last.c.element.in_(after)).scalar_subquery()
    where = (Submission.case_id == case_id, Submission.element.in_(elements), Submission.seq > func.coalesce(last, 0))
    return session.execute(_COLUMNS.where(*where).order_by(Submission.seq)).all()


def completers(session: Session, case_id: int, elements: Sequence[str]) -> set[int]:
    """The persons who sent anything at these elements of a case, and those on whose behalf it was sent."""
    rows = session.execute(
        select(Submission.by_person, Submission.behalf_of).where(
            Submission.case_id == case_id, Submission.element.in_(list(elements))
        )
    )
    return {person for row in rows for person in row if person is not None}


def of_case(session: Session, case_id: int, by: Actor, under: Callable[[int], Folder]) -> Sequence[Record[Any]]:
    """The submissions of a case that this person may read, oldest first; `under` gives the folder of each version."""
    rows = session.execute(_OF_CASE, {"case": case_id}).all()
    of = {row.seq: under(row.version_id).form(row.element, row.form) for row in rows}
    sealed = {row.element for row in rows if (form := of[row.seq]) and form.sealed}
    still = {element for element in sealed if waits.open_at(session, case_id, element)}
    return [row for row in rows if may_read(row, by, of[row.seq], sealed=row.element in still)]


def count(session: Session, case_id: int) -> int:
    """How many were sent in a case, whoever may read them."""
    return int(session.scalar(select(func.count()).select_from(Submission).where(Submission.case_id == case_id)))


def by_person(session: Session, case_id: int, person: int | None) -> Sequence[Record[Any]]:
    """What one person sent in a case, oldest first."""
    where = (Submission.case_id == case_id, Submission.by_person == person)
    return session.execute(_COLUMNS.where(*where).order_by(Submission.seq)).all()


def may_read(row: Record[Any], by: Actor, form: Form | None, *, sealed: bool) -> bool:
    """The author always; nobody else while it is sealed; then the form's readers, or everybody who sees the case."""
    if row.by == by.person:
        return True
    if sealed or form is None:
        return False
    return not form.readers or any(by.has(role) for role in form.readers)


def cases_with(session: Session, file_ref: str) -> Sequence[Record[Any]]:
    """Where a file is enclosed: case_id, seq, element, form, by."""
    return session.execute(
        _COLUMNS.join(Enclosure, (Enclosure.case_id == Submission.case_id) & (Enclosure.seq == Submission.seq)).where(
            Enclosure.file_ref == file_ref
        )
    ).all()


def _with(value: Any, shared: Mapping[str, str]) -> Any:
    """The same answers with these files in the place of those."""
    if isinstance(value, Mapping):
        return {name: _with(each, shared) for name, each in value.items()}
    if isinstance(value, list):
        return [_with(each, shared) for each in value]
    return shared.get(value, value) if isinstance(value, str) else value


_last = Submission.__table__.alias("last")
_COLUMNS = select(
    Submission.case_id,
    Submission.seq,
    Submission.version_id,
    Submission.element,
    Submission.item,
    Submission.form,
    Submission.answers,
    Submission.digest,
    Submission.by_person.label("by"),
    Submission.behalf_of,
    Submission.acting,
    Submission.received_at,
)
_OF_CASE = _COLUMNS.where(Submission.case_id == bindparam("case", type_=Id)).order_by(Submission.seq)
_AT = _OF_CASE.where(Submission.element == bindparam("element"))
_DRAFT = select(Draft.answers, Draft.rev, Draft.saved_at).where(
    Draft.wait_ref == bindparam("wait"), Draft.person_id == bindparam("person")
)
_DROP = delete(table(Draft)).where(Draft.wait_ref == bindparam("wait"))
_SEND = insert(table(Submission))
_ENCLOSE = insert(table(Enclosure))
