"""What a diagram may call of a campaign, and what its forms look at: plan, opening, list of results, notice, letter."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases.documents.sources import Case, Found, source
from bases.review import criteria
from bases.verdicts import assessment, campaign, letters, notice as notices, wording
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock, deadlines, parameters, regions
from ground.clock import local_day
from ground.database import Session

NOTICE_KEY, NOTICE = "assess.notice", "notice"
SAID = {
    assessment.PASS: "通过考核",
    assessment.RECTIFY: "限期整改",
    assessment.REVOKE: "拟取消命名（依程序另行决定）",
}


@prefill("campaign_plan")
def first_plan(session: Session, _case: Any) -> dict[str, Any]:
    """This year, unless it has been assessed, by the criteria of Article 12."""
    year = clock.today().year
    taken = campaign.of_year(session, year) is not None
    return {"campaign_year": year + taken, "criteria": criteria.ARTICLE_12}


@check("campaign_plan")
def planned(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """The last day does not come before the first, and a year is assessed once (S-2.3)."""
    found = []
    first, last = answers.get("opens_on"), answers.get("closes_on")
    if first and last and last < first:
        found.append(Problem("closes_on", campaign.Incomplete.code))
    if context.session is not None and context.case is not None and answers.get("campaign_year"):
        other = campaign.of_year(context.session, answers["campaign_year"])
        if other is not None and other.id != campaign.number(context.case.subject):
            found.append(Problem("campaign_year", campaign.YearTaken.code, {"year": other.year}))
    return found


@prefill("campaign_results", anew=True)
def list_of_results(session: Session, case: Any) -> dict[str, Any]:
    """R-4.3: who is decided and not announced yet, with «拟退出 n / 滚动数量 m» beside them."""
    found = campaign.of_subject(session, case.subject)
    entries = assessment.of_campaign(session, found.id)
    places = regions.named(session, {each.city for each in entries})
    return {
        "leaving": assessment.rolling(assessment.leaving(entries), found.rolling),
        "undecided": assessment.undecided(entries),
        "outcomes": [
            {
                "number": each.number,
                "base": each.base_name,
                "city": places[each.city].name,
                "total": assessment.points(each.total),
                "outcome": each.outcome,
            }
            for each in assessment.to_announce(entries)
        ],
    }


@check("campaign_results")
def something_to_hear(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """An empty list is right only where nobody waits for a decision any more."""
    if context.session is None or context.case is None or answers.get("outcomes"):
        return []
    found = campaign.of_subject(context.session, context.case.subject)
    waiting = assessment.undecided(assessment.of_campaign(context.session, found.id))
    return [Problem("outcomes", "campaign.nothing_decided", {"undecided": waiting})] if waiting else []


@step("campaign.plan", returns=("window_closes",))
def plan(move: Move) -> dict[str, Any]:
    """Fix what the officer planned."""
    given = move.submissions("plan")[-1].answers
    first, last = (date.fromisoformat(given[name]) for name in ("opens_on", "closes_on"))
    fixed = campaign.Plan(given["campaign_year"], first, last, given.get("rolling"), given["criteria"])
    campaign.plan(move.session, campaign.of_subject(move.session, move.case.subject).id, move.case.id, fixed)
    move.record("campaign.planned", year=fixed.year, opens_on=given["opens_on"], closes_on=given["closes_on"])
    return {"window_closes": given["closes_on"]}


@step("campaign.call")
def call(move: Move) -> None:
    """Write down the number of the 考核通知; one that was dropped leaves the campaign a draft."""
    if number := letters.issued(move):
        campaign.change(move.session, campaign.of_subject(move.session, move.case.subject).id, document=number)


@step("campaign.open")
def open_(move: Move) -> None:
    """S-2.3: one case per base with a valid provincial title; opened again, it asks for none."""
    found = campaign.of_subject(move.session, move.case.subject)
    asked = assessment.open_all(move.session, found, local_day(move.now))
    move.record("campaign.opened", year=found.year, bases=asked)


@step("campaign.results")
def results(move: Move) -> None:
    """The results of this list go to the meeting; the others wait for a later one."""
    found = campaign.of_subject(move.session, move.case.subject)
    entries = assessment.of_campaign(move.session, found.id)
    listed = {row.get("number") for row in move.submissions("results")[-1].answers.get("outcomes") or []}
    for each in assessment.to_announce(entries):
        assessment.amend(move.session, each.id, listed=each.number in listed)
    leaving = assessment.leaving(entries)
    move.record("campaign.listed", bases=len(listed), leaving=leaving, undecided=assessment.undecided(entries))


@step("campaign.notice", returns=("notice_wanted",))
def notice(move: Move) -> dict[str, Any]:
    """R-11.3: Article 11 names no 公示: there is none unless the parameter says so, nor for an empty list."""
    wanted = bool(parameters.value(move.session, NOTICE_KEY, local_day(move.now)).value)
    return {"notice_wanted": wanted and bool(_listed(move.session, move.case.subject))}


@step("campaign.noticed", returns=("notice_closes",))
def noticed(move: Move) -> dict[str, Any]:
    """The last day of a 公示 that has been issued."""
    closes_on = deadlines.due(move.session, NOTICE, move.now).on
    if number := letters.issued(move):
        move.record("campaign.noticed", document=number, closes_on=closes_on.isoformat())
    return {"notice_closes": closes_on.isoformat()}


@step("campaign.announce", returns=("undecided",))
def announce(move: Move) -> dict[str, Any]:
    """The 考核结果通报 is out: write its number to every base that it names; how many are still undecided."""
    found = campaign.of_subject(move.session, move.case.subject)
    number = letters.issued(move)
    for each in _listed(move.session, move.case.subject) if number else ():
        assessment.amend(move.session, each.id, announced=number)
    if number:
        move.record("campaign.announced", document=number)
    return {"undecided": assessment.undecided(assessment.of_campaign(move.session, found.id))}


@step("campaign.close")
def close(move: Move) -> None:
    """Every base has its result, and it has been announced."""
    found = campaign.of_subject(move.session, move.case.subject)
    campaign.change(move.session, found.id, state=campaign.CLOSED)
    move.record("campaign.closed")


@source("campaign")
def of_campaign(move: Case) -> Found:
    """What the letters of a campaign say of it: year, days, and the outcome of each base on the list."""
    if campaign.number(move.case.subject) is None:
        return Found({}, {})
    found = campaign.of_subject(move.session, move.case.subject)
    listed, on = _listed(move.session, move.case.subject), local_day(move.now)
    places = regions.named(move.session, {each.city for each in listed}) if listed else {}
    rows = [
        {"name": each.base_name, "city": places[each.city].name, "outcome": SAID[each.outcome]}
        for each in sorted(listed, key=lambda one: (assessment.OUTCOMES.index(one.outcome), one.city))
    ]
    counts = {name: sum(each.outcome == name for each in listed) for name in assessment.OUTCOMES}
    return Found(
        {
            "year": found.year,
            "opens_on": found.opens_on,
            "closes_on": found.closes_on,
            "expected": f"{len(assessment.due(move.session, on))}家",
            "names": wording.names([each.base_name for each in listed]) if listed else None,
            "passed": f"{counts[assessment.PASS]}家",
            "rectify": f"{counts[assessment.RECTIFY]}家",
            "revoke": f"{counts[assessment.REVOKE]}家",
            "days": notices.period(move.session, move.now).working_days,
            "contact": "，".join(value for value in vars(notices.contact(move.session, on)).values() if value) or None,
        },
        {"results": rows},
    )


def _listed(session: Session, subject: str) -> list[Record[Any]]:
    """Those on the list that the meeting heard of and no 通报 has named."""
    entries = assessment.of_campaign(session, campaign.of_subject(session, subject).id)
    return [each for each in assessment.to_announce(entries) if each.listed]
