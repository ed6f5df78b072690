"""加签、减签、会签: whom the holder of a task asks to countersign it, what they answer, and what that does to the task.

An opinion is 同意 or 不同意 in words. Whoever is asked must know of the case by their office and must not be kept
apart from the step; what they are asked about a case they see on its page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, bindparam, select

from engine import cases, cosigners, sendings, waits
from engine.cases import Case
from engine.cases.hanging import check_free, check_loan, check_proxy, office
from engine.cases.releasing import BACK, GONE_ON
from engine.cases.repeating import key_of, once, recorded
from engine.cases.under_way import Moving
from engine.cosigners import MODES, OPINIONS, RULES, Cosigner
from engine.holding import Gone
from engine.waits import Wait
from ground import clock, jobs
from ground.database import Session, reading, transaction
from ground.errors import Missing, Refused
from ground.people import Actor, Person
from tasks import at_task, colleagues, letters, walks
from tasks.at_task import AtTask, act, said, who
from tasks.colleagues import Colleague

MOST = 9


class AskedAlready(Refused):
    """This person is asked about the task already and has not answered."""

    code = "cosign.asked_already"


class NotAsked(Refused):
    """This person is not asked, or has answered, or it is not their turn yet."""

    code = "cosign.not_asked"


class NotSent(Refused):
    """Nothing that was sent waits here, or not this person's."""

    code = "cosign.not_sent"


class NoSuchWay(Refused):
    """No such way to ask, to count or to answer."""

    code = "cosign.way"
    status = 422


@dataclass(frozen=True)
class Asking:
    """What is asked: before, after or in parallel; counted by all, any or majority; and about what, in words."""

    mode: str
    rule: str
    question: str


def whom(session: Session, wait_ref: str, by: Actor, now: datetime) -> Sequence[Colleague]:
    """Who can be asked about this task by this person; the same refusals as the act itself."""
    return _whom(_checked(at_task.seen(session, wait_ref, by, now)))


def ask(wait_ref: str, persons: Sequence[str], asking: Asking, *, by: Actor, key: str, now: datetime) -> str:
    """Put co-signers on a task that this person holds."""

    def change(at: AtTask) -> None:
        if asking.mode not in MODES or asking.rule not in RULES:
            raise NoSuchWay(modes=MODES, rules=RULES)
        words = said(asking.question)
        asked = colleagues.chosen(persons, _whom(_checked(at)), MOST)
        _put_on(at, asked, asking, words)
        at.record("cosign.asked", persons=asked, mode=asking.mode, rule=asking.rule, reason=words)
        if asking.mode != cosigners.AFTER:
            at.write("cosign_asked", asked, words)

    return act("cosign", wait_ref, by, key, now, change)


def answer(cosigner_ref: str, opinion: str, words: str, *, by: Actor, key: str, now: datetime) -> str:
    """Give one's opinion; `gone-on`, `back`, `waits` or `not-sent` says what became of what the holder had sent."""
    row = _asked(cosigner_ref, by, key)
    if isinstance(row, str):
        return row

    def done() -> dict[str, Any]:
        with cases.moving(cases.of_wait(row.wait_ref), by, now, key_of(by, "cosign", cosigner_ref, key)) as move:
            wait, at = _standing(move, row.wait_ref), _fresh(move, cosigner_ref)
            _check_answer(move, wait, at, opinion)
            kept = said(words)
            cosigners.answer(move.session, at.id, opinion, kept, now)
            move.record("cosign.given", element=wait.element, opinion=opinion, reason=kept, organ=office(wait.queue))
            became = cases.settle(move, wait, _fresh(move, cosigner_ref))
            _tell_holder(move, wait, by, opinion, kept, became)
            move.more = {"became": became}
        return move.result

    return str(_in_a_move(done, by, cosigner_ref, key)["became"])


def drop(cosigner_ref: str, reason: str, *, by: Actor, key: str, now: datetime) -> str:
    """减签: the holder asks this person no more, and says why; what was sent goes on if nobody else is to agree."""
    row = _named(cosigner_ref, by, key)
    if isinstance(row, str):
        return row

    def done() -> dict[str, Any]:
        with cases.moving(cases.of_wait(row.wait_ref), by, now, key_of(by, "cosign", cosigner_ref, key)) as move:
            wait, at, kept = _standing(move, row.wait_ref), _fresh(move, cosigner_ref), said(reason)
            if wait.held_by != by.person or wait.queue not in by.keys:
                raise cases.NotYours(wait=wait.ref, held_by=wait.held_by, at=wait.held_at)
            check_loan(move, wait)
            cosigners.drop(move.session, at.id)
            told = {"persons": [at.person_id], "reason": kept, "organ": office(wait.queue)}
            move.record("cosign.dropped", element=wait.element, **told)
            if at.asked_at is not None and at.opinion is None:
                _write(move, "cosigner_dropped", [at.person_id], by, kept)
            move.more = {"became": cases.settle(move, wait)}
        return move.result

    return str(_in_a_move(done, by, cosigner_ref, key)["became"])


def recall(wait_ref: str, *, by: Actor, key: str, now: datetime) -> str:
    """The holder takes back what they have sent and what still waits for co-signers; the number of the case."""

    def done() -> dict[str, Any]:
        with cases.moving(cases.of_wait(wait_ref), by, now, key_of(by, "recall", wait_ref, key)) as move:
            wait = _standing(move, wait_ref)
            sending = sendings.standing(move.session, wait)
            if sending is None or sending.by_person != by.person or wait.held_by != by.person:
                raise NotSent(wait=wait_ref)
            cases.take_back(move, wait)
            move.record("cosign.recalled", element=wait.element, organ=office(wait.queue))
        return move.result

    return str(once(key_of(by, "recall", wait_ref, key), done)["number"])


def asked_of(session: Session, person: int, most: int) -> Sequence[Record[Any]]:
    """请我会签: what this person is asked about and has not answered, the longest first; rows like the queue's."""
    return session.execute(_OF_PERSON.limit(most), {"person": person}).all()


def look(session: Session, cosigner_ref: str, by: Actor) -> Record[Any]:
    """One asking with its task, for whoever is asked; NotAsked for others and once it is over."""
    row = session.execute(_ITEMS.where(Cosigner.ref == cosigner_ref, cases.visible(by))).one_or_none()
    if row is None or row.person_id != by.person or row.asked_at is None:
        raise NotAsked(cosigner=cosigner_ref)
    return row


def of_task(session: Session, item: Any) -> Sequence[Record[Any]]:
    """The co-signers of a task, with their names."""
    if not item.hung:
        return ()
    named = select(Cosigner, Person.name, Person.name_en).join(Person, Person.id == Cosigner.person_id)
    return session.execute(named.where(Cosigner.wait_id == item.id).order_by(Cosigner.id)).all()


@jobs.handler("cosigning.ask")
def tell_those_asked(payload: Mapping[str, Any]) -> None:
    """A letter to those who are to agree to what was just sent."""
    with transaction() as session:
        rows = session.execute(_TO_AGREE, {"wait": payload["wait"]}).all()
        for row in rows:
            facts = {"number": row.number, "title": row.title, "who": row.who, "words": row.question}
            facts["who_en"] = row.who_en or row.who
            letters.write(session, [row.person_id], row.case_id, "cosign_asked", facts, clock.now())


def _checked(at: AtTask) -> AtTask:
    at.check_holder()
    check_proxy(at.folder, at.item)
    check_free(at.session, at.item)
    return at


def _whom(at: AtTask) -> list[Colleague]:
    return colleagues.of_office(at)


def _put_on(at: AtTask, asked: Sequence[int], asking: Asking, words: str) -> None:
    still = {row.person_id for row in cosigners.of_wait(at.session, at.item.id) if row.opinion is None}
    if still & set(asked):
        raise AskedAlready(wait=at.item.ref)
    values = {"asked_by": at.by.person, "mode": asking.mode, "rule": asking.rule, "question": words}
    cosigners.name(at.session, at.item, asked, values, at.now)
    waits.hang(at.session, at.item.id)


def _asked(cosigner_ref: str, by: Actor, key: str) -> Any:
    """The task that it is about; what was answered already, where this is the same answer once more."""
    row = _named(cosigner_ref, by, key)
    if not isinstance(row, str) and row.person_id != by.person:
        raise NotAsked(cosigner=cosigner_ref)
    return row


def _named(cosigner_ref: str, by: Actor, key: str) -> Any:
    with reading() as session:
        row = session.execute(_WHERE, {"cosigner": cosigner_ref}).one_or_none()
        earlier = recorded(session, key_of(by, "cosign", cosigner_ref, key)) if row is None else None
    if earlier is not None:
        return str(earlier["became"])
    if row is None:
        raise NotAsked(cosigner=cosigner_ref)
    return row


def _in_a_move(done: Any, by: Actor, cosigner_ref: str, key: str) -> dict[str, Any]:
    try:
        return once(key_of(by, "cosign", cosigner_ref, key), done)
    except Missing:
        raise Gone(cosigner=cosigner_ref) from None


def _standing(move: Moving, wait_ref: str) -> Record[Any]:
    """The task, if it still waits after what was due has fired."""
    wait = next((row for row in move.standing or () if row.kind == "wait" and row.ref == wait_ref), None)
    if wait is None or not move.instance.waits_at(wait.token):
        raise Gone(wait=wait_ref)
    return wait


def _fresh(move: Moving, cosigner_ref: str) -> Record[Any]:
    row = cosigners.one(move.session, cosigner_ref)
    if row is None:
        raise NotAsked(cosigner=cosigner_ref)
    return row


def _check_answer(move: Moving, wait: Record[Any], row: Record[Any], opinion: str) -> None:
    if opinion not in OPINIONS:
        raise NoSuchWay(opinions=OPINIONS)
    if row.person_id != move.by.person or row.asked_at is None or row.opinion is not None:
        raise NotAsked(cosigner=row.ref)
    if move.session.scalar(select(Case.id).where(Case.id == move.case.id, cases.visible(move.by))) is None:
        raise Missing(cosigner=row.ref)
    cases.check_separate(move.session, move.folder, wait, move.by)


def _tell_holder(move: Moving, wait: Record[Any], by: Actor, opinion: str, words: str, became: str) -> None:
    """The holder learns of each opinion, and that what they sent has come back."""
    if wait.held_by is None or became == GONE_ON:
        return
    template = "cosign_came_back" if became == BACK else f"cosign_{opinion}"
    _write(move, template, [wait.held_by], by, words)


def _write(move: Moving, template: str, persons: Sequence[int], by: Actor, words: str) -> None:
    facts = {"number": move.case.number, "title": move.case.title, **who(by), "words": words}
    letters.write(move.session, persons, move.case.id, template, facts, move.now)


_ITEMS = walks.ITEMS.add_columns(
    Cosigner.ref.label("cosigner"),
    Cosigner.person_id,
    Cosigner.asked_by,
    Cosigner.mode,
    Cosigner.rule,
    Cosigner.question,
    Cosigner.asked_at,
    Cosigner.opinion,
    Cosigner.words,
).join(Cosigner, Cosigner.wait_id == Wait.id)
_OF_PERSON = _ITEMS.where(
    Cosigner.person_id == bindparam("person"), Cosigner.opinion.is_(None), Cosigner.asked_at.is_not(None)
).order_by(Cosigner.asked_at, Cosigner.id)
_WHERE = (
    select(Cosigner.id, Cosigner.person_id, Wait.ref.label("wait_ref"))
    .join(Wait, Wait.id == Cosigner.wait_id)
    .where(Cosigner.ref == bindparam("cosigner"))
)
_asker = Person.__table__.alias("asker")
_TO_AGREE = (
    select(
        Cosigner.person_id,
        Cosigner.case_id,
        Cosigner.question,
        Case.number,
        Case.title,
        _asker.c.name.label("who"),
        _asker.c.name_en.label("who_en"),
    )
    .join(Wait, Wait.id == Cosigner.wait_id)
    .join(Case, Case.id == Cosigner.case_id)
    .join(_asker, _asker.c.id == Cosigner.asked_by)
    .where(
        Wait.ref == bindparam("wait"),
        Cosigner.mode == cosigners.AFTER,
        Cosigner.asked_at.is_not(None),
        Cosigner.opinion.is_(None),
    )
)
