"""批注: remarks of an office among its own people, at a task and kept with the case.

They are read in the office that wrote them and at the province, and never by the base.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import ForeignKey, Index, Row as Record, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.cases import offices
from engine.cases.hanging import check_proxy
from ground.database import Row, Session
from ground.errors import Forbidden
from ground.people import Actor, Held, Person
from ground.types import Code, Id, Instant, Text
from tasks.at_task import AtTask, NoWords, act

# Auditors write nothing, and what a base remarks would be no remark of the office.
SILENT = frozenset({"auditor", "base_filler"})


class Comment(Row):
    """One remark: at which step, in which organ, by whom."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    element: Mapped[str] = mapped_column(Code(120))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    by_person: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    said_at: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str] = mapped_column(Text(1000))


class Words(Schema):
    """A remark of one to a thousand characters."""

    words = fields.String(required=True, validate=validate.Regexp(r"(?s)^\s*\S.{0,999}$"))


def may_write(at: AtTask) -> bool:
    """Whether this person may remark at a task: whoever knows of its case by their office, and no base."""
    return _seat(at) is not None


def write(wait_ref: str, words: str, *, by: Actor, key: str, now: datetime) -> str:
    """Keep a remark at an open task."""

    def change(at: AtTask) -> None:
        check_proxy(at.folder, at.item)
        seat = _seat(at)
        if seat is None:
            raise Forbidden(wait=wait_ref)
        try:
            Words().load({"words": words})
        except ValidationError:
            raise NoWords(most=1000) from None
        at.session.execute(
            insert(Comment).values(
                case_id=at.item.case_id,
                element=at.item.element,
                organ_id=seat.organ_id,
                by_person=by.person,
                said_at=at.now,
                words=words.strip(),
            )
        )
        at.record("task.commented", organ=seat.organ_id)

    return act("comment", wait_ref, by, key, now, change)


def of_case(session: Session, case_id: int, by: Actor) -> Sequence[Record[Any]]:
    """The remarks on a case that this person may read, the newest first, each with its writer's name."""
    rows = session.execute(
        select(Comment, Person.name, Person.name_en)
        .join(Person, Person.id == Comment.by_person)
        .where(Comment.case_id == case_id)
        .order_by(Comment.id.desc())
    ).all()
    return [row for row in rows if offices.inside(by, row.organ_id)]


def _seat(at: AtTask) -> Held | None:
    return offices.seat(at.by, at.case.region, at.case.organ, SILENT)
