"""What somebody decides on purpose, form by form, where any valid answer would not make a year: days, criteria."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any

from bases.verdicts import application, batch
from ground import clock
from ground.database import reading
from ground.errors import Refused
from ground.people import Actor

OFFICER = "chen.jing"
WINDOW = timedelta(days=90)
# What is decided as a rule, what now and then, and how often.
OUTCOMES = {"assessment-decision": ("pass", "rectify", 0.12), "examination": ("finished", "unfinished", 0.3)}
BEGINS = 3  # a batch a year is planned on the first working day of March


def of(form: str, given: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    """The answers of this form that are chosen, and none for most."""
    if form in OUTCOMES:
        often, seldom, share = OUTCOMES[form]
        return {"outcome": seldom if chance.random() < share else often}
    if form == "draft" and not given.get("main"):
        return {"main": ["cities_commerce"]}
    today = clock.today()
    if form == "batch-plan":
        days = {"opens_on": (today + timedelta(days=7)).isoformat(), "closes_on": (today + WINDOW).isoformat()}
        return {"batch_year": today.year, "quota": 4, "rolling": 46, "criteria": "article10", **days}
    if form == "campaign-plan":
        days = {"opens_on": today.isoformat(), "closes_on": (today + WINDOW).isoformat()}
        return {"campaign_year": today.year, "rolling": 46, "criteria": "article12", "outcome": "open", **days}
    return {}


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
        try:
            application.begin(each.base.ref, by=by, key=f"simulated-{each.base.ref}-{clock.today()}")
        except Refused:
            continue
        begun += 1
    return begun
