"""Attempts to sign in: the sixth wrong password shuts the login for strange devices, each further one for longer.

A device on which this person has signed in before is counted apart, so nobody is locked out by a stranger's guessing.
"""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import Any

from sqlalchemy import Row as Record, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Id, Instant, Whole

FREE_TRIES = 5
FREE_TRIES_OF_A_NETWORK = 60
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=8)
FORGOTTEN_AFTER = timedelta(hours=24)
LONGEST_DOUBLING = 6


class SignInAttempt(Row):
    """How often somebody has failed under one key: a login, a login on a known device, a network address."""

    __tablename__ = "sign_in_attempt"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Code(80), unique=True)
    failures: Mapped[int] = mapped_column(Whole)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


class Locked(Refused):
    """Too many wrong passwords for this login on a strange device."""

    code = "sign_in.locked"
    status = 429


class Flood(Refused):
    """Too many wrong passwords from this network."""

    code = "sign_in.flood"
    status = 429


def count(session: Session, login: str, device: str | None, ip: str, now: datetime) -> None:
    """Count this attempt as failed before the password is looked at, so that many at once gain nothing."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - FORGOTTEN_AFTER))
    if device is None:
        _count(session, network_key(ip), FREE_TRIES_OF_A_NETWORK, Flood, now)
    _count(session, login_key(login, device), FREE_TRIES, Locked, now)


def forgive(session: Session, login: str, device: str | None) -> None:
    """The password was right: this key starts from nothing again."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.key == login_key(login, device)))


def login_key(login: str, device: str | None) -> str:
    """One key a login, known or not, and another for each device known to it."""
    return _short("device", f"{device}:{login}") if device else _short("login", login)


def network_key(ip: str) -> str:
    """One key a network address."""
    return _short("network", ip)


def device_mark(secret: str, login: str) -> str:
    """What a browser keeps to be known again for this login."""
    return hmac.new(secret.encode(), f"device:{login}".encode(), sha256).hexdigest()


def known_device(secret: str, login: str, mark: str) -> str | None:
    """The device's mark if it is ours and made for this login."""
    return mark if mark and hmac.compare_digest(mark.encode(), device_mark(secret, login).encode()) else None


def _count(session: Session, key: str, free: int, refusal: type[Refused], now: datetime) -> None:
    found = _found(session, key)
    if found is None:
        session.execute(insert(SignInAttempt).values(key=key, failures=1, at=now))
        return
    if found.locked_until and found.locked_until > now:
        raise refusal(minutes=ceil((found.locked_until - now).total_seconds() / 60))
    failures = found.failures + 1
    session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.id == found.id)
        .values(failures=failures, at=now, locked_until=now + _lock(failures - free) if failures > free else None)
    )


def _lock(beyond: int) -> timedelta:
    return min(FIRST_LOCK * (1 << min(beyond - 1, LONGEST_DOUBLING)), LONGEST_LOCK)


def _found(session: Session, key: str) -> Record[Any] | None:
    return session.execute(
        select(SignInAttempt.id, SignInAttempt.failures, SignInAttempt.locked_until).where(SignInAttempt.key == key)
    ).one_or_none()


def _short(kind: str, what: str) -> str:
    """A fixed length, and no login in the clear."""
    return f"{kind}:{sha256(what.encode()).hexdigest()}"
