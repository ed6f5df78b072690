"""The answers that are sent, read as the form of their step wants them; Invalid names what is wrong with each."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row as Record

from engine import submissions
from engine.cases import asked
from engine.cases.case import reporting_year
from engine.cases.sight import may_open
from engine.cases.under_way import Moving
from engine.forms import Form, FormContext, Problem, Read, fixed, locked, offered, prefilled, read
from ground import files
from ground.errors import Refused


class Invalid(Refused):
    """What was typed cannot be sent as it is; `problems` say where and why, `answers` is what was typed."""

    code = "form.invalid"
    status = 422


def read_for(move: Moving, wait: Record[Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a task as its form wants them; Invalid names each field."""
    form = move.folder.home(wait.element).forms[wait.form]
    return read_form(move, form, _with_locked(move, wait, form, answers), wait.item)


def read_form(move: Moving, form: Form, answers: Mapping[str, Any], item: Any = None) -> dict[str, Any]:
    """The answers as the form wants them; files must be this person's own, or stand in a paper that they may read."""
    context = FormContext(move.session, move.case, reporting_year(move.case), item)
    first = prefilled(form.prefill, move.session, move.case, item) if fixed.has_any(form) else {}
    form = offered(form, move.session, move.case)
    result = read(form, fixed.filled(form, answers, first), context)
    errors = [*result.errors, *_changed(form, result, first)]
    if errors:
        raise Invalid(problems=errors, warnings=result.warnings, answers=dict(answers))
    if refs := form.files_of(result.answers):
        readable = [ref for ref in refs if may_open(move.session, ref, move.by)]
        files.check_usable(move.session, refs, move.by.person, readable)
    return result.answers


def _with_locked(move: Moving, wait: Record[Any], form: Form, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sent back for named fields, a form that locks takes the others as they were sent, whatever was typed there."""
    found = asked.open_at(move.session, move.case.id, wait.element) if form.locks else None
    if found is None:
        return answers
    before = submissions.at(move.session, move.case.id, wait.element)[-1].answers
    return locked.kept(form, answers, before, {each["field"] for each in found.asked})


def _changed(form: Form, result: Read, first: Mapping[str, Any]) -> list[Problem]:
    """What is fixed and was sent as something else, where nothing else is said of it already."""
    told = {each.path.partition(".")[0] for each in result.errors}
    return [each for each in fixed.stale(form, result, first) if each.path not in told]
