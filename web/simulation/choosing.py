"""What somebody decides on purpose, form by form, where any valid answer would not make a year: days, criteria.

Whoever decides knows what the page of the task shows them: the papers of the case, and where its batch stands.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zlib import crc32

from bases import demo, register
from bases.cooperation import base_change, issue, own_base
from bases.demo import rows
from bases.verdicts import application, batch, batch_entry
from ground import clock
from ground.database import Session, reading
from ground.errors import Refused
from ground.people import Actor
from tasks.open_task import Work
from web.simulation import writing
from web.simulation.writing import Known

OFFICER, OFFICE = "chen.jing", "prov_officer"
LEAD, WINDOW = timedelta(days=30), timedelta(days=75)
IN_TIME = timedelta(days=40)  # who applies leaves the city that long before the batch closes
QUOTA, ROLLING = 10, 46
LEFT_LYING = timedelta(days=30)
PATIENCE = timedelta(days=180)  # for the last decisions of a campaign, before its results are announced without them
NEVER = date.max
# What is decided as a rule, and what now and then.
OUTCOMES = {
    "assessment-decision": ("pass", {"rectify": 0.12}),
    "examination": ("finished", {"unfinished": 0.2}),
    "objection-findings": ("rejected", {"upheld": 0.3, "partly": 0.2, "extend": 0.1}),
    "invitation": ("accept", {"decline": 0.01}),
    "objection-findings-again": ("rejected", {"upheld": 0.4}),
}
CONFIRMED, GROUNDS = "confirmed", ("g14b", "g14c")
CONFIRMS = 0.03  # of the assessments an officer confirms a ground of Article 14
REVOKES = 0.7  # of those where Article 14 leaves it open
# What comes late, how often, and by how many days at most; and what never comes.
LATE = {("annual-report", "fill"): (0.12, 25), ("city-report", "report"): (0.10, 12)}
OMITTED = {("rectification", "apply"): 0.15}
GROWS = (0.05, 0.04)  # the amounts of a base in a year, in the mean and its spread
MEETS, CHANGES = 0.02, 0.003  # of the named bases meet a difficulty, or have a new contact, in a week
MEETS_AT_LAST = 0.25  # in the last weeks of the story
APPLIES = 0.4  # of the bases without the name, in a year
BEGINS = (3, 4)  # a batch a year is planned in March, in April if the officer is away
SAMPLE = ("Simulated data, not a real paper", "Signed and stamped")


class NotRipe(Refused):
    """Whoever does this waits for what is still on its way; nothing was tried, and no door has refused anything."""

    code = "simulation.not_ripe"


def known(session: Session, subject: str, first: Mapping[str, Any], work: Work) -> Known:
    """What the page of a task shows, and NotRipe where that says to wait."""
    room = _room(session, subject) if work.item.form == "batch-ranking" else 0
    waited = clock.today() - clock.local_day(work.item.opened_at)
    if work.item.form == "campaign-results" and first["undecided"] and (waited < PATIENCE or not first["outcomes"]):
        raise NotRipe
    return Known(work.item.form, work.item.number, work.before, first, room)


def begun_with(form: str, first: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first values of a form; whoever applies without any figures on file begins with those of the base's story."""
    if form != "information" or "gross_output" in first:
        return first
    key = next(key for key, base in rows.bases().items() if base.name == first["base_name"])
    return {**demo.answers(key), **first}


def of(task: Known, given: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    """The answers of this form that are chosen, and none for most."""
    return _planned(task.form, clock.today()) or _decided(task, chance) or writing.of(task, given)


def paper(task: Known) -> list[str]:
    """What a paper says that is scanned for this task: a stamped form is of one version and of no other."""
    if task.form != "stamped-form":
        return [*SAMPLE]
    return [*SAMPLE, f"{crc32(task.number.encode())}-{len(task.sent)}"]


def whose(title: str, colleagues: Sequence[str]) -> str | None:
    """Which of the colleagues sees to what is about this base; None where nobody shares the work."""
    return colleagues[crc32(title.encode()) % len(colleagues)] if colleagues else None


def not_before(item: Any, seed: int) -> date:
    """The day from which somebody sees to this task at all: some reports come late, some applications never."""
    place = (item.process, item.element)
    if place not in LATE and place not in OMITTED:
        return date.min
    chance = Random(f"{seed}-{item.number}-{item.element}")  # noqa: S311  a story
    if place in OMITTED:
        return NEVER if chance.random() < OMITTED[place] else date.min
    share, days = LATE[place]
    late = item.due_on is not None and chance.random() < share
    return item.due_on + timedelta(days=chance.randint(1, days)) if late else date.min


def growth(title: str, seed: int) -> Decimal:
    """By what the amounts of this base have grown in the year that is reported now."""
    chance = Random(f"{seed}-{title}-{clock.today().year}")  # noqa: S311  a story
    return Decimal(str(round(1 + chance.gauss(*GROWS), 4)))


def begin_batch(by: Actor) -> bool:
    """Begin this year's batch of applications."""
    try:
        batch.begin(by=by, key=f"simulated-batch-{clock.today().year}")
    except Refused:
        return False
    return True


def apply(by: Actor, seed: int) -> int:
    """Apply for each base of this filler that may and wants to, while a batch is open for long enough; how many."""
    today = clock.today()
    with reading() as session:
        try:
            open_ = batch.open_on(session, today)
        except (batch.NoBatch, batch.NotOpen):
            return 0
        prospects = application.prospects(session, by)
    if open_.closes_on - today < IN_TIME:
        return 0
    able = [each.base for each in prospects if each.refused is None and each.open_case is None]
    return sum(_applied(base, by) for base in able if _wants(base.name, today.year, seed))


def report(by: Actor, seed: int, meets: float) -> int:
    """Register the difficulties and the changes that the named bases of this filler have this week; how many."""
    with reading() as session:
        mine = [each for each in register.bases_of(session, by) if each.status in own_base.NAMED]
    return sum(
        _reported(begin, base, by)
        for base in mine
        for begin, share in ((issue.begin, meets), (base_change.begin, CHANGES))
        if Random(f"{seed}-{base.name}-{clock.today()}-{begin.__module__}").random() < share  # noqa: S311  a story
    )


def _reported(begin: Callable[..., Any], base: Any, by: Actor) -> bool:
    try:
        begin(base.ref, by=by, key=f"simulated-{begin.__module__}-{base.ref}-{clock.today()}")
    except Refused:
        return False
    return True


def _room(session: Session, subject: str) -> int:
    """How many the batch may still propose; NotRipe while applications are on their way, and the list not whole."""
    found = batch.of_subject(session, subject)
    entries = batch_entry.of_batch(session, found.id)
    if any(each.state == batch_entry.UNDER_WAY and each.case_status != "closed" for each in entries):
        raise NotRipe
    return batch_entry.room(session, found) or 0


def _wants(name: str, year: int, seed: int) -> bool:
    return Random(f"{seed}-{name}-{year}").random() < APPLIES  # noqa: S311  a story


def _applied(base: Any, by: Actor) -> bool:
    try:
        application.begin(base.ref, by=by, key=f"simulated-{base.ref}-{clock.today()}")
    except Refused:
        return False
    return True


def _planned(form: str, today: date) -> dict[str, Any]:
    """The days and criteria of a batch and of a yearly assessment."""
    if form == "batch-plan":
        days = {"opens_on": (today + LEAD).isoformat(), "closes_on": (today + LEAD + WINDOW).isoformat()}
        return {"batch_year": today.year, "quota": QUOTA, "rolling": ROLLING, "criteria": "article10", **days}
    if form == "campaign-plan":
        days = {"opens_on": today.isoformat(), "closes_on": (today + LEAD + WINDOW).isoformat()}
        return {"campaign_year": today.year, "rolling": ROLLING, "criteria": "article12", "outcome": "open", **days}
    return {}


def _decided(task: Known, chance: Random) -> dict[str, Any]:
    """The outcomes of reviews and decisions: by what was found before, else by chance."""
    if task.form == "assessment-grounds":
        return {chance.choice(GROUNDS): CONFIRMED} if chance.random() < CONFIRMS else {}
    if task.form == "assessment-decision" and CONFIRMED in task.last("grounds").values():
        return {"outcome": "revoke" if chance.random() < REVOKES else "rectify"}
    if task.form == "revocation-decision":
        open_ = str(task.last("facts").get("ground", "")).startswith("14")
        return {"outcome": "keep" if open_ and chance.random() >= REVOKES else "revoke"}
    if task.form == "batch-decision":
        return {"others": "refuse"}
    return {"outcome": _drawn(*OUTCOMES[task.form], chance)} if task.form in OUTCOMES else {}


def _drawn(usual: str, seldom: Mapping[str, float], chance: Random) -> str:
    left = chance.random()
    for outcome, share in seldom.items():
        if left < share:
            return outcome
        left -= share
    return usual
