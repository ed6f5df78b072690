"""What a diagram may call of a filing: keep the 信息表 that was sent last, bind its stamp, file the city's letter."""

from typing import Any

from marshmallow import Schema, fields, validate

from bases import register
from bases.filing import checks, incoming_letter, information, stamped_form, supplement
from bases.filing.values import Filing
from bases.register import change
from engine import cases
from engine.forms import FormContext
from engine.steps import Move, step
from ground import parameters
from ground.clock import local_day
from ground.errors import Missing


class Lettered(Schema):
    """At which task the letter was entered, and what it is for."""

    task = fields.String(required=True)
    purpose = fields.String(
        required=True, validate=validate.OneOf((incoming_letter.REPORT, incoming_letter.WITHDRAWAL))
    )


@step("information.file", returns=("first_application", "warnings"), again=True)
def file(move: Move) -> dict[str, Any]:
    """Keep the newest 信息表 of this case; what was filed before it stays as an earlier version.

    `warnings` counts what the checks found and the filler explained; `first_application` holds until one was refused.
    """
    sent = _forms(move)
    if not sent:
        raise Missing(form=stamped_form.FORM, case=move.case.ref)
    newest = sent[-1]
    base = register.of_subject(move.session, move.case.subject)
    reporting = cases.reporting_year(move.case)
    filing = Filing(newest.received_at, move.case.id, newest.by)
    found = checks.information(newest.answers, FormContext(move.session, move.case, reporting))
    warned = sum(problem.severity == "warn" for problem in found)
    changed = information.file(move.session, base.id, reporting, newest.answers, filing)
    supplement.answer(move.session, move.case.id, local_day(newest.received_at))
    move.record("information.filed", base=base.ref, submission=newest.seq, year=reporting, values=changed)
    return {"first_application": not change.was_refused(move.session, base.id), "warnings": warned}


@step("form.ask_stamp", returns=("stamp_required",), again=True)
def ask_stamp(move: Move) -> dict[str, Any]:
    """F-1.1: whether this version wants a stamp; one that was stamped already and is the same again wants none."""
    newest = stamped_form.printed(move.session, move.case.id)
    move.record("form.printed", version=newest.version, code=newest.code)
    return {"stamp_required": _wants_stamp(move)}


@step("form.bind_stamp", again=True)
def bind_stamp(move: Move) -> None:
    """Bind the newest scan to the newest version; where none is wanted there is none to bind."""
    newest, sent = _forms(move), move.submissions("stamp")
    if sent and sent[-1].by is not None and sent[-1].seq > newest[-1].seq:
        given = sent[-1].answers
        bound = stamped_form.bind(
            move.session, move.case.id, given["check_code"], given["scan"], by=sent[-1].by, now=move.now
        )
        move.record("form.stamped", version=bound.version, code=bound.code)
    elif _wants_stamp(move):
        raise Missing(form="stamp", case=move.case.ref)


@step("letter.file", parameters=Lettered)
def file_letter(move: Move, *, task: str, purpose: str) -> None:
    """R-9.1: keep the city's letter that this case is reported or taken back with."""
    sent = move.submissions(task)
    if not sent or sent[-1].by is None:
        raise incoming_letter.Incomplete(missing=list(incoming_letter.ASKED))
    letter = incoming_letter.read(sent[-1].answers)
    ref = incoming_letter.file(
        move.session,
        letter,
        organ_id=incoming_letter.city_of(move.session, move.case.region, local_day(move.now)),
        case_id=move.case.id,
        purpose=purpose,
        by=sent[-1].by,
        now=move.now,
    )
    kind = "letter.reported" if purpose == incoming_letter.REPORT else "letter.took_back"
    move.record(kind, letter=ref, number=letter.number, dated_on=letter.dated_on.isoformat())


def _forms(move: Move) -> list[Any]:
    """What was sent of the form, at first or to supplement, oldest first."""
    rows = [row for element in (stamped_form.FORM, stamped_form.AGAIN) for row in move.submissions(element)]
    return sorted(rows, key=lambda row: row.seq)


def _wants_stamp(move: Move) -> bool:
    wanted = bool(parameters.value(move.session, stamped_form.REQUIRED, local_day(move.now)).value)
    return wanted and stamped_form.bound(move.session, move.case.id) is None
