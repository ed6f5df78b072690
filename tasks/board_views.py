"""Saved views of a board: a name and the filters of its address, for whoever kept them or all of their role or unit.

What is kept is filters alone: whoever opens a view sees of it what they may see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ForeignKey, Index, delete, func, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.people import Actor, Person
from ground.types import Code, Id, Instant, Ref, Text, clean

MOST, LONGEST_NAME, LONGEST_VALUE = 50, 40, 120
ROLE, ORGAN = "role", "organ"


class SavedView(Row):
    """One view: of which board, what it is called, its filters, and with which role or unit it is shared."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_owner", "owner_id", "board"), Index("ix_saved_view_shared", "board", "role"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    board: Mapped[str] = mapped_column(Code())
    owner_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(Text(40))
    query: Mapped[str] = mapped_column(Text(2000))
    role: Mapped[str | None] = mapped_column(Code())
    organ_id: Mapped[int | None] = mapped_column(Id, ForeignKey("organ.id"))
    kept_at: Mapped[datetime] = mapped_column(Instant)


class NoName(Refused):
    """A view is kept under a name."""

    code = "board_view.no_name"
    status = 422


class TooMany(Refused):
    """One person keeps no more views of one board."""

    code = "board_view.too_many"
    status = 409


@dataclass(frozen=True)
class View:
    """A view as it is offered: `mine` where this person may let it go; `by` who shared it."""

    ref: str
    name: str
    query: Mapping[str, str]
    mine: bool
    shared: bool
    by: str
    by_en: str


def of(session: Session, by: Actor, board: str) -> Sequence[View]:
    """This person's own views and those that are shared with a role or unit of theirs, by name."""
    roles, organs = {held.role for held in by.held}, {held.organ_id for held in by.held}
    shared = or_(SavedView.role.in_(roles), SavedView.organ_id.in_(organs))
    rows = session.execute(
        select(SavedView, Person.name.label("by"), Person.name_en.label("by_en"))
        .join(Person, Person.id == SavedView.owner_id)
        .where(SavedView.board == board, or_(SavedView.owner_id == by.person, shared))
        .order_by(SavedView.name, SavedView.id)
    )
    return [_view(row, by) for row in rows]


def keep(
    session: Session, by: Actor, *, board: str, name: str, query: Mapping[str, str], share: str, now: datetime
) -> Mapping[str, str]:
    """Keep a view; the same name again takes the place of the one before. Returns the filters that are kept.

    `share` is role or organ, of the first that this person holds, or empty. NoName without a name; TooMany.
    """
    called = clean(name).strip()[:LONGEST_NAME]
    if not called:
        raise NoName
    kept = {key: clean(value)[:LONGEST_VALUE] for key, value in query.items() if value}
    mine = (SavedView.owner_id == by.person, SavedView.board == board)
    session.execute(delete(SavedView).where(*mine, SavedView.name == called))
    if int(session.scalar(select(func.count()).select_from(SavedView).where(*mine))) >= MOST:
        raise TooMany
    first = by.held[0]
    session.execute(
        insert(SavedView).values(
            ref=new_ref(),
            board=board,
            owner_id=by.person,
            name=called,
            query=urlencode(kept),
            role=first.role if share == ROLE else None,
            organ_id=first.organ_id if share == ORGAN else None,
            kept_at=now,
        )
    )
    return kept


def drop(session: Session, by: Actor, ref: str) -> None:
    """Let a view go; Missing for everybody but whoever kept it."""
    mine = (SavedView.ref == ref, SavedView.owner_id == by.person)
    if session.execute(delete(SavedView).where(*mine)).rowcount == 0:
        raise Missing(view=ref)


def _view(row: Any, by: Actor) -> View:
    shared = row.role is not None or row.organ_id is not None
    return View(row.ref, row.name, dict(parse_qsl(row.query)), row.owner_id == by.person, shared, row.by, row.by_en)
