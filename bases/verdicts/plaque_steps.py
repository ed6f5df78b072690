"""What a diagram may call of the plaques of a batch, and what their form looks at: handed over singly or together."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bases.verdicts import batch, plaque
from bases.verdicts.plaque import Handed
from engine.forms import FormContext, Problem, check, prefill
from engine.steps import Move, step
from ground.database import Session

LOCAL = "所在地商务主管部门"


@prefill("plaques")
def first_values(session: Session, case: Any) -> dict[str, Any]:
    """The bases that have no plaque yet."""
    found = batch.of_subject(session, case.subject)
    return {"plaques": [{"base": each.base_name} for each in plaque.missing(session, found.id)]}


@check("plaques")
def plaques(answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """Article 2: each plaque is of a base that has none, with a number of its own, made before it is given."""
    rows = answers.get("plaques") or []
    if context.session is None or context.case is None:
        return []
    found = batch.of_subject(context.session, context.case.subject)
    names = {each.base_name for each in plaque.missing(context.session, found.id)}
    given = [row for row in rows if _handed_on(row, answers)]
    numbers = [row.get("number") for row in given]
    taken = plaque.taken(context.session, [each for each in numbers if each])
    wrong = [_wrong(row, names, taken, numbers, answers) for row in given]
    return [
        Problem("plaques", code, {"base": row.get("base", "")}) for row, code in zip(given, wrong, strict=True) if code
    ]


@step("batch.plaque", returns=("plaques_left",))
def hand(move: Move) -> dict[str, Any]:
    """Keep the plaques that were handed over; whoever has none yet stays in the next form."""
    found = batch.of_subject(move.session, move.case.subject)
    sent = move.submissions("plaque")[-1]
    bases = {each.base_name: each.base_id for each in plaque.missing(move.session, found.id)}
    given = [row for row in sent.answers.get("plaques") or [] if _handed_on(row, sent.answers) and row["base"] in bases]
    for row in given:
        plaque.hand(move.session, found.id, _handed(row, bases[row["base"]], sent.answers), sent.by, move.now)
    left = len(plaque.missing(move.session, found.id))
    move.record("batch.plaques", handed=len(given), left=left)
    return {"plaques_left": left}


def _handed(row: Mapping[str, Any], base_id: int, answers: Mapping[str, Any]) -> Handed:
    return Handed(
        base_id=base_id,
        number=row["number"],
        made_on=date.fromisoformat(row["made_on"]) if row.get("made_on") else None,
        handed_on=date.fromisoformat(_handed_on(row, answers)),
        receiver=row.get("receiver") or answers.get("all_receiver") or LOCAL,
        photo=answers.get("photo"),
    )


def _handed_on(row: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    return str(row.get("handed_on") or answers.get("all_handed_on") or "")


def _wrong(
    row: Mapping[str, Any], names: set[str], taken: set[str], numbers: list[Any], answers: Mapping[str, Any]
) -> str | None:
    number = row.get("number")
    if row.get("base") not in names:
        return "plaque.not_wanted"
    if not number:
        return "plaque.no_number"
    if number in taken or numbers.count(number) > 1:
        return plaque.NumberTaken.code
    return "plaque.too_early" if (row.get("made_on") or "") > _handed_on(row, answers) else None
