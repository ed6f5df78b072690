"""What a diagram may call of a yearly round: open it, write into the registers, file it; and how its forms begin."""

from collections.abc import Mapping
from typing import Any

from bases.filing import yearly_review
from bases.register.ledgers import By
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import deadlines
from ground.clock import local_day
from ground.database import Session

SENT_AT = ("update", "city_update", "report")
COLUMNS = {
    "plan_items": ("entry", "name", "due_on", "progress", "state"),
    "supports": ("entry", "name", "amount", "standing", "note"),
    "measures": ("entry", "name", "progress", "state", "evidence"),
}

# What has come to its end is proved: of which list, by which answer, and where it is said.
PROVED = (("plan_items", "progress", "done", "state"), ("supports", "standing", "ended", "note"))


@prefill("yearly_review", anew=True)
def of_a_base(session: Session, case: Any) -> dict[str, Any]:
    """The plan items and supports of the base as they stand."""
    return _first(session, case, "plan_items", "supports")


@prefill("measure_report", anew=True)
def of_an_organ(session: Session, case: Any) -> dict[str, Any]:
    """The measures of the organ as they stand."""
    return _first(session, case, "measures")


@check("yearly_review")
def with_evidence(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """What is done or ended says by what that is shown, in its own line or by a paper."""
    if answers.get("evidence"):
        return []
    return [
        Problem(f"{name}.{at}.{words}", "yearly_review.no_evidence")
        for name, field, code, words in PROVED
        for at, row in enumerate(answers.get(name) or [])
        if row.get(field) == code and not row.get(words)
    ]


@step("review.open")
def open_(move: Move) -> None:
    """Whose round of which year, and until when: a system default."""
    on = local_day(move.case.started_at)
    due_on = deadlines.due(move.session, yearly_review.DUE, move.now).on
    yearly_review.open_(move.session, move.case, on.year, due_on)
    move.record("yearly_review.opened", year=on.year, due_on=due_on.isoformat())


@step("review.keep")
def keep(move: Move) -> None:
    """Write what has changed into the registers, in the name of whoever sent it."""
    sent = max((row for element in SENT_AT for row in move.submissions(element)), key=lambda row: row.seq)
    changed = yearly_review.keep(move.session, move.case, sent.answers, By(move.by, move.now))
    move.record("yearly_review.kept", changed=changed)


@step("review.file")
def file(move: Move) -> None:
    """Checked and filed."""
    yearly_review.file(move.session, move.case.id, move.now)
    move.record("yearly_review.filed")


def _first(session: Session, case: Any, *names: str) -> dict[str, Any]:
    found = yearly_review.listed(session, case.id)
    return {
        name: [{column: row[column] for column in COLUMNS[name] if column in row} for row in found[name]]
        for name in names
    }
