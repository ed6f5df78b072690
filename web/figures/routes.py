"""Who may see which figures: the province all, a city its own and the province as a whole, a base its own."""

from bases.register.base import EVERYWHERE, IN_THE_CITY
from web.door.rights import Desk, Place, Route
from web.figures import behind, goals, tables  # noqa: F401  its routes hang on the same desk
from web.figures.blueprint import desk
from web.words.catalogue import N_
from web.words.told import act

READERS = EVERYWHERE | IN_THE_CITY | {"base_authority", "base_filler"}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("figures.goals", "GET", READERS),
        Route("figures.goals_file", "GET", READERS),
        Route("figures.table", "GET", READERS),
        Route("figures.table_file", "GET", READERS),
        Route("figures.chart", "GET", READERS),
        Route("figures.of_base", "GET", READERS),
        Route("figures.correct", "POST", frozenset({"prov_officer"})),
    ),
    codes={"figures.corrected": N_("已更正，原数保留在各版数据中。")},
    places=(Place("figures.goals", N_("数据"), 59),),
    told={"figures.corrected": act(N_("更正审定数：%(item)s由%(old)s改为%(new)s"))},
)
