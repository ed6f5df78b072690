"""What may be read of a panel, and by whom: the record of each draw, who sits, sheets, totals, report.

Offices of the department read all of it; a member of the panel reads who sits and what came out, once the scores are
closed; nobody else learns that there is a panel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row as Record, func, select

from bases import register
from bases.review import conflict, panel, report, scores
from bases.review.draw import Snapshot
from bases.review.panel import Panel, Seat
from engine import cases
from engine.cases import Case
from engine.submissions import Submission
from ground import organs, people
from ground.database import Session
from ground.errors import Missing
from ground.organs import Body
from ground.people import Actor, Name

READERS = ("prov_officer", "prov_checker", "prov_division_head", "prov_leader", "supervisor", "auditor")
MOST = 50


@dataclass(frozen=True)
class Drawn:
    """One draw: its record, the pool with who was left out and why, who was drawn, and whether the record holds."""

    row: Record[Any]
    pool: int
    excluded: Sequence[tuple[int, int, str]]
    seats: Sequence[Record[Any]]
    units: Mapping[int, int]
    holds: bool
    again: Sequence[int]


@dataclass(frozen=True)
class View:
    """The panel of a case as this person may read it; `inside` says whether with the record of the draw."""

    case: Record[Any]
    base: Record[Any]
    inside: bool
    draws: Sequence[Drawn]
    members: Sequence[int]
    newest: Record[Any]
    sent: int
    totals: Mapping[int, scores.Sheet]
    opinions: Mapping[int, str]
    outcome: scores.Outcome | None
    dissents: Sequence[Record[Any]]
    ties: Sequence[Record[Any]]
    names: Mapping[int, Name]
    units: Mapping[int, Body] = field(default_factory=dict)


def listed(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """The newest panels of cases that this person may know of: case, base, and how far each has come."""
    if not reads(by):
        raise Missing(panels=True)
    newest = select(Panel.case_id, func.max(Panel.id).label("panel")).group_by(Panel.case_id).subquery()
    columns = (
        Case.ref,
        Case.number,
        Case.title,
        Panel.drawn_at,
        Panel.witnessed_at,
        Panel.closed_at,
        Panel.reported_at,
    )
    return session.execute(
        select(*columns)
        .join(newest, newest.c.panel == Panel.id)
        .join(Case, Case.id == Panel.case_id)
        .where(cases.visible(by))
        .order_by(Panel.id.desc())
        .limit(MOST)
    ).all()


def led(session: Session, person: int | None) -> Sequence[Record[Any]]:
    """The panels that this person leads and has not reported: how many sheets are in, and how many are asked for."""
    members = select(func.count()).where(
        Seat.panel_id == Panel.id, Seat.standing == panel.MEMBER, Seat.answer == panel.ACCEPTED
    )
    sheets = select(func.count(func.distinct(Submission.by_person))).where(
        Submission.case_id == Panel.case_id,
        Submission.element.in_(panel.PLACES),
        Submission.received_at >= Panel.drawn_at,
    )
    counts = (members.scalar_subquery().label("asked"), sheets.scalar_subquery().label("sent"))
    return session.execute(
        select(Case.ref, Case.number, Case.title, Panel.closed_at, *counts)
        .join(Case, Case.id == Panel.case_id)
        .where(Panel.leader_id == person, Panel.reported_at.is_(None))
        .order_by(Panel.id)
    ).all()


def look(session: Session, case_ref: str, by: Actor) -> View:
    """The panel of this case; Missing for whoever may not know of it yet."""
    case = cases.find(session, case_ref, by)
    rows = panel.of_case(session, case.id)
    if not rows:
        raise Missing(panel=case_ref)
    newest, members = rows[-1], panel.seats(session, rows[-1].id)
    inside = reads(by)
    if not inside and (newest.closed_at is None or by.person not in members):
        raise Missing(panel=case_ref)
    draws = [_drawn(session, row) for row in rows] if inside else []
    sent = _sent(session, newest, members)
    sheets = {each.person: each for each in scores.of_panel(session, newest.id)} if newest.closed_at else {}
    base = register.of_subject(session, case.subject)
    return View(
        case=case,
        base=base,
        inside=inside,
        draws=draws,
        members=members,
        newest=newest,
        sent=len(sent),
        totals=sheets,
        opinions={person: str(sent[person].get("opinion") or "") for person in sheets if person in sent},
        outcome=scores.outcome(list(sheets.values())) if sheets else None,
        dissents=report.dissents(session, newest.id),
        ties=conflict.of_case(session, case.id) if inside else [],
        names=people.name_of(session, _persons(draws, members, rows)),
        units=organs.bodies(session, {organ for each in draws for organ in each.units.values()}),
    )


def reads(by: Actor) -> bool:
    """Whether this person's office reads the record of draws."""
    return any(by.has(role) for role in READERS)


def _drawn(session: Session, row: Record[Any]) -> Drawn:
    if row.snapshot is None:
        return Drawn(row, 0, (), (), {}, holds=False, again=())
    snapshot = Snapshot.of_document(row.snapshot)
    return Drawn(
        row=row,
        pool=len(snapshot.pool),
        excluded=[(each.person, each.organ, each.excluded) for each in snapshot.pool if each.excluded],
        seats=panel.drawn_seats(session, row.id),
        units={each.person: each.organ for each in snapshot.pool},
        holds=panel.holds(session, row),
        again=panel.drawn_again(row),
    )


def _sent(session: Session, row: Record[Any], members: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """By member: the sheet sent last since the draw. What stands in it leaves this file only after the closing."""
    if row.drawn_at is None:
        return {}
    found = session.execute(
        select(Submission.by_person, Submission.answers)
        .where(
            Submission.case_id == row.case_id,
            Submission.element.in_(panel.PLACES),
            Submission.received_at >= row.drawn_at,
            Submission.by_person.in_(list(members)),
        )
        .order_by(Submission.seq)
    )
    return {each.by_person: each.answers for each in found}


def _persons(draws: Sequence[Drawn], members: Sequence[int], rows: Sequence[Record[Any]]) -> set[int]:
    people_ = {person for each in draws for person in each.units}
    offices = {number for row in rows for number in (row.drawn_by, row.witness_id, row.leader_id) if number is not None}
    return people_ | set(members) | offices
