"""What forms may call by name: checks over a whole form, first values, remarks at its fields, choices of the case."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from engine.forms.fields import Option
from ground.database import Session
from ground.errors import Refused

Severity = Literal["error", "warn", "veto"]


class UnknownCheck(Refused):
    """A form names a check, first values or remarks that nobody has registered."""

    code = "form.unknown_check"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: a code with its values, never words.

    An error stops; a warning stops until it is explained; a veto never stops, it is for those who decide later.
    """

    path: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class FormContext:
    """What a form is read in: perhaps a session and a case; `year` is the one that 上年 stands for.

    `item` is what a repeated step is about when its form is sent: the organ asked, the expert.
    """

    session: Session | None = None
    case: Any = None
    year: int = 0
    item: Any = None


@dataclass(frozen=True, slots=True)
class Remark:
    """What whoever sent a form back asks of one of its fields; `by` is the key they acted under, where it is known."""

    field: str
    text: str
    on: date
    by: str = ""


Choices = Callable[..., Sequence[Option]]
Check = Callable[[Mapping[str, Any], FormContext], Sequence[Problem]]
Prefill = Callable[..., Mapping[str, Any]]
Remarks = Callable[[Session, Any], Sequence[Remark]]

_checks: dict[str, Check] = {}
_prefills: dict[str, Prefill] = {}
_remarks: dict[str, Remarks] = {}
_choices: dict[str, Choices] = {}
_anew: set[str] = set()
_of_items: set[str] = set()


def check(name: str) -> Callable[[Check], Check]:
    """Register a check. It sees every answer that could be read, also when others could not, and passes over gaps."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


def prefill(name: str, *, anew: bool = False, of_item: bool = False) -> Callable[[Prefill], Prefill]:
    """Register first values from a session and a case: answers for a form that nobody has touched yet.

    With `of_item` they are asked for with the item of the repeated step as well.

    With `anew` they also come before what the same person sent at this step last: where what was sent is kept
    elsewhere and has gone on since, or the step is done again about something else.
    """

    def register(function: Prefill) -> Prefill:
        _prefills[name] = function
        if anew:
            _anew.add(name)
        if of_item:
            _of_items.add(name)
        return function

    return register


def remarks(name: str) -> Callable[[Remarks], Remarks]:
    """Register what is remarked, from a session and a case: while a form that was sent back stands unanswered."""

    def register(function: Remarks) -> Remarks:
        _remarks[name] = function
        return function

    return register


def choices(name: str) -> Callable[[Choices], Choices]:
    """Register what a case offers to choose from: options from a session, a case and `ever`.

    With `ever` it is whatever the case once offered, so that what was sent then can still be named.
    """

    def register(function: Choices) -> Choices:
        _choices[name] = function
        return function

    return register


def registered() -> Mapping[str, Check]:
    """Every check there is, by name."""
    return MappingProxyType(_checks)


def registered_prefills() -> Mapping[str, Prefill]:
    """Every source of first values there is, by name."""
    return MappingProxyType(_prefills)


def registered_remarks() -> Mapping[str, Remarks]:
    """Every source of remarks there is, by name."""
    return MappingProxyType(_remarks)


def registered_choices() -> Mapping[str, Choices]:
    """Every source of choices there is, by name."""
    return MappingProxyType(_choices)


def begins_anew(name: str | None) -> bool:
    """Whether these first values come before what was sent at the step last."""
    return name in _anew


def checked(names: Sequence[str], answers: Mapping[str, Any], context: FormContext) -> list[Problem]:
    """What these checks find, in their order."""
    missing = [name for name in names if name not in _checks]
    if missing:
        raise UnknownCheck(names=missing)
    return [problem for name in names for problem in _checks[name](answers, context)]


def prefilled(name: str | None, session: Session, case: Any, item: Any = None) -> dict[str, Any]:
    """First values, if a form (by its `prefill`) wants any; `item` is what a repeated step is about."""
    if name is None:
        return {}
    if name not in _prefills:
        raise UnknownCheck(names=[name])
    return dict(_prefills[name](session, case, item) if name in _of_items else _prefills[name](session, case))


def remarked(name: str | None, session: Session, case: Any) -> list[Remark]:
    """What is remarked at the fields of a form, if the form (by its `remarks`) asks for any."""
    if name is None:
        return []
    if name not in _remarks:
        raise UnknownCheck(names=[name])
    return list(_remarks[name](session, case))


def chosen_from(name: str, session: Session, case: Any, *, ever: bool) -> tuple[Option, ...]:
    """What this case offers to choose from, or has ever offered."""
    if name not in _choices:
        raise UnknownCheck(names=[name])
    return tuple(_choices[name](session, case, ever=ever))
