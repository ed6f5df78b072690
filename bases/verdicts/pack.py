"""What goes to the leaders' meeting (上会材料), frozen with a digest once the ranking is registered, and kept.

The words are kept, and the same words give the same pages; another ranking makes another pack beside the first.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Row as Record, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.documents import content
from bases.documents.content import Content
from bases.verdicts import pack_words
from bases.verdicts.batch import CLOSED, Batch
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.types import Document, Id, Instant, Text, Whole


class MeetingPack(Row):
    """One frozen pack of a batch: its volumes (分册) as words, how many there are, and one digest over all of them."""

    __tablename__ = "meeting_pack"

    batch_id: Mapped[int] = mapped_column(Id, ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    volumes: Mapped[list[dict[str, Any]]] = mapped_column(Document)
    parts: Mapped[int] = mapped_column(Whole)
    digest: Mapped[str] = mapped_column(Text(64))
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))


class Changed(Refused):
    """The words that are kept are not those that were frozen."""

    code = "pack.changed"


def freeze(session: Session, batch: Record[Any], by: int | None, now: datetime) -> Record[Any]:
    """Keep what the batch is at this moment as its next pack."""
    last = session.scalar(select(func.max(MeetingPack.number)).where(MeetingPack.batch_id == batch.id))
    number = int(last or 0) + 1
    volumes = [content.kept(each) for each in pack_words.of(session, batch, now)]
    kept = {"volumes": volumes, "parts": len(volumes), "digest": digest_of(volumes)}
    values = {"batch_id": batch.id, "number": number, **kept}
    session.execute(insert(MeetingPack).values(**values, frozen_at=now, by_person=by))
    return _one(session, batch.id, number)


def count(session: Session) -> int:
    """How many packs lie before the meetings of batches that are not closed."""
    wanted = select(func.count()).select_from(MeetingPack).join(Batch, Batch.id == MeetingPack.batch_id)
    return int(session.scalar(wanted.where(Batch.state != CLOSED)) or 0)


def of_batch(session: Session, batch_id: int) -> Sequence[Record[Any]]:
    """The packs of a batch without their words, the newest first, each with the number of its volumes."""
    columns = (MeetingPack.number, MeetingPack.digest, MeetingPack.frozen_at, MeetingPack.parts)
    wanted = select(*columns).where(MeetingPack.batch_id == batch_id).order_by(MeetingPack.number.desc())
    return session.execute(wanted).all()


def volume(session: Session, batch_id: int, number: int, place: int) -> tuple[Content, str]:
    """One volume of a pack, counted from 1, and the digest of the pack; Changed if a word is not as it was frozen."""
    found = _one(session, batch_id, number)
    if digest_of(found.volumes) != found.digest:
        raise Changed(batch=batch_id, number=number)
    if not 1 <= place <= len(found.volumes):
        raise Missing(batch=batch_id, pack=number, volume=place)
    return content.read(found.volumes[place - 1]), str(found.digest)


def digest_of(volumes: Sequence[Any]) -> str:
    """SHA-256 over every word."""
    return hashlib.sha256(orjson.dumps(volumes, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _one(session: Session, batch_id: int, number: int) -> Record[Any]:
    wanted = select(*MeetingPack.__table__.columns)
    wanted = wanted.where(MeetingPack.batch_id == batch_id, MeetingPack.number == number)
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise Missing(batch=batch_id, pack=number)
    return found
