"""Monthly and quarterly reports (四(三), Article 7): begun when a period is over, checked, kept in versions.

Every base with a valid name owes each template that held on the last day of the period. Where the change since the
period before passes the threshold, the report says why (S-3.6).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Row as Record

from bases import register
from bases.filing import duty, series, template
from bases.filing.series import Where
from bases.filing.values import Filing
from engine import cases, submissions
from engine.cases import Beginning
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import almanac, clock, parameters
from ground.database import Session
from ground.errors import Missing

PROCESS, TASK, TABLE = "periodic-report", "fill_period", "figures"
THRESHOLD = "stat.note_threshold"
PERCENT = 100
# A period is begun in the month after it; what was not begun then is not owed.
BEGINS_WITHIN = timedelta(days=28)


@almanac.begins("periodic-reports")
def when_ended(session: Session, today: date) -> int:
    """Begin what is owed for the month and the quarter that have just ended; asking again begins none."""
    begun = 0
    for kind in (template.MONTH, template.QUARTER):
        period, last = template.ended_before(kind, today)
        if last + timedelta(days=1) <= today <= last + BEGINS_WITHIN:
            drawn = [row for row in template.on_day(session, last) if row.period == kind]
            begun += sum(cases.ask(session, one) for row in drawn for one in _of_bases(session, row, period, last))
    return begun


@prefill("periodic_report")
def first_values(session: Session, case: Any) -> dict[str, Any]:
    """The items of the template beside the figures of the period before; what was sent before it was sent back."""
    sent = submissions.at(session, case.id, TASK)
    if sent:
        return {name: value for name, value in sent[-1].answers.items() if name != "explanations"}
    where, base_id = _where(session, case), _base(session, case)
    known = series.newest(session, Where(where.template, template.before(where.period)), base_id).get(base_id, {})
    return {TABLE: [_line(item, known) for item in _asked(session, where)]}


@check("periodic_report")
def problems(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """The items are those of the template, each figure fits its item, a leap has its note."""
    if context.session is None or context.case is None:
        return []
    where, base_id = _where(context.session, context.case), _base(context.session, context.case)
    rows = [row for row in answers.get(TABLE) or [] if isinstance(row, Mapping)]
    found = []
    if [row.get("item") for row in rows] != list(_asked(context.session, where)):
        return [Problem(TABLE, "periodic.items", {})]
    for place, row in enumerate(rows):
        amount = series.amount_of(str(row["item"]), row.get("value"))
        if row.get("value") not in (None, "") and (amount is None or amount < 0):
            found.append(Problem(f"{TABLE}.{place}.value", "periodic.value", {"places": _places(row)}))
    leaps = [] if found else _leaps(context.session, where, base_id, rows)
    if leaps and not str(answers.get("note") or "").strip():
        found.append(Problem("note", "periodic.note_missing", {"items": "、".join(leaps), **_limit(context.session)}))
    return found


@step("period.begin")
def begin(move: Move) -> None:
    """Write down what is owed for this period, and whether a served notice fixes its day."""
    data = move.data
    base = register.of_subject(move.session, move.case.subject)
    fixed = bool(data["by_notice"])
    owed = duty.Owed(
        kind=str(data["template"]),
        period=str(data["period"]),
        year=int(str(data["period"])[:4]),
        whose=move.case.subject,
        base_id=base.id,
        organ_id=base.organ_id,
        city=base.city,
        due_on=date.fromisoformat(str(data["due_on"])),
        due_kind="notice" if fixed else "default",
        clause=_notice(move.session, str(data["template"]), str(data["period"])) if fixed else None,
    )
    duty.begin(move.session, owed, move.case.id)
    move.record("report.begun_period", period=owed.period, due_on=owed.due_on.isoformat())


@step("period.file")
def file(move: Move) -> None:
    """Keep the figures as 初报 and hand them to the city; past a day of a served notice that is late."""
    sent = move.submissions(TASK)
    if not sent:
        raise Missing(form=TASK, case=move.case.ref)
    newest, where = sent[-1], _where(move.session, move.case)
    base_id = _base(move.session, move.case)
    given = {
        str(row["item"]): amount
        for row in newest.answers.get(TABLE) or []
        if (amount := series.amount_of(str(row["item"]), row.get("value"))) is not None
    }
    filing = Filing(newest.received_at, move.case.id, newest.by)
    changed = series.file(move.session, base_id, where, given, filing)
    duty.filed(move.session, move.case.id, newest.received_at)
    late = duty.hand_over(move.session, move.case.id, newest.received_at)
    move.record("report.filed_period", period=where.period, values=changed)
    move.record("report.handed_late" if late else "report.handed")


@step("period.receive")
def receive(move: Move) -> None:
    """The city has put it up: it stands at the department as 初报."""
    series.advance(move.session, _base(move.session, move.case), _where(move.session, move.case), series.RECEIVED)
    move.record("period.received")


@step("period.approve")
def approve(move: Move) -> None:
    """审定: the figures are locked; from now on they are corrected with a reason only."""
    series.advance(move.session, _base(move.session, move.case), _where(move.session, move.case), series.APPROVED)
    duty.accept(move.session, move.case.id, move.now)
    move.record("period.approved")


def _of_bases(session: Session, row: Record[Any], period: str, last: date) -> Iterator[Beginning]:
    begun = duty.of_period(session, row.code, period)
    due = template.due_on(row, last)
    data = {"template": row.code, "period": period, "due_on": due.isoformat(), "by_notice": row.notice is not None}
    for base, _kinds in register.holding(session, last):
        subject = register.subject(base.id)
        if subject not in begun:
            yield Beginning(
                process=PROCESS,
                subject=subject,
                region=base.county or base.city,
                organ=base.organ_id,
                title=f"{base.name}{row.name}（{period}）",
                key=f"{row.code}:{period}",
                data=data,
                alone=False,
            )


def _line(item: str, known: Mapping[str, Record[Any]]) -> dict[str, Any]:
    line = {"item": item, "unit": template.items()[item].unit}
    return {**line, "last": series.typed_of(item, known[item].amount)} if item in known else line


def _leaps(session: Session, where: Where, base_id: int, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The items whose figure has changed by more than the threshold since the period before."""
    limit = Decimal(parameters.value(session, THRESHOLD, clock.today()).value)
    known = series.newest(session, Where(where.template, template.before(where.period)), base_id).get(base_id, {})
    found = []
    for row in rows:
        amount, before = series.amount_of(str(row["item"]), row.get("value")), known.get(str(row["item"]))
        if amount is not None and before is not None and abs(amount - before.amount) * PERCENT > limit * before.amount:
            found.append(template.items()[str(row["item"])].zh)
    return found


def _limit(session: Session) -> dict[str, Any]:
    return {"limit": parameters.value(session, THRESHOLD, clock.today()).value}


def _places(row: Mapping[str, Any]) -> int:
    return template.items()[str(row["item"])].places


def _where(session: Session, case: Any) -> Where:
    row = duty.of_case(session, case.id)
    return Where(row.kind, row.period)


def _base(session: Session, case: Any) -> int:
    return int(register.of_subject(session, case.subject).id)


def _asked(session: Session, where: Where) -> Sequence[str]:
    return list(template.of(session, where.template, template.last_day(where.period)).items)


def _notice(session: Session, code: str, period: str) -> str | None:
    number: str | None = template.of(session, code, template.last_day(period)).notice
    return number
