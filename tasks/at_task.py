"""An act on one open task that moves nothing: its case locked, its row read afresh, once for each key.

Whoever acts beside another waits at the case's row and then sees what the other has done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import Row as Record, bindparam, select

from engine import cases, definitions, history
from engine.cases import Case
from engine.cases.hanging import office
from engine.cases.repeating import confirm, key_of, once
from engine.folders import Folder
from engine.holding import Gone
from engine.steps import CaseFacts
from engine.waits import Wait
from ground.database import Session, transaction
from ground.errors import Missing, Refused
from ground.people import Actor
from tasks import letters, walks


class NoWords(Refused):
    """Such an act says why, or what it asks for, in one to five hundred characters."""

    code = "act.no_words"
    status = 422


class NotAmong(Refused):
    """Nobody was chosen, or somebody who cannot be asked for this."""

    code = "act.not_among"
    status = 422


class Words(Schema):
    """What every such act is told with."""

    words = fields.String(required=True, validate=validate.Regexp(r"(?s)^\s*\S.{0,499}$"))


@dataclass(frozen=True)
class AtTask:
    """One open task under the lock of its case: the row as the lists show it, its folder, who acts and when."""

    session: Session
    item: Record[Any]
    case: CaseFacts
    folder: Folder
    by: Actor
    now: datetime

    def check_holder(self) -> None:
        """NotYours unless this person holds the task and its key."""
        if self.item.held_by != self.by.person or self.item.queue not in self.by.keys:
            raise cases.NotYours(wait=self.item.ref, held_by=self.item.held_by, at=self.item.held_at)

    def record(self, kind: str, **detail: Any) -> None:
        """Write a line of the case's history; what is told stays in the office that does the task, and above it."""
        told = {"organ": office(self.item.queue), **detail}
        fact = history.Fact(kind, self.now, self.by.person, self.item.element, told)
        cases.note(self.session, self.item.case_id, fact)

    def write(self, template: str, persons: Sequence[int], words: str) -> None:
        """A letter to these persons: what they are asked, by whom, in which words."""
        facts = {"number": self.item.number, "title": self.item.title, **who(self.by), "words": words}
        letters.write(self.session, persons, self.item.case_id, template, facts, self.now)


def seen(session: Session, wait_ref: str, by: Actor, now: datetime) -> AtTask:
    """The task as it stands, for a page that offers an act. Gone, Missing, Suspended as the act itself."""
    return _seen(session, _item(session, wait_ref), by, now)


def act(name: str, wait_ref: str, by: Actor, key: str, now: datetime, change: Callable[[AtTask], None]) -> str:
    """Do this to an open task, once for this key; the number of its case."""
    unique = key_of(by, name, wait_ref, key)

    def done() -> dict[str, Any]:
        with transaction() as session:
            at = taken(session, wait_ref, by, now)
            change(at)
            result = {"number": at.item.number}
            confirm(session, unique, at.case, result, now)
        return result

    return str(once(unique, done)["number"])


def taken(session: Session, wait_ref: str, by: Actor, now: datetime) -> AtTask:
    """The task with its case locked. Gone, Missing for whoever has nothing to do with the case, Suspended."""
    item = _item(session, wait_ref)
    cases.lock(session, item.case_id)
    return _seen(session, _item(session, wait_ref), by, now)


def who(by: Actor) -> dict[str, str]:
    """Whoever asks, as a letter names them in each language."""
    return {"who": by.name, "who_en": by.name_en or by.name}


def said(words: str) -> str:
    """These words, if there are any and not too many; NoWords if not."""
    try:
        Words().load({"words": words})
    except ValidationError:
        raise NoWords(most=500) from None
    return words.strip()


def _seen(session: Session, item: Record[Any], by: Actor, now: datetime) -> AtTask:
    row = session.execute(_FACTS.where(Case.id == item.case_id, cases.visible(by))).one_or_none()
    if row is None:
        raise Missing(wait=item.ref)
    if item.status == "suspended":
        raise cases.Suspended(case=item.number)
    return AtTask(session, item, CaseFacts(*tuple(row)), definitions.pinned(session, item.release_id), by, now)


def _item(session: Session, wait_ref: str) -> Record[Any]:
    item = session.execute(_ITEM, {"wait": wait_ref}).one_or_none()
    if item is None:
        raise Gone(wait=wait_ref)
    return item


_ITEM = walks.ITEMS.where(Wait.ref == bindparam("wait"))
_FACTS = select(Case.id, Case.ref, Case.number, Case.title, Case.subject, Case.region, Case.organ_id, Case.started_at)
