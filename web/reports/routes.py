"""The tables of reports: by base and duty, by city; and the button with which an officer begins those of a year."""

from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bases.filing import reported, template, yearly
from bases.register.base import IN_THE_CITY
from ground import clock, regions
from ground.database import reading, transaction
from ground.errors import Missing
from web.door import said, session
from web.door.rights import Desk, Place, Route
from web.reports import statistics  # noqa: F401  its routes hang on the same desk
from web.reports.blueprint import desk
from web.reports.told import TOLD
from web.words import reporting
from web.words.catalogue import N_

OFFICERS = frozenset({"prov_officer"})
PROVINCE = OFFICERS | {"prov_division_head", "prov_leader", "supervisor", "auditor", "prov_checker"}
BELOW = IN_THE_CITY | {"base_authority", "base_filler"}
FIRST_YEAR, LAST_YEAR = 2020, 2100


@desk.get("/reports")
def listed() -> str:
    """By base and duty for whoever is below the province; by city for the province."""
    me, now, year = session.actor(), clock.now(), _year()
    with reading() as store:
        if not any(held.role in PROVINCE for held in me.held):
            shown = reported.table(store, me, year, now)
            say = reporting.Say(template.names(store))
            return render_template("reports/pages/table.html", table=shown, place=None, say=say)
        say = reporting.Say(template.names(store))
        kinds, cities, digest = reported.by_city(store, year, now)
    may_begin = me.has("prov_officer") and year == clock.today().year
    return render_template(
        "reports/pages/cities.html",
        year=year,
        kinds=kinds,
        province=regions.PROVINCE,
        cities=cities,
        digest=digest,
        say=say,
        may_begin=may_begin,
    )


@desk.get("/reports/cities/<code>")
def city(code: str) -> str:
    """One city by base and duty, for the province and for the city itself."""
    me, now = session.actor(), clock.now()
    own = {held.region for held in me.held if held.role in IN_THE_CITY}
    with reading() as store:
        place = regions.find(store, code)
        if place is None or place.level != "city":
            raise Missing(city=code)
        if not any(held.role in PROVINCE for held in me.held) and code not in own:
            raise Missing(city=code)
        shown = reported.table(store, me, _year(), now, code)
        say = reporting.Say(template.names(store))
    return render_template("reports/pages/table.html", table=shown, place=place, say=say)


@desk.post("/reports")
def begin() -> Answer:
    """Begin this year's reports now; what has begun already stays as it is."""
    with transaction() as store:
        begun = yearly.by_hand(store, session.actor())
    answer: Answer = redirect(url_for("reports.listed"), 303)
    said.tell(answer, "reports.begun", number=str(begun))
    return answer


def _year() -> int:
    """The year in whose course the duties fall due: this one, unless another is asked for."""
    text = request.args.get("year", "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == len("2026") else clock.today().year
    return min(max(asked, FIRST_YEAR), date(LAST_YEAR, 1, 1).year)


DESK = Desk(
    blueprint=desk,
    routes=(
        Route("reports.listed", "GET", PROVINCE | BELOW),
        Route("reports.city", "GET", PROVINCE | IN_THE_CITY),
        Route("reports.begin", "POST", OFFICERS),
        Route("reports.figures", "GET", PROVINCE | BELOW),
        Route("reports.of_base", "GET", PROVINCE | BELOW),
        Route("reports.correct", "POST", OFFICERS),
        Route("reports.templates", "GET", OFFICERS),
        Route("reports.draw", "POST", OFFICERS),
        Route("reports.fix", "POST", OFFICERS),
    ),
    codes={
        "reports.begun": N_("已发起年度报送%(number)s件，随后出现在各单位的待办中。"),
        "statistics.corrected": N_("已更正，原数保留在各版数据中。"),
        "template.drawn": N_("报表已建立，从本期起按期发起。"),
        "template.fixed": N_("已按通知确定报送日，从本期起为通知时限。"),
    },
    places=(Place("reports.listed", N_("报送"), 57), Place("reports.figures", N_("统计"), 58)),
    told=TOLD,
)
