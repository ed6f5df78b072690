"""What a city or a county has in its charge, for its home: its bases by what they owe, what is late, its first reviews.

A city sees its own figures beside the median of the province.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from bases.filing import duty, reported
from bases.filing.reported import Share
from bases.register.base import IN_THE_CITY
from bases.verdicts import board, matrix
from bases.verdicts.matrix import Matrix
from ground import clock
from ground.database import Session
from ground.people import Actor
from tasks import durations, figures
from web.door import session
from web.door.language import _
from web.reviewer.tiles import LATE, Shown

FIRST = "city"
LOOKS_AFTER = IN_THE_CITY | {"base_authority"}


@dataclass(frozen=True)
class Charge:
    """The matrix of this year with its tiles; for a city its cases in 初审 with their days, and its shares."""

    matrix: Matrix
    tiles: Sequence[Shown]
    reviews: Sequence[Any] = ()
    used: Mapping[int, int] = field(default_factory=dict)
    shares: Sequence["Beside"] = ()


@dataclass(frozen=True)
class Beside:
    """One figure of a city beside the province's median, in percent; `of` is what it is counted from."""

    title: str
    own: float
    median: float
    of: str


def of(store: Session, me: Actor) -> Charge | None:
    """This person's bases; None for whoever looks after none."""
    if not any(held.role in LOOKS_AFTER for held in me.held):
        return None
    today = clock.today()
    found = matrix.of(store, me, today.year, clock.now())
    if not any(held.role in IN_THE_CITY for held in me.held):
        return Charge(found, _tiles(found))
    reviews = figures.standing_at(store, me, board.STAGES[FIRST])
    ways = durations.ways(
        store, {row.case_id for row in reviews}, [FIRST], board.stage, clock.now(), session.visit().calendar
    )
    used = {case: way.days.get(FIRST, 0) for case, way in ways.items()}
    return Charge(found, _tiles(found), reviews, used, _beside(reported.shares(store, today.year), me))


def _beside(shares: Mapping[str, Share], me: Actor) -> list[Beside]:
    """已报率 and 退回率 of this person's own cities together, beside the median of all cities (同口径)."""
    own = {held.region for held in me.held if held.role in IN_THE_CITY}
    mine = [share for city, share in shares.items() if city in own]
    owed = sum(share.owed for share in mine)
    if not owed:
        return []
    titles = {"reported": _("已报率"), "returned": _("退回率")}
    return [
        Beside(
            title=title,
            own=100 * sum(getattr(share, name) for share in mine) / owed,
            median=statistics.median(100 * getattr(share, name) / share.owed for share in shares.values()),
            of=f"{sum(getattr(share, name) for share in mine)}/{owed}",
        )
        for name, title in titles.items()
    ]


def _tiles(found: Matrix) -> list[Shown]:
    missed = len(found.listed({duty.MISSED}))
    waiting = len(found.listed(matrix.NOT_IN))
    tiles = [Shown(_("尚未报送"), str(waiting), url_for("yearbook.owed", show="open"), "")] if found.kinds else []
    if missed:
        tiles.append(Shown(_("基地逾期未报送"), str(missed), url_for("yearbook.owed", show="missed"), LATE))
    return tiles
