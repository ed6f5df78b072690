"""The public notice before a designation (Article 9): a snapshot that is never changed, with the end date that binds.

The text fixes no length; five working days are «文件未规定,系统默认». A calendar corrected later does not move the
printed day.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, Row as Record, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.verdicts import wording
from ground import deadlines, parameters, regions
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.types import Code, Day, Document, Id, Instant, Ref, Text

RUNNING, CLOSED, WITHDRAWN = "running", "closed", "withdrawn"


class Notice(Row):
    """One notice: the body as published, its digest, and the days it runs, both included."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_state", "state", "closes_on"), Index("ix_notice_case", "case_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"))
    body: Mapped[dict[str, Any]] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(Text(64))
    opens_on: Mapped[date] = mapped_column(Day)
    closes_on: Mapped[date] = mapped_column(Day)
    published_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(Code())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class StillRunning(Refused):
    """The printed end date has not passed."""

    code = "notice.still_running"


def publish(session: Session, base: Record[Any], case_id: int, now: datetime, *, visited: bool) -> Record[Any]:
    """Publish the notice for one base, running from today for the working days that the parameter names."""
    today = local_day(now)
    due = deadlines.due(session, "notice", now)
    days = parameters.value(session, "deadline.notice", today).value["n"]
    place = regions.named(session, [base.city])[base.city]
    body = asdict(
        wording.notice(
            [wording.Listed(base.name, place.name)],
            wording.Period(today, due.on, days),
            contact(session, today),
            visited=visited,
        )
    )
    row = {
        "ref": new_ref(),
        "case_id": case_id,
        "base_id": base.id,
        "body": body,
        "digest": digest_of(body),
        "opens_on": today,
        "closes_on": due.on,
        "published_at": now,
        "state": RUNNING,
    }
    session.execute(insert(Notice).values(**row))
    return by_ref(session, row["ref"])


def close(session: Session, case_id: int, now: datetime) -> Record[Any]:
    """End the case's notice once its last day is over; StillRunning before that."""
    found = _of_case(session, case_id, RUNNING)
    if found is None:
        raise Missing(notice=case_id)
    if local_day(now) <= found.closes_on:
        raise StillRunning(notice=found.ref, closes_on=found.closes_on.isoformat())
    _end(session, found.id, CLOSED, now)
    return found


def withdraw(session: Session, case_id: int, now: datetime) -> Record[Any] | None:
    """Take a running notice off the public page, because the application was withdrawn."""
    found = _of_case(session, case_id, RUNNING)
    if found is not None:
        _end(session, found.id, WITHDRAWN, now)
    return found


def closed_of(session: Session, case_id: int) -> Record[Any] | None:
    """The newest notice of a case that has run its full time."""
    return _of_case(session, case_id, CLOSED)


def running(session: Session, on: date) -> Sequence[Record[Any]]:
    """The notices that run on this day, the one that ends first on top."""
    return session.execute(
        _WITH_BASE.where(Notice.state == RUNNING, Notice.opens_on <= on, Notice.closes_on >= on).order_by(
            Notice.closes_on, Notice.id
        )
    ).all()


def by_ref(session: Session, ref: str) -> Record[Any]:
    """A published notice, running or closed; one that was withdrawn is not there."""
    found = session.execute(_WITH_BASE.where(Notice.ref == ref, Notice.state != WITHDRAWN)).one_or_none()
    if found is None:
        raise Missing(notice=ref)
    return found


def contact(session: Session, on: date) -> wording.Contact:
    """Where objections go, a parameter of the department."""
    return wording.Contact(**parameters.value(session, "notice.contact", on).value)


def digest_of(body: dict[str, Any]) -> str:
    """The hash by which a snapshot is checked."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


_COLUMNS = tuple(Notice.__table__.columns)
_BASE = register.Base.__table__.c
_WITH_BASE = select(
    *_COLUMNS,
    _BASE.ref.label("base_ref"),
    _BASE.name.label("base_name"),
    _BASE.name_en.label("base_name_en"),
    _BASE.city,
).join(register.Base, _BASE.id == Notice.base_id)


def _of_case(session: Session, case_id: int, state: str) -> Record[Any] | None:
    wanted = select(*_COLUMNS).where(Notice.case_id == case_id, Notice.state == state)
    return session.execute(wanted.order_by(Notice.id.desc()).limit(1)).one_or_none()


def _end(session: Session, notice_id: int, state: str, now: datetime) -> None:
    session.execute(update(Notice).where(Notice.id == notice_id).values(state=state, ended_at=now))
