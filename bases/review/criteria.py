"""What is scored and how: the criteria of Article 10, their full marks, half points, and when a score needs a comment.

The text names the criteria and no weights: the full marks are «文件未规定,系统默认». Its (6) is a condition of
admission, never a score.
"""

from dataclasses import dataclass
from functools import cache

from bases.filing.figures import exact
from bases.measures import tables
from ground.errors import Refused

ARTICLE_10 = "article10"
HIGH_PERCENT, LOW_PERCENT = 90, 60


class NotAHalfPoint(Refused):
    """A score is a number of half points from nothing to the full mark."""

    code = "score.not_a_half_point"
    status = 422


@dataclass(frozen=True)
class Criterion:
    """One thing that is scored, from 0 to `full` points."""

    set: str
    code: str
    full: int
    clause: str
    zh: str
    en: str

    def halves(self, points: str | int) -> int:
        """A typed score as half points: "22.5" is 45; 20.3 and more than the full mark are refused."""
        number = exact(points)
        if number is None or number * 2 != int(number * 2) or not 0 <= number <= self.full:
            raise NotAHalfPoint(criterion=self.code, value=str(points), most=self.full)
        return int(number * 2)

    def wants_comment(self, halves: int) -> bool:
        """From 90 % of the full mark, and below 60 %, a score stands only with a comment."""
        share = halves * 100
        return share >= HIGH_PERCENT * self.full * 2 or share < LOW_PERCENT * self.full * 2


@cache
def of(set_: str) -> tuple[Criterion, ...]:
    """The criteria of one set, in the order of the article."""
    return tuple(
        Criterion(row["set"], row["code"], int(row["full"]), row["clause"], row["zh"], row["en"])
        for row in tables.read(__file__, "criteria.csv")
        if row["set"] == set_
    )
