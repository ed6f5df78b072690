"""What organs answered on the conditions of admission, Article 10(6): one row a check and organ, for each asking.

A case may be asked about several times: at intake (round 1), again just before the notice (round 2), and at an intake
that comes back; `asking` counts them, and what counts of a round is its newest asking.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Row as Record, UniqueConstraint, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bases.review.admission import ANSWERS as CHECKS, FOUND
from ground.database import Row, Session
from ground.errors import Missing, Refused
from ground.organs import Organ
from ground.people import Actor
from ground.types import Code, Day, Document, Id, Text, Whole

NONE, UNKNOWN, CLEAR = "none", "unknown", "clear"
ONLINE, PAPER, SILENCE = "online", "paper", "silence"
ALL, ANY, MAJORITY = "all", "any", "majority"
INTAKE, BEFORE_NOTICE = 1, 2
# Base, county and city learn the result from the reason of a letter; other organs learn nothing.
READERS = frozenset({"prov_officer", "prov_checker", "prov_division_head", "prov_leader", "supervisor", "auditor"})


class EligibilityAnswer(Row):
    """One check that one organ is asked about; empty until it answers, and closed without an answer if taken off."""

    __tablename__ = "eligibility_answer"
    __table_args__ = (UniqueConstraint("case_id", "asking", "item", "organ_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id, ForeignKey("cases.id"))
    round: Mapped[int] = mapped_column(Whole)
    asking: Mapped[int] = mapped_column(Whole)
    item: Mapped[str] = mapped_column(Code(20))
    organ_id: Mapped[int] = mapped_column(Id, ForeignKey("organ.id"))
    mode: Mapped[str] = mapped_column(Code(10))
    asked_on: Mapped[date] = mapped_column(Day)
    answer: Mapped[str | None] = mapped_column(Code(10))
    evidence: Mapped[str] = mapped_column(Text(2000))
    files: Mapped[Any] = mapped_column(Document)
    how: Mapped[str | None] = mapped_column(Code(10))
    answered_on: Mapped[date | None] = mapped_column(Day)
    by_person: Mapped[int | None] = mapped_column(Id, ForeignKey("person.id"))
    dropped_on: Mapped[date | None] = mapped_column(Day)


class NotAsked(Refused):
    """This organ is not asked about this case, or has answered, or was taken off."""

    code = "consultation.not_asked"


class NoSilence(Refused):
    """Silence counts as no finding only where the parameter says so; the text does not."""

    code = "consultation.no_silence"


@dataclass(frozen=True)
class Answer:
    """What one organ says of one check: 有, 无 or 无法核实, with its evidence."""

    item: str
    answer: str
    evidence: str = ""
    files: tuple[str, ...] = ()


def next_asking(session: Session, case_id: int) -> int:
    """The number of the next asking of this case."""
    last = session.scalar(select(func.max(EligibilityAnswer.asking)).where(EligibilityAnswer.case_id == case_id))
    return (last or 0) + 1


def ask(
    session: Session, case_id: int, place: tuple[int, int], asked: Iterable[tuple[str, str]], mode: str, on: date
) -> None:
    """Write down who is asked about what; `place` is round and asking, `asked` pairs of a check and an organ's code.

    What was taken off before in the same asking is asked again.
    """
    round_, asking = place
    pairs = list(dict.fromkeys(asked))
    organs = _organs(session, {code for _, code in pairs})
    known = {(row.item, row.code): row for row in of_asking(session, case_id, asking)}
    fresh = [
        {
            "case_id": case_id,
            "round": round_,
            "asking": asking,
            "item": item,
            "organ_id": organs[code],
            "mode": mode,
            "asked_on": on,
            "evidence": "",
            "files": [],
        }
        for item, code in pairs
        if (item, code) not in known
    ]
    if fresh:
        session.execute(insert(EligibilityAnswer), fresh)
    for pair in pairs:
        if pair in known:
            _change(session, known[pair].id, {"dropped_on": None, "asked_on": on})


def answer(session: Session, rows: Sequence[Record[Any]], given: Iterable[Answer], how: str, by: int, on: date) -> None:
    """Keep what an organ answered to the rows that it was asked; NotAsked if one of them is not open."""
    open_ = {row.item: row for row in rows}
    for each in given:
        if each.item not in open_:
            raise NotAsked(item=each.item)
        values = {"answer": each.answer, "evidence": each.evidence, "files": list(each.files)}
        _change(session, open_[each.item].id, {**values, "how": how, "answered_on": on, "by_person": by})


def drop(session: Session, rows: Iterable[Record[Any]], on: date) -> None:
    """These are asked no more; a check that nobody else answers stays unknown."""
    for row in rows:
        _change(session, row.id, {"dropped_on": on})


def newest(session: Session, case_id: int, round_: int | None = None) -> Sequence[Record[Any]]:
    """The rows of the newest asking of this round (of any, if none is named), by check and organ."""
    wanted = select(func.max(EligibilityAnswer.asking)).where(EligibilityAnswer.case_id == case_id)
    if round_ is not None:
        wanted = wanted.where(EligibilityAnswer.round == round_)
    asking = session.scalar(wanted)
    return of_asking(session, case_id, asking) if asking else ()


def of_asking(session: Session, case_id: int, asking: int) -> Sequence[Record[Any]]:
    """The rows of one asking, in the order of the checks."""
    rows = session.execute(_ROWS.where(EligibilityAnswer.case_id == case_id, EligibilityAnswer.asking == asking)).all()
    return sorted(rows, key=lambda row: (CHECKS.index(row.item), row.id))


def of_case(session: Session, case_id: int) -> Sequence[Record[Any]]:
    """Every row of a case, the oldest asking first."""
    rows = session.execute(_ROWS.where(EligibilityAnswer.case_id == case_id)).all()
    return sorted(rows, key=lambda row: (row.asking, CHECKS.index(row.item), row.id))


def look(session: Session, case_id: int, by: Actor) -> Sequence[Record[Any]]:
    """Every row of a case for whoever works on it at the department; nothing for anybody else."""
    inside = any(held.role in READERS and held.organ_kind == "province" for held in by.held)
    return of_case(session, case_id) if inside else ()


def standing(rows: Iterable[Record[Any]], code: str | None = None) -> list[Record[Any]]:
    """What is asked and not answered yet, of this organ or of all."""
    return [row for row in rows if row.answer is None and row.dropped_on is None and (code is None or row.code == code)]


def enough(rows: Sequence[Record[Any]]) -> bool:
    """Whether no further answer is waited for: per check all organs, any one, or more than half, by the mode chosen."""
    asked = [row for row in rows if row.dropped_on is None]
    by_check = [[row for row in asked if row.item == item] for item in {row.item for row in asked}]
    return all(_enough(each) for each in by_check)


def found_of(rows: Iterable[Record[Any]]) -> Mapping[str, str]:
    """What the answers to each of the checks come to: one 有 is 有; then 无法核实, and so is no answer at all."""
    said: dict[str, set[str]] = {item: set() for item in CHECKS}
    for row in rows:
        if row.answer is not None and row.dropped_on is None:
            said[row.item].add(row.answer)
    return {item: _of_check(answers) for item, answers in said.items()}


def total(rows: Iterable[Record[Any]]) -> str:
    """Article 10(6) as a whole: found, else unknown, else clear. It is a gate and no score."""
    found = set(found_of(rows).values())
    return FOUND if FOUND in found else UNKNOWN if UNKNOWN in found else CLEAR


def totals(session: Session, cases: Collection[int]) -> Mapping[int, tuple[int, str]]:
    """By case the round of the newest asking and what it comes to; one question for all of them."""
    found: dict[int, list[Record[Any]]] = {}
    wanted = select(*EligibilityAnswer.__table__.columns).where(EligibilityAnswer.case_id.in_(cases))
    for row in session.execute(wanted.order_by(EligibilityAnswer.asking, EligibilityAnswer.id)):
        rows = found.setdefault(row.case_id, [])
        if rows and rows[0].asking != row.asking:
            rows.clear()
        rows.append(row)
    return {case_id: (rows[0].round, total(rows)) for case_id, rows in found.items()}


def _enough(rows: Sequence[Record[Any]]) -> bool:
    answered = sum(row.answer is not None for row in rows)
    return {ALL: answered == len(rows), ANY: answered > 0, MAJORITY: 2 * answered > len(rows)}[rows[0].mode]


def _of_check(answers: set[str]) -> str:
    if FOUND in answers:
        return FOUND
    return NONE if answers == {NONE} else UNKNOWN


def _organs(session: Session, codes: set[str]) -> dict[str, int]:
    found = {row.code: row.id for row in session.execute(select(Organ.code, Organ.id).where(Organ.code.in_(codes)))}
    if missing := sorted(codes - set(found)):
        raise Missing(organ=missing[0])
    return found


def _change(session: Session, row_id: int, values: Mapping[str, Any]) -> None:
    session.execute(update(EligibilityAnswer).where(EligibilityAnswer.id == row_id).values(**values))


_ROWS = select(*EligibilityAnswer.__table__.columns, Organ.code, Organ.name, Organ.name_en).join(
    Organ, Organ.id == EligibilityAnswer.organ_id
)
