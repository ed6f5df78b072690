"""What an address of this desk asks for, read with care: what it does not know it leaves out."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import request

from tasks.analysis_scope import Filters

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
NUMBER = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
CITY = re.compile(r"[0-9]{4}", re.ASCII)
LONGEST = 120
SPANS = ("month", "quarter")
HEATS = ("count", "waiting", "working")


@dataclass(frozen=True)
class Asked:
    """The filters, the span of the trend, the heat of the diagram, and what is listed below a figure."""

    filters: Filters
    span: str = "month"
    heat: str = "count"
    what: str = ""
    of: str = ""
    after: int = 0

    @property
    def arguments(self) -> dict[str, Any]:
        """The filters for an address."""
        kept = {name: value for name, value in asdict(self.filters).items() if value}
        return {**kept, "span": self.span} if self.span != SPANS[0] else kept


def read(processes: Mapping[str, int]) -> Asked:
    """What this request asks for; without a process, the one with the most cases."""
    given = request.args
    process = given.get("process", "").strip()[:LONGEST] or next(iter(processes), "")
    filters = Filters(
        process=process,
        version=_if(NUMBER, given.get("version", "")),
        city=_if(CITY, given.get("city", "")),
        since=_if(MONTH, given.get("since", "")),
        until=_if(MONTH, given.get("until", "")),
        element=given.get("element", "").strip()[:LONGEST],
    )
    after = given.get("after", "")
    return Asked(
        filters,
        span=_one_of(SPANS, given.get("span", "")),
        heat=_one_of(HEATS, given.get("heat", "")),
        what=given.get("what", "")[:20],
        of=given.get("of", "")[:64],
        after=int(after) if NUMBER.fullmatch(after) else 0,
    )


def _if(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _one_of(known: tuple[str, ...], text: str) -> str:
    return text if text in known else known[0]
