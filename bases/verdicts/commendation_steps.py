"""What a diagram may call of a commendation, the first values and checks of its forms, the circular's values."""

from collections.abc import Iterable, Mapping
from typing import Any

from bases.documents.sources import Case, Found, sent, source
from bases.verdicts import assessment, commendation, letters, lifeline
from bases.verdicts.lifeline import Happened
from engine import submissions
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import regions
from ground.clock import local_day
from ground.database import Session

PLACES = ("select", "propose")


@prefill("commendation", anew=True)
def first_list(session: Session, case: Any) -> dict[str, Any]:
    """Every base that passed with what D12 proposes; the leader finds what the officer wrote."""
    year = commendation.year_of(case.subject)
    found = commendation.candidates(session, year, case.id)
    cities = regions.named(session, {each["row"].city for each in found}) if found else {}
    written = submissions.at(session, case.id, "propose")
    before = {row["number"]: row for row in (written[-1].answers.get("bases") or [] if written else ())}
    return {"bases": [_line(each, cities, before.get(each["row"].number)) for each in found]}


@check("commendation")
def can_be_praised(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """S-2.4: whoever is praised has passed; a list that goes up names at least one."""
    if context.session is None or context.case is None or answers.get("outcome") not in {"submit", "agree"}:
        return []
    year = commendation.year_of(context.case.subject)
    try:
        named = commendation.chosen(context.session, year, answers)
    except commendation.NotPassed as no:
        return [Problem("bases", no.code, no.detail)]
    return [] if named else [Problem("bases", "commendation.nobody")]


@step("commendation.open")
def open_(move: Move) -> None:
    """A year without a base that passed has nobody to praise."""
    year = commendation.year_of(move.case.subject)
    commendation.check_year(move.session, year)
    move.record("commendation.opened", year=year, passed=len(commendation.passed(move.session, year)))


@step("commendation.select")
def select(move: Move) -> None:
    """What the leader selected; refused where a base did not pass."""
    year = commendation.year_of(move.case.subject)
    named = commendation.chosen(move.session, year, move.submissions("select")[-1].answers)
    move.record("commendation.selected", year=year, bases=len(named))


@step("commendation.enter")
def enter(move: Move) -> None:
    """The circular is out: one row in the register for each base that it names; a dropped one enters none."""
    number = letters.issued(move)
    if number is None:
        return
    year = commendation.year_of(move.case.subject)
    named = commendation.chosen(move.session, year, move.submissions("select")[-1].answers)
    commendation.enter(move.session, move.case.id, named, number, local_day(move.now))
    move.record("commendation.issued", year=year, bases=len(named), document=number)


@source("commendation")
def of_commendation(move: Case) -> Found:
    """What the circular says: the year, how many, and each base with what it is praised for."""
    if not move.case.subject.startswith(commendation.SUBJECT):
        return Found({}, {})
    year = commendation.year_of(move.case.subject)
    lists = sent(move, *PLACES)
    named = commendation.chosen(move.session, year, lists[-1].answers) if lists else []
    cities = regions.named(move.session, {each.city for each, _why in named}) if named else {}
    rows = [{"name": each.base_name, "city": cities[each.city].name, "reason": why} for each, why in named]
    names = "、".join(each.base_name for each, _why in named[: letters.MOST_NAMES])
    spoken = f"{names}等{len(named)}个外贸基地" if len(named) > 1 else names
    return Found({"year": year, "names": spoken or None}, {"bases": rows})


@lifeline.lines
def lines(session: Session, base_id: int) -> Iterable[Happened]:
    """Each commendation on its day."""
    for row in commendation.of_base(session, base_id):
        yield Happened(row.issued_on, "commended", {"year": row.year, "document": row.document}, row.case_id)


def _line(each: Mapping[str, Any], cities: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    row = each["row"]
    line = {
        "number": row.number,
        "base": row.base_name,
        "city": cities[row.city].name,
        "total": assessment.points(row.total),
        "breaches": each["breaches"],
        "proposed": each["proposed"],
        "praise": (before or {}).get("praise", "no"),
    }
    return line | ({"reason": before["reason"]} if before and before.get("reason") else {})
