"""委派: the holder of a task has somebody of the office prepare it, who hands it back; the lender sends it.

While it is lent the borrower holds it, fills in its form and cannot send it. A signature is not lent.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record

from engine import holding, loans, submissions, waits
from engine.cases.hanging import check_free, check_proxy
from engine.loans import Loan
from engine.waits import Wait
from ground.database import Session
from ground.errors import Refused
from ground.people import Actor
from tasks import at_task, colleagues, walks
from tasks.at_task import AtTask, act, said
from tasks.colleagues import Colleague


class NotLent(Refused):
    """The task is not lent, or not by or to this person."""

    code = "loan.none"


class SignatureNotLent(Refused):
    """What is decided at this step is signed, and nobody prepares a signature."""

    code = "loan.signed"
    status = 403


def to_whom(session: Session, wait_ref: str, by: Actor, now: datetime) -> Sequence[Colleague]:
    """Who can be lent this task by this person; the same refusals as the act itself."""
    return _to_whom(_checked(at_task.seen(session, wait_ref, by, now)))


def lend(wait_ref: str, to: str, note: str, *, by: Actor, key: str, now: datetime) -> str:
    """Let this person prepare the task, with a note of what is wanted."""

    def change(at: AtTask) -> None:
        words = said(note)
        (borrower,) = colleagues.chosen([to], _to_whom(_checked(at)), 1)
        lender = by.person or 0
        loans.begin(at.session, at.item, lender, borrower, words, at.now)
        _pass(at, lender, borrower)
        waits.hang(at.session, at.item.id)
        at.record("loan.begun", persons=[borrower], reason=words)
        at.write("task_lent", [borrower], words)

    return act("lend", wait_ref, by, key, now, change)


def give_back(wait_ref: str, note: str, *, by: Actor, key: str, now: datetime) -> str:
    """The borrower hands the task back, with what they have typed."""

    def change(at: AtTask) -> None:
        loan = _loan(at)
        if loan.to_person != by.person:
            raise NotLent(wait=wait_ref)
        words = said(note) if note.strip() else ""
        _end(at, loan)
        at.record("loan.given_back", persons=[loan.from_person], reason=words or "—")
        at.write("task_given_back", [loan.from_person], words or "—")

    return act("give-back", wait_ref, by, key, now, change)


def call_back(wait_ref: str, reason: str, *, by: Actor, key: str, now: datetime) -> str:
    """The lender takes the task back, with what was typed until then, and says why."""

    def change(at: AtTask) -> None:
        words, loan = said(reason), _loan(at)
        if loan.from_person != by.person:
            raise NotLent(wait=wait_ref)
        _end(at, loan)
        at.record("loan.called_back", persons=[loan.to_person], reason=words)
        at.write("task_called_back", [loan.to_person], words)

    return act("call-back", wait_ref, by, key, now, change)


def lent_by(session: Session, person: int, most: int) -> Sequence[Record[Any]]:
    """委派中: what this person has lent and not got back, with whom it is, the longest first."""
    lent = (
        walks.ITEMS.add_columns(Loan.note, Loan.lent_at)
        .join(Loan, Loan.wait_id == Wait.id)
        .where(Loan.from_person == person, Wait.held_by == Loan.to_person)
        .order_by(Loan.lent_at, Wait.id)
    )
    return session.execute(lent.limit(most)).all()


def _checked(at: AtTask) -> AtTask:
    at.check_holder()
    check_proxy(at.folder, at.item)
    element = at.folder.element(at.item.element)
    if element is None or element.signed:
        raise SignatureNotLent(wait=at.item.ref)
    check_free(at.session, at.item)
    return at


def _to_whom(at: AtTask) -> list[Colleague]:
    return colleagues.of_office(at)


def _loan(at: AtTask) -> Record[Any]:
    loan = loans.standing(at.session, at.item)
    if loan is None:
        raise NotLent(wait=at.item.ref)
    return loan


def _end(at: AtTask, loan: Record[Any]) -> None:
    loans.end(at.session, at.item.id)
    _pass(at, loan.to_person, loan.from_person)


def _pass(at: AtTask, giver: int, taker: int) -> None:
    form = at.folder.home(at.item.element).forms[at.item.form]
    holding.pass_on(at.session, at.item.id, taker, at.now)
    submissions.pass_draft(at.session, at.item, form, giver, taker, at.now)
