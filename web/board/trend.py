"""This week against last: how much stood stuck on the last two Mondays, by the figures that the circulars keep."""

from dataclasses import dataclass
from datetime import date, timedelta

from bases.cooperation import circular
from ground import clock
from ground.database import Session
from ground.people import Actor
from web.door.language import _

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Trend:
    """The newest figure: of which circular, of which day, how many, and how that stands to the week before."""

    ref: str
    on: date
    n: int
    against: str


def of(store: Session, me: Actor) -> Trend | None:
    """The figures of the whole province, for whoever may read them; a week without a circular is compared with none."""
    if not any(held.role in circular.READERS and held.organ_kind == "province" for held in me.held):
        return None
    rows = circular.listed(store, me, 2)
    if not rows:
        return None
    n = int(rows[0].figures["stuck"]["all"])
    follows = len(rows) > 1 and rows[0].first_on - rows[1].first_on == WEEK
    more = n - int(rows[1].figures["stuck"]["all"]) if follows else None
    return Trend(rows[0].ref, clock.local_day(rows[0].drafted_at), n, _against(more))


def _against(more: int | None) -> str:
    if more is None:
        return ""
    if more == 0:
        return _("与上周持平")
    return _("比上周多%(n)s件", n=more) if more > 0 else _("比上周少%(n)s件", n=-more)
