"""Who may see which figures: the province all, a city its own and the province as a whole, a base its own."""

from bases.register.base import EVERYWHERE, IN_THE_CITY
from web.door.rights import Desk, Place, Route
from web.figures import goals  # noqa: F401  its routes hang on the same desk
from web.figures.blueprint import desk
from web.words.catalogue import N_

READERS = EVERYWHERE | IN_THE_CITY | {"base_authority", "base_filler"}

DESK = Desk(
    blueprint=desk,
    routes=(Route("figures.goals", "GET", READERS),),
    places=(Place("figures.goals", N_("数据"), 59),),
)
