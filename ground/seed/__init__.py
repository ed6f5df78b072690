"""What every installation begins with: regions, organs, the calendar and the parameters with their clauses.

`lay` may run at every start: it adds what is missing and what became official, and never undoes a change made since.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert, select

from ground import calendar, ids, organs, parameters, pinyin
from ground.calendar import CalendarDay, KnownDay
from ground.database import Session
from ground.organs import Organ
from ground.parameters import Parameter, Setting
from ground.regions import Region

FOLDER = Path(__file__).parent
FIRST_DAY = date(2019, 1, 1)
LAST_DAY = date(2028, 12, 31)
PROVISIONAL_FROM = date(2027, 1, 1)
# The measures were printed and issued on this day.
RULES_FROM = date(2020, 6, 9)
WEEKEND = 5


def lay(session: Session) -> None:
    """Write what is not there yet."""
    _lay_regions(session)
    _lay_organs(session)
    _lay_calendar(session)
    _lay_parameters(session)


def days() -> Iterator[KnownDay]:
    """Every day from 2019 to 2028: the list of free and make-up days over plain weeks."""
    listed = {date.fromisoformat(row["day"]): row for row in _rows("calendar.csv")}
    for day in (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)):
        row = listed.get(day)
        source = "provisional" if day >= PROVISIONAL_FROM else "official"
        if row:
            yield KnownDay(day, row["is_workday"] == "1", row["name"], row["source"], row["note"])
        else:
            yield KnownDay(day, day.weekday() < WEEKEND, source=source)


def terms() -> Iterator[Parameter]:
    """Every parameter as the house begins with it."""
    return (_parameter(row) for row in _rows("parameters.csv"))


def _lay_regions(session: Session) -> None:
    known = set(session.execute(select(Region.code)).scalars())
    _insert(session, Region, [_region(row) for row in _rows("regions.csv") if row["code"] not in known])


def _region(row: dict[str, str]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name"],
        "name_en": row["name_en"],
        "level": row["level"],
        "parent": row["parent"] or None,
        "zone": row["zone"] or None,
        "sort_key": pinyin.key(row["name"]),
    }


def _lay_organs(session: Session) -> None:
    known: dict[str, int] = {row.code: row.id for row in session.execute(select(Organ.code, Organ.id))}
    for level in ("", "sc-mofcom", "city-"):
        missing = [r for r in _rows("organs.csv") if r["code"] not in known and _is_below(r["parent"], level)]
        _insert(session, Organ, [_organ(row, known) for row in missing])
        known = {row.code: row.id for row in session.execute(select(Organ.code, Organ.id))} if missing else known
        for row in missing:
            if row["valid_to"]:
                last, successor = date.fromisoformat(row["valid_to"]), known.get(row["successor"])
                organs.end(session, known[row["code"]], last, successor)


def _is_below(parent: str, level: str) -> bool:
    return parent.startswith(level) if level else not parent


def _organ(row: dict[str, str], known: dict[str, int]) -> dict[str, Any]:
    return {
        "ref": ids.ref(),
        "code": row["code"],
        "name": row["name"],
        "name_en": row["name_en"],
        "kind": row["kind"],
        "region": row["region"],
        "parent_id": known[row["parent"]] if row["parent"] else None,
        "sort_key": pinyin.key(row["name"]),
        "valid_from": date.fromisoformat(row["valid_from"]),
    }


def _lay_calendar(session: Session) -> None:
    official = CalendarDay.source == "official"
    kept = {row.day for row in session.execute(select(CalendarDay.day).where(official))}
    provisional = {row.day for row in session.execute(select(CalendarDay.day).where(~official))}
    wanted = (one for one in days() if one.day not in kept)
    calendar.put(session, (one for one in wanted if one.source == "official" or one.day not in provisional))


def _lay_parameters(session: Session) -> None:
    known = set(session.execute(select(Setting.key).distinct()).scalars())
    parameters.add(session, (one for one in terms() if one.key not in known))


def _parameter(row: dict[str, str]) -> Parameter:
    return Parameter(
        key=row["key"],
        value=orjson.loads(row["value"]),
        unit=row["unit"],
        clause=row["clause"] or None,
        kind=row["kind"],
        valid_from=RULES_FROM,
        valid_to=None,
    )


def _insert(session: Session, table: type[Region | Organ], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
