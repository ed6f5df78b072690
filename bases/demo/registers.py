"""The registers of a few bases of the demo, entered by the persons of the story; counts agree with what they filed."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import orjson
from sqlalchemy import select

from bases import register
from bases.demo import rows
from bases.demo.answers import answers
from bases.demo.rows import DemoBase
from bases.register import ledgers
from bases.register.ledgers.entry import LedgerEntry
from ground import organs, people
from ground.clock import local_day
from ground.database import Session
from ground.people import Person

KEEPERS = {"B042": "liu.min", "B045": "tang.hao", "B011": "wu.jie", "B001": "song.ying"}
TIERS = ("leading", "backbone", "backbone", "supporting")
YEAR = re.compile(r"Y([01])")
BUILT = "2021"
USED = (36, 210)


def lay_registers(session: Session, now: datetime) -> None:
    """Enter them in a house that has none; a second time nothing is changed."""
    if session.scalar(select(LedgerEntry.id).limit(1)):
        return
    bases = {row.name: row.ref for row in session.execute(select(register.Base.name, register.Base.ref))}
    house = Entering(session, now, {key: bases[base.name] for key, base in rows.bases().items()})
    for key, login in KEEPERS.items():
        for code, given in _listed(rows.bases()[key]):
            house.add(code, house.refs[key], login, given)
    for one in orjson.loads(resources.files("bases.demo").joinpath("registers.json").read_bytes()):
        house.lay(one)


class Entering:
    """Entering things as persons of the story, on one day."""

    def __init__(self, session: Session, now: datetime, refs: Mapping[str, str]) -> None:
        self.session, self.now, self.refs = session, now, refs

    def lay(self, one: Mapping[str, Any]) -> None:
        """One line of the file, with its visits and its publication."""
        given = self._said(one["answers"])
        if "giver" in given:
            given["giver"] = organs.body(self.session, given["giver"]).ref
        if "bases" in given:
            given["bases"] = [self.refs[key] for key in given["bases"]]
        at = self._place(one)
        ref = self.add(one["register"], at, one["by"], given)
        for day in one.get("visits", ()):
            visited = (local_day(self.now) - timedelta(days=int(day.removeprefix("D-")))).isoformat()
            visit = {
                "key_enterprise": ref,
                "visited_on": visited,
                "way": "on_site",
                "title": "了解订单和用工情况（演示）",
            }
            self.add("visit", at, one["by"], visit)
        if "publish" in one:
            ledgers.publish(self.session, ref, 1, self._by(one["publish"]))

    def add(self, code: str, at: str, login: str, given: Mapping[str, Any]) -> str:
        """One entry; its ref."""
        return ledgers.add(self.session, code, at, given, self._by(login))

    def _by(self, login: str) -> ledgers.By:
        person = self.session.scalar(select(Person.id).where(Person.login == login))
        return ledgers.By(people.actor(self.session, person, local_day(self.now)), self.now)

    def _place(self, one: Mapping[str, Any]) -> str:
        if "base" in one:
            return self.refs[one["base"]]
        return organs.body(self.session, one["organ"]).ref if "organ" in one else str(one.get("city", "province"))

    def _said(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Y0 is this year and Y1 the last one."""
        year = local_day(self.now).year
        whole = YEAR.sub(lambda found: str(year - int(found[1])), orjson.dumps(given).decode())
        return dict(orjson.loads(whole))


def _listed(base: DemoBase) -> Iterator[tuple[str, dict[str, Any]]]:
    """Enterprises and platforms as the base's own form names them, so that the counts agree with it."""
    filed = answers(base.key)
    brands = filed["global_brand_count"]["y1"]
    for place, row in enumerate(rows.enterprises()[base.key]):
        tier = TIERS[min(place, len(TIERS) - 1)]
        known = {"name": row["name"], "nature": row["nature"], "main_business": row["main_business"], "tier": tier}
        yield "enterprise", {**known, "global_brand": place < brands, "since": "2018", "customs_credit": "registered"}
    for place, row in enumerate(filed["service_platforms"]["y1"]["rows"]):
        used = [{"in_year": "2025", "users": USED[0], "uses": USED[1], "cost": "18.5"}] if place == 0 else []
        known = {"name": row["name"], "kind": row["type"], "operator": f"{base.name}基地运营服务中心（演示）"}
        yield "platform", {**known, "since": BUILT, "cost": "260", "usage": used}
