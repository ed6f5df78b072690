"""Scores in half points, and what a panel's sheets come to: the plain mean of totals of 100, and their spread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bases.review import criteria
from ground.database import Row, Session
from ground.errors import Refused
from ground.types import Code, Id, Text, Whole

COMMENT = "_comment"
CENT = Decimal("0.01")


class Score(Row):
    """One criterion on one expert's sheet."""

    __tablename__ = "score"

    panel_id: Mapped[int] = mapped_column(Id, ForeignKey("panel.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("person.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(Code(), primary_key=True)
    half_points: Mapped[int] = mapped_column(Whole)
    comment: Mapped[str | None] = mapped_column(Text(5000))


class NoScores(Refused):
    """No sheet came in, so there is nothing to add up."""

    code = "score.none"


@dataclass(frozen=True)
class Sheet:
    """One expert's scores in half points, by criterion, with comments."""

    person: int
    halves: Mapping[str, int]
    comments: Mapping[str, str]

    @property
    def total(self) -> int:
        """The running total, in half points of 100."""
        return sum(self.halves.values())


@dataclass(frozen=True)
class Outcome:
    """What a panel's sheets come to, in points of 100: exact halves for the spread, two places for the mean."""

    average: Decimal
    spread: Decimal
    valid: int


def sheet(person: int, answers: Mapping[str, Any], set_: str = criteria.ARTICLE_10) -> Sheet:
    """An expert's answers as a sheet; a score that is no half point is refused, as the form refused it."""
    wanted = criteria.of(set_)
    return Sheet(
        person,
        {criterion.code: criterion.halves(answers[criterion.code]) for criterion in wanted},
        {criterion.code: str(answers.get(criterion.code + COMMENT) or "") for criterion in wanted},
    )


def outcome(sheets: Sequence[Sheet]) -> Outcome:
    """Plain mean and spread; a trimmed mean is slightly worse in simulation, so it is not the default."""
    if not sheets:
        raise NoScores
    totals = [each.total for each in sheets]
    mean = Fraction(sum(totals), 2 * len(totals))
    average = (Decimal(mean.numerator) / Decimal(mean.denominator)).quantize(CENT, ROUND_HALF_UP)
    return Outcome(average, Decimal(max(totals) - min(totals)) / 2, len(sheets))


def keep(session: Session, panel_id: int, sheets: Sequence[Sheet]) -> None:
    """Write the sheets of a closed scoring."""
    rows = [
        {
            "panel_id": panel_id,
            "person_id": each.person,
            "criterion": code,
            "half_points": halves,
            "comment": each.comments.get(code) or None,
        }
        for each in sheets
        for code, halves in each.halves.items()
    ]
    session.execute(insert(Score), rows)


def of_panel(session: Session, panel_id: int) -> list[Sheet]:
    """The sheets of a panel, by person."""
    rows = session.execute(
        select(Score.person_id, Score.criterion, Score.half_points, Score.comment)
        .where(Score.panel_id == panel_id)
        .order_by(Score.person_id, Score.criterion)
    )
    found: dict[int, Sheet] = {}
    for row in rows:
        each = found.setdefault(row.person_id, Sheet(row.person_id, {}, {}))
        found[row.person_id] = Sheet(
            each.person,
            {**each.halves, row.criterion: row.half_points},
            {**each.comments, row.criterion: row.comment or ""},
        )
    return list(found.values())
