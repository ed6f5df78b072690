"""Writing in a register: enter, amend, retire, publish; each right, each answer and each version is checked here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Record, select

from bases.register.base import Base
from bases.register.ledgers import beginning, definition, options, reading, rights
from bases.register.ledgers.definition import Register
from bases.register.ledgers.entry import (
    AMENDED,
    ENDED,
    ENTERED,
    FACET,
    LABEL,
    LIVE,
    PUBLISHED,
    REASON,
    WITHDRAWN,
    Act,
    Changed,
    Facts,
    LedgerEntry,
    LedgerFacet,
    LedgerVersion,
    mark,
    rewrite,
    write,
)
from bases.register.ledgers.rights import Seat
from engine import forms
from engine.forms import Form, FormContext, Problem
from ground.clock import local_day
from ground.database import Session
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor

TRUE, FALSE = "true", "false"


class Wrong(Refused):
    """Some answers cannot be taken; `problems` says which and why."""

    code = "ledger.wrong"
    status = 422


class NoReason(Refused):
    """A change of what stands in a register has a reason, in at most 500 characters."""

    code = "ledger.no_reason"
    status = 422


class NotStanding(Refused):
    """This entry has been retired: it is kept as it was."""

    code = "ledger.retired"


@dataclass(frozen=True)
class By:
    """Who acts and when; the same key of the same person is the same act."""

    actor: Actor
    now: datetime
    key: str = ""

    def act(self, what: str, seat: Seat | str, reason: str = "") -> Act:
        """The act as it is kept."""
        acting = seat if isinstance(seat, str) else seat.key
        return Act(what, self.now, self.actor.person, acting, reason, self.key or None)


def add(session: Session, code: str, at: str, raw: Mapping[str, Any], by: By) -> str:
    """Enter something at a place and return its ref; Missing where this person may not write."""
    register = definition.of(code)
    if again := _done(session, by):
        return again
    seat = rights.seat(session, register, by.actor, at)
    if seat is None:
        raise Missing(register=code, at=at)
    place = {"register": code, "base_id": seat.base_id, "city": seat.city}
    form, _words = options.form(session, register, place)
    answers = _read(session, register, form, raw, by.now)
    _check_unique(session, register, place, answers)
    facts = facts_of(register, answers)
    whole = {**place, "organ_id": seat.organ_id, "by_role": seat.role}
    ref = write(session, whole, facts, by.act(ENTERED, seat))
    if register.begins:
        beginning.begin(session, register, reading.by_ref(session, ref), by.now)
    return ref


def amend(session: Session, ref: str, raw: Mapping[str, Any], version: int, reason: str, by: By) -> None:
    """Write other answers into an entry, with the reason; Changed if it is no longer the version that was read.

    What was published is published no longer when somebody changes it who may not publish.
    """
    if _done(session, by):
        return
    entry, register, seat = _mine(session, ref, version, by.actor)
    place = {"base_id": entry.base_id, "city": entry.city}
    form, _words = options.form(session, register, place, entry.answers)
    answers = _read(session, register, form, raw, by.now)
    _check_unique(session, register, place, answers, but=entry.id)
    also = {} if rights.publishes(register, by.actor) else {"published_at": None}
    rewrite(session, entry, facts_of(register, answers), by.act(AMENDED, seat, _reason(reason)), **also)


def retire(session: Session, ref: str, version: int, reason: str, by: By) -> None:
    """End an entry (注销): it counts no longer and stays readable, with its history."""
    if _done(session, by):
        return
    entry, _register, seat = _mine(session, ref, version, by.actor)
    mark(session, entry, by.act(ENDED, seat, _reason(reason)), state="retired")


def publish(session: Session, ref: str, version: int, by: By, *, shown: bool = True) -> None:
    """Let others read an entry, or take it back; Forbidden for whoever may read it but not publish."""
    if _done(session, by):
        return
    entry = reading.find(session, ref, by.actor)
    register = definition.of(entry.register)
    if not rights.publishes(register, by.actor):
        raise Forbidden(register=register.code)
    _check_state(entry, version)
    role = next(each for each in by.actor.held if each.role in register.published_by)
    act = by.act(PUBLISHED if shown else WITHDRAWN, f"{role.role}@{role.organ_id}")
    mark(session, entry, act, published_at=by.now if shown else None)


def facts_of(register: Register, answers: Mapping[str, Any]) -> Facts:
    """What is kept beside the answers."""
    first, last = register.span(answers)
    facets = {(name, code[:FACET]) for name in register.faceted for code in _codes(answers.get(name))}
    label = " ".join(str(answers.get(register.label, "")).split())
    return Facts(
        answers=answers,
        label=label[:LABEL],
        before_pinyin=register.newest_first(answers),
        first_year=first,
        last_year=last,
        amount=register.hundredths(answers),
        facets=frozenset(facets),
    )


def _mine(session: Session, ref: str, version: int, by: Actor) -> tuple[Record[Any], Register, Seat]:
    entry = reading.find(session, ref, by)
    register = definition.of(entry.register)
    seat = rights.changes_as(session, register, by, entry)
    if seat is None:
        raise Forbidden(register=register.code)
    _check_state(entry, version)
    return entry, register, seat


def _check_state(entry: Record[Any], version: int) -> None:
    if entry.state != LIVE:
        raise NotStanding(entry=entry.ref)
    if entry.version != version:
        raise Changed(entry=entry.ref, version=entry.version)


def _read(session: Session, register: Register, form: Form, raw: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    read = forms.read(form, raw, FormContext(session, year=local_day(now).year))
    notes = {name for name, _source in register.sources() if form.fields[name].type == "note"}
    needed = {
        each["name"] for section in register.source["sections"] for each in section["fields"] if each.get("required")
    }
    errors = [*read.errors, *(Problem(name, "ledger.nothing_to_choose") for name in sorted(notes & needed))]
    if errors:
        raise Wrong(problems=[*errors, *read.warnings])
    return read.answers


def _check_unique(
    session: Session, register: Register, place: Mapping[str, Any], answers: Mapping[str, Any], but: int = 0
) -> None:
    """What may stand once only (an enterprise's code, a year) stands once among the entries of the same place."""
    if not (register.unique or register.single):
        return
    if place["base_id"]:  # two at once meet here
        session.execute(select(Base.id).where(Base.id == place["base_id"]).with_for_update())
    same = select(LedgerEntry.ref).where(
        LedgerEntry.register == register.code,
        LedgerEntry.state == LIVE,
        LedgerEntry.id != but,
        LedgerEntry.base_id.is_not_distinct_from(place["base_id"]),
        LedgerEntry.city.is_not_distinct_from(place["city"]),
    )
    problems: list[Problem] = []
    if register.single and session.scalar(same.limit(1)):
        problems.append(Problem(register.label, "ledger.single"))
    for name in register.unique:
        for code in _codes(answers.get(name)):
            held = select(LedgerFacet.entry_id).where(LedgerFacet.field == name, LedgerFacet.code == code[:FACET])
            if session.scalar(same.where(LedgerEntry.id.in_(held)).limit(1)):
                problems.append(Problem(name, "ledger.twice"))
    if problems:
        raise Wrong(problems=problems)


def _codes(value: Any) -> Sequence[str]:
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return (TRUE if value else FALSE,)
    return [str(each) for each in value] if isinstance(value, list) else (str(value),)


def _reason(given: str) -> str:
    reason = given.strip()
    if not reason or len(reason) > REASON:
        raise NoReason(most=REASON)
    return reason


def _done(session: Session, by: By) -> str | None:
    """The ref of what this act made or changed already."""
    if not by.key:
        return None
    found = session.scalar(
        select(LedgerEntry.ref)
        .join(LedgerVersion, LedgerVersion.entry_id == LedgerEntry.id)
        .where(LedgerVersion.by_person == by.actor.person, LedgerVersion.key == by.key)
    )
    return None if found is None else str(found)
