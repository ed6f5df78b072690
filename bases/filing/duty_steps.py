"""What a diagram may call of a duty to report: begin it, keep what was sent, hand over, send back, accept, look."""

from typing import Any

from marshmallow import Schema, fields, validate

from bases import register
from bases.filing import annual, consolidated, duty
from bases.filing.values import Filing
from engine import cases
from engine.steps import Move, step
from ground import deadlines
from ground.clock import local_day
from ground.errors import Missing


class Begun(Schema):
    """Which duty it is, and under which deadline."""

    kind = fields.String(required=True, validate=validate.OneOf((duty.ANNUAL, duty.CITY, duty.MINISTRY)))
    deadline = fields.String(required=True)


@step("report.begin", parameters=Begun)
def begin(move: Move, *, kind: str, deadline: str) -> None:
    """Write down what is owed for the year before the one in which the case began."""
    on = local_day(move.case.started_at)
    due = deadlines.due(move.session, deadline, move.now, on.year)
    base = register.of_subject(move.session, move.case.subject) if kind == duty.ANNUAL else None
    owed = duty.Owed(
        kind=kind,
        period=str(on.year - 1),
        year=on.year - 1,
        whose=move.case.subject,
        base_id=base.id if base else None,
        organ_id=move.case.organ,
        city=base.city if base else move.case.region,
        due_on=due.on,
        due_kind=due.kind,
        clause=due.clause,
    )
    duty.begin(move.session, owed, move.case.id)
    move.record("report.begun", year=owed.year, due_on=owed.due_on.isoformat())


@step("annual.file")
def file_annual(move: Move) -> None:
    """Keep the figures of the report that was sent last, and that it was sent."""
    sent = move.submissions(annual.TASK)
    if not sent:
        raise Missing(form=annual.FORM, case=move.case.ref)
    newest, reporting = sent[-1], cases.reporting_year(move.case)
    base = register.of_subject(move.session, move.case.subject)
    filing = Filing(newest.received_at, move.case.id, newest.by)
    changed = annual.file(move.session, base.id, reporting, newest.answers, filing)
    duty.filed(move.session, move.case.id, newest.received_at)
    move.record("report.filed", year=reporting, values=changed)


@step("report.consolidate")
def consolidate(move: Move) -> None:
    """Keep that the table above the reports was sent, with how many of those owed had come."""
    sent = move.submissions(consolidated.TASKS[duty.of_case(move.session, move.case.id).kind])[-1]
    reported, owed = consolidated.counted(sent.answers.get(consolidated.TABLE) or [])
    duty.filed(move.session, move.case.id, sent.received_at)
    move.record("report.consolidated", reported=reported, owed=owed)


@step("report.hand_over")
def hand_over(move: Move) -> None:
    """R-8.1, R-8.2: the report has reached whom it is owed to; where the day has passed it is marked late."""
    late = duty.hand_over(move.session, move.case.id, move.now)
    move.record("report.handed_late" if late else "report.handed")


@step("report.give_back")
def give_back(move: Move) -> None:
    """It goes back to be put right; the days until it comes again do not count."""
    duty.give_back(move.session, move.case.id, move.now)
    move.record("report.returned")


@step("report.accept")
def accept(move: Move) -> None:
    """It has been looked through and is in order."""
    duty.accept(move.session, move.case.id, move.now)
    move.record("report.accepted")


@step("report.look", returns=("look_again", "look_on"))
def look(move: Move) -> dict[str, Any]:
    """R-8.5: the day is over: what is missing is a fact from now on, and the task stays open.

    Where days in which it was sent back or stood still put the end off, `look_on` is the last day before it.
    """
    seen = duty.look(move.session, move.case.id, move.now)
    if seen.missed:
        move.record("report.missed", due_on=duty.of_case(move.session, move.case.id).due_on.isoformat())
    return {"look_again": seen.until is not None, "look_on": seen.until.isoformat() if seen.until else ""}
