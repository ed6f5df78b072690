"""Acts by hand on a case that does not go its own way: move a token, cancel, correct a value. Each says why.

What the diagram would never do by itself is done by the head of the handling unit, with a reason, and the history
keeps how the case stood before and after. Nothing that a signed step decides is touched by hand.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import select

from engine.cases import heads
from engine.cases.case import Case
from engine.cases.locking import of_ref
from engine.cases.moving import Moved, moving
from engine.cases.repeating import key_of, once
from engine.cases.sight import visible
from engine.cases.under_way import Moving
from engine.forms import typed
from engine.spiff.instance import StuckAt
from engine.spiff.placing import Signed
from ground.clock import local_day
from ground.errors import Forbidden, Missing, Refused
from ground.people import Actor

HEADS = frozenset({heads.DIVISION})
# While everything waits with one city, the head of its section may let the case stand still and go on.
UNIT_HEADS = HEADS | {heads.SECTION}
# Who may do what by hand; whoever is not named here may not. Supervisors see and urge, and change no case.
RIGHTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "move": HEADS,
        "retry": HEADS,
        "suspend": UNIT_HEADS,
        "resume": UNIT_HEADS,
        "cancel": HEADS,
        "correct": HEADS,
        "migrate": frozenset({"process_owner"}),
    }
)
CANCELLED = "cancelled"


class NoReason(Refused):
    """An act by hand says why, in one line of at most 500 characters."""

    code = "hand.no_reason"
    status = 422


class Ended(Refused):
    """The case is closed; nothing in it moves any more."""

    code = "case.closed"


class Stuck(Refused):
    """Moved like this, the case could not go on: `element` and `why` say where and for what reason. Nothing moved."""

    code = "move.stuck"


class NotDeclared(Refused):
    """No form of this process gives the diagram such a value."""

    code = "correct.not_declared"
    status = 422


class WrongValue(Refused):
    """The value does not fit the field that the form declares; `problem` is its code."""

    code = "correct.wrong_value"
    status = 422


class Why(Schema):
    """What every act by hand is given beside its own facts."""

    reason = fields.String(required=True, validate=validate.Regexp(r"(?s)^\s*\S.{0,499}$"))


def move(
    case_ref: str,
    source: str,
    target: str,
    *,
    by: Actor,
    reason: str,
    key: str,
    token: str | None = None,
    received_at: datetime | None = None,
) -> Moved:
    """Take the token at one element off and put one at another; of several at the element, `token` is meant.

    What it takes along, and where a token is put that cannot stand alone, is told in engine/spiff/placing.py. Refused
    are NoSuchToken, TargetUnknown, TargetNotReachable, Stuck, and Signed for whatever a signed step guards.
    """

    def doing(move: Moving) -> None:
        put(move, source, target, token, reason=reason)

    return by_hand("move", doing, case_ref, by, reason, key, received_at)


def retry(
    case_ref: str,
    *,
    by: Actor,
    reason: str,
    key: str,
    received_at: datetime | None = None,
    confirm: Callable[[Moving], None] = lambda _: None,
) -> Moved:
    """Let what failed run once more, and close what it had opened; `confirm` may write into the same transaction."""

    def doing(move: Moving) -> None:
        try_again(move, reason=reason)
        confirm(move)

    return by_hand("retry", doing, case_ref, by, reason, key, received_at)


def cancel(case_ref: str, *, by: Actor, reason: str, key: str, received_at: datetime | None = None) -> Moved:
    """End a case where it stands, with the outcome `cancelled`; what was sent and typed in it stays."""

    def doing(move: Moving) -> None:
        end(move, reason=reason)

    return by_hand("cancel", doing, case_ref, by, reason, key, received_at, asleep=True)


def correct(
    case_ref: str,
    scalar: str,
    value: Any,
    *,
    by: Actor,
    reason: str,
    key: str,
    token: str | None = None,
    received_at: datetime | None = None,
) -> Moved:
    """Put right one value that the diagram reads, as `token` reads it (for one instance of many), else everybody.

    NotDeclared, WrongValue, or Signed where the form of a signed step declares it. A condition that this makes true
    is heard at once.
    """

    def doing(move: Moving) -> None:
        put_right(move, scalar, value, token, reason=reason)

    return by_hand("correct", doing, case_ref, by, reason, key, received_at, what=f":{scalar}:{token or ''}")


def put(move: Moving, source: str, target: str, token: str | None = None, **told: Any) -> None:
    """The act of `move`, within a move that has begun; `told` goes to the history with it."""
    before, signed = standing(move), _signed(move)
    at = move.instance.move(source, target, token)
    seq = move.record("case.moved", element=at, source=source, to=target, before=before, **told)
    go_on(move)
    if _signed(move) != signed:
        raise Signed(elements=sorted({element for _, element in _signed(move) ^ signed}))
    move.amend(seq, after=standing(move))


def end(move: Moving, **told: Any) -> None:
    """The act of `cancel`."""
    move.record("case.cancelled", before=standing(move), after=[], **told)
    move.status = CANCELLED
    move.instance.cancel(CANCELLED)


def put_right(move: Moving, scalar: str, value: Any, token: str | None = None, **told: Any) -> None:
    """The act of `correct`."""
    fitting = _fitting(move, scalar, value)
    before = standing(move)
    old = move.instance.correct(scalar, fitting, token)
    seq = move.record("case.corrected", name=scalar, old=old, new=fitting, before=before, **told)
    go_on(move)
    move.amend(seq, after=standing(move))


def try_again(move: Moving, **told: Any) -> None:
    """The act of `retry`: what was to run by itself and failed runs now, and what it had opened is mended."""
    now = standing(move)
    seq = move.record("case.retried", before=now, **told)
    go_on(move)
    move.amend(seq, after=standing(move))


def by_hand(
    act: str,
    doing: Callable[[Moving], None],
    case_ref: str,
    by: Actor,
    reason: str,
    key: str,
    received_at: datetime | None,
    *,
    asleep: bool = False,
    what: str = "",
) -> Moved:
    """`doing` in one move of the case, once for its key (and `what`): with the right, a reason, and a case in sight."""
    name = key_of(by, act + what, case_ref, key)

    def move_it() -> dict[str, Any]:
        check(act, by, reason)
        with within(case_ref, by, name, received_at, asleep=asleep) as move:
            _check_unit(move, act)
            doing(move)
        return move.result

    return Moved(**once(name, move_it))


@contextlib.contextmanager
def within(
    case_ref: str,
    by: Actor,
    name: str | None,
    received_at: datetime | None,
    *,
    asleep: bool = False,
    watch: Callable[[Moving], None] | None = None,
) -> Iterator[Moving]:
    """A move of a case that this person sees and that is not closed; with `watch` only rehearsed (see `moving`)."""
    with moving(of_ref(case_ref), by, received_at, name, asleep=asleep, watch=watch) as move:
        if move.session.scalar(select(Case.id).where(Case.id == move.case.id, visible(by))) is None:
            raise Missing(case=case_ref)
        if move.status == "closed":
            raise Ended(case=move.case.number)
        yield move


def _check_unit(move: Moving, act: str) -> None:
    """Forbidden for the head of another unit than the one that has the case in hand."""
    queues = [row.queue for row in move.standing or () if row.kind == "wait"]
    if move.by.person is not None and not heads.answers_for_all(move.session, move.by, queues, local_day(move.now)):
        raise Forbidden(act=act, rights=True)


def check(act: str, by: Actor, reason: str) -> None:
    """Refuse whoever holds none of the roles that may do this, and an act without a reason."""
    if by.person is not None and not any(by.has(role) for role in RIGHTS[act]):
        raise Forbidden(act=act, roles=sorted(RIGHTS[act]), rights=True)
    check_reason(act, reason)


def check_reason(act: str, reason: str) -> None:
    """Refuse an act without a reason, or with one that is too long."""
    try:
        Why().load({"reason": reason})
    except ValidationError:
        raise NoReason(act=act, most=500) from None


def standing(move: Moving) -> list[str]:
    """The elements at which the case waits, once for each token."""
    return sorted(token.element.id for token in move.instance.tokens())


def go_on(move: Moving) -> None:
    """Run until the case waits; where it could not, this is a refusal to whoever did it, and no incident."""
    try:
        move.instance.advance()
    except StuckAt as stuck:
        raise Stuck(element=stuck.detail.get("element"), why=stuck.code) from stuck


def _signed(move: Moving) -> set[tuple[str, str]]:
    """The tokens that stand at signed steps; no act by hand takes one or sets one there."""
    return {(token.id, token.element.id) for token in move.instance.tokens() if token.element.signed}


def _fitting(move: Moving, scalar: str, value: Any) -> Any:
    """The value as answers hold it, by the first form that declares it and takes it."""
    diagram, forms = move.folder.diagram, move.folder.forms
    guarded = {each.form for each in diagram.elements.values() if each.signed}
    declaring = {key: form for key, form in forms.items() if scalar in form.scalars}
    if not declaring:
        raise NotDeclared(name=scalar)
    if guarded & set(declaring):
        raise Signed(name=scalar, forms=sorted(guarded & set(declaring)))
    if value is None:
        return None
    problem = ""
    for form in declaring.values():
        field = form.fields[scalar]
        if field.type == "computed":
            field = replace(field, type="decimal")  # what was worked out may be put right, too
        try:
            return typed.written(field, typed.read(field, value))
        except typed.Fault as fault:
            problem = fault.facts[0].code
    raise WrongValue(name=scalar, problem=problem)
