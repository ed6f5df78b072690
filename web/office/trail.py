"""Who did what to a document, newest first: each form that was sent at its steps, with its result and its reasons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from bases.documents.templates import PROCESS
from engine import cases, definitions, submissions
from engine.folders import Folder
from ground import people
from ground.database import Session
from ground.people import Actor
from web.door.language import pick, within

PROCESSES = frozenset({PROCESS, "paper_signature"})
REASONS = ("reason", "opinion", "words")


@dataclass(frozen=True)
class Act:
    """One form: at which step, by whom, when, with which result, and why."""

    step: str
    by: str
    at: datetime
    result: str
    reason: str


def of(store: Session, row: Any, case_ref: str, me: Actor) -> list[Act]:
    """The acts on this document that this person may read."""
    case = cases.find(store, case_ref, me)
    under = definitions.written_under(store, definitions.pinned(store, case.release_id))
    sent = [each for each in submissions.of_case(store, case.id, me, under) if each.received_at >= row.opened_at]
    names = people.name_of(store, {each.by for each in sent if each.by is not None})
    ours = [each for each in sent if under(each.version_id).home(each.element).facts["key"] in PROCESSES]
    return [_act(each, under(each.version_id), names.get(each.by)) for each in reversed(ours)]


def _act(sent: Record[Any], folder: Folder, who: Any) -> Act:
    home, element = folder.home(sent.element), folder.element(sent.element)
    field = home.forms[sent.form].fields.get("outcome")
    chosen = [option.label for option in field.options if option.code == sent.answers.get("outcome")] if field else []
    return Act(
        step=within(home.words, element.name) if element else sent.element,
        by=pick(who.name, who.name_en) if who else "",
        at=sent.received_at,
        result=within(home.words, chosen[0]) if chosen else "",
        reason=next((sent.answers[name] for name in REASONS if sent.answers.get(name)), ""),
    )
