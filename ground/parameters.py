"""Parameters: every value of a rule with its unit, its clause and the days it holds.

A row without a clause is ours: «文件未规定,系统默认». Validity runs from its first to its last day, both included.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, UniqueConstraint, bindparam, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Document, Id, Text

KINDS = ("text", "notice", "default")
DEADLINE = "deadline."


class Setting(Row):
    """One value of one parameter through one span of days; a change ends a row and begins another."""

    __tablename__ = "parameter"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Code(60))
    value: Mapped[Any] = mapped_column(Document, nullable=True)
    unit: Mapped[str] = mapped_column(Text(30))
    clause: Mapped[str | None] = mapped_column(Text(60))
    kind: Mapped[str] = mapped_column(Code(10))
    valid_from: Mapped[date] = mapped_column(Day)
    valid_to: Mapped[date | None] = mapped_column(Day)


class Unknown(Refused):
    """No parameter of this name has a value on that day."""

    code = "parameter.unknown"
    status = 422


class TooEarly(Refused):
    """A new value begins after the one it follows, so that what was valid stays readable."""

    code = "parameter.too_early"
    status = 422


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value as a rule reads it; kind is `text` (the clause says it), `notice` or `default` (ours)."""

    key: str
    value: Any
    unit: str
    clause: str | None
    kind: str
    valid_from: date
    valid_to: date | None


def value(session: Session, key: str, on: date) -> Parameter:
    """The value that holds on this day."""
    return values(session, (key,), on)[key]


def values(session: Session, keys: Iterable[str], on: date) -> dict[str, Parameter]:
    """These values in one statement; Unknown if any is missing."""
    wanted = list(keys)
    found = {row.key: Parameter(*tuple(row)) for row in session.execute(ON_DAY, {"keys": wanted, "on": on})}
    for key in wanted:
        if key not in found:
            raise Unknown(key=key, on=on)
    return found


def on_day(key: str, on: date) -> ScalarSelect[Any]:
    """The same as part of a statement that asks for more."""
    wanted = select(Setting.value).where(Setting.key == key, Setting.valid_from <= on)
    return wanted.where(or_(Setting.valid_to.is_(None), Setting.valid_to >= on)).scalar_subquery()


def listed(session: Session, on: date) -> list[Parameter]:
    """Every parameter that holds on this day, by key."""
    return [Parameter(*tuple(row)) for row in session.execute(_LISTED, {"on": on})]


def terms(session: Session, kind: str, on: date) -> list[Parameter]:
    """The deadlines of this kind that hold on this day, by key."""
    return [Parameter(*tuple(row)) for row in session.execute(_TERMS, {"on": on, "kind": kind})]


def deadline_keys(session: Session, now: datetime) -> frozenset[str]:
    """The deadlines that a diagram may name: `city_review` for `deadline.city_review`."""
    known = listed(session, local_day(now))
    return frozenset(one.key.removeprefix(DEADLINE) for one in known if one.key.startswith(DEADLINE))


def history(session: Session, key: str) -> list[Parameter]:
    """Every value this parameter has had and will have, oldest first."""
    rows = session.execute(select(*COLUMNS).where(Setting.key == key).order_by(Setting.valid_from))
    return [Parameter(*tuple(row)) for row in rows]


def change(session: Session, key: str, new: Any, on: date) -> None:
    """From this day on the parameter has another value; what held before keeps its days."""
    last = next(reversed(history(session, key)), None)
    if last is None:
        raise Unknown(key=key, on=on)
    if on <= last.valid_from:
        raise TooEarly(key=key, on=on, after=last.valid_from)
    ends = on - timedelta(days=1)
    session.execute(
        update(Setting).where(Setting.key == key, Setting.valid_from == last.valid_from).values(valid_to=ends)
    )
    session.execute(insert(Setting).values(_row(last) | {"value": new, "valid_from": on, "valid_to": None}))


def add(session: Session, rows: Iterable[Parameter]) -> None:
    """Write parameters that were not there before."""
    written = [_row(one) for one in rows]
    if written:
        session.execute(insert(Setting), written)


def _row(one: Parameter) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Parameter.__slots__}


COLUMNS = (
    Setting.key,
    Setting.value,
    Setting.unit,
    Setting.clause,
    Setting.kind,
    Setting.valid_from,
    Setting.valid_to,
)
_ON = bindparam("on", type_=Day())
_HOLDS = (Setting.valid_from <= _ON) & or_(Setting.valid_to.is_(None), Setting.valid_to >= _ON)
_LISTED = select(*COLUMNS).where(_HOLDS).order_by(Setting.key)
_TERMS = _LISTED.where(Setting.key.startswith(DEADLINE), Setting.kind == bindparam("kind"))
ON_DAY = select(*COLUMNS).where(Setting.key.in_(bindparam("keys", expanding=True)), _HOLDS)
