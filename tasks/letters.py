"""Words for people: a letter is a row in the case's own transaction, read in the program and posted after the commit.

A letter keeps its template's key and the facts; its words are made when it is shown, from the folder of the version
that it was written on. What the house itself tells is about no case and has no version. `posting` carries a letter
out of the house, by the channels of its reader.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
from marshmallow import Schema, fields
from sqlalchemy import ForeignKey, Index, Row as Record, bindparam, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine import cases, definitions
from engine.cases import Case
from engine.folders import Folder
from engine.steps import Move, step
from ground import clock, people
from ground.database import Row, Session
from ground.errors import Missing
from ground.ids import ref as new_ref
from ground.people import Actor, Person
from ground.types import Code, Document, Id, Instant, Ref
from tasks import dispatches, pages
from tasks.lists import Search, found
from tasks.pages import Page

SLOT = re.compile(r"\{([a-z_]{1,40})\}")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST = 100
# What the house itself writes, about a deadline and about an act at a task, where a process has no words of its own.
OURS: dict[str, dict[str, dict[str, str]]] = {
    template: words
    for name in ("reminder-words.json", "act-words.json")
    for template, words in orjson.loads(Path(__file__).with_name(name).read_bytes()).items()
}


class Letter(Row):
    """One letter to one person, about one case or none."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_person", "person_id", "id"),
        Index("ix_letter_unread", "person_id", "read_at", "id"),
        Index("ix_letter_case", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(Id, ForeignKey("cases.id"))
    version_id: Mapped[int | None] = mapped_column(Id, ForeignKey("version.id"))
    template: Mapped[str] = mapped_column(Code())
    facts: Mapped[dict[str, Any]] = mapped_column(Document)
    written_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Words:
    """A letter as it is shown in one language."""

    subject: str
    body: str


class Telling(Schema):
    """What `letters.tell` takes: the template's key and the role and scope that it goes to."""

    template = fields.String(required=True)
    role = fields.String(required=True)
    scope = fields.String(required=True)
    organ = fields.Integer(load_default=None, allow_none=True)


@step("letters.tell", parameters=Telling, again=True)
def tell(move: Move, template: str, role: str, scope: str, organ: int | None) -> None:
    """Write a letter to everybody who holds the role there today."""
    on = clock.local_day(move.now)
    addressee = people.resolve(move.session, role, scope, organ, move.case.region, on)
    persons = [holder.id for holder in people.holders(move.session, addressee.key, on)]
    write(move.session, persons, move.case.id, template, _facts(move), move.now, version_id=move.version_id)
    move.record("letter.written", template=template, to=addressee.key, count=len(persons))


def write(
    session: Session,
    persons: Sequence[int],
    case_id: int,
    template: str,
    facts: Mapping[str, Any],
    now: datetime,
    *,
    version_id: int | None = None,
) -> None:
    """Write one letter to each of these persons, to be posted after the commit.

    `version_id` is the version whose folder holds the template, without it the case's own.
    """
    if not persons:
        return
    if version_id is None:
        version_id = session.scalar(select(Case.version_id).where(Case.id == case_id))
    _write(session, persons, case_id, version_id, template, facts, now)


def write_apart(
    session: Session, persons: Sequence[int], template: str, facts: Mapping[str, Any], now: datetime
) -> None:
    """Write one letter of the house itself to each of these persons; the template is one of its own."""
    if persons:
        _write(session, persons, None, None, template, facts, now)


def _write(
    session: Session,
    persons: Sequence[int],
    case_id: int | None,
    version_id: int | None,
    template: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    readers = {new_ref(): person for person in persons}
    rows = [
        {
            "ref": ref,
            "person_id": person,
            "case_id": case_id,
            "version_id": version_id,
            "template": template,
            "facts": dict(facts),
            "written_at": now,
        }
        for ref, person in readers.items()
    ]
    session.execute(insert(Letter), rows)
    dispatches.plan(session, case_id, readers, now)


def inbox(session: Session, by: Actor, limit: int = MOST) -> Sequence[Record[Any]]:
    """This person's letters, the newest first."""
    return session.execute(_LETTERS.where(Letter.person_id == by.person).order_by(Letter.id.desc()).limit(limit)).all()


def to_read(session: Session, by: Actor, search: Search, *, after: str | None = None, limit: int = 20) -> Page:
    """待阅: the letters that this person has not marked as read, the newest first."""
    wanted = _LETTERS.where(Letter.person_id == by.person, Letter.read_at.is_(None), *found(search))
    if after:
        wanted = wanted.where(Letter.id < pages.place(after)[1])
    rows = session.execute(wanted.order_by(Letter.id.desc()).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], pages.behind(last.written_at, last.id) if last else None)


def unread(session: Session, by: Actor, most: int = MOST) -> int:
    """How many letters this person has not marked as read, counted no further than `most`."""
    mine = select(Letter.id).where(Letter.person_id == by.person, Letter.read_at.is_(None)).limit(most)
    return int(session.scalar(select(func.count()).select_from(mine.subquery())))


def to_carry(session: Session, letter_ref: str) -> Record[Any]:
    """One letter with its reader, for whoever carries it."""
    return session.execute(_TO_CARRY, {"letter": letter_ref}).one()


def look(session: Session, letter_ref: str, by: Actor) -> Record[Any]:
    """One letter of this person's own, with `in_sight`: whether they may still look into its case."""
    with_sight = _LETTERS.add_columns(cases.visible(by).label("in_sight"))
    row = session.execute(with_sight.where(Letter.ref == letter_ref, Letter.person_id == by.person)).one_or_none()
    if row is None:
        raise Missing(letter=letter_ref)
    return row


def opened(session: Session, letter_ref: str, by: Actor, now: datetime) -> None:
    """This person has read the letter."""
    session.execute(
        update(Letter)
        .where(Letter.ref == letter_ref, Letter.person_id == by.person, Letter.read_at.is_(None))
        .values(read_at=now)
    )


def folder_of(session: Session, letter: Any) -> Folder | None:
    """The folder that holds a letter's words; None for one of the house itself."""
    return None if letter.version_id is None else definitions.folder(session, letter.version_id)


def words(folder: Folder | None, template: str, facts: Mapping[str, Any], language: str) -> Words:
    """The letter in words. Slots take facts as text; nothing that a person typed is ever run as a template."""
    text = _text(folder, template, language)
    subject, body = (_in(folder, text[part], language) for part in ("subject", "body"))
    spoken = {name: _spoken(value, language) for name, value in facts.items()}
    return Words(_filled(subject, spoken), _filled(body, spoken))


def _facts(move: Move) -> dict[str, Any]:
    scalars = {name: value for name, value in move.data.items() if isinstance(value, str | int | bool)}
    return {**scalars, "number": move.case.number, "title": move.case.title}


def _text(folder: Folder | None, template: str, language: str) -> Mapping[str, str]:
    """The process's own letter, else the one that the house writes for every process."""
    if folder is not None and template in folder.letters:
        return folder.letters[template]
    ours = OURS.get(template, {})
    return ours.get(language) or ours.get("zh") or {"subject": template, "body": ""}


def _in(folder: Folder | None, text: str, language: str) -> str:
    return folder.words.get(text, text) if folder is not None and language == "en" else text


def _spoken(value: Any, language: str) -> Any:
    """A fact as people read it: a date in the language's way, a name that has two, everything else as it is."""
    if isinstance(value, Mapping):
        return value.get(language) or value.get("zh", "")
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value):
        return value
    day = date.fromisoformat(value)
    return f"{day:%-d %b %Y}" if language == "en" else f"{day.year}年{day.month}月{day.day}日"


def _filled(text: str, facts: Mapping[str, Any]) -> str:
    return SLOT.sub(lambda slot: str(facts.get(slot[1], slot[0])), text)


_LETTERS = (
    select(
        Letter.id,
        Letter.ref,
        Letter.template,
        Letter.facts,
        Letter.version_id,
        Letter.written_at,
        Letter.read_at,
        Case.ref.label("case_ref"),
        Case.number,
        Case.title,
        Person.login,
        Person.name,
        Person.language,
    )
    .join(Person, Person.id == Letter.person_id)
    .outerjoin(Case, Case.id == Letter.case_id)
)
_TO_CARRY = _LETTERS.add_columns(Letter.person_id).where(Letter.ref == bindparam("letter"))
