"""What the forms of an order begin with, what they offer, what they find wrong; what its letter says."""

from collections.abc import Mapping, Sequence
from typing import Any

from bases.cooperation import supervision, supervision_level as level, supervision_units
from bases.documents.sources import Case, Found, source
from engine import submissions
from engine.forms import FormContext, Option, Problem, check, choices, prefill
from ground import clock, organs, parameters
from ground.database import Session

NAMES = {
    supervision.URGE: "黄·催办",
    supervision.ORDER: "橙·督办单",
    supervision.RAISED: "红·提级督办",
    supervision.REQUEST: "商请函",
    supervision.REMIND: "催办提醒",
}
STANDINGS = {
    supervision.ANSWERED: "已反馈",
    supervision.UNANSWERED: "期满未反馈",
    supervision.REFUSED: "提级督办未获批准",
    supervision.DROPPED: "督办单未印发",
}
CHANGE, RETURN = "change", "return"


@prefill("supervision_order")
def proposed(session: Session, case: Any) -> Mapping[str, Any]:
    """The matter, the deadline with its kind and D13's proposal; the supervisor decides."""
    other = supervision.about(session, case.subject)
    wait = supervision_units.waiting(session, other.id) if other else None
    given = level.facts(session, wait, None, clock.now())
    said = level.propose(session, given)
    offered = [one.code for one in offers(session, case, ever=False)]
    first = {"level": said if said in offered else offered[0]} if offered else {}
    return {
        "unit": _unit(session, case),
        "deadline": level.deadline(session, wait and wait.due_on, wait and wait.due_kind, clock.now()),
        "proposal": said,
        "matter": case.title,
        "ground": "《四川省外贸转型升级基地管理办法（试行）》第四条（督办程序文件未规定，系统默认）。",
        "days": _days(session),
        **first,
    }


@prefill("supervision_approval")
def to_approve(session: Session, case: Any) -> Mapping[str, Any]:
    """What is to be raised, and to whom it goes."""
    return {"unit": _unit(session, case), **_matter(session, case)}


@prefill("supervision_answer")
def asked(session: Session, case: Any) -> Mapping[str, Any]:
    """What is asked, and why an answer was returned."""
    sent = submissions.at(session, case.id, "examine")
    reason = sent[-1].answers.get("reason") if sent and sent[-1].answers["outcome"] == RETURN else ""
    return {**_matter(session, case), "returned": reason or ""}


@prefill("supervision_examination", anew=True)
def to_examine(session: Session, case: Any) -> Mapping[str, Any]:
    """What was answered, and the level that D13 proposes now."""
    row = supervision.of_case(session, case.id)
    wait = supervision_units.waiting(session, row.about_id) if row.about_id else None
    return {
        "standing": STANDINGS.get(row.state, ""),
        "feedback": row.feedback or "",
        "proposal": level.propose(session, level.facts(session, wait, row, clock.now())),
        "days": _days(session),
    }


@prefill("supervision_write_off", anew=True)
def to_write_off(session: Session, case: Any) -> Mapping[str, Any]:
    """The answer that was accepted."""
    return {"feedback": supervision.of_case(session, case.id).feedback or ""}


@choices("supervision.levels")
def offers(session: Session, case: Any, *, ever: bool) -> Sequence[Option]:
    """What may be sent to this unit: orders in the department's own line, else a request or a reminder."""
    kind = organs.bodies(session, [_organ(case)])[_organ(case)].kind
    offered = supervision.LEVELS if ever else supervision_units.OPEN_TO.get(kind, ())
    return [Option(code, NAMES[code]) for code in offered]


@choices("supervision.higher")
def higher(session: Session, case: Any, *, ever: bool) -> Sequence[Option]:
    """The levels above the one that stands."""
    row = supervision.found(session, case.id)
    offered = supervision.COLOURS if ever or row is None else supervision.higher_than(row)
    return [Option(code, NAMES[code]) for code in offered if code != supervision.URGE]


@check("supervision_order")
def may_be_sent(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """The same that the service asks for, at the field."""
    if context.session is None or context.case is None or not answers.get("level"):
        return []
    try:
        supervision_units.check(context.session, _organ(context.case), answers["level"])
    except (supervision_units.OtherOrgan, supervision_units.ToPerson) as no:
        return [Problem("level", no.code)]
    return []


@check("supervision_examination")
def may_be_accepted(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """Only an answer is accepted; what nobody has answered is sent again or raised."""
    if context.session is None or context.case is None:
        return []
    row = supervision.of_case(context.session, context.case.id)
    if answers.get("outcome") == "accept" and row.state != supervision.ANSWERED:
        return [Problem("outcome", "supervision.no_answer")]
    if answers.get("outcome") == RETURN and not supervision.was_asked(row):
        return [Problem("outcome", supervision.NotAsked.code)]
    return []


@source("supervision")
def of_supervision(move: Case) -> Found:
    """What the 督办单 and the 商请函 say; nothing where the case is no order."""
    row = supervision.found(move.session, move.case.id)
    if row is None:
        return Found({}, {})
    values = {name: getattr(row, name) for name in ("matter", "ground", "request", "days")}
    said = level.deadline(move.session, row.deadline_on, row.deadline_kind, move.now)
    return Found({**values, "deadline": said, "unit": row.organ_name, "level": NAMES[row.level]}, {})


def _matter(session: Session, case: Any) -> dict[str, Any]:
    row = supervision.of_case(session, case.id)
    return {"matter": row.matter, "ground": row.ground, "request": row.request}


def _unit(session: Session, case: Any) -> str:
    return organs.bodies(session, [_organ(case)])[_organ(case)].name


def _days(session: Session) -> int:
    return int(parameters.value(session, "supervise.order_answer", clock.today()).value)


def _organ(case: Any) -> int:
    """A case as its row, or as its page reads it."""
    return int(case.organ if hasattr(case, "organ") else case.organ_id)
