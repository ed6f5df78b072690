"""征求意见: what a diagram may call of it, and what its forms begin with and are checked for (S-1.3, R-4.5, R-10.6).

Which organs are asked about which check is the table `asked-organs` of the folder, so its owner changes it. Silence is
no answer: it counts as 无 only where the parameter consultation.silence_is_none says so, which the text does not.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases.review import eligibility, gate
from bases.review.admission import ANSWERS as CHECKS
from bases.review.eligibility import Answer
from engine import definitions, submissions
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock, parameters, people
from ground.clock import local_day
from ground.database import Session

TABLE = "asked-organs"
# The request as it lies in a case of its own, and in one that has called this process.
REQUESTS = ("request", "consultation:request")
LIAISON = "dept_liaison"
SILENCE_IS_NONE = "consultation.silence_is_none"
YEARS, CURRENT_YEAR = "eligibility.years", "eligibility.current_year"
WAIT, ON_PAPER, SILENCE = "wait", "paper", "silence"


@prefill("consultation_request")
def request_begins(session: Session, case: Any) -> Mapping[str, Any]:
    """The organs of the table for each check, and the period: three full years and this one up to today.

    F-3.26: where the base itself has reported an incident or a breach (I26), the request says so to the officer.
    """
    today = clock.today()
    return {
        **{item: [_form_code(code) for code in codes] for item, codes in _table(session, case).items()},
        **period(session, today),
        "mode": eligibility.ALL,
        **_reported(session, case),
    }


@prefill("consultation_opinion", of_item=True)
def opinion_begins(session: Session, case: Any, item: Any) -> Mapping[str, Any]:
    """What was written to the organ, and one row for each check that it is asked about and has not answered."""
    sent = [row for place in REQUESTS for row in submissions.at(session, case.id, place)]
    request = max(sent, key=lambda row: row.seq).answers if sent else {}
    written = {name: request[name] for name in ("period_from", "period_to", "note") if request.get(name)}
    return {**written, **_rows_for(session, case, item)}


@prefill("consultation_chase", of_item=True)
def chase_begins(session: Session, case: Any, item: Any) -> Mapping[str, Any]:
    """The same for the officer, with the organ that it is about."""
    return {"organ": _form_code(str(item)), **_rows_for(session, case, item)}


@check("consultation_request")
def request(answers: Mapping[str, Any], _context: FormContext) -> Sequence[Problem]:
    """The period ends after it begins."""
    begins, ends = answers.get("period_from"), answers.get("period_to")
    return [Problem("period_to", "consultation.period")] if begins and ends and ends < begins else []


@check("consultation_answers")
def answered(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """Every check that the organ was asked about is answered once, and no other."""
    rows = answers.get("answers")
    if context.session is None or context.case is None or context.item is None or not rows:
        return []
    asked = eligibility.standing(eligibility.newest(context.session, context.case.id), str(context.item))
    wanted, given = {row.item for row in asked}, [row.get("item") for row in rows]
    if set(given) == wanted and len(given) == len(wanted):
        return []
    facts = {"missing": sorted(wanted - set(given), key=CHECKS.index), "more": len(given) - len(wanted & set(given))}
    return [Problem("answers", "consultation.items", facts)]


@check("consultation_chase")
def chase(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """The organ is the one that the task is about; silence is no answer unless the parameter says so."""
    found = []
    if context.item is not None and answers.get("organ") not in {None, _form_code(str(context.item))}:
        found.append(Problem("organ", "consultation.organ"))
    if answers.get("outcome") == SILENCE and context.session and not silence_counts(context.session, clock.today()):
        found.append(Problem("outcome", "consultation.no_silence", {"parameter": SILENCE_IS_NONE}))
    return found


@check("consultation_change")
def change_is_possible(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """Something changes; who is taken off still has to answer, and who is added is not asked about it already."""
    added, removed = answers.get("added") or [], answers.get("removed") or []
    if not added and not removed:
        return [Problem("removed", "consultation.no_change")]
    if context.session is None or context.case is None:
        return []
    rows = eligibility.newest(context.session, context.case.id)
    waiting = {row.code for row in eligibility.standing(rows)}
    asked = {(row.item, row.code) for row in rows if row.dropped_on is None}
    found = [
        Problem("removed", "consultation.not_asked", {"organ": code}) for code in removed if _code(code) not in waiting
    ]
    for place, row in enumerate(added):
        code = _code(row.get("organ") or "")
        if code in waiting or (row.get("item"), code) in asked:
            found.append(Problem(f"added.{place}.organ", "consultation.asked_already", {"organ": row.get("organ")}))
    return found


@step("consultation.ask", returns=("organs", "enough"))
def ask(move: Move) -> dict[str, Any]:
    """Write down who is asked about what; the organs are asked at the same time."""
    answers = move.submissions("request")[-1].answers
    pairs = [(item, _code(code)) for item in CHECKS for code in answers.get(item) or []]
    place = round_of(move), eligibility.next_asking(move.session, move.case.id)
    eligibility.ask(move.session, move.case.id, place, pairs, answers["mode"], local_day(move.now))
    organs = list(dict.fromkeys(code for _, code in pairs))
    move.record("consultation.asked", round=place[0], organs=len(organs))
    return {"organs": organs, "enough": False}


@step("consultation.reach", returns=("reachable",))
def reach(move: Move) -> dict[str, Any]:
    """Whether anybody in this organ can be asked here; else the officer writes and files what comes back."""
    organ = str(move.data["asked"])
    found = people.resolve(move.session, LIAISON, "organ", organ, move.case.region, local_day(move.now))
    return {"reachable": found.held}


@step("consultation.opinion", returns=("enough",))
def opinion(move: Move) -> dict[str, Any]:
    """Keep what the organ's liaison answered."""
    return _keep(move, move.submissions("opinion")[-1], eligibility.ONLINE)


@step("consultation.paper", returns=("enough",))
def paper(move: Move) -> dict[str, Any]:
    """Keep the answer that came on paper; or, where the parameter allows it, the silence as no finding."""
    sent = move.submissions("chase")[-1]
    if sent.answers["outcome"] != SILENCE:
        return _keep(move, sent, eligibility.PAPER)
    if not silence_counts(move.session, local_day(move.now)):
        raise eligibility.NoSilence(parameter=SILENCE_IS_NONE)
    rows = _open(move)
    silent = [Answer(row.item, eligibility.NONE, sent.answers.get("reason") or "") for row in rows]
    return _kept(move, rows, silent, eligibility.SILENCE, sent)


@step("consultation.change", returns=("added", "removed"))
def change(move: Move) -> dict[str, Any]:
    """加签, 减签: the head of the division adds organs or takes some off; the others are not disturbed."""
    answers, on = move.submissions("change_received")[-1].answers, local_day(move.now)
    rows = eligibility.newest(move.session, move.case.id)
    removed = [_code(code) for code in answers.get("removed") or []]
    eligibility.drop(move.session, [row for code in removed for row in eligibility.standing(rows, code)], on)
    pairs = [(row["item"], _code(row["organ"])) for row in answers.get("added") or []]
    place = rows[0].round, rows[0].asking
    eligibility.ask(move.session, move.case.id, place, pairs, rows[0].mode, on)
    added = list(dict.fromkeys(code for _, code in pairs))
    move.record("consultation.changed", added=len(added), removed=len(removed))
    return {"added": added, "removed": removed}


@step("admission.sum", returns=("admission",))
def sum_up(move: Move) -> dict[str, Any]:
    """R-10.6: 有 from anybody is found; else 无法核实, or a check without any answer, is unknown; else clear."""
    round_ = round_of(move)
    total = eligibility.total(eligibility.newest(move.session, move.case.id, round_))
    move.record("consultation.summed", round=round_)
    return {"admission": total}


def period(session: Session, today: date) -> dict[str, str]:
    """«近三年»: three full calendar years, and the current one up to today where the parameter says so."""
    known = parameters.values(session, (YEARS, CURRENT_YEAR), today)
    begins = date(today.year - known[YEARS].value, 1, 1)
    ends = today if known[CURRENT_YEAR].value else date(today.year - 1, 12, 31)
    return {"period_from": begins.isoformat(), "period_to": ends.isoformat()}


def silence_counts(session: Session, on: date) -> bool:
    """«逾期视为无意见», off unless the department switches it on."""
    return parameters.value(session, SILENCE_IS_NONE, on).value is True


def round_of(move: Move) -> int:
    """At intake, or again just before the notice; what is begun by itself is the first."""
    given = move.data.get("round")
    return given if given in {eligibility.INTAKE, eligibility.BEFORE_NOTICE} else eligibility.INTAKE


def _keep(move: Move, sent: Any, how: str) -> dict[str, Any]:
    files = tuple(sent.answers.get("files") or sent.answers.get("scan") or ())
    given = [Answer(row["item"], row["answer"], row.get("evidence") or "", files) for row in sent.answers["answers"]]
    return _kept(move, _open(move), given, how, sent)


def _kept(move: Move, rows: Sequence[Record[Any]], given: Iterable[Answer], how: str, sent: Any) -> dict[str, Any]:
    eligibility.answer(move.session, rows, given, how, sent.by, local_day(sent.received_at))
    return {"enough": eligibility.enough(eligibility.newest(move.session, move.case.id))}


def _rows_for(session: Session, case: Any, item: Any) -> dict[str, Any]:
    open_ = eligibility.standing(eligibility.newest(session, case.id), str(item))
    return {"answers": [{"item": row.item} for row in open_]}


def _open(move: Move) -> list[Record[Any]]:
    found = eligibility.standing(eligibility.newest(move.session, move.case.id), str(move.data["asked"]))
    if not found:
        raise eligibility.NotAsked(organ=str(move.data["asked"]))
    return found


def _table(session: Session, case: Any) -> dict[str, list[str]]:
    """The organs that the table names for each check, in the version that the case runs on."""
    folder = definitions.pinned(session, case.release_id)
    home = next(each for each in (folder, *folder.calls.values()) if TABLE in each.tables)
    table = home.tables[TABLE]
    return {item: list(table.decide({"item": item}).result["organs"]) for item in CHECKS}


def _reported(session: Session, case: Any) -> dict[str, Any]:
    """What the base itself has filed under item 26 for any of the three years."""
    years = gate.reported(session, case)
    return {"reported": gate.listed(years)} if years else {}


def _code(form_code: str) -> str:
    """`sc-market` for the form's `sc_market`."""
    return form_code.replace("_", "-")


def _form_code(code: str) -> str:
    return code.replace("-", "_")
