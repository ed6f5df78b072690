"""What a diagram may call of a recommendation to the Ministry, the check of its order, and the letter's values."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bases import register
from bases.documents.sources import Case, Found, sent, source
from bases.register import title
from bases.verdicts import letters, lifeline, recommendation
from bases.verdicts.lifeline import Happened
from engine.forms import FormContext, Problem, check
from engine.steps import Move, step
from ground.clock import local_day
from ground.database import Session
from ground.errors import Missing


@check("recommendation_rank")
def place_is_free(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Two bases of one year do not hold one place."""
    place = answers.get("place")
    if context.session is None or context.case is None or place is None:
        return []
    try:
        held = recommendation.taken(context.session, context.case.id, int(place))
    except Missing:
        return []
    return [Problem("place", recommendation.PlaceTaken.code)] if held else []


@step("recommendation.open")
def open_(move: Move) -> None:
    """S-2.1: begin, with the Ministry's day where a notice names one; refused in another standing."""
    found = register.of_subject(move.session, move.case.subject)
    due_on = date.fromisoformat(str(move.data["ministry_due"]))
    notice = str(move.data.get("notice") or "")
    recommendation.begin(move.session, found.id, move.case.id, due_on, notice, move.now)
    move.record("recommendation.opened", base=found.ref, due_on=due_on.isoformat(), notice=notice)


@step("recommendation.forward")
def forward(move: Move) -> None:
    """The city puts it forward by its letter."""
    letter = move.submissions("city_opinion")[-1].answers["letter_number"]
    recommendation.forward(move.session, move.case.id, letter)
    move.record("recommendation.forwarded", document=letter)


@step("recommendation.rank")
def rank(move: Move) -> None:
    """The place that the Department gives it among those of the year."""
    place = int(move.submissions("rank")[-1].answers["place"])
    recommendation.rank(move.session, move.case.id, place)
    move.record("recommendation.ranked", place=place)


@step("recommendation.decline")
def decline(move: Move) -> None:
    """It is not put forward to the Ministry."""
    recommendation.decline(move.session, move.case.id)
    move.record("recommendation.declined")


@step("recommendation.send")
def send(move: Move) -> None:
    """The letter has been issued and goes to the Ministry; a dropped one goes nowhere."""
    if number := letters.issued(move):
        recommendation.send(move.session, move.case.id, number, local_day(move.now))
        move.record("recommendation.sent", document=number)


@step("recommendation.answer")
def answer(move: Move) -> None:
    """S-2.1: what the Ministry answered, with document and day."""
    entered = move.submissions("result")[-1]
    given = entered.answers
    said = recommendation.Answer(given["outcome"], given["number"], date.fromisoformat(given["dated_on"]))
    recommendation.answer(move.session, move.case.id, said, entered.by, move.now)
    move.record("recommendation.answered", result=said.result, document=said.document, on=given["dated_on"])


@source("recommendation")
def of_recommendation(move: Case) -> Found:
    """What the letter says: the notice, the city's letter, the names that the base holds, and its achievements."""
    try:
        row = recommendation.of_case(move.session, move.case.id)
    except Missing:
        return Found({}, {})
    held = title.titles_of(move.session, [row.base_id]).get(row.base_id, [])
    provincial = next((each for each in held if each.kind == title.PROVINCIAL and each.valid_to is None), None)
    prepared = sent(move, "prepare")
    values = {
        "notice": row.notice or "国家外贸转型升级基地有关工作要求",
        "named": f"{provincial.year}年" if provincial else None,
        "achievements": prepared[-1].answers.get("achievements") if prepared else None,
        "city_letter": row.city_letter,
    }
    return Found(values, {})


@lifeline.lines
def lines(session: Session, base_id: int) -> Iterable[Happened]:
    """Letters to the Ministry, and what it answered."""
    for row in recommendation.of_base(session, base_id):
        if row.sent_on is not None:
            yield Happened(row.sent_on, "recommended", {"document": row.document}, row.case_id)
        if row.result == recommendation.NOT_APPROVED:
            yield Happened(row.result_on, "not_approved", {"document": row.result_document}, row.case_id)
