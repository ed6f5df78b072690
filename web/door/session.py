"""Who is asking: one row a signed-in browser, found by the hash of its cookie, so a copied table opens nothing.

A visitor who has not signed in has a cookie for the sake of forms, and no row.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Response, g, request
from sqlalchemy import ForeignKey, Row as Record, delete, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.measures import policy
from bases.measures.policy import Policy
from ground import calendar, clock, people, substitutes
from ground.calendar import Calendar
from ground.database import Row, Session, reading, transaction
from ground.errors import Refused
from ground.people import Actor
from ground.types import Code, Id, Instant

TOKEN_BYTES = 32
LONGEST_COOKIE = 100
TOUCH = timedelta(minutes=1)


class WebSession(Row):
    """A browser in which somebody is signed in."""

    __tablename__ = "web_session"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(Code(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(people.Person.id), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant, index=True)


@dataclass(frozen=True)
class Limits:
    """How long a session lives unused, and how long at most."""

    idle: timedelta
    absolute: timedelta


OFFICE = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
# The demo's clock is pushed ahead by days; nobody should be thrown out for it.
DEMO = Limits(idle=timedelta(days=4000), absolute=timedelta(days=4000))


@dataclass(frozen=True)
class Visit:
    """This request's browser: its cookie, who is signed in, and the working days and policies its pages speak of."""

    token: str
    fresh: bool
    actor: Actor | None
    calendar: Calendar
    language: str | None
    ends_at: datetime | None
    policies: Sequence[Policy] = ()


def visit() -> Visit:
    """Who is asking, found once a request."""
    found: Visit = g.visit
    return found


def actor() -> Actor:
    """The person signed in; only for routes that ask for one."""
    who = visit().actor
    if who is None:
        message = "this route admits the public: ask visit().actor"
        raise RuntimeError(message)
    return who


def enter(cookie_name: str, limits: Limits) -> None:
    """Find the visit of this request; a row seen more than a minute ago is marked as seen."""
    sent = request.cookies.get(cookie_name, "")[:LONGEST_COOKIE]
    now = clock.now()
    with reading() as session:
        found = _row(session, sent, now, limits) if sent else None
        stand = session.execute(_STAND).one()
        days, policies = calendar.read(session, stand.calendar), policy.read(session, stand.policy)
        who = _actor(session, found) if found else None
    g.visit = Visit(
        token=sent or secrets.token_urlsafe(TOKEN_BYTES),
        fresh=not sent,
        actor=who,
        calendar=days,
        language=found.language if found else None,
        ends_at=min(now + limits.idle, found.created_at + limits.absolute) if found else None,
        policies=policies,
    )
    if found and now - found.seen_at > TOUCH:
        _touch(found.id, now)


def sign_in(session: Session, person_id: int, now: datetime, limits: Limits) -> str:
    """Open a session under a new cookie and end the one this browser had; returns the new cookie's value."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    _forget(session, visit().token, now, limits)
    session.execute(
        insert(WebSession).values(token_hash=hashed(token), person_id=person_id, created_at=now, seen_at=now)
    )
    g.visit = replace(visit(), token=token, fresh=True)
    return token


def sign_out(session: Session, now: datetime, limits: Limits) -> None:
    """End this browser's session: whoever copied its cookie is out as well."""
    _forget(session, visit().token, now, limits)
    g.visit = replace(visit(), token=secrets.token_urlsafe(TOKEN_BYTES), fresh=True, actor=None)


def end_all(session: Session, person_id: int) -> None:
    """End every session of this person, e.g. after a new password."""
    session.execute(delete(WebSession).where(WebSession.person_id == person_id))


def hand_out(response: Response, cookie_name: str, *, secure: bool) -> None:
    """Give the browser its cookie if it has none yet, or a new one."""
    if "visit" in g and g.visit.fresh:
        response.set_cookie(cookie_name, g.visit.token, secure=secure, httponly=True, samesite="Lax", path="/")


def hashed(token: str) -> str:
    """What the table knows of a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def _actor(session: Session, found: Record[Any]) -> Actor:
    """With what others have lent, if anybody has: whoever stands in for nobody is asked no second question."""
    find = substitutes.actor if found.serves else people.actor
    return find(session, found.person_id, clock.today())


def _row(session: Session, token: str, now: datetime, limits: Limits) -> Record[Any] | None:
    return session.execute(
        select(
            WebSession.id,
            WebSession.person_id,
            WebSession.created_at,
            WebSession.seen_at,
            people.Person.language,
            substitutes.serving(WebSession.person_id).label("serves"),
        )
        .join(people.Person, people.Person.id == WebSession.person_id)
        .where(
            WebSession.token_hash == hashed(token),
            WebSession.seen_at > now - limits.idle,
            WebSession.created_at > now - limits.absolute,
        ),
        {"on": clock.today()},
    ).one_or_none()


def _touch(row: int, now: datetime) -> None:
    """Once a minute; where the store cannot write, people can still read."""
    try:
        with transaction() as session:
            session.execute(update(WebSession).where(WebSession.id == row).values(seen_at=now))
    except Refused:
        return


def _forget(session: Session, token: str, now: datetime, limits: Limits) -> None:
    session.execute(
        delete(WebSession).where(
            or_(
                WebSession.token_hash == hashed(token),
                WebSession.seen_at <= now - limits.idle,
                WebSession.created_at <= now - limits.absolute,
            )
        )
    )


_STAND = select(calendar.DIGEST.scalar_subquery().label("calendar"), policy.DIGEST.scalar_subquery().label("policy"))
