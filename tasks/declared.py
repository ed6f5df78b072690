"""What cases were answered with, for whoever searches by it: the fields of a process that they may read, and no others.

Asked is what stands in the newest paper of its form. Forms that are sealed or kept for others are neither offered nor
matched, nor is what an older version of the form kept so: each paper is read by the version that it was sent under.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, false, literal_column, select, true, type_coerce

from engine import definitions
from engine.cases import Case, admission
from engine.definitions import Process, Version
from engine.folders import Folder
from engine.forms import Field, Form, typed
from engine.spiff.diagrams import AT
from engine.submissions import Submission
from ground import regions
from ground.database import Session
from ground.people import Actor
from ground.types import Said, clean
from tasks import pages

TEXT, REGION, CHOICE = "text", "region", "choice"
NUMBERS = frozenset({"integer", "decimal", "half"})
SEARCHED = frozenset({TEXT, REGION, CHOICE, "date"}) | NUMBERS
NAMED = 20


@dataclass(frozen=True)
class Offer:
    """A field that one may search by: as it stands in the address, its form and itself, and the folder of both."""

    key: str
    form: Form
    field: Field
    folder: Folder


def offered(session: Session, by: Actor, process: str) -> Sequence[Offer]:
    """The fields of this process in its version in force that this person may read, in the order of their forms.

    Those of its own forms; none of a process that is not there, or in which this person is asked by name.
    """
    version = session.scalar(_IN_FORCE.where(Process.key == process))
    return list(_offers(definitions.shown(session, version), by)) if version is not None else []


def matching(session: Session, by: Actor, process: str, field: str, value: str) -> ColumnElement[bool]:
    """Whether a case's newest paper of the form has this value; never, where this person may not ask for it.

    A text is found by a part of it, a region by what lies in it, a choice by its code or label, all else exactly.
    """
    form, _, name = field.rpartition(".")
    under: dict[int, Field] = {}
    for version in session.execute(_EVERY.where(Process.key == process)).scalars():
        found = next((one for one in _offers(definitions.shown(session, version), by) if one.key == field), None)
        if found is not None:
            under[version] = found.field
    if not under:
        return false()
    said = type_coerce(Said(Submission.answers, name), String)
    asked: ColumnElement[bool] = false()
    for one in {_way(each): each for each in under.values()}.values():
        versions = [number for number, each in under.items() if _way(each) == _way(one)]
        asked = asked | (Submission.version_id.in_(versions) & _says(session, said, one, value))
    # One value of one paper for each case: where it may, a database turns EXISTS round and begins at all papers.
    newest = (
        select(asked)
        .where(Submission.case_id == Case.id, Submission.form == form, Submission.element.not_like(f"%{AT}%"))
        .order_by(Submission.seq.desc())
        .limit(literal_column("1"))
        .correlate(Case)
        .scalar_subquery()
    )
    return newest.is_(true())


def _offers(folder: Folder, by: Actor) -> Iterator[Offer]:
    if admission.asks_by_name(by, folder):
        return
    for key, form in folder.forms.items():
        if form.sealed or (form.readers and not any(by.has(role) for role in form.readers)):
            continue
        for field in form.fields.values():
            if field.type in SEARCHED:
                yield Offer(f"{key}.{field.name}", form, field, folder)


def _way(field: Field) -> tuple[Any, ...]:
    """What the way of asking for a field depends on; versions that agree in it are asked together."""
    return field.type, field.places, field.options


def _says(session: Session, said: ColumnElement[str], field: Field, value: str) -> ColumnElement[bool]:
    """Whether what was said is this value, in the way of its type."""
    text = clean(value).strip()
    if field.type == TEXT:
        return said.like(f"%{pages.literal(text)}%", escape="/")
    if field.type == REGION:
        return _in_region(session, said, text)
    if field.type == CHOICE:
        return said.in_([each.code for each in field.options if text in {each.code, each.label}] or [text])
    stored = _stored(field, text)
    return said == stored if stored else false()


def _stored(field: Field, text: str) -> str:
    """A number or a day as it stands in answers; nothing for what is none."""
    if field.type not in NUMBERS:
        return text if typed.DAY.fullmatch(text) else ""
    if not typed.NUMBER.fullmatch(text) or len(text) > typed.DIGITS:
        return ""
    number = Decimal(text)
    return str(typed.written(field, number)) if field.type != "integer" else f"{number.normalize():f}"


def _in_region(session: Session, said: ColumnElement[str], text: str) -> ColumnElement[bool]:
    codes: Sequence[str] = [text] if typed.REGION.fullmatch(text) else regions.called(session, text, NAMED)
    found: ColumnElement[bool] = false()
    for code in codes:
        found = found | said.startswith(regions.stem(code), autoescape=True)
    return found


_IN_FORCE = select(definitions.Release.version_id).join(Process, Process.release_id == definitions.Release.id)
_EVERY = select(Version.id).join(Process, Process.id == Version.process_id).where(Version.published_at.is_not(None))
