"""The script of the demo's first weeks: bases/demo/play.json, read into acts with their days and answers.

Days count working days before the demo opens: -38 is 38 working days earlier. In answers, "@-30" is such a day as a
date, "{year}" the year of the first day, {"file": "name.pdf"} a sample paper of that name, {"$": "name"} the answers
of that name from the head of the script, and `rows` what every row that a list shows at first is given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson

import bases.demo
from ground import clock
from ground.calendar import Calendar

DAY = re.compile(r"@(-?\d+)")
OFFICE_OPENS = time(9)
PACE = timedelta(minutes=7)
LAST = 60  # the furthest day that an answer may name
KINDS = frozenset({"begin", "apply", "do", "each", "claim", "send", "draft", "object"})


@dataclass(frozen=True)
class Act:
    """One thing that one person does: `what` the process, base, element or message; `on` the case, by its name."""

    number: int
    moment: datetime
    kind: str
    what: str
    on: str
    by: str = ""
    answers: Any = field(default_factory=dict)


@cache
def script() -> Mapping[str, Any]:
    """The file as it stands: `first` day, named `answers`, and the `acts`."""
    found: Mapping[str, Any] = orjson.loads((Path(bases.demo.__file__).parent / "play.json").read_bytes())
    return found


def first_day(calendar: Calendar, opens: date) -> date:
    """The day on which the play begins, if the demo opens on that one."""
    return calendar.add_working_days(opens, script()["first"])


def acts(calendar: Calendar, opens: date) -> list[Act]:
    """Every act in its order; those of one day follow one another by some minutes."""
    days = {number: calendar.add_working_days(opens, number) for number in range(script()["first"], LAST + 1)}
    found: list[Act] = []
    pace = 0
    for number, written in enumerate(script()["acts"]):
        pace = pace + 1 if number and written["day"] == script()["acts"][number - 1]["day"] else 0
        moment = datetime.combine(days[written["day"]], OFFICE_OPENS, clock.SHANGHAI) + pace * PACE
        (kind,) = written.keys() & KINDS
        given = _filled(written.get("answers", {}), days)
        found.append(Act(number, moment, kind, written[kind], written.get("on", ""), written.get("by", ""), given))
    return found


def _filled(given: Any, days: Mapping[int, date]) -> Any:
    """Named answers looked up, days and years put in."""
    if isinstance(given, list):
        return [_filled(each, days) for each in given]
    if isinstance(given, dict):
        named = script()["answers"][given["$"]] if "$" in given else {}
        return {name: _filled(value, days) for name, value in {**named, **given}.items() if name != "$"}
    if not isinstance(given, str):
        return given
    if (day := DAY.fullmatch(given)) is not None:
        return days[int(day[1])].isoformat()
    return given.replace("{year}", str(min(days.values()).year))
