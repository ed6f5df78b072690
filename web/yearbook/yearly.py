"""The calendar of a year: what opens, closes and falls due, each day with what fixes it and the page behind it."""

from collections.abc import Mapping

from flask import render_template, url_for

from bases.filing import template
from bases.verdicts import agenda
from bases.verdicts.agenda import Entry
from ground.database import reading
from web.door.language import _, pick
from web.words import dates, reporting
from web.words.catalogue import N_
from web.yearbook import years
from web.yearbook.blueprint import desk

WORDS: Mapping[str, str] = {
    "report": N_("%(duty)s（%(period)s）报送截止，已报%(reported)s／应报%(owed)s"),
    "batch.opens": N_("%(year)s年度认定申报开始"),
    "batch.closes": N_("%(year)s年度认定申报截止"),
    "campaign.opens": N_("%(year)s年度考核材料报送开始"),
    "campaign.closes": N_("%(year)s年度考核材料报送截止"),
    "notice.closes": N_("公示期满"),
    "rectification.ends": N_("%(base)s整改材料报送截止"),
}


@desk.get("/calendar/year")
def calendar() -> str:
    """The days of the year in their order; those that are over stand in grey."""
    year = years.asked()
    with reading() as store:
        found = agenda.of_year(store, year)
        say = reporting.Say(template.names(store))
    return render_template(
        "yearbook/pages/calendar.html",
        year=year,
        entries=found,
        words=lambda entry: _words(entry, say),
        address=lambda entry: url_for(entry.page[0], ref=entry.page[1] or None) if entry.page else "",
        kinds=dates.KINDS,
    )


def _words(entry: Entry, say: reporting.Say) -> str:
    facts = dict(entry.facts)
    if "duty" in facts:
        facts["duty"] = say.kind(facts["duty"])
    if "name" in facts:
        facts["base"] = pick(facts["name"], facts["name_en"])
    return _(WORDS[entry.what], **facts)
