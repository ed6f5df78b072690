"""The report of a panel: its elected leader (组长), what members hold against it, and what the leader wrote (N-5)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.review import panel
from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Id, Instant, Text


class Dissent(Row):
    """What one member wants on record against the outcome (保留意见), in the member's own words."""

    __tablename__ = "panel_dissent"

    panel_id: Mapped[int] = mapped_column(Id, ForeignKey("panel.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text(6000))
    at: Mapped[datetime] = mapped_column(Instant)


class NoLeader(Refused):
    """A report is written by the leader whom the panel has elected, and by nobody else."""

    code = "report.no_leader"


class NoVotes(Refused):
    """Nobody has voted, so there is no leader."""

    code = "report.no_votes"


def lead(session: Session, row: Record[Any], votes: Sequence[int]) -> int:
    """The member with most votes leads; between equals the one whose lot came first."""
    sitting = panel.seats(session, row.id)
    counted = Counter(each for each in votes if each in sitting)
    if not counted:
        raise NoVotes(panel=row.id)
    leader = min(counted, key=lambda person: (-counted[person], sitting.index(person)))
    panel.change(session, row.id, leader_id=leader)
    return leader


def dissent(session: Session, row: Record[Any], person: int, words: str, now: datetime) -> None:
    """Keep what a member wants on record; said once at the election and again in the discussion, both stand."""
    kept = {each.person_id: each.words for each in dissents(session, row.id)}
    if not words.strip() or words.strip() in kept.get(person, ""):
        return
    if person in kept:
        both = {"words": f"{kept[person]}\n{words.strip()}", "at": now}
        where = (Dissent.panel_id == row.id, Dissent.person_id == person)
        session.execute(update(Dissent).where(*where).values(**both))
    else:
        session.execute(insert(Dissent).values(panel_id=row.id, person_id=person, words=words.strip(), at=now))


def dissents(session: Session, panel_id: int) -> Sequence[Record[Any]]:
    """Every dissent of a panel, by person."""
    columns = (Dissent.person_id, Dissent.words, Dissent.at)
    return session.execute(select(*columns).where(Dissent.panel_id == panel_id).order_by(Dissent.person_id)).all()


def keep(session: Session, row: Record[Any], by: int | None, answers: Mapping[str, Any], now: datetime) -> None:
    """Keep the report; NoLeader if the panel has elected nobody, or somebody else."""
    if row.leader_id is None or by != row.leader_id:
        raise NoLeader(panel=row.id)
    written = {name: str(answers.get(name) or "") for name in ("strengths", "problems", "advice", "discussed")}
    panel.change(session, row.id, report=written, reported_at=now)
