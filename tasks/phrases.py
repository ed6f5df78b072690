"""常用语: sentences that people put into fields again and again: a person's own, and those of an organ by its head."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKey, Index, Row as Record, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from ground import ids
from ground.database import Row, Session
from ground.errors import Forbidden, Missing, Refused
from ground.organs import Organ
from ground.people import Actor
from ground.types import Id, Ref, Text

LONGEST, MOST = 500, 60
# Who keeps the phrases of their organ.
HEADS = frozenset({"prov_division_head", "city_section_head"})


class Phrase(Row):
    """One sentence, of one person or of one organ."""

    __tablename__ = "phrase"
    __table_args__ = (Index(None, "person_id"), Index(None, "organ_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ref: Mapped[str] = mapped_column(Ref, unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organ_id: Mapped[int | None] = mapped_column(ForeignKey("organ.id"))
    words: Mapped[str] = mapped_column(Text(LONGEST))


class WordsWrong(Refused):
    """A phrase is one to 500 characters."""

    code = "phrase.words"
    status = 422


class TooMany(Refused):
    """A person or an organ has as many phrases as a menu can hold."""

    code = "phrase.too_many"


def of(session: Session, by: Actor) -> Sequence[Record[Any]]:
    """What this person may put into a field: their own first, then those of each organ they work in, oldest first."""
    organs = {held.organ_id for held in by.held}
    return session.execute(
        _LISTED.where(or_(Phrase.person_id == by.person, Phrase.organ_id.in_(list(organs))))
        .order_by(Phrase.person_id.is_(None), Phrase.organ_id, Phrase.id)
        .limit(MOST * (1 + len(organs)))
    ).all()


def heads(by: Actor) -> dict[int, tuple[str, str]]:
    """The organs whose phrases this person keeps, with their names."""
    return {held.organ_id: (held.organ_name, held.organ_name_en) for held in by.held if held.role in HEADS}


def add(session: Session, words: str, by: Actor, organ: int | None = None) -> str:
    """Keep one more, for oneself or for an organ that one heads, and return its ref; the same words are kept once."""
    words = _usable(words)
    if organ is not None and organ not in heads(by):
        raise Forbidden(organ=organ)
    whose = {"person_id": by.person if organ is None else None, "organ_id": organ}
    mine = Phrase.organ_id == organ if organ is not None else Phrase.person_id == by.person
    same = session.scalar(select(Phrase.ref).where(mine, Phrase.words == words))
    if same is not None:
        return str(same)
    if session.scalar(select(func.count()).select_from(Phrase).where(mine)) >= MOST:
        raise TooMany(most=MOST)
    ref = ids.ref()
    session.execute(insert(Phrase).values(ref=ref, words=words, **whose))
    return ref


def change(session: Session, ref: str, words: str, by: Actor) -> None:
    """Say it otherwise from now on; what was sent with it stays. Missing for whoever does not keep it."""
    words = _usable(words)
    if session.execute(update(Phrase).where(Phrase.ref == ref, _kept_by(by)).values(words=words)).rowcount == 0:
        raise Missing(phrase=ref)


def drop(session: Session, ref: str, by: Actor) -> None:
    """Keep it no longer; dropped twice is dropped once. Missing for whoever does not keep it."""
    if session.execute(delete(Phrase).where(Phrase.ref == ref, _kept_by(by))).rowcount == 0 and session.scalar(
        select(Phrase.id).where(Phrase.ref == ref)
    ):
        raise Missing(phrase=ref)


def _usable(words: str) -> str:
    words = words.strip()
    if not 1 <= len(words) <= LONGEST:
        raise WordsWrong(most=LONGEST)
    return words


def _kept_by(by: Actor) -> Any:
    return or_(Phrase.person_id == by.person, Phrase.organ_id.in_(list(heads(by))))


_LISTED = select(
    Phrase.ref,
    Phrase.words,
    Phrase.person_id,
    Phrase.organ_id,
    Organ.name.label("organ_name"),
    Organ.name_en.label("organ_name_en"),
).outerjoin(Organ, Organ.id == Phrase.organ_id)
