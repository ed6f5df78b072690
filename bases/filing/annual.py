"""A base's annual report (Article 8): last year's summary, this year's plan, and the figures of three years.

The figures go the way of the 信息表: into the statistics as the next version, with the reason where one changes what
was filed before (V22). Both papers are needed; neither does for the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bases import register
from bases.filing import checks, enterprise, information, known, rows, values
from bases.filing.figures import Figures
from bases.filing.values import Filing
from engine import cases, submissions
from engine.forms import FormContext, Problem, check, prefill
from ground.database import Session

PROCESS, FORM, TASK = "annual-report", "annual-report", "fill"
PAPERS = ("summary_file", "plan_file")


def file(session: Session, base_id: int, reporting: int, answers: Mapping[str, Any], filing: Filing) -> int:
    """Keep the figures of a report; how many values are new or different."""
    figures = information.figures_of(answers, reporting)
    reasons = information.reasons(answers, reporting)
    changed = values.file(session, base_id, figures, filing, reasons=reasons)
    enterprise.file(session, base_id, reporting, answers.get(rows.TABLE) or [], filing)
    return changed


@check("annual_report")
def problems(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-8.4 and the cross-checks of the figures; what only an application has is not looked at."""
    figures = Figures(answers, context.year)
    found = [problem for rule in (*checks.WITHIN_AND_BETWEEN_YEARS, *rows.RULES) for problem in rule(figures)]
    found += _same_paper(answers)
    if context.session is not None and context.case is not None:
        base = register.of_subject(context.session, context.case.subject)
        found += known.last_filing(figures, context.session, base.id, context.case.id)
        found += known.customs(figures, context.session, base.id)
        found += known.intensity(figures, base.area_mu)
    return sorted(found, key=lambda problem: problem.code)


@prefill("annual_report")
def first_values(session: Session, case: Any) -> dict[str, Any]:
    """F-3.0: what was sent in this case before it was sent back, else what the base filed last; edits need a reason."""
    sent = submissions.at(session, case.id, TASK)
    if sent:
        return {name: value for name, value in sent[-1].answers.items() if name != "explanations"}
    base = register.of_subject(session, case.subject)
    return information.filed(session, base.id, cases.reporting_year(case))


def _same_paper(answers: Mapping[str, Any]) -> Sequence[Problem]:
    """Article 8 asks for two documents: the same file twice is one of them."""
    summary, plan = (answers.get(name) for name in PAPERS)
    return [Problem("plan_file", "annual.same_paper", {})] if summary and summary == plan else []
