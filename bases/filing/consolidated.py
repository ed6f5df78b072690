"""What a city and the department make of the reports below them: who has reported of whom it is owed, and who has not.

Article 8. A city may go on with reports missing: they are listed as 未报送. The ministry's digest holds the bases with
a valid national name and no other.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bases import register
from bases.filing import duty, yearly
from bases.register import title
from engine import submissions
from engine.forms import FormContext, Problem, check, prefill
from ground import clock, regions
from ground.clock import local_day
from ground.database import Session

TABLE = "bases"
SAID = {
    duty.REPORTED: "reported",
    duty.REPORTED_LATE: "reported_late",
    duty.RETURNED: "returned",
}
MISSING = "missing"
# Where the table is sent.
TASKS = {duty.CITY: "consolidate", duty.MINISTRY: "digest"}
# What the system fills in; the rest of a row is for a person.
SHOWN = ("base", "place", "state", "reported_on")


@prefill("city_report", anew=True)
def of_the_city(session: Session, case: Any) -> dict[str, Any]:
    """What was sent in this case last, with the table of the city as it stands now."""
    return {**_sent(session, case, duty.CITY), TABLE: table(session, local_day(case.started_at), [case.region])}


@prefill("ministry_digest", anew=True)
def of_the_nation(session: Session, case: Any) -> dict[str, Any]:
    """R-8.3: the bases with a valid national name, each with its report."""
    rows = table(session, local_day(case.started_at), None, kind=title.NATIONAL)
    return {**_sent(session, case, duty.MINISTRY), TABLE: rows}


@check("city_report")
def city_holds(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-8.2: the table says what the register of reports says; who is missing is named with the reason."""
    if context.session is None or context.case is None:
        return []
    found = _differing(answers, of_the_city(context.session, context.case)[TABLE])
    gap = any(row.get("state") == MISSING for row in answers.get(TABLE) or [])
    if gap and not str(answers.get("missing_note") or "").strip():
        found.append(Problem("missing_note", "consolidated.missing_unexplained", {}))
    return found


@check("ministry_digest")
def digest_holds(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-8.3: no base but those with a valid national name, and all of them."""
    if context.session is None or context.case is None:
        return []
    return _differing(answers, of_the_nation(context.session, context.case)[TABLE])


def table(
    session: Session, began_on: date, cities: Sequence[str] | None, *, kind: str | None = None
) -> list[dict[str, Any]]:
    """One row a base that owes a report in the year of this day: where it lies and whether it has come."""
    now = clock.now()
    found = yearly.owing(session, began_on, cities)
    bases = found.bases if kind is None else _still(session, found, kind)
    duties = duty.of_period(session, duty.ANNUAL, str(found.year))
    places = regions.named(session, {code for row in bases for code in (row.city, row.county) if code})
    stood = duty.stood(session, duties.values(), now)
    return [_row(row, places, duties.get(yearly.subject(row.id)), now, stood) for row in bases]


def counted(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """已报 and 应报: how many have come, late ones too, and how many are owed."""
    return sum(row.get("state") in (SAID[duty.REPORTED], SAID[duty.REPORTED_LATE]) for row in rows), len(rows)


def _still(session: Session, found: yearly.Round, kind: str) -> list[Any]:
    """Of the bases that owed a report when the round began, those that hold this name today as well."""
    holding = {row.id for row, kinds in register.holding(session, clock.today()) if kind in kinds}
    return [row for row in found.bases if kind in found.titles[row.id] and row.id in holding]


def _row(base: Any, places: Mapping[str, Any], owed: Any, now: Any, stood: Mapping[int, int]) -> dict[str, Any]:
    standing = duty.standing(owed, now, stood.get(owed.case_id, 0)) if owed else ""
    row = {
        "base": base.name,
        "place": places[base.county or base.city].name,
        "state": SAID.get(standing, MISSING),
    }
    return {**row, "reported_on": local_day(owed.handed_at).isoformat()} if owed and owed.handed_at else row


def _differing(answers: Mapping[str, Any], expected: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Cell by cell, so that a report that came while somebody was typing is put right in its place."""
    rows = [row for row in answers.get(TABLE) or [] if isinstance(row, Mapping)]
    known = {row["base"]: row for row in expected}
    found = [
        Problem(
            f"{TABLE}.{place}.{name}",
            f"consolidated.{name}",
            {"value": right.get(name) or "", "reason": right.get(name) or ""},
        )
        for place, row in enumerate(rows)
        for right in [known.get(row.get("base"), {})]
        for name in SHOWN
        if (row.get(name) or None) != (right.get(name) or None)
    ]
    left_out = [name for name in known if name not in {row.get("base") for row in rows}]
    if left_out:
        found.append(Problem(TABLE, "consolidated.left_out", {"names": "、".join(left_out)}))
    return found


def _sent(session: Session, case: Any, kind: str) -> dict[str, Any]:
    sent = submissions.at(session, case.id, TASKS[kind])
    return {name: value for name, value in sent[-1].answers.items() if name != TABLE} if sent else {}
