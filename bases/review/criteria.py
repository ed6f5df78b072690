"""What is scored and how: the criteria of Article 10 or 12, full marks, half points, when a score needs a comment.

The text names the criteria and no weights: the full marks are «文件未规定,系统默认». (6) of Article 10 is a condition
of admission, never a score; (7) of Article 12 comes with a suggested score, which experts may change.
"""

from dataclasses import dataclass
from functools import cache

from bases.filing.figures import exact
from bases.measures import tables
from ground.errors import Refused

ARTICLE_10, ARTICLE_12 = "article10", "article12"
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


def set_of(name: str | None) -> str:
    """The set that a review goes by: that of Article 10 where nothing else was said."""
    return ARTICLE_12 if name == ARTICLE_12 else ARTICLE_10


@cache
def of(set_: str) -> tuple[Criterion, ...]:
    """The criteria of one set, in the order of the article."""
    return tuple(
        Criterion(row["set"], row["code"], int(row["full"]), row["clause"], row["zh"], row["en"])
        for row in tables.read(__file__, "criteria.csv")
        if row["set"] == set_
    )
