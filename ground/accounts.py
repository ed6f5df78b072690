"""Accounts: by which login and password a person signs in, and in which language the pages speak to them."""

from dataclasses import dataclass

from sqlalchemy import select, update

from ground.database import Session
from ground.people import Person


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a person."""

    id: int
    ref: str
    login: str
    name: str
    name_en: str
    password_hash: str | None
    active: bool
    language: str


def by_login(session: Session, login: str) -> Account | None:
    """The account with this login, if there is one."""
    row = session.execute(_ACCOUNT.where(Person.login == login)).first()
    return Account(*tuple(row)) if row else None


def speak(session: Session, person_id: int, language: str) -> None:
    """From now on in this language."""
    session.execute(update(Person).where(Person.id == person_id).values(language=language))


def password_hash(session: Session, person_id: int) -> str | None:
    """What is stored of this person's password."""
    stored: str | None = session.scalar(select(Person.password_hash).where(Person.id == person_id))
    return stored


def change_password(session: Session, person_id: int, hashed: str) -> None:
    """From now on this one."""
    session.execute(update(Person).where(Person.id == person_id).values(password_hash=hashed))


_ACCOUNT = select(
    Person.id,
    Person.ref,
    Person.login,
    Person.name,
    Person.name_en,
    Person.password_hash,
    Person.active,
    Person.language,
)
