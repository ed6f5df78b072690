"""What a diagram may call of a batch up to its ranking, and what those forms look at: plan, call, ranking, joining."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bases import register
from bases.verdicts import batch, batch_entry, batch_ranking, cities, letters, lists, ranking
from engine import submissions
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock
from ground.database import Session
from ground.errors import Refused

STRIKE = "strike"
REPORT = "report"
# What the system fills in of each list; the rest of a row is for a person.
SHOWN = {
    "places": ("number", "base", "city_rank", "average", "rank"),
    "upheld": ("number", "base", "objection", "settled_on"),
    "cities": ("city", "plan", "titled", "applying", "earlier"),
}


@check("batch_plan")
def planned(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """R-4.1: the last day does not come before the first."""
    first, last = answers.get("opens_on"), answers.get("closes_on")
    if not first or not last or last >= first:
        return []
    return [Problem("closes_on", batch.NoCriteria.code, {})]


@prefill("ranking")
def first_places(session: Session, case: Any) -> dict[str, Any]:
    """The ranking as it stands now, with what lies beside it; at a tie on the line the list is left for a person."""
    found = batch.of_subject(session, case.subject)
    entries = batch_entry.of_batch(session, found.id)
    known = {each.case_id: each for each in entries}
    places = batch_ranking.order(session, found, clock.today())
    return {
        "places": [_shown(known[place.case], place) for place in places],
        "upheld": [_objected(entry, objection) for entry, objection in lists.upheld(session, found.id)],
        "cities": [_city(each) for each in cities.beside(session, found, entries)],
    }


@check("ranking")
def ranked(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-4.2: the rows are those of the ranking of this moment, and no tie at the line is passed over.

    None is right where every application is decided or taken back, or a base is free again of an objection.
    """
    rows = answers.get("places") or []
    if context.session is None or not isinstance(rows, list):
        return []
    expected = first_places(context.session, context.case)
    stale = [
        Problem(field, "ranking.stale", {})
        for field, names in SHOWN.items()
        if _figures(answers.get(field) or [], names) != _figures(expected[field], names)
    ]
    if stale:
        return stale
    found = batch.of_subject(context.session, context.case.subject)
    if not rows and not _something_to_sign(context.session, found.id, answers):
        return [Problem("places", "ranking.nothing_ready", {})]
    try:
        _settled(context.session, found, rows)
    except Refused as no:
        return [Problem("places", no.code, dict(no.detail))]
    return []


@check("city_window")
def in_time(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """S-2.2: a city reports within the period of the batch; what it reported in time may be put right after it."""
    if context.session is None or context.case is None or answers.get("outcome") != "forward":
        return []
    entered = batch_entry.of_case(context.session, context.case.id)
    if entered is None or _reported(submissions.at(context.session, context.case.id, REPORT)):
        return []
    found = batch.by_id(context.session, entered.batch_id)
    if clock.today() <= found.closes_on:
        return []
    days = {"opens_on": found.opens_on.isoformat(), "closes_on": found.closes_on.isoformat()}
    return [Problem("outcome", "batch.city_late", days)]


@step("batch.plan", returns=("window_closes",))
def plan(move: Move) -> dict[str, Any]:
    """Fix what the officer planned."""
    given = move.submissions("plan")[-1].answers
    fixed = batch.Plan(
        year=given["batch_year"],
        opens_on=date.fromisoformat(given["opens_on"]),
        closes_on=date.fromisoformat(given["closes_on"]),
        quota=given.get("quota"),
        rolling=given.get("rolling"),
        criteria=given["criteria"],
    )
    batch.plan(move.session, batch.of_subject(move.session, move.case.subject).id, move.case.id, fixed)
    move.record("batch.planned", year=fixed.year, opens_on=given["opens_on"], closes_on=given["closes_on"])
    return {"window_closes": given["closes_on"]}


@step("batch.call")
def call(move: Move) -> None:
    """Write down the number of the 申报通知 that has been issued; one that was dropped leaves the batch a draft."""
    if number := letters.issued(move):
        batch.called(move.session, batch.of_subject(move.session, move.case.subject).id, number)


@step("batch.announce")
def announce(move: Move) -> None:
    """The 申报通知 is out, under the number that it was issued with."""
    found = batch.of_subject(move.session, move.case.subject)
    batch.announce(move.session, found.id)
    move.record("batch.announced", document=found.document)


@step("batch.close_window")
def close_window(move: Move) -> None:
    """The last day is over: nobody enters any more, and what has entered goes on."""
    found = batch.of_subject(move.session, move.case.subject)
    batch.go_on(move.session, found.id, batch.RANKING)
    move.record("batch.window_closed", entries=len(batch_entry.of_batch(move.session, found.id)))


@step("batch.rank", returns=("proposed",))
def rank(move: Move) -> dict[str, Any]:
    """Keep the ranking as the officer sent it, with its ties and reasons; how many it proposes anew."""
    found = batch.of_subject(move.session, move.case.subject)
    sent = move.submissions("rank")[-1]
    settled = _settled(move.session, found, sent.answers.get("places") or [])
    batch_ranking.settle(move.session, settled)
    _strike(move, found.id, sent)
    proposed = sum(each.listed == ranking.PROPOSED for each in settled)
    move.record("batch.ranked", entries=len(settled), proposed=proposed, tied=sum(each.tied for each in settled))
    return {"proposed": proposed}


@step("batch.enter")
def enter(move: Move) -> None:
    """This application enters the batch in whose period it began."""
    if number := move.data.get("batch"):
        base = register.of_subject(move.session, move.case.subject)
        batch_entry.enter(move.session, int(number), move.case.id, base)


@step("batch.join")
def join(move: Move) -> None:
    """Reviewed and rechecked, the application can be ranked."""
    average = int((Decimal(str(move.data["average"])) * batch_ranking.HUNDREDTHS).to_integral_value())
    city = move.submissions("city_review")
    reported = _reported(move.submissions(REPORT))
    batch_entry.amend(
        move.session,
        move.case.id,
        state=batch_entry.READY,
        average=average,
        spread=int(Decimal(str(move.data.get("spread") or 0)) * batch_ranking.HUNDREDTHS),
        visited=bool(move.data.get("visited") or move.submissions("visit")),
        city_rank=city[-1].answers.get("city_rank") if city else None,
        reported_on=clock.local_day(reported[0].received_at) if reported else None,
    )
    move.record("batch.joined")


def _reported(sent: Sequence[Any]) -> list[Any]:
    """What the city has sent up, oldest first."""
    return [each for each in sent if each.answers.get("outcome") == "forward"]


def _settled(session: Session, found: Any, rows: Sequence[Mapping[str, Any]]) -> list[ranking.Place]:
    on = clock.today()
    cases = {each.number: each.case_id for each in batch_ranking.in_question(session, found.id)}
    chosen = {
        cases[row["number"]]: ranking.Choice(row["listed"], row.get("reason") or "")
        for row in rows
        if row.get("listed") and row["number"] in cases
    }
    return ranking.choose(
        batch_ranking.order(session, found, on),
        batch_entry.room(session, found),
        batch_ranking.pass_mark(session, on),
        chosen,
    )


def _shown(each: Any, place: ranking.Place) -> dict[str, Any]:
    row = {
        "number": each.number,
        "base": each.base_name,
        "city_rank": each.city_rank,
        "average": f"{Decimal(place.average) / batch_ranking.HUNDREDTHS:.2f}",
        "rank": place.rank,
        "listed": place.listed,
    }
    return {name: value for name, value in row.items() if value is not None}


def _objected(each: Any, objection: Any) -> dict[str, Any]:
    settled = clock.local_day(objection.settled_at).isoformat()
    return {"number": each.number, "base": each.base_name, "objection": objection.ref, "settled_on": settled}


def _city(each: cities.City) -> dict[str, Any]:
    earlier = "；".join(f"{year}年申报{applied}件，认定{given}家" for year, given, applied in each.earlier)
    row = {
        "city": each.name,
        "plan": cities.short(cities.said(each)),
        "titled": each.titled,
        "applying": each.applying,
        "earlier": earlier,
    }
    return {name: value for name, value in row.items() if value != ""}


def _figures(rows: Any, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """What the system filled in, without what a person adds."""
    return [tuple(row.get(name) for name in names) for row in rows]


def _something_to_sign(session: Session, batch_id: int, answers: Mapping[str, Any]) -> bool:
    """Nothing to rank is right where somebody waits for a signature all the same, or nobody waits for anything."""
    strikes = any(row.get("confirm") == STRIKE for row in answers.get("upheld") or [])
    waiting = strikes or lists.next_one(session, batch_id) or lists.struck(session, batch_id)
    return bool(waiting) or not batch_entry.undecided(session, batch_id)


def _strike(move: Move, batch_id: int, sent: Any) -> None:
    """Nothing adverse by itself: who has an upheld objection leaves the list when this officer says so."""
    found = {entry.number: entry.case_id for entry, _ in lists.upheld(move.session, batch_id)}
    for row in sent.answers.get("upheld") or []:
        if row.get("confirm") == STRIKE and row["number"] in found:
            lists.strike(move.session, found[row["number"]], sent.by, move.now)
            move.record("batch.struck", case=row["number"], objection=row["objection"])
