"""What a diagram may call of a filing: `information.file` keeps the 信息表 that was sent last."""

from typing import Any

from bases import register
from bases.filing import checks, information, supplement
from bases.filing.values import Filing
from bases.register import change
from engine import cases
from engine.forms import FormContext
from engine.steps import Move, step
from ground.clock import local_day
from ground.errors import Missing

FORM = "fill"


@step("information.file", returns=("first_application", "warnings"))
def file(move: Move) -> dict[str, Any]:
    """Keep the newest 信息表 of this case; what was filed before it stays as an earlier version.

    `warnings` counts what the checks found and the filler explained; `first_application` holds until one was refused.
    """
    sent = move.submissions(FORM)
    if not sent:
        raise Missing(form=FORM, case=move.case.ref)
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
