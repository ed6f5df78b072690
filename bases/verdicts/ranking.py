"""The order of a batch by its averages, with the quota line; who stands equal at the line is for a person to decide.

Article 4 lets the department fix how many are designated and gives no rule for equals, so this makes none:
R-4.2 wants the tie shown, and whoever is taken out of the order has a written reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ground.errors import Refused

PROPOSED, RESERVE, NONE = "proposed", "reserve", "none"


class TieUndecided(Refused):
    """Applications with the same average stand on both sides of the quota line, and nobody has said which go over."""

    code = "ranking.tie_undecided"
    status = 422


class ReasonMissing(Refused):
    """Somebody was taken out of the order, or one of equals was chosen, without a reason."""

    code = "ranking.reason_missing"
    status = 422


class OverQuota(Refused):
    """More are proposed than the batch designates."""

    code = "ranking.over_quota"
    status = 422


class BelowPassMark(Refused):
    """Whoever did not reach the pass mark is not proposed."""

    code = "ranking.below_pass_mark"
    status = 422


@dataclass(frozen=True)
class Candidate:
    """One application with its average in hundredths of a point of 100, and the place its city gave it, if any."""

    case: int
    average: int
    city_rank: int | None = None


@dataclass(frozen=True)
class Place:
    """Where an application stands; equals share a rank, and `listed` is None for equals at the line, undecided."""

    case: int
    average: int
    rank: int
    listed: str | None
    tied: bool
    reason: str = ""


@dataclass(frozen=True)
class Choice:
    """What a person said of one application: on which list it goes, and why."""

    listed: str
    reason: str


def rank(candidates: Sequence[Candidate], quota: int | None, pass_mark: int) -> list[Place]:
    """The highest average first, 1, 2, 2, 4; over the line while the quota reaches, `pass_mark` in hundredths.

    Equals are shown in the order that their cities gave them, which decides nothing. Five of eight who pass under a
    quota of five: 5 proposed, 3 in reserve; if the fifth and the sixth are equal, both wait for a person.
    """
    order = sorted(candidates, key=lambda each: (-each.average, each.city_rank or len(candidates) + 1, each.case))
    passing = [each.average for each in order if each.average >= pass_mark]
    room = len(passing) if quota is None else quota
    at_the_line = passing[room - 1] if 0 < room < len(passing) and passing[room - 1] == passing[room] else None
    firsts: dict[int, int] = {}
    shared: dict[int, int] = {}
    for number, each in enumerate(order, start=1):
        firsts.setdefault(each.average, number)
        shared[each.average] = shared.get(each.average, 0) + 1
    return [
        Place(
            each.case,
            each.average,
            firsts[each.average],
            _listed(number, each.average, room, pass_mark, at_the_line),
            tied=shared[each.average] > 1,
        )
        for number, each in enumerate(order)
    ]


def choose(places: Sequence[Place], quota: int | None, pass_mark: int, choices: Mapping[int, Choice]) -> list[Place]:
    """The ranking as a person settles it; nobody is moved, and no tie decided, without a reason."""
    settled = [_settled(each, choices.get(each.case), pass_mark) for each in places]
    undecided = [each.case for each in settled if each.listed is None]
    if undecided:
        raise TieUndecided(cases=undecided)
    proposed = sum(each.listed == PROPOSED for each in settled)
    if quota is not None and proposed > quota:
        raise OverQuota(quota=quota, proposed=proposed)
    return settled


def _listed(number: int, average: int, room: int, pass_mark: int, at_the_line: int | None) -> str | None:
    if average < pass_mark:
        return NONE
    if average == at_the_line:
        return None
    return PROPOSED if number < room else RESERVE


def _settled(place: Place, choice: Choice | None, pass_mark: int) -> Place:
    if choice is None or choice.listed == place.listed:
        return place
    if choice.listed == PROPOSED and place.average < pass_mark:
        raise BelowPassMark(case=place.case)
    if not choice.reason.strip():
        raise ReasonMissing(case=place.case)
    return replace(place, listed=choice.listed, reason=choice.reason.strip())
