"""What process owners are working on: one draft a process, every change of it against the state that its writer saw.

A draft is text and nothing else: it may be wrong in any way and is kept all the same. What it holds begins to count
when it is proposed, which makes an immutable version of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.definitions.releases import Process, Release, Version, current, folder
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused, Stale
from ground.ids import ref as new_ref
from ground.people import Actor, Person
from ground.types import Bytes, Code, Id, Instant, Ref, Text, Whole

OWNER = "process_owner"
LARGEST = 1_000_000
MOST = 200
NAME = r"[a-z][a-z0-9_.-]{0,59}"
PATHS = re.compile(
    rf"process\.json|parameters\.json|README\.md|{NAME}\.(bpmn|dmn)|(forms|tests|tests/tables|texts|texts/letters)/{NAME}\.json"
)


class ProcessDraft(Row):
    """The draft of one process: which version it began from, and who changed it last; `rev` counts its changes."""

    __tablename__ = "process_draft"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    key: Mapped[str] = mapped_column(Code(), unique=True)
    based_on: Mapped[int | None] = mapped_column(Id, ForeignKey("version.id"))
    rev: Mapped[int] = mapped_column(Whole)
    begun_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class DraftPart(Row):
    """One file of a draft, as it was typed or drawn."""

    __tablename__ = "draft_part"

    draft_id: Mapped[int] = mapped_column(Id, ForeignKey("process_draft.id"), primary_key=True)
    path: Mapped[str] = mapped_column(Text(200), primary_key=True)
    body: Mapped[bytes] = mapped_column(Bytes)


class Outdated(Stale):
    """Somebody, `who`, has changed the draft since it was read; theirs stands, and yours is still on your page."""

    code = "draft.outdated"
    status = 412


class WrongPath(Refused):
    """A process folder has no file of this name: `process.json`, diagrams, tables, forms/, texts/ and tests/."""

    code = "draft.wrong_path"
    status = 422


class TooLarge(Refused):
    """The file is larger than a process may bring, or the folder holds too many."""

    code = "draft.too_large"
    status = 413


class BeingWritten(Refused):
    """Somebody works on this process already; their draft is to be published or given up first."""

    code = "draft.being_written"


@dataclass(frozen=True)
class Working:
    """A draft as it stands: its row, with `changed_by_name`, and its files."""

    row: Record[Any]
    parts: Mapping[str, bytes]


def begin(session: Session, key: str, *, by: Actor, now: datetime, version_id: int | None = None) -> Record[Any]:
    """Open the draft of a process, from the version that new cases start on or another; an open one is found again."""
    may(by)
    found = session.execute(_ROW.where(ProcessDraft.key == key)).one_or_none()
    if found is not None:
        return found
    base = version_id if version_id is not None else current(session, key).version_id
    return _lay(session, key, folder(session, base).parts, base, by, now)


def lay(session: Session, key: str, parts: Mapping[str, bytes], *, by: Actor, now: datetime) -> Record[Any]:
    """Open the draft of a process with these files: a template, a bundle, a diagram drawn elsewhere.

    Exists where the process is being worked on already: nobody's draft is written over.
    """
    may(by)
    for path, body in parts.items():
        _admit(path, body)
    if len(parts) > MOST:
        raise TooLarge(files=len(parts), limit=MOST)
    open_one = session.execute(_ROW.where(ProcessDraft.key == key)).one_or_none()
    if open_one is not None:
        raise BeingWritten(process=key, who=open_one.changed_by_name)
    published = session.scalar(
        select(Release.version_id).join(Process, Process.release_id == Release.id).where(Process.key == key)
    )
    return _lay(session, key, parts, published, by, now)


def listed(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """Every draft there is, the last changed first."""
    may(by)
    return session.execute(_ROW.order_by(ProcessDraft.changed_at.desc())).all()


def opened(session: Session, key: str, by: Actor) -> Record[Any] | None:
    """The row of the draft of this process, or None where nobody works on it."""
    may(by)
    return session.execute(_ROW.where(ProcessDraft.key == key)).one_or_none()


def look(session: Session, key: str, by: Actor) -> Working:
    """The draft of a process with all that it holds; Missing where there is none."""
    may(by)
    row = opened(session, key, by)
    if row is None:
        raise Missing(draft=key)
    rows = session.execute(select(DraftPart.path, DraftPart.body).where(DraftPart.draft_id == row.id))
    return Working(row, {each.path: each.body for each in rows.all()})


def save(
    session: Session, key: str, changed: Mapping[str, bytes | None], *, seen: int, by: Actor, now: datetime
) -> int:
    """Put these files into the draft, None taking one out, and give its new `rev`; Outdated if `seen` is not the last.

    Nothing is looked at but names and sizes: what is wrong with a file is said by the check, and kept.
    """
    may(by)
    for path, body in changed.items():
        _admit(path, body)
    draft = _claim(session, key, seen, by, now)
    session.execute(delete(DraftPart).where(DraftPart.draft_id == draft, DraftPart.path.in_(list(changed))))
    rows = [{"draft_id": draft, "path": path, "body": body} for path, body in changed.items() if body is not None]
    if rows:
        session.execute(insert(DraftPart), rows)
    held = session.execute(select(DraftPart.path).where(DraftPart.draft_id == draft)).all()
    if len(held) > MOST:
        raise TooLarge(files=len(held), limit=MOST)
    return seen + 1


def drop(session: Session, key: str, *, seen: int, by: Actor, now: datetime) -> None:
    """Give the draft up, as it was last seen."""
    may(by)
    draft = _claim(session, key, seen, by, now)
    session.execute(delete(DraftPart).where(DraftPart.draft_id == draft))
    session.execute(delete(ProcessDraft).where(ProcessDraft.id == draft))


def may(by: Actor) -> None:
    """Processes belong to those who hold the office for it."""
    if not by.has(OWNER):
        raise Forbidden(role=OWNER)


def _lay(
    session: Session, key: str, parts: Mapping[str, bytes], base: int | None, by: Actor, now: datetime
) -> Record[Any]:
    row = {"ref": new_ref(), "key": key, "based_on": base, "rev": 1, "begun_by": by.person, "begun_at": now}
    draft = session.scalar(
        insert(ProcessDraft).values(**row, changed_by=by.person, changed_at=now).returning(ProcessDraft.id)
    )
    session.execute(insert(DraftPart), [{"draft_id": draft, "path": path, "body": parts[path]} for path in parts])
    return session.execute(_ROW.where(ProcessDraft.id == draft)).one()


def _claim(session: Session, key: str, seen: int, by: Actor, now: datetime) -> int:
    """The draft's id, once this change is the next one."""
    found = session.execute(
        update(ProcessDraft)
        .where(ProcessDraft.key == key, ProcessDraft.rev == seen)
        .values(rev=seen + 1, changed_by=by.person, changed_at=now)
        .returning(ProcessDraft.id)
    ).scalar_one_or_none()
    if found is not None:
        return int(found)
    row = session.execute(_ROW.where(ProcessDraft.key == key)).one_or_none()
    if row is None:
        raise Missing(draft=key)
    raise Outdated(process=key, who=row.changed_by_name, at=row.changed_at, rev=row.rev)


def _admit(path: str, body: bytes | None) -> None:
    if not PATHS.fullmatch(path):
        raise WrongPath(path=path)
    if body is not None and len(body) > LARGEST:
        raise TooLarge(path=path, bytes=len(body), limit=LARGEST)


_ROW = (
    select(
        ProcessDraft.id,
        ProcessDraft.ref,
        ProcessDraft.key,
        ProcessDraft.based_on,
        ProcessDraft.rev,
        ProcessDraft.begun_at,
        ProcessDraft.changed_at,
        ProcessDraft.changed_by,
        Person.name.label("changed_by_name"),
        Person.name_en.label("changed_by_name_en"),
        Version.number.label("based_on_number"),
    )
    .outerjoin(Person, Person.id == ProcessDraft.changed_by)
    .outerjoin(Version, Version.id == ProcessDraft.based_on)
)
