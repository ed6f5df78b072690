"""The reports of a year (Article 8): begun on 10 January for every base with a valid name, every city, the province.

Each begins once for its year, also where last year's is still open; asking again begins none. After 15 February none
begins by itself: what is owed by a day that has passed would be late before anybody was asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases import register
from bases.filing import duty
from bases.register import base as bases, title
from engine import cases
from engine.cases import Beginning
from ground import almanac, clock, deadlines, organs, parameters, regions
from ground.database import Session
from ground.errors import Forbidden, Refused
from ground.people import Actor

OFFICER = "prov_officer"
BEGINS_ON = "report.begins_on"
PROCESSES = {duty.ANNUAL: "annual-report", duty.CITY: "city-report", duty.MINISTRY: "ministry-report"}


class NotNow(Refused):
    """The reports of a year are begun in the first weeks of the next, up to the day on which they are due."""

    code = "yearly.not_now"


@dataclass(frozen=True)
class Round:
    """One year's reports: what is owed and by whom, whether it has begun or not."""

    year: int
    bases: Sequence[Record[Any]]
    titles: dict[int, frozenset[str]]


@almanac.begins("yearly-reports")
def when_due(session: Session, today: date) -> int:
    """Begin this year's reports from their day on; 0 before it, and after the day on which they are due."""
    first = almanac.day_of(parameters.value(session, BEGINS_ON, today).value, today.year)
    if not first <= today <= _due_on(session, today):
        return 0
    return _begin(session, today)


def by_hand(session: Session, by: Actor) -> int:
    """The same when an officer of the department says so, also before 10 January; how many were asked for."""
    if not by.has(OFFICER):
        raise Forbidden(needs=OFFICER)
    today = clock.today()
    if today > _due_on(session, today):
        raise NotNow(due_on=_due_on(session, today).isoformat())
    return _begin(session, today)


def owing(session: Session, on: date, cities: Sequence[str] | None = None) -> Round:
    """Every base that owes a report in the year of this day: any valid name, provincial or national."""
    named = register.holding(session, on, cities)
    return Round(on.year - 1, [row for row, _kinds in named], {row.id: kinds for row, kinds in named})


def _begin(session: Session, today: date) -> int:
    found = owing(session, today)
    begun = {kind: duty.of_period(session, kind, str(found.year)) for kind in PROCESSES}
    fresh = [
        one
        for kind, one in (*_of_bases(found), *_of_cities(session, found), *_of_the_province(session, found))
        if one.subject not in begun[kind]
    ]
    return sum(cases.ask(session, one) for one in fresh)


def _of_bases(found: Round) -> Iterator[tuple[str, Beginning]]:
    for row in found.bases:
        yield (
            duty.ANNUAL,
            Beginning(
                process=PROCESSES[duty.ANNUAL],
                subject=subject(row.id),
                region=row.county or row.city,
                organ=row.organ_id,
                title=f"{row.name}{found.year}年度总结和{found.year + 1}年工作安排",
                key=str(found.year),
                data={"whole_city": row.extent == bases.WHOLE_CITY},
                alone=False,
            ),
        )


def _of_cities(session: Session, found: Round) -> Iterator[tuple[str, Beginning]]:
    codes = sorted({row.city for row in found.bases})
    places = regions.named(session, set(codes)) if codes else {}
    for code in codes:
        yield (
            duty.CITY,
            Beginning(
                process=PROCESSES[duty.CITY],
                subject=city_subject(code),
                region=code,
                organ=organs.body(session, f"city-{code}").id,
                title=f"{places[code].name}外贸转型升级基地{found.year}年度总结和{found.year + 1}年工作安排",
                key=str(found.year),
                alone=False,
            ),
        )


def _of_the_province(session: Session, found: Round) -> Iterator[tuple[str, Beginning]]:
    if any(title.NATIONAL in kinds for kinds in found.titles.values()):
        yield (
            duty.MINISTRY,
            Beginning(
                process=PROCESSES[duty.MINISTRY],
                subject=f"province:{regions.PROVINCE}",
                region=regions.PROVINCE,
                organ=organs.body(session, "sc-mofcom").id,
                title=f"国家外贸转型升级基地{found.year}年度总结",
                key=str(found.year),
                alone=False,
            ),
        )


def subject(base_id: int) -> str:
    """How a case names the base it is about, and a duty whoever owes it."""
    return register.subject(base_id)


def city_subject(code: str) -> str:
    """How a case names the city it is about."""
    return f"city:{code}"


def _due_on(session: Session, today: date) -> date:
    return deadlines.due(session, "summary", clock.start_of(date(today.year, 1, 1)), today.year).on
