"""三员分立: one administrator keeps accounts and channels, one gives roles, one reads the log.

None of them can act in a case, and none does the work of another: every function here asks for its role. What one
does is noted by the desk that asked, for the third to read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row as Record, func, or_, select, update

from ground import jobs, organs, people
from ground.accounts import by_login, change_password
from ground.database import Session
from ground.errors import Forbidden, Missing, Refused
from ground.grants import ADMINISTRATORS, ROLES, Grant, give as grant, revoke
from ground.organs import Organ, valid
from ground.people import Actor, Person
from ground.security import SecurityEvent

SYSTEM, SECURITY, AUDIT = ADMINISTRATORS
KEEPERS = (SYSTEM, SECURITY)
MOST = 200
LARGEST_ID = 2**63 - 1
NAMES = {
    SYSTEM: ("系统管理员", "System administrator"),
    SECURITY: ("安全管理员", "Security administrator"),
    AUDIT: ("审计管理员", "Audit administrator"),
}
LONGEST_NAME = 60


class Oneself(Refused):
    """Nobody closes the own account or gives roles to oneself."""

    code = "administration.oneself"


class LoginTaken(Refused):
    """There is somebody with this login."""

    code = "administration.login_taken"


class NotAnAccount(Refused):
    """A login is letters, digits, dot and hyphen, and a name is not empty."""

    code = "administration.account_wrong"
    status = 422


class AlreadyHeld(Refused):
    """This person holds the role there already."""

    code = "administration.already_held"


class Founded(Refused):
    """There are administrators; they make the others."""

    code = "administration.founded"


@dataclass(frozen=True)
class Account:
    """A person as administrators see them: never what the person works on."""

    ref: str
    login: str
    name: str
    name_en: str
    active: bool


def accounts(session: Session, by: Actor, search: str = "") -> list[Account]:
    """Everybody whose login or name holds these letters, in Chinese order, at most `MOST`."""
    _need(by, *KEEPERS)
    wanted = select(
        Person.ref,
        Person.login,
        Person.name,
        Person.name_en,
        Person.active,
    ).order_by(Person.sort_key, Person.id)
    rows = session.execute(wanted.where(_called(search)).limit(MOST))
    return [Account(*tuple(row)) for row in rows]


def add(session: Session, by: Actor, login: str, name: str, name_en: str, password_hash: str) -> None:
    """Open an account without any role; NotAnAccount or LoginTaken."""
    _need(by, SYSTEM)
    usable = login.isascii() and login.replace(".", "").replace("-", "").isalnum() and login == login.lower()
    if not usable or not name.strip() or max(len(login), len(name)) > LONGEST_NAME:
        raise NotAnAccount
    if by_login(session, login) is not None:
        raise LoginTaken(login=login)
    people.add_person(session, login, name.strip(), name_en.strip() or name.strip(), password_hash=password_hash)


def set_active(session: Session, by: Actor, ref: str, *, active: bool) -> int:
    """Close an account or open it again; the person's number, whose sessions the desk ends."""
    _need(by, SYSTEM)
    person = _person(session, ref)
    if person.id == by.person:
        raise Oneself
    session.execute(update(Person).where(Person.id == person.id).values(active=active))
    return int(person.id)


def set_password(session: Session, by: Actor, ref: str, password_hash: str) -> int:
    """Give an account a new first password; the person's number."""
    _need(by, SYSTEM)
    person = _person(session, ref)
    change_password(session, person.id, password_hash)
    return int(person.id)


def grants(session: Session, by: Actor, on: date, search: str = "", role: str = "") -> Sequence[Record[Any]]:
    """Who holds which role where on this day, by organ, at most `MOST`: id, role, login, name, organ_name."""
    _need(by, SECURITY)
    wanted = (
        select(
            Grant.id,
            Grant.role,
            Grant.valid_from,
            Person.login,
            Person.name,
            Person.name_en,
            Organ.name.label("organ_name"),
            Organ.name_en.label("organ_name_en"),
        )
        .join(Person, Person.id == Grant.person_id)
        .join(Organ, Organ.id == Grant.organ_id)
        .where(valid(Grant), or_(_called(search), Organ.name.contains(search, autoescape=True)))
        .order_by(Organ.kind, Organ.sort_key, Grant.role, Person.sort_key, Grant.id)
    )
    if role in ROLES:
        wanted = wanted.where(Grant.role == role)
    return session.execute(wanted.limit(MOST), {"on": on}).all()


def give(session: Session, by: Actor, login: str, role: str, organ_code: str, on: date) -> None:
    """Give a role in an organ from this day on; Oneself, AlreadyHeld, AdministratorsApart, RoleUnknown or Missing."""
    _need(by, SECURITY)
    person = by_login(session, login.strip())
    if person is None:
        raise Missing(login=login)
    if person.id == by.person:
        raise Oneself
    organ = organs.body(session, organ_code)
    held = select(Grant.id).where(
        Grant.person_id == person.id, Grant.role == role, Grant.organ_id == organ.id, valid(Grant)
    )
    if session.execute(held, {"on": on}).first() is not None:
        raise AlreadyHeld(login=login, role=role)
    grant(session, person.id, role, organ.id, on, by.person)


def end(session: Session, by: Actor, grant_id: int, on: date) -> Record[Any]:
    """Let a role end with the day before; its role and the person's login."""
    _need(by, SECURITY)
    wanted = select(Grant.id, Grant.role, Grant.person_id, Person.login).join(Person, Person.id == Grant.person_id)
    found = session.execute(wanted.where(Grant.id == grant_id, valid(Grant)), {"on": on}).one_or_none()
    if found is None:
        raise Missing(grant=grant_id)
    if found.person_id == by.person:
        raise Oneself
    revoke(session, grant_id, on)
    return found


def log(session: Session, by: Actor, kind: str, before: int | None, limit: int) -> Sequence[Record[Any]]:
    """What touched security, the newest first, of one kind or all: at, kind, login, name, ip, object, reason, count."""
    _need(by, AUDIT)
    wanted = (
        select(SecurityEvent, Person.login, Person.name, Person.name_en)
        .outerjoin(Person, Person.id == SecurityEvent.person_id)
        .order_by(SecurityEvent.id.desc())
    )
    if kind:
        wanted = wanted.where(SecurityEvent.kind == kind)
    if before is not None:
        wanted = wanted.where(SecurityEvent.id < before)
    return session.execute(wanted.limit(limit)).all()


def kinds(session: Session, by: Actor) -> list[str]:
    """Every kind of event that has been noted."""
    _need(by, AUDIT)
    wanted = select(SecurityEvent.kind).distinct().order_by(SecurityEvent.kind)
    return [row.kind for row in session.execute(wanted)]


def failed_jobs(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """The jobs that were given up, newest first: id, kind, payload, attempts, error."""
    _need(by, SYSTEM)
    return jobs.failed(session)


def run_again(session: Session, by: Actor, job_id: int, now: datetime) -> None:
    """Let a job that was given up begin anew; Missing if there is no such job."""
    _need(by, SYSTEM)
    if job_id > LARGEST_ID:
        raise Missing(job=job_id)
    jobs.retry(session, job_id, now)


def found(session: Session, logins: Mapping[str, str], hashes: Mapping[str, str], on: date) -> None:
    """Open the accounts of the first three administrators, role to login; Founded once there has been any."""
    if is_founded(session):
        raise Founded
    seat = organs.first_of(session, "province")
    for role, login in logins.items():
        name = NAMES[role]
        person = people.add_person(session, login, *name, password_hash=hashes[role])
        grant(session, person, role, seat, on)


def is_founded(session: Session) -> bool:
    """Whether anybody has ever been an administrator: from then on only administrators make others."""
    found = select(func.count()).select_from(Grant).where(Grant.role.in_(ADMINISTRATORS))
    return bool(session.scalar(found))


def _called(search: str) -> Any:
    text = search.strip()
    return or_(Person.login.contains(text, autoescape=True), Person.name.contains(text, autoescape=True))


def _person(session: Session, ref: str) -> Record[Any]:
    found = session.execute(select(Person.id, Person.login).where(Person.ref == ref)).one_or_none()
    if found is None:
        raise Missing(person=ref)
    return found


def _need(by: Actor, *roles: str) -> None:
    if not any(by.has(role) for role in roles):
        raise Forbidden(needs=roles)
