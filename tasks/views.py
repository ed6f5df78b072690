"""Views of the work queue that a person has saved under a name: the filters as they stand in the address."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.people import Actor, Person
from ground.types import Id, Text

LONGEST_NAME, LONGEST_QUERY, MOST = 30, 600, 20


class View(Row):
    """One person's filters under one name."""

    __tablename__ = "queue_view"

    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(Text(LONGEST_NAME), primary_key=True)
    query: Mapped[str] = mapped_column(Text(LONGEST_QUERY))


class NameWrong(Refused):
    """A view has a name of one to 30 characters, and filters that fit into an address."""

    code = "view.name"
    status = 422


class TooMany(Refused):
    """One person keeps so many views and no more."""

    code = "view.too_many"


def of(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """This person's views, by name: name, query."""
    return session.execute(select(View.name, View.query).where(View.person_id == by.person).order_by(View.name)).all()


def save(session: Session, name: str, query: str, by: Actor) -> None:
    """Keep these filters under this name; a name that is there stands for these from now on."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or len(query) > LONGEST_QUERY:
        raise NameWrong(most=LONGEST_NAME)
    # One after another for each person, so that two windows never count each other away.
    session.execute(select(Person.id).where(Person.id == by.person).with_for_update())
    own = (View.person_id == by.person, View.name == name)
    if session.execute(update(View).where(*own).values(query=query)).rowcount:
        return
    if session.scalar(select(func.count()).select_from(View).where(View.person_id == by.person)) >= MOST:
        raise TooMany(most=MOST)
    session.execute(insert(View).values(person_id=by.person, name=name, query=query))


def forget(session: Session, name: str, by: Actor) -> None:
    """Keep it no longer."""
    session.execute(delete(View).where(View.person_id == by.person, View.name == name))
