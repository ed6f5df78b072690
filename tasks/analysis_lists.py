"""What is behind each figure of an analysis: the same rows one by one, so that tile, list and export say the same."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row as Record, Select, select

from engine import cases
from engine.cases import Case
from engine.definitions import Process
from ground.database import Session
from tasks import walks
from tasks.analysis_rows import AnalysedCase, AnalysedStep
from tasks.analysis_scope import Conditions, Scope

# Whose rows a figure counts: steps or cases.
OF_STEPS = frozenset({"sent", "returned", "due", "late"})
OF_CASES = frozenset({"cases", "ended", "variant", "by_hand", "unknown", "overrun"})
MOST = 5_000

Listed = Select[*tuple[Any, ...]]


def listed(
    session: Session, scope: Scope, what: str, of: str = "", *, after: int = 0, limit: int = 50
) -> tuple[Sequence[Record[Any]], int | None]:
    """The rows behind a figure, the newest case first, and behind which of them the next page begins.

    `of` is a month of `ended`, a kind of limit of `due` and `late`, the digest of `variant`. A row of a step is
    numbered in its case, that of a case is 0.
    """
    wanted = _steps(scope, what, of) if what in OF_STEPS else _cases(scope, what, of)
    rows = session.execute(wanted.where(cases.visible(scope.by)).offset(after).limit(limit + 1)).all()
    return rows[:limit], after + limit if len(rows) > limit else None


def _steps(scope: Scope, what: str, of: str) -> Listed:
    where: Conditions = {"sent": scope.sent, "due": scope.due, "late": scope.late}.get(what, scope.sent)
    narrow: Conditions = []
    if what == "returned":
        narrow.append(AnalysedStep.sent_back.is_(True))
    if of and what in {"due", "late"}:
        narrow.append(AnalysedStep.due_kind == of)
    if of and what == "sent":
        narrow.append(AnalysedStep.month == of)
    return (
        _with_case(AnalysedStep.case_id)
        .add_columns(
            AnalysedStep.element,
            AnalysedStep.waited,
            AnalysedStep.worked,
            AnalysedStep.due_on,
            AnalysedStep.due_kind,
            AnalysedStep.month,
            AnalysedStep.how,
            AnalysedStep.number.label("step"),
        )
        .where(*where, *narrow)
        .order_by(AnalysedStep.case_id.desc(), AnalysedStep.number)
    )


def _cases(scope: Scope, what: str, of: str) -> Listed:
    narrow: dict[str, list[ColumnElement[bool]]] = {
        "ended": [AnalysedCase.days.is_not(None), *([AnalysedCase.month == of] if of else [])],
        "variant": [AnalysedCase.variant == of],
        "by_hand": [AnalysedCase.by_hand > 0],
        "unknown": [AnalysedCase.unknown > 0],
        "overrun": [AnalysedCase.case_id.in_(select(AnalysedStep.case_id).where(*scope.late))],
    }
    # A case belongs to the figure of late steps by its steps' months, not by its own.
    where = scope.unbounded.cases if what == "overrun" else scope.cases
    return (
        _with_case(AnalysedCase.case_id)
        .add_columns(
            AnalysedCase.days, AnalysedCase.left_out, AnalysedCase.returns, AnalysedCase.by_hand, AnalysedCase.unknown
        )
        .where(*where, *narrow.get(what, []))
        .order_by(AnalysedCase.case_id.desc())
    )


def _with_case(case_id: Any) -> Listed:
    return (
        select(*walks.CASE_COLUMNS, Case.id.label("case_id"), Case.status, Case.outcome, Case.ended_at)
        .select_from(Case)
        .join(Process, Process.id == Case.process_id)
        .join(case_id.class_, case_id == Case.id)
    )
