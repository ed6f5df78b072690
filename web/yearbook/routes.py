"""Who may see what of the year."""

from bases.register.base import EVERYWHERE, IN_THE_CITY
from web.door.rights import Desk, Route
from web.yearbook import owed, recusals, reports, stages, yearly  # noqa: F401  its routes hang on the same desk
from web.yearbook.blueprint import desk

BELOW = IN_THE_CITY | {"base_authority", "base_filler"}

DESK = Desk(
    blueprint=desk,
    routes=(
        Route("yearbook.owed", "GET", EVERYWHERE | BELOW),
        Route("yearbook.owed_file", "GET", EVERYWHERE | BELOW),
        Route("yearbook.report", "GET", EVERYWHERE | IN_THE_CITY),
        Route("yearbook.recusals", "GET", frozenset({"prov_checker", "auditor", "supervisor"})),
        Route("yearbook.calendar", "GET", EVERYWHERE),
        Route("yearbook.of_batch", "GET", stages.OFFICE | stages.CITY),
        Route("yearbook.batch_file", "GET", stages.OFFICE | stages.CITY),
        Route("yearbook.of_campaign", "GET", stages.ASSESSED | stages.CITY),
        Route("yearbook.campaign_file", "GET", stages.ASSESSED | stages.CITY),
    ),
)
