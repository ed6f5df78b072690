"""The statements of the work list, each built once for its shape: one walk along an index for each queue.

Each walk stops at its limit and the next page starts behind the last row, so a page costs the same at a thousand and
at a million open tasks. A walk is ordered by `held_by`, too, which is the same throughout, so that PostgreSQL sees
that the index is in that order already; limits are written out, since a prepared plan knows no values.
"""

import functools
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from engine.cases import Case
from engine.cosigners import Cosigner
from engine.definitions import Process
from engine.loans import Loan
from engine.waits import Wait
from ground.people import Person
from ground.types import SOUGHT, Id, Instant

SHAPES = 500

Walk = Select[int, Any]

_PERSON: BindParameter[int] = bindparam("person", type_=Id)
_NOW: BindParameter[datetime] = bindparam("now", type_=Instant())
# What is looked for is no value of the column, and longer than one where it is full of signs.
_Q: BindParameter[str] = bindparam("q", type_=SOUGHT)

_lender = aliased(Person)

CASE_COLUMNS = (
    Case.ref.label("case_ref"),
    Case.number,
    Case.title,
    Case.region,
    Case.release_id,
    Process.key.label("process"),
)

ITEMS = (
    select(
        Wait.id,
        Wait.ref,
        Wait.case_id,
        Wait.element,
        Wait.form,
        Wait.item,
        Wait.queue,
        Wait.held_by,
        Wait.held_at,
        Wait.held_for,
        Wait.opened_at,
        Wait.due_at,
        Wait.due_on,
        Wait.due_kind,
        Wait.deadline,
        Wait.clause,
        Wait.provisional,
        Wait.hung,
        Case.started_at,
        Case.status,
        Person.name.label("held_name"),
        Person.name_en.label("held_name_en"),
        _lender.name.label("lender_name"),
        _lender.name_en.label("lender_name_en"),
        *CASE_COLUMNS,
    )
    .join(Case, Case.id == Wait.case_id)
    .join(Process, Process.id == Case.process_id)
    .outerjoin(Person, Person.id == Wait.held_by)
    .outerjoin(_lender, _lender.id == Wait.held_for)
)

# A limit of the text or of a notice that was served can be broken; a default of ours is only past.
BINDING = Wait.due_kind.in_(("text", "notice"))
OURS = Wait.due_kind == "default"

# What a person is asked to countersign now, and what they have lent and the borrower still holds.
_ASKED: Walk = select(Cosigner.id, Cosigner.asked_at).where(
    Cosigner.person_id == _PERSON, Cosigner.opinion.is_(None), Cosigner.asked_at.is_not(None)
)
_LENT: Walk = (
    select(Loan.wait_id, Loan.lent_at)
    .join(Wait, Wait.id == Loan.wait_id)
    .where(Loan.from_person == _PERSON, Wait.held_by == Loan.to_person)
)

_FILTERS: dict[str, ColumnElement[bool]] = {
    "element": Wait.element == bindparam("element", type_=SOUGHT),
    "until": Wait.due_at <= bindparam("until"),
    "since": Wait.due_at > bindparam("since", type_=Instant()),
    "binding": BINDING,
    "ours": OURS,
    "process": Process.key == bindparam("process", type_=SOUGHT),
    "city": Case.region.like(bindparam("city", type_=SOUGHT), escape="/"),
    "q": or_(Case.number.like(_Q, escape="/"), Case.title.like(_Q, escape="/")),
    "after_at": tuple_(Wait.due_at, Wait.id)
    > tuple_(bindparam("after_at", type_=Instant()), bindparam("after_id", type_=Id)),
}
OF_CASE = frozenset({"process", "city", "q"})


class Lending(NamedTuple):
    """The shape of one key that was lent: whether it is also the person's own, and what it is narrowed by."""

    own: bool
    process: bool
    region: bool


@functools.lru_cache(SHAPES)
def page(
    keys: int, *, mine: bool, narrowed: frozenset[str], limit: int, lent: tuple[Lending, ...] = ()
) -> Select[*tuple[Any, ...]]:
    """The first `limit` tasks of `key_0`… and, if `mine`, of what `person` holds, narrowed by these filters.

    Beside them what waits under `lent_0_key`… and what its principal holds; one task may be lent twice and is one row.
    """
    each = [_narrowed(walk, narrowed, limit) for walk in [*_walks(keys, mine=mine), *_lent(lent)]]
    ids = _together(each, once=bool(lent)).subquery()
    first = select(ids).order_by(ids.c.due_at, ids.c.id).limit(literal_column(str(limit))).subquery()
    return ITEMS.join(first, first.c.id == Wait.id).order_by(first.c.due_at, first.c.id)


@functools.lru_cache(SHAPES)
def counts(keys: int, most: int, serving: tuple[Lending, ...] = (), *, ahead: bool = False) -> Select[*tuple[Any, ...]]:
    """free, mine, at `now` overdue and past a default of ours, asked, lent and behalf; none counted beyond `most`.

    If `ahead`, today and soon, too: what ends after `now` and by `tonight`, or by the instant `soon`.
    """
    late = Wait.due_at <= _NOW
    counted = {
        "free": _walks(keys, mine=False),
        "mine": [_held()],
        "overdue": [walk.where(late, BINDING) for walk in _walks(keys, mine=True)],
        "past": [walk.where(late, OURS) for walk in _walks(keys, mine=True)],
        "asked": [_ASKED],
        "lent": [_LENT],
        "behalf": _lent(serving),
    }
    for name, until in (("today", "tonight"), ("soon", "soon")) if ahead else ():
        by_then = (Wait.due_at > _NOW, Wait.due_at <= bindparam(until, type_=Instant()))
        counted[name] = [walk.where(*by_then) for walk in _walks(keys, mine=True)]
    return select(*[_count(walks, most, once=name == "behalf").label(name) for name, walks in counted.items()])


@functools.lru_cache(SHAPES)
def steps(keys: int, most: int) -> Select[*tuple[Any, ...]]:
    """How many of `key_0`… and of what `person` holds are open at each step, none of them walked past `most`."""
    limit: ColumnElement[int] = literal_column(str(most))
    ids = _together([walk.limit(limit).subquery() for walk in _walks(keys, mine=True)]).subquery()
    return (
        select(Wait.element, Case.release_id, func.count().label("tasks"), func.min(Wait.due_at).label("due_at"))
        .join(ids, ids.c.id == Wait.id)
        .join(Case, Case.id == Wait.case_id)
        .group_by(Wait.element, Case.release_id)
        .order_by(func.min(Wait.due_at), Wait.element)
    )


def _walks(keys: int, *, mine: bool) -> list[Walk]:
    free = [
        select(Wait.id, Wait.due_at)
        .where(Wait.queue == bindparam(f"key_{number}"), Wait.held_by.is_(null()))
        .order_by(Wait.queue, Wait.held_by, Wait.due_at, Wait.id)
        for number in range(keys)
    ]
    return [_held(), _held_for_me(), *free] if mine else free


def _lent(lent: tuple[Lending, ...]) -> list[Walk]:
    """For each key that was lent: what is free under it, unless it is in an own queue, and what the principal holds."""
    found = []
    for number, shape in enumerate(lent):
        under = select(Wait.id, Wait.due_at).where(Wait.queue == bindparam(f"lent_{number}_key"), Wait.lendable)
        if shape.process or shape.region:
            under = under.where(_of_lent_case(number, shape))
        theirs = Wait.held_by == bindparam(f"lent_{number}_person", type_=Id)
        whose = [theirs] if shape.own else [Wait.held_by.is_(null()), theirs]
        found += [under.where(each).order_by(Wait.queue, Wait.held_by, Wait.due_at, Wait.id) for each in whose]
    return found


def _held() -> Walk:
    return select(Wait.id, Wait.due_at).where(Wait.held_by == _PERSON).order_by(Wait.held_by, Wait.due_at, Wait.id)


def _of_lent_case(number: int, shape: Lending) -> ColumnElement[bool]:
    """Of the cases for which this key was lent; a table of its own, since a filter may ask the case, too."""
    lent_case = aliased(Case)
    asked = [lent_case.id == Wait.case_id]
    if shape.process:
        process = select(Process.id).where(Process.key == bindparam(f"lent_{number}_process")).scalar_subquery()
        asked.append(lent_case.process_id == process)
    if shape.region:
        asked.append(lent_case.region.like(bindparam(f"lent_{number}_region")))
    return exists().where(*asked).correlate(Wait)


def _held_for_me() -> Walk:
    """What a substitute holds stays in sight of their principal."""
    return (
        select(Wait.id, Wait.due_at)
        .where(Wait.held_for == _PERSON, Wait.held_for.is_not(null()))
        .order_by(Wait.held_for, Wait.due_at, Wait.id)
    )


def _narrowed(walk: Walk, narrowed: frozenset[str], limit: int) -> Subquery:
    if narrowed & OF_CASE:
        walk = walk.join(Case, Case.id == Wait.case_id)
    if "process" in narrowed:
        walk = walk.join(Process, Process.id == Case.process_id)
    for name, condition in _FILTERS.items():
        if name in narrowed:
            walk = walk.where(condition)
    return walk.limit(literal_column(str(limit))).subquery()


def _together(parts: list[Subquery], *, once: bool = False) -> CompoundSelect[Any]:
    return (union if once else union_all)(*[select(part) for part in parts])


def _count(walks: list[Walk], most: int, *, once: bool = False) -> ColumnElement[int]:
    if not walks:
        return literal_column("0")
    limit: ColumnElement[int] = literal_column(str(most))
    each = [walk.limit(limit).subquery() for walk in walks]
    cut = select(_together(each, once=once).subquery()).limit(limit).subquery()
    return select(func.count()).select_from(cut).scalar_subquery()
