"""What a diagram may call of an order of supervision: enter it, serve it, gather what was answered, write it off."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bases.cooperation import supervision, supervision_level as level, supervision_units
from bases.documents import document
from engine import submissions
from engine.steps import Move, step
from ground import calendar, organs, parameters
from ground.clock import local_day
from ground.database import Session

ANSWERS = ("holder_answer", "city_answer", "department_answer")
FACTS = ("stage", "unclaimed", "urge_unanswered", "order_unanswered")
ASKED = ("way", "who", "holder", "unit", "issuer", "due_on", "by_notice")
APPROVE, TO_ORDER, TO_REQUEST, TO_EXPERT, TO_ANSWER = "approve", "order", "request", "expert", "answer"
WAYS = {
    supervision.URGE: (TO_ANSWER, supervision.WAITING),
    supervision.ORDER: (TO_ORDER, supervision.ISSUING),
    supervision.RAISED: (APPROVE, supervision.APPROVING),
    supervision.REQUEST: (TO_REQUEST, supervision.ISSUING),
    supervision.REMIND: (TO_EXPERT, supervision.TOLD),
}
URGE_ANSWER = "supervise.urge_answer"
CHANGE = "change"


@step("supervision.enter", returns=ASKED)
def enter(move: Move) -> Mapping[str, Any]:
    """Write the order down, or what its issuer has changed about it; say to whom it goes and how."""
    row = supervision.found(move.session, move.case.id)
    if row is None:
        return _first(move)
    said = move.submissions("examine")[-1].answers
    if said["outcome"] == CHANGE:
        return _raised(move, row, said)
    return _returned(move, row, said["reason"])


@step("supervision.serve", returns=("served", "due_on", "by_notice"))
def serve(move: Move) -> Mapping[str, Any]:
    """The letter is issued: its number, and the day by which it asks an answer, which is a 通知时限 from now on."""
    row = supervision.of_case(move.session, move.case.id)
    letter = _letter(move)
    if letter is None:
        over = {"state": supervision.CLOSED, "closed_on": local_day(move.now)}
        dropped = over if row.level == supervision.REQUEST else {"state": supervision.DROPPED}
        supervision.change(move.session, move.case.id, **dropped)
        move.record("supervision.not_issued", level=row.level)
        return {"served": False, "due_on": "", "by_notice": False}
    due_on = calendar.load(move.session).add_working_days(letter.issued_on, row.days)
    served = {"number": letter.number, "issued_on": letter.issued_on, "due_on": due_on}
    approved = move.submissions("approve")
    if row.level == supervision.RAISED and approved:
        served["approved_by"] = approved[-1].by
    supervision.change(move.session, move.case.id, **served, state=supervision.WAITING, asked_at=move.now)
    move.record("supervision.served", level=row.level, number=letter.number, due_on=due_on.isoformat())
    return {"served": True, "due_on": due_on.isoformat(), "by_notice": True}


@step("supervision.gather", returns=FACTS)
def gather(move: Move) -> Mapping[str, Any]:
    """Whether an answer has come since it was asked, and the facts for D13."""
    row = supervision.of_case(move.session, move.case.id)
    supervision.change(move.session, move.case.id, **_come_to(move, row))
    row = supervision.of_case(move.session, move.case.id)
    wait = supervision_units.waiting(move.session, row.about_id) if row.about_id else None
    move.record(f"supervision.{row.state}", level=row.level)
    return level.facts(move.session, wait, row, move.now)


@step("supervision.close")
def close(move: Move) -> None:
    """核销: what the issuer says of it, and nobody else."""
    row = supervision.of_case(move.session, move.case.id)
    place = "record_reply" if row.level == supervision.REQUEST else "write_off"
    sent = move.submissions(place)[-1]
    today = local_day(move.now)
    if row.level == supervision.REQUEST:
        supervision.change(move.session, move.case.id, feedback=sent.answers["feedback"], feedback_on=today)
    supervision.write_off(move.session, move.case.id, sent.answers["opinion"], today, sent.by)
    move.record("supervision.written_off", number=row.number or move.case.number)


def _first(move: Move) -> Mapping[str, Any]:
    sent = move.submissions("raise")[-1]
    said = sent.answers
    other = supervision.about(move.session, move.case.subject)
    wait = supervision_units.waiting(move.session, other.id) if other else None
    supervision_units.check(move.session, move.case.organ, said["level"])
    state = WAYS[said["level"]][1]
    supervision.enter(
        move.session,
        move.case.id,
        **{name: said[name] for name in ("matter", "ground", "request", "level")},
        about_id=other.id if other else None,
        deadline_on=wait.due_on if wait else None,
        deadline_kind=wait.due_kind if wait else None,
        days=said.get("days"),
        state=state,
        organ_id=move.case.organ,
        issuer_id=sent.by,
        asked_at=move.now,
        closed_on=local_day(move.now) if state == supervision.TOLD else None,
    )
    move.record("supervision.entered", level=said["level"], matter=said["matter"])
    return _asked(move, WAYS[said["level"]][0])


def _raised(move: Move, row: Any, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """A higher level, as the issuer says and why."""
    if said["level"] not in supervision.higher_than(row):
        raise supervision.NotHigher(level=said["level"])
    way, state = WAYS[said["level"]]
    changed = {"level": said["level"], "state": state, "days": said["days"], "asked_at": move.now}
    before = row.level if supervision.was_asked(row) else None
    supervision.change(move.session, move.case.id, **changed, level_before=before)
    move.record("supervision.raised", source=row.level, target=said["level"], reason=said["reason"])
    return _asked(move, way)


def _returned(move: Move, row: Any, reason: str) -> Mapping[str, Any]:
    """Once more from the same unit, with the same number of days from today; a served order needs no second letter."""
    if not supervision.was_asked(row):
        raise supervision.NotAsked(case=move.case.ref)
    supervision.change(move.session, move.case.id, state=supervision.WAITING, asked_at=move.now)
    move.record("supervision.returned", reason=reason)
    return _asked(move, TO_ANSWER, by_notice=row.number is not None, days=row.days)


def _asked(move: Move, way: str, *, by_notice: bool = False, days: int | None = None) -> dict[str, Any]:
    """To whom it goes: an urging to whoever holds the task, everything else to the unit."""
    row = supervision.of_case(move.session, move.case.id)
    due_on = ""
    if way == TO_ANSWER:
        due_on = _due(move, days if by_notice else None).isoformat()
        supervision.change(move.session, move.case.id, due_on=date.fromisoformat(due_on))
    wait = supervision_units.waiting(move.session, row.about_id) if row.about_id else None
    holder = wait.held_by if wait else None
    kind = organs.bodies(move.session, [row.organ_id])[row.organ_id].kind
    return {
        "way": way,
        "who": "holder" if holder and row.level == supervision.URGE else _who(kind),
        "holder": holder or _expert(wait),
        "unit": row.organ_id,
        "issuer": row.issuer_id,
        "due_on": due_on,
        "by_notice": by_notice,
    }


def _who(kind: str) -> str:
    return "city" if kind == "city" else "department"


def _expert(wait: Any) -> int:
    """The one person whom a task asks by name, without its being claimed."""
    name = wait.queue.removeprefix("person:") if wait else ""
    return int(name) if name.isdigit() else 0


def _due(move: Move, days: int | None) -> date:
    today = local_day(move.now)
    number = days or int(parameters.value(move.session, URGE_ANSWER, today).value)
    return calendar.load(move.session).add_working_days(today, number)


def _letter(move: Move) -> Any:
    """The letter that the call has come back with; None if it was dropped."""
    ref = move.data.get("document")
    row = document.by_ref(move.session, str(ref)) if ref else None
    issued = row is not None and row.case_id == move.case.id and row.state == document.ISSUED
    return row if issued else None


def _come_to(move: Move, row: Any) -> dict[str, Any]:
    if row.state == supervision.APPROVING:
        return {"state": supervision.REFUSED, "level": row.level_before or row.level}
    if row.state == supervision.DROPPED:
        return {"level": row.level_before or row.level}
    given = newest_answer(move.session, move.case.id)
    if given is None or given.received_at < row.asked_at:
        return {"state": supervision.UNANSWERED}
    told = {"feedback": given.answers["feedback"], "feedback_on": local_day(given.received_at)}
    return {"state": supervision.ANSWERED, **told}


def newest_answer(session: Session, case_id: int) -> Any:
    """What was answered last in a case, by whoever was asked; None if nothing was."""
    sent = [row for place in ANSWERS for row in submissions.at(session, case_id, place)]
    return max(sent, key=lambda row: row.seq) if sent else None
