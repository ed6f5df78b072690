"""A batch of two hundred applications: from the end of its period through ranking, pack and meeting to the notice.

Goal of the work itself, all waiting left out: sixty seconds on either database.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pikepdf
from sqlalchemy import select

from bases import demo, register
from bases.documents import press
from bases.register import base
from bases.verdicts import batch, batch_entry, notice, pack
from engine.cases.case import create
from engine.definitions import current
from ground import clock, regions
from ground.database import Session, reading, transaction
from ground.ids import ref as new_ref
from ground.organs import body
from tasks import timers
from tests.bases import issuing
from tests.bench import house
from tests.bench.figures import Figure
from tests.conftest import MORNING
from tests.stories.test_batch import PLAN, Office, running
from web import shipped

APPLICATIONS = 200
QUOTA = 40
STEPS = ("close", "rank", "notice")


def measure() -> Iterator[Figure]:
    """The seconds of work on both databases."""
    for kind in house.KINDS:
        moment = [MORNING]
        before = clock.use(lambda now=moment: now[0])
        try:
            with house.laid(kind):
                with transaction() as session:
                    shipped.publish(session, clock.now())
                    demo.lay(session, clock.now())
                    demo.lay_papers(session, clock.now())
                took = dict(zip(STEPS, through(APPLICATIONS, moment), strict=True))
                pages, printing = _printed()
            yield Figure(f"a batch of 200 to its notice: {house.NAMES[kind]}", sum(took.values()))
            yield Figure(f"its pack for the meeting as PDF: {house.NAMES[kind]}", printing)
            assert pages > APPLICATIONS
        finally:
            clock.use(before)


def through(count: int, moment: list[datetime]) -> list[float]:
    """The seconds of work of each step, for so many applications; `moment` is where the clock stands."""
    issuing.staff()
    office = Office()
    office.announce(quota=QUOTA)
    with transaction() as session:
        _apply(session, office.row().id, count)
    moment[0] = clock.end_of(date.fromisoformat(PLAN["closes_on"]))
    places = []

    def close() -> None:
        timers.fire_due(clock.now())

    def rank() -> None:
        places.extend(office.first_places())
        office.rank()

    took = [_timed(each) for each in (close, rank, lambda: running(office))]
    with reading() as session:
        (published,) = notice.running(session, clock.today())
        listed = notice.bases_of(session, [published.id])[published.id]
    assert (len(places), len(listed)) == (count, min(count, QUOTA))
    return took


def _printed() -> tuple[int, float]:
    """Every volume of the pack that went to the meeting, as PDF: how many pages, and the seconds."""
    with reading() as session:
        number = session.scalar(select(batch.Batch.id))
        found = pack.of_batch(session, number)[0]
        volumes = [pack.volume(session, number, found.number, place + 1)[0] for place in range(found.parts)]
    began = time.perf_counter()
    printed = [press.pdf(each, draft=False) for each in volumes]
    took = time.perf_counter() - began
    return sum(len(pikepdf.open(BytesIO(each)).pages) for each in printed), took


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _apply(session: Session, number: int, count: int) -> None:
    """So many applications from all cities that wait for a list, no two with one average."""
    release, organ = current(session, "designation-case"), body(session, "sc-mofcom").id
    cities = itertools.cycle(sorted(place.code for place in regions.listed(session, "city")))
    for place, city in zip(range(count), cities, strict=False):
        name = f"测试基地{place + 1}"
        where = {"extent": base.WHOLE_CITY, "city": city, "county": None, "organ_id": organ}
        what = {"industry": "farm", "carriers": [], "feature": "茶叶", "hs_codes": [], "area_mu": None}
        facts = register.Facts(name=name, name_en=f"Base {place + 1}", sort_key=name, **where, **what)
        found = register.by_id(session, register.add(session, facts, clock.now()))
        case = create(session, _case(release, found, f"2026-测试-{place + 1:03}"))
        batch_entry.enter(session, number, case, found)
        batch_entry.amend(session, case, state=batch_entry.READY, average=9900 - 10 * place, spread=500, city_rank=1)


def _case(release: Any, found: Any, number: str) -> dict[str, Any]:
    kept = {"process_id": release.process_id, "release_id": release.release_id, "version_id": release.version_id}
    stands = {"status": "open", "rev": 0, "seq": 0, "head": "0" * 64, "state": b""}
    times = {"started_at": clock.now(), "started_by": None, "moved_at": clock.now()}
    about = {"subject": register.subject(found.id), "region": found.city, "organ_id": found.organ_id}
    return {"ref": new_ref(), "number": number, "title": found.name, **kept, **about, **stands, **times}
