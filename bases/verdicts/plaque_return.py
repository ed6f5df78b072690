"""摘牌: the plaque of a base without its name comes back, or its loss is recorded; until then the task stays open."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Day, Id, Instant, Text

RETURNED, LOST = "returned", "lost"


class PlaqueReturn(Row):
    """What became of the plaque, in which case, and who wrote it down."""

    __tablename__ = "plaque_return"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    base_id: Mapped[int] = mapped_column(Id, ForeignKey("base.id"), index=True)
    what: Mapped[str] = mapped_column(Code(20))
    settled_on: Mapped[date] = mapped_column(Day)
    note: Mapped[str] = mapped_column(Text(1000))
    entered_by: Mapped[int] = mapped_column(Id, ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)


class NotRecorded(Refused):
    """A plaque has come back, or its loss is recorded with how it was lost."""

    code = "plaque.not_recorded"
    status = 422


def record(session: Session, case_id: int, base_id: int, values: dict[str, Any]) -> None:
    """Write it down; NotRecorded for anything but a return or an explained loss."""
    if values["what"] not in {RETURNED, LOST} or (values["what"] == LOST and not values["note"].strip()):
        raise NotRecorded(case=case_id)
    session.execute(insert(PlaqueReturn).values(case_id=case_id, base_id=base_id, **values))


def of_base(session: Session, base_id: int) -> Record[Any] | None:
    """What became of the plaque of a base, the newest line; None while it is out."""
    wanted = select(*PlaqueReturn.__table__.columns).where(PlaqueReturn.base_id == base_id)
    return session.execute(wanted.order_by(PlaqueReturn.entered_at.desc()).limit(1)).one_or_none()
