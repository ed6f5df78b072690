"""Who may examine an objection: an officer of the department who has had no hand in a case of that base."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from bases import register
from bases.verdicts.objection import HOLDS, PROCESS, Objection
from engine.cases import Case
from engine.definitions import Process
from engine.forms import FormContext, Problem, check, prefill
from engine.submissions import Submission
from ground import clock, people, regions
from ground.database import Session
from ground.errors import Refused
from ground.people import Name

ROLE = "prov_officer"


class NotApart(Refused):
    """The handler of an objection is an officer of the department who did not handle the base's case."""

    code = "objection.not_apart"


def eligible(session: Session, base_id: int, on: date) -> list[Name]:
    """The officers who may examine an objection to this base, whoever has fewest open ones first."""
    key = people.resolve(session, ROLE, "province", None, regions.PROVINCE, on).key
    hands = _had_a_hand(session, base_id)
    found = [each for each in people.holders(session, key, on) if each.id not in hands]
    load = _open_ones(session, [each.id for each in found])
    return sorted(found, key=lambda each: load.get(each.id, 0))


def chosen(session: Session, base_id: int, name: str, on: date) -> int:
    """The number of the eligible officer of this name; NotApart for everybody else."""
    found = [each for each in eligible(session, base_id, on) if each.name == name.strip()]
    if len(found) != 1:
        raise NotApart(base=base_id, names="、".join(each.name for each in eligible(session, base_id, on)))
    return found[0].id


def had_a_hand(session: Session, base_id: int, person: int) -> bool:
    """Whether this person sent anything in a case of the base that is not itself an objection."""
    return person in _had_a_hand(session, base_id)


def asked(session: Session, base_id: int, role: str, scope: str, argument: int | None, on: date) -> int:
    """Whom to ask for a statement: who last sent something in a case of this base and still holds the role.

    Else the first who holds it; 0 if nobody does, so that the task opens for the supervisor.
    """
    base = register.by_id(session, base_id)
    key = people.resolve(session, role, scope, argument, base.county or base.city, on).key
    holders = [each.id for each in people.holders(session, key, on)]
    sent = session.execute(
        _hands(base_id).where(Submission.by_person.in_(holders)).order_by(Submission.received_at.desc()).limit(1)
    ).scalar()
    return sent or (holders[0] if holders else 0)


@check("objection_handler")
def handler(answers: Mapping[str, Any], context: FormContext) -> Sequence[Problem]:
    """R-9.6: whoever handled the base's case does not examine the objection; the problem names those who may."""
    name = answers.get("handler")
    if context.session is None or context.case is None or not isinstance(name, str):
        return []
    base = register.of_subject(context.session, context.case.subject)
    found = eligible(context.session, base.id, clock.today())
    if [each.name for each in found].count(name.strip()) == 1:
        return []
    return [Problem("handler", "objection.not_apart", {"names": "、".join(each.name for each in found)})]


@prefill("objection_handler")
def suggested(session: Session, case: Any) -> Mapping[str, Any]:
    """Suggest whoever may and has fewest open objections."""
    base = register.of_subject(session, case.subject)
    found = eligible(session, base.id, clock.today())
    return {"handler": found[0].name} if found else {}


def _had_a_hand(session: Session, base_id: int) -> set[int]:
    return {number for number in session.execute(_hands(base_id)).scalars() if number is not None}


def _hands(base_id: int) -> Any:
    """Who sent anything in a case of this base that is not itself an objection."""
    return (
        select(Submission.by_person)
        .join(Case, Case.id == Submission.case_id)
        .join(Process, Process.id == Case.process_id)
        .where(Case.subject == register.subject(base_id), Process.key != PROCESS)
    )


def _open_ones(session: Session, persons: Sequence[int]) -> Mapping[int, int]:
    rows = session.execute(
        select(Objection.handler_id, func.count().label("n"))
        .where(Objection.handler_id.in_(list(persons)), Objection.state.in_(list(HOLDS)))
        .group_by(Objection.handler_id)
    )
    return {row.handler_id: row.n for row in rows}
