"""Who may see what of the year."""

from bases.register.base import EVERYWHERE, IN_THE_CITY
from web.door.rights import Desk, Route
from web.yearbook import owed  # noqa: F401  its routes hang on the same desk
from web.yearbook.blueprint import desk

BELOW = IN_THE_CITY | {"base_authority", "base_filler"}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("yearbook.owed", "GET", EVERYWHERE | BELOW),
        Route("yearbook.owed_file", "GET", EVERYWHERE | BELOW),
    ),
)
