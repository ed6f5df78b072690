"""Who is asked by name reads the papers of a case only after having sent what admits them, and no phone in them.

A form says so with `admits`: an expert is admitted by the pledge. It is asked here, where every reader of papers comes
by, so that pages, files and programs are held by the same rule. Offices that know of a case by themselves are not held.
"""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from engine import definitions, submissions
from engine.cases.case import Case
from engine.cases.offices import knows
from engine.folders import Folder
from engine.forms import Field, Form
from ground.database import Session
from ground.errors import Forbidden
from ground.people import Actor

CONTACT = frozenset({"phone", "email"})
MASK = "***"


class NotAdmitted(Forbidden):
    """Whoever was asked by name has not sent what lets them read the papers, or has declined."""

    code = "case.not_admitted"


def shut(session: Session, case_id: int, by: Actor, folder: Folder) -> bool:
    """Whether the papers of this case are shut to this person."""
    return _asked_by_name(session, case_id, by, folder) and not _admitted(session, case_id, by, folder)


def seen(session: Session, case_id: int, by: Actor, folder: Folder, rows: Sequence[Any]) -> Sequence[Any]:
    """These papers as this person may read them: their own before they are admitted, then all without contacts."""
    if not _asked_by_name(session, case_id, by, folder):
        return rows
    if not _admitted(session, case_id, by, folder):
        return [row for row in rows if row.by == by.person]
    under = definitions.written_under(session, folder)
    return [
        row if row.by == by.person else _masked(row, under(row.version_id).form(row.element, row.form)) for row in rows
    ]


def asks_by_name(by: Actor, folder: Folder) -> bool:
    """Whether this person holds a role that this process asks by name, so some of its cases may be shut to them."""
    return by.person is not None and any(by.has(role) for role in _roles(folder))


def _asked_by_name(session: Session, case_id: int, by: Actor, folder: Folder) -> bool:
    if not asks_by_name(by, folder):
        return False
    case = session.execute(select(Case.region, Case.organ_id).where(Case.id == case_id)).one()
    return not knows(by, case.region, case.organ_id)


def _roles(folder: Folder) -> set[str]:
    return {role for each in (folder, *folder.calls.values()) for form in each.forms.values() for role in form.admits}


def _admitted(session: Session, case_id: int, by: Actor, folder: Folder) -> bool:
    """By what was sent last: whoever has accepted and later withdraws is out again."""
    under = definitions.written_under(session, folder)
    sent = [
        (form, row.answers.get("outcome"))
        for row in submissions.by_person(session, case_id, by.person)
        if (form := under(row.version_id).form(row.element, row.form)) is not None and form.admits
    ]
    return bool(sent) and sent[-1][1] in sent[-1][0].admits.values()


def _masked(row: Any, form: Form | None) -> Any:
    answers = _without(row.answers, form.fields.values()) if form is not None else row.answers
    return SimpleNamespace(**{**row._mapping, "answers": answers})  # noqa: SLF001  a row's public way to its names


def _without(answers: Mapping[str, Any], fields: Any) -> dict[str, Any]:
    return {**answers, **{each.name: _hidden(each, answers[each.name]) for each in fields if each.name in answers}}


def _hidden(field: Field, value: Any) -> Any:
    if field.type in CONTACT:
        return MASK if value else value
    if field.type == "rows" and isinstance(value, list):
        return [_without(row, field.columns) for row in value]
    if field.type == "list" and isinstance(value, dict):
        return {**value, "rows": [_without(row, field.columns) for row in value.get("rows", ())]}
    return value
