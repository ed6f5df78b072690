"""What a diagram may call of a batch, and what the forms of its steps look at: plan, ranking, signed list, joining."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bases import register
from bases.verdicts import batch, notice, objection, ranking
from engine import submissions
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock
from ground.database import Session
from ground.errors import Refused

DECIDED_MESSAGE = "batch.decided"
REPORT = "report"


@check("batch_plan")
def planned(answers: Mapping[str, Any], _context: FormContext) -> list[Problem]:
    """R-4.1: the last day does not come before the first."""
    first, last = answers.get("opens_on"), answers.get("closes_on")
    if not first or not last or last >= first:
        return []
    return [Problem("closes_on", batch.NoCriteria.code, {})]


@prefill("ranking")
def first_places(session: Session, case: Any) -> dict[str, Any]:
    """The ranking as it stands now; at a tie on the line the list is left for a person to fill in."""
    found = batch.of_subject(session, case.subject)
    known = {each.case_id: each for each in batch.in_question(session, found.id)}
    places = batch.order(session, found, clock.today())
    return {"places": [_shown(known[place.case], place) for place in places]}


@check("ranking")
def ranked(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """R-4.2: the rows are those of the ranking of this moment, and no tie at the line is passed over.

    None is right where every application is decided or taken back, or a base is free again of an objection.
    """
    rows = answers.get("places") or []
    if context.session is None or not isinstance(rows, list):
        return []
    expected = first_places(context.session, context.case)["places"]
    if [_figures(row) for row in rows] != [_figures(row) for row in expected]:
        return [Problem("places", "ranking.stale", {})]
    found = batch.of_subject(context.session, context.case.subject)
    if not rows and _undecided(context.session, found.id) and not _on_the_list(context.session, found.id):
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
    entered = batch.entry(context.session, context.case.id)
    if entered is None or _reported(submissions.at(context.session, context.case.id, REPORT)):
        return []
    found = batch.by_id(context.session, entered.batch_id)
    if clock.today() <= found.closes_on:
        return []
    days = {"opens_on": found.opens_on.isoformat(), "closes_on": found.closes_on.isoformat()}
    return [Problem("outcome", "batch.city_late", days)]


@check("signed_list")
def signed(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Whoever is taken off the list by name stands on it."""
    refused = {row.get("number") for row in answers.get("refused") or []}
    if context.session is None or not refused:
        return []
    found = batch.of_subject(context.session, context.case.subject)
    unknown = sorted(refused - {each.number for each in _on_the_list(context.session, found.id)}, key=str)
    return [Problem("refused", "batch.not_on_the_list", {"numbers": "、".join(map(str, unknown))})] if unknown else []


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


@step("batch.announce")
def announce(move: Move) -> None:
    """The 申报通知 is out, under the number that the officer entered."""
    number = move.submissions("issue_call")[-1].answers["document_number"]
    batch.announce(move.session, batch.of_subject(move.session, move.case.subject).id, number)
    move.record("batch.announced", document=number)


@step("batch.close_window")
def close_window(move: Move) -> None:
    """The last day is over: nobody enters any more, and what has entered goes on."""
    found = batch.of_subject(move.session, move.case.subject)
    batch.go_on(move.session, found.id, batch.RANKING)
    move.record("batch.window_closed", entries=len(batch.entries(move.session, found.id)))


@step("batch.rank", returns=("proposed",))
def rank(move: Move) -> dict[str, Any]:
    """Keep the ranking as the officer sent it, with its ties and reasons; how many it proposes anew."""
    found = batch.of_subject(move.session, move.case.subject)
    settled = _settled(move.session, found, move.submissions("rank")[-1].answers.get("places") or [])
    batch.settle(move.session, settled)
    proposed = sum(each.listed == ranking.PROPOSED for each in settled)
    move.record("batch.ranked", entries=len(settled), proposed=proposed, tied=sum(each.tied for each in settled))
    return {"proposed": proposed}


@step("batch.noticed")
def noticed(move: Move) -> None:
    """Those on the notice that has ended wait for the signature; an objection holds its one base."""
    found = batch.of_subject(move.session, move.case.subject)
    for each in batch.in_question(move.session, found.id):
        if each.listed == ranking.PROPOSED and notice.closed_of(move.session, each.case_id) is not None:
            batch.amend(move.session, each.case_id, noticed=True)


@step("batch.decide", returns=("undecided",))
def decide(move: Move) -> dict[str, Any]:
    """Tell each case of the list that was signed what was decided of it; the others stay for a later list."""
    found = batch.of_subject(move.session, move.case.subject)
    sent = move.submissions("sign")
    answers, number = sent[-1].answers, len(sent)
    refused = {row["number"]: row["reason"] for row in answers.get("refused") or []}
    for each in _on_the_list(move.session, found.id):
        reason = refused.get(each.number)
        _tell(move, each, batch.REFUSE if reason else batch.DESIGNATE, reason, number)
    if answers["others"] == batch.REFUSE:
        for each in batch.in_question(move.session, found.id):
            if each.listed in {ranking.RESERVE, ranking.NONE}:
                _tell(move, each, batch.REFUSE, answers["others_reason"], number)
    left = _undecided(move.session, found.id)
    move.record("batch.signed", number=number, undecided=left)
    return {"undecided": left}


@step("batch.close")
def close(move: Move) -> None:
    """Every application has its result."""
    batch.go_on(move.session, batch.of_subject(move.session, move.case.subject).id, batch.CLOSED)
    move.record("batch.closed")


@step("batch.enter")
def enter(move: Move) -> None:
    """This application enters the batch in whose period it began."""
    if number := move.data.get("batch"):
        base = register.of_subject(move.session, move.case.subject)
        batch.enter(move.session, int(number), move.case.id, base)


@step("batch.join")
def join(move: Move) -> None:
    """Reviewed and rechecked, the application can be ranked."""
    average = int((Decimal(str(move.data["average"])) * batch.HUNDREDTHS).to_integral_value())
    city = move.submissions("city_review")
    reported = _reported(move.submissions(REPORT))
    batch.amend(
        move.session,
        move.case.id,
        state=batch.READY,
        average=average,
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
    cases = {each.number: each.case_id for each in batch.in_question(session, found.id)}
    chosen = {
        cases[row["number"]]: ranking.Choice(row["listed"], row.get("reason") or "")
        for row in rows
        if row.get("listed") and row["number"] in cases
    }
    return ranking.choose(
        batch.order(session, found, on), batch.room(session, found), batch.pass_mark(session, on), chosen
    )


def _shown(each: Any, place: ranking.Place) -> dict[str, Any]:
    row = {
        "number": each.number,
        "base": each.base_name,
        "city_rank": each.city_rank,
        "average": f"{Decimal(place.average) / batch.HUNDREDTHS:.2f}",
        "rank": place.rank,
        "listed": place.listed,
    }
    return {name: value for name, value in row.items() if value is not None}


def _figures(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("number", "base", "city_rank", "average", "rank"))


def _on_the_list(session: Session, batch_id: int) -> list[Any]:
    """Noticed, without an open objection, and neither decided nor withdrawn."""
    waiting = [each for each in batch.entries(session, batch_id) if each.noticed and each.state == batch.READY]
    return [each for each in waiting if objection.holding(session, each.case_id, each.base_id) is None]


def _undecided(session: Session, batch_id: int) -> int:
    """How many wait for a result; one that was refused at intake stands in the batch and waits for nothing."""
    waiting = {batch.READY, batch.UNDER_WAY}
    return sum(each.state in waiting and each.case_status != "closed" for each in batch.entries(session, batch_id))


def _tell(move: Move, each: Any, outcome: str, reason: str | None, number: int) -> None:
    facts = {"state": batch.DECIDED, "outcome": outcome, "list_number": number}
    batch.amend(move.session, each.case_id, **facts, **({"reason": reason} if reason else {}))
    told = {"outcome": outcome, "list_number": number}
    move.tell(each.case_ref, DECIDED_MESSAGE, told, dedupe=f"batch:{each.batch_id}:{number}:{each.case_id}")
