"""What a city or a county has in its charge, for its home: its bases by what they owe, and how many are late."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from bases.filing import duty
from bases.register.base import IN_THE_CITY
from bases.verdicts import matrix
from bases.verdicts.matrix import Matrix
from ground import clock
from ground.database import Session
from ground.people import Actor
from web.door.language import _
from web.reviewer.tiles import LATE, Shown

LOOKS_AFTER = IN_THE_CITY | {"base_authority"}


@dataclass(frozen=True)
class Charge:
    """The matrix of this year and the tiles that are counted from it."""

    matrix: Matrix
    tiles: Sequence[Shown]


def of(store: Session, me: Actor) -> Charge | None:
    """This person's bases; None for whoever looks after none."""
    if not any(held.role in LOOKS_AFTER for held in me.held):
        return None
    today = clock.today()
    found = matrix.of(store, me, today.year, clock.now())
    return Charge(found, _tiles(found))


def _tiles(found: Matrix) -> list[Shown]:
    missed = len(found.listed({duty.MISSED}))
    waiting = len(found.listed(matrix.NOT_IN))
    tiles = [Shown(_("尚未报送"), str(waiting), url_for("yearbook.owed", show="open"), "")] if found.lines else []
    if missed:
        tiles.append(Shown(_("基地逾期未报送"), str(missed), url_for("yearbook.owed", show="missed"), LATE))
    return tiles
