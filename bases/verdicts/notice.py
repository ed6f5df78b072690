"""The public notice before a designation (Article 9): a snapshot that is never changed, with the end date that binds.

One notice lists one base or a whole batch. The text fixes no length; five working days are «文件未规定,系统默认». A
calendar corrected later does not move the printed day.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, Row as Record, exists, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases import register
from bases.verdicts import wording
from bases.verdicts.batch_ranking import Proposed
from ground import deadlines, parameters, regions
from ground.clock import local_day
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.ids import ref as new_ref
from ground.types import Code, Day, Document, Id, Instant, Ref, Text, Whole

RUNNING, CLOSED, WITHDRAWN = "running", "closed", "withdrawn"


class Notice(Row):
    """One notice: the body as published, its digest, and the days it runs, both included; `case_id` published it."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_state", "state", "closes_on"), Index("ix_notice_case", "case_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    body: Mapped[dict[str, Any]] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(Text(64))
    opens_on: Mapped[date] = mapped_column(Day)
    closes_on: Mapped[date] = mapped_column(Day)
    published_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(Code())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class NoticeBase(Row):
    """One base of a notice, in the order of its list, with the base's own case; `withdrawn_at` if it was taken back."""

    __tablename__ = "notice_base"
    __table_args__ = (Index("ix_notice_base_case", "case_id"), Index("ix_notice_base_base", "base_id"))

    notice_id: Mapped[int] = mapped_column(Id, ForeignKey("notice.id"), primary_key=True)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    place: Mapped[int] = mapped_column(Whole)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class StillRunning(Refused):
    """The printed end date has not passed."""

    code = "notice.still_running"


class NothingProposed(Refused):
    """A notice lists at least one base; none is proposed."""

    code = "notice.nothing_proposed"


def drafted(session: Session, proposed: Sequence[Proposed], now: datetime) -> wording.Body:
    """The notice in words as it would be published now, for these bases."""
    if not proposed:
        raise NothingProposed
    places = regions.named(session, {each.city for each in proposed})
    return wording.notice(
        [wording.Listed(each.name, places[each.city].name) for each in proposed],
        period(session, now),
        contact(session, local_day(now)),
        visited=any(each.visited for each in proposed),
    )


def period(session: Session, now: datetime) -> wording.Period:
    """The days that a notice would run that is published now."""
    today = local_day(now)
    days = parameters.value(session, "deadline.notice", today).value["n"]
    return wording.Period(today, deadlines.due(session, "notice", now).on, days)


def publish(session: Session, proposed: Sequence[Proposed], case_id: int, now: datetime) -> Record[Any]:
    """Publish one notice for these bases, running from today for the working days that the parameter names."""
    body = asdict(drafted(session, proposed, now))
    ref = new_ref()
    row = {
        "ref": ref,
        "case_id": case_id,
        "body": body,
        "digest": digest_of(body),
        "opens_on": local_day(now),
        "closes_on": deadlines.due(session, "notice", now).on,
        "published_at": now,
        "state": RUNNING,
    }
    notice_id = session.scalar(insert(Notice).values(**row).returning(Notice.id))
    session.execute(
        insert(NoticeBase),
        [
            {"notice_id": notice_id, "base_id": each.base_id, "case_id": each.case_id, "place": place}
            for place, each in enumerate(proposed, 1)
        ],
    )
    return by_ref(session, ref)


def close(session: Session, case_id: int, now: datetime) -> Record[Any]:
    """End the notice that this case published once its last day is over; StillRunning before that."""
    found = _published_by(session, case_id)
    if found is None:
        raise Missing(notice=case_id)
    if local_day(now) <= found.closes_on:
        raise StillRunning(notice=found.ref, closes_on=found.closes_on.isoformat())
    _end(session, found.id, CLOSED, now)
    return found


def withdraw(session: Session, case_id: int, now: datetime) -> Record[Any] | None:
    """This base's application was withdrawn: it is marked in its running notice; the last one takes the page off."""
    found = _of_case(session, case_id, RUNNING)
    if found is None:
        return None
    of_notice = NoticeBase.notice_id == found.id
    session.execute(update(NoticeBase).where(of_notice, NoticeBase.case_id == case_id).values(withdrawn_at=now))
    if not session.scalar(select(exists().where(of_notice, NoticeBase.withdrawn_at.is_(None)))):
        _end(session, found.id, WITHDRAWN, now)
    return found


def published_by(session: Session, case_id: int) -> Record[Any] | None:
    """The newest notice that this case published, whatever has become of it since."""
    wanted = select(*_COLUMNS).where(Notice.case_id == case_id)
    return session.execute(wanted.order_by(Notice.id.desc()).limit(1)).one_or_none()


def closed_of(session: Session, case_id: int) -> Record[Any] | None:
    """The newest notice of a base's case that has run its full time."""
    return _of_case(session, case_id, CLOSED)


def running(session: Session, on: date) -> Sequence[Record[Any]]:
    """The notices that run on this day, the one that ends first on top."""
    return session.execute(
        select(*_COLUMNS)
        .where(Notice.state == RUNNING, Notice.opens_on <= on, Notice.closes_on >= on)
        .order_by(Notice.closes_on, Notice.id)
    ).all()


def ended(session: Session, limit: int) -> Sequence[Record[Any]]:
    """The notices that have run their full time, the newest first."""
    return session.execute(
        select(*_COLUMNS).where(Notice.state == CLOSED).order_by(Notice.closes_on.desc(), Notice.id.desc()).limit(limit)
    ).all()


def by_ref(session: Session, ref: str) -> Record[Any]:
    """A published notice, running or closed; one that was withdrawn is not there."""
    found = session.execute(select(*_COLUMNS).where(Notice.ref == ref, Notice.state != WITHDRAWN)).one_or_none()
    if found is None:
        raise Missing(notice=ref)
    return found


def bases_of(session: Session, notice_ids: Collection[int]) -> Mapping[int, Sequence[Record[Any]]]:
    """The bases of these notices in the order of their lists: base_id, case_id, ref, name, name_en, city, withdrawn."""
    if not notice_ids:
        return {}
    rows = session.execute(_BASES.where(NoticeBase.notice_id.in_(list(notice_ids)))).all()
    return {number: [row for row in rows if row.notice_id == number] for number in notice_ids}


def contact(session: Session, on: date) -> wording.Contact:
    """Where objections go, a parameter of the department."""
    return wording.Contact(**parameters.value(session, "notice.contact", on).value)


def digest_of(body: dict[str, Any]) -> str:
    """The hash by which a snapshot is checked."""
    return hashlib.sha256(canonical(body)).hexdigest()


def canonical(body: dict[str, Any]) -> bytes:
    """The bytes that the hash is of."""
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


_COLUMNS = tuple(Notice.__table__.columns)
_BASE = register.Base.__table__.c
_BASES = (
    select(
        NoticeBase.notice_id,
        NoticeBase.base_id,
        NoticeBase.case_id,
        NoticeBase.withdrawn_at,
        _BASE.ref,
        _BASE.name,
        _BASE.name_en,
        _BASE.city,
    )
    .join(register.Base, _BASE.id == NoticeBase.base_id)
    .order_by(NoticeBase.notice_id, NoticeBase.place)
)


def _published_by(session: Session, case_id: int) -> Record[Any] | None:
    wanted = select(*_COLUMNS).where(Notice.case_id == case_id, Notice.state == RUNNING)
    return session.execute(wanted.order_by(Notice.id.desc()).limit(1)).one_or_none()


def _of_case(session: Session, case_id: int, state: str) -> Record[Any] | None:
    """The newest notice in which the base of this case stands and was not withdrawn."""
    wanted = select(*_COLUMNS).join(NoticeBase, NoticeBase.notice_id == Notice.id)
    wanted = wanted.where(NoticeBase.case_id == case_id, NoticeBase.withdrawn_at.is_(None), Notice.state == state)
    return session.execute(wanted.order_by(Notice.id.desc()).limit(1)).one_or_none()


def _end(session: Session, notice_id: int, state: str, now: datetime) -> None:
    session.execute(update(Notice).where(Notice.id == notice_id).values(state=state, ended_at=now))
