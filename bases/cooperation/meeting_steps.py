"""What a diagram may call of a joint meeting: call it, keep its minutes, hand out its resolutions, close it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bases.cooperation import issue, meeting
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground import clock, deadlines, organs
from ground.clock import local_day
from ground.database import Session

DEADLINE = "meeting_action"
ACTS = ("city_act", "organ_act", "department_act")
OWNERS = {"city": "city", "province": "department"}


@prefill("meeting_agenda", anew=True)
def pooled(session: Session, _case: Any) -> Mapping[str, Any]:
    """S-1.2: what no level has solved stands on the agenda, to be kept or struck."""
    found = issue.waiting_for_meeting(session)
    return {"agenda": [{"issue": one.number, "topic": f"{one.name}：{one.title}"} for one in found]}


@check("meeting_minutes")
def resolved(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """A resolution is due on a day to come, and what it answers is in the pool."""
    rows = answers.get("resolutions") or []
    late = [
        Problem(f"resolutions.{place}.due_on", "meeting.due_passed")
        for place, row in enumerate(rows)
        if row.get("due_on") and row["due_on"] <= clock.today().isoformat()
    ]
    if context.session is None:
        return late
    known = {one.number for one in issue.waiting_for_meeting(context.session)}
    return late + [
        Problem(f"resolutions.{place}.issue", meeting.NoSuchIssue.code)
        for place, row in enumerate(rows)
        if row.get("issue") and row["issue"] not in known
    ]


@step("meeting.call")
def call(move: Move) -> None:
    """Its day and place stand; whoever takes part is told by the diagram."""
    said = move.submissions("agenda")[-1].answers
    meeting.call(move.session, move.case.id, said["title"], date.fromisoformat(said["held_on"]), said["place"])
    move.record("meeting.called", title=said["title"], held_on=said["held_on"], items=len(said["agenda"]))


@step("meeting.minute", returns=("actions",))
def minute(move: Move) -> Mapping[str, Any]:
    """S-1.2: keep the minutes; each resolution becomes a task of the organ that it belongs to."""
    said = move.submissions("minutes")[-1].answers
    kept = {"number": said["number"], "dated_on": date.fromisoformat(said["dated_on"]), "topics": said["topics"]}
    default = deadlines.due(move.session, DEADLINE, move.now).on
    resolutions = [_resolution(move.session, row, default) for row in said["resolutions"]]
    numbers = meeting.minute(move.session, move.case.id, kept, resolutions)
    move.record("meeting.minuted", number=said["number"], dated_on=said["dated_on"], resolutions=len(numbers))
    return {"actions": numbers}


@step("action.open", returns=("owner", "owner_kind", "due_on"))
def hand_out(move: Move) -> Mapping[str, Any]:
    """Whose task a resolution is: a city's, another organ's, or the department's own."""
    one = meeting.action(move.session, int(move.data["action"]))
    kind = OWNERS.get(one.organ_kind, "organ")
    return {"owner": one.organ_id, "owner_kind": kind, "due_on": one.due_on.isoformat()}


@step("action.done")
def done(move: Move) -> None:
    """The secretary has accepted the report of this resolution."""
    number = int(move.data["action"])
    sent = [row for element in ACTS for row in move.submissions(element) if row.item == number]
    report = max(sent, key=lambda row: row.seq).answers["report"]
    meeting.finish(move.session, number, report, local_day(move.now))
    move.record("meeting.action_done", seq=meeting.action(move.session, number).seq)


@step("meeting.close")
def close(move: Move) -> None:
    """Every resolution is done."""
    meeting.close(move.session, move.case.id)
    move.record("meeting.closed")


@prefill("meeting_action", of_item=True)
def resolution(session: Session, _case: Any, item: Any) -> Mapping[str, Any]:
    """What was resolved, in the words of the minutes."""
    if not isinstance(item, int):
        return {}
    one = meeting.action(session, item)
    return {"words": one.words, "due_on": one.due_on.isoformat()}


def _resolution(session: Session, row: Mapping[str, Any], default: date) -> dict[str, Any]:
    organ = organs.body(session, row["owner"].replace("_", "-"))
    return {
        "words": row["words"],
        "organ_id": organ.id,
        "issue_id": meeting.issue_id(session, row["issue"]) if row.get("issue") else None,
        "due_on": date.fromisoformat(row["due_on"]) if row.get("due_on") else default,
    }
