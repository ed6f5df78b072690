"""What somebody decides on purpose, form by form, where any valid answer would not make a year: days, criteria."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from bases.documents.templates import BLANK
from bases.verdicts import application, batch
from ground import clock
from ground.database import reading
from ground.errors import Refused
from ground.people import Actor

OFFICER = "chen.jing"
WINDOW = timedelta(days=90)
# What is decided as a rule, what now and then, and how often.
OUTCOMES = {"assessment-decision": ("pass", "rectify", 0.12), "examination": ("finished", "unfinished", 0.3)}
DRAFTED = ("title", "main_text", "body", "copy_text")
VISITORS = ("孙磊", "朱青")
MARKET = ("policy", "quality", "property", "competition", "law", "other")
ASKED = {**{item: ["sc_market"] for item in MARKET}, "environment": ["sc_ecology"], "safety": ["sc_emergency"]}
APPLIES = 0.35  # of the bases without the name, in a year
BEGINS = 3  # a batch a year is planned on the first working day of March


def of(form: str, given: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    """The answers of this form that are chosen, and none for most."""
    if form in OUTCOMES:
        often, seldom, share = OUTCOMES[form]
        return {"outcome": seldom if chance.random() < share else often}
    return _planned(form, clock.today()) or _written(form, given)


def begin_batch(by: Actor) -> bool:
    """Begin this year's batch of applications."""
    try:
        batch.begin(by=by, key=f"simulated-batch-{clock.today().year}")
    except Refused:
        return False
    return True


def apply(by: Actor) -> int:
    """Apply for each base of this filler that may; how many began."""
    with reading() as session:
        prospects = application.prospects(session, by)
    able = [each for each in prospects if each.refused is None and each.open_case is None]
    begun = 0
    for each in able:
        if Random(f"{each.base.name}-{clock.today().year}").random() > APPLIES:  # noqa: S311  a story
            continue
        try:
            application.begin(each.base.ref, by=by, key=f"simulated-{each.base.ref}-{clock.today()}")
        except Refused:
            continue
        begun += 1
    return begun


def _planned(form: str, today: date) -> dict[str, Any]:
    """The days and criteria of a batch and of a yearly assessment."""
    closes = (today + WINDOW).isoformat()
    if form == "batch-plan":
        days = {"opens_on": (today + timedelta(days=7)).isoformat(), "closes_on": closes}
        return {"batch_year": today.year, "quota": 10, "rolling": 46, "criteria": "article10", **days}
    if form == "campaign-plan":
        year = {"campaign_year": today.year, "opens_on": today.isoformat(), "closes_on": closes}
        return {"rolling": 46, "criteria": "article12", "outcome": "open", **year}
    return {}


def _written(form: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Who visits, who is asked, what a draft says and to whom it goes."""
    if form == "visit-plan":
        return {"team": [{"name": name, "unit": "四川省商务厅"} for name in VISITORS]}
    if form == "visit-record":
        return {"present": [{**given["present"][0], "name": name} for name in VISITORS]}
    if form == "draft":
        texts = {name: BLANK.sub("（模拟）", given[name]) for name in DRAFTED if given.get(name)}
        return {**texts, "main": given.get("main") or ["cities_commerce"]}
    return ASKED if form == "consultation-request" else {}
