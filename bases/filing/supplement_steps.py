"""What a diagram may call of a 补正: draft it, serve it, or leave it; what its form begins with and is checked for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bases.filing import supplement
from engine import waits
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock, deadlines
from ground.clock import local_day
from ground.database import Session

DEADLINE = "supplement"
APPROVE = "approve"
EXTEND, FILL = "extend", "fill_supplement"


@prefill("supplement_notice", anew=True)
def draft_begins(session: Session, _case: Any) -> Mapping[str, Any]:
    """The date that the default gives from today, and where the base hands in."""
    due = deadlines.due(session, DEADLINE, clock.now())
    return {"due_on": due.on.isoformat(), "hand_in": "本系统在线补正，经市（州）商务主管部门报商务厅"}


@check("supplement_notice")
def draft_is_whole(answers: Mapping[str, Any], _context: FormContext) -> Sequence[Problem]:
    """R-9.2: each thing is named once; the date lies ahead, so that the base has time."""
    problems = []
    due = answers.get("due_on")
    if due and due <= clock.today().isoformat():
        problems.append(Problem("due_on", "supplement.due_passed"))
    seen: set[tuple[Any, Any]] = set()
    for place, row in enumerate(answers.get("items") or []):
        named = (row.get("field"), row.get("missing"))
        if named in seen:
            problems.append(Problem(f"items.{place}.missing", "supplement.named_twice"))
        seen.add(named)
    return problems


@step("supplement.draft", returns=("needs_approval",))
def draft(move: Move) -> dict[str, Any]:
    """Whether the notice may be served by the officer, or the head of the unit is asked first."""
    round_ = supplement.next_round(move.session, move.case.id)
    return {"needs_approval": supplement.needs_approval(move.session, round_, local_day(move.now))}


@step("supplement.serve", returns=("supplemented", "supplement_due"))
def serve(move: Move) -> dict[str, Any]:
    """Serve the notice: from now on its date binds, and its items stand at the fields of the form."""
    drafted = move.submissions("draft")[-1]
    approval = _approval(move, drafted.seq)
    answers = drafted.answers
    notice = {
        "items": [{"field": row["field"], "missing": row["missing"]} for row in answers["items"]],
        "hand_in": answers["hand_in"],
        "due_on": date.fromisoformat(answers["due_on"]),
        "number": answers.get("number") or None,
        "drafted_by": drafted.by,
        "approved_by": approval.by if approval else None,
        "reason": (approval.answers.get("reason") or "") if approval else "",
    }
    round_ = supplement.serve(move.session, move.case.id, notice, local_day(move.now))
    move.record("supplement.served", round=round_, items=len(notice["items"]), due_on=answers["due_on"])
    return {"supplemented": True, "supplement_due": answers["due_on"]}


@step("supplement.leave", returns=("supplemented",))
def leave(move: Move) -> dict[str, Any]:
    """No notice goes out: the case goes back to intake as it stands."""
    move.record("supplement.left")
    return {"supplemented": False}


@check("supplement_late")
def late_is_once(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """A date is put off once, and to a day that lies ahead."""
    if answers.get("outcome") != EXTEND:
        return []
    problems = []
    until = answers.get("until")
    if until and until <= clock.today().isoformat():
        problems.append(Problem("until", "supplement.due_passed"))
    if context.session is not None and context.case is not None:
        notice = supplement.standing(context.session, context.case.id)
        if notice is not None and notice.extended_from is not None:
            problems.append(Problem("outcome", supplement.ExtendedBefore.code))
    return problems


@step("supplement.settle_late", returns=("supplemented", "supplement_due"))
def settle_late(move: Move) -> dict[str, Any]:
    """The date has passed: what the officer decided, for a reason. The clock itself decides nothing."""
    sent = move.submissions("supplement_late")
    notice = supplement.standing(move.session, move.case.id)
    if not sent or sent[-1].by is None or notice is None:
        raise supplement.Undecided(case=move.case.ref)
    answers = sent[-1].answers
    if answers["outcome"] != EXTEND:
        supplement.close(move.session, move.case.id, local_day(move.now))
        move.record("supplement.closed", outcome=answers["outcome"], due_on=notice.due_on.isoformat())
        return {"supplemented": False, "supplement_due": notice.due_on.isoformat()}
    until = date.fromisoformat(answers["until"])
    supplement.extend(move.session, move.case.id, until, answers["reason"])
    for each in waits.standing(move.session, move.case.id):
        if each.kind == "wait" and each.element == move.place(FILL):
            waits.put_off(move.session, each.kind, each.id, {"due_on": until, "due_at": clock.end_of(until)})
    move.record("supplement.extended", due_on=answers["until"])
    return {"supplemented": True, "supplement_due": answers["until"]}


def _approval(move: Move, since: int) -> Any:
    """What the head of the unit said of this draft, if it was approved."""
    said = [sent for sent in move.submissions("approve") if sent.seq > since]
    return said[-1] if said and said[-1].answers.get("outcome") == APPROVE else None
