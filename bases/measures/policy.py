"""Which policy is in force and what must be said of it: from the day after the period in its title, a banner."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import orjson


@dataclass(frozen=True)
class Policy:
    """A version of the measures. `dated_on` (成文日期) stays empty: the text shows only the day of printing."""

    id: str
    zh: str
    en: str
    number: str
    dated_on: date | None
    issued_on: date
    period_ends_on: date
    banner_zh: str
    banner_en: str


@dataclass(frozen=True)
class Banner:
    """What every page says of a policy whose period is over."""

    policy: str
    zh: str
    en: str


def banner(on: date) -> Banner | None:
    """The banner from the day after the period, else None."""
    policy = in_force(on)
    return Banner(policy.id, policy.banner_zh, policy.banner_en) if on > policy.period_ends_on else None


def in_force(on: date) -> Policy:
    """The newest policy issued by this day; before the first one, the first."""
    known = every()
    return next((policy for policy in reversed(known) if policy.issued_on <= on), known[0])


@cache
def every() -> tuple[Policy, ...]:
    """All versions, oldest first."""
    rows = orjson.loads(resources.files("bases.measures").joinpath("policies.json").read_bytes())
    return tuple(
        Policy(**{**row, **{name: _day(row[name]) for name in ("dated_on", "issued_on", "period_ends_on")}})
        for row in rows
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
