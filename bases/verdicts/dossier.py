"""The file that the system gathers of a base before its assessment: reports, registers, figures, events, last year.

It is frozen when the material has come up, so that experts, rechecker and leader look at the same. It holds facts and
one suggested score, for Article 12(7); everything else is judged by people.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases.filing import values
from bases.measures import indicators
from bases.review import criteria
from bases.verdicts import assessment, punctuality
from ground import parameters
from ground.database import Session

SEVENTH = "a7"
YEARS = 3
# Article 12(4): what is drawn over three years beside the material; from the values that were filed.
SHOWN = ("I01", "I02", "I03", "I07", "I12", "I19")

Section = Callable[[Session, int, int], Sequence[Mapping[str, Any]]]
_sections: dict[str, Section] = {}


def section(name: str) -> Callable[[Section], Section]:
    """Register what adds rows to the file: of a base and a year, as codes and values."""

    def register(function: Section) -> Section:
        _sections[name] = function
        return function

    return register


def gather(session: Session, row: Record[Any], material: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The whole file as it is today; `material` is what the base sent."""
    reports = reported(session, row, on)
    suggestion = suggested(session, reports, on)
    return {
        "reports": [_report(each) for each in reports],
        "suggestion": vars(suggestion) if suggestion else None,
        "funds": {name: material.get(name) for name in ("funds_planned", "funds_used")},
        "platforms": [dict(each) for each in material.get("platforms") or ()],
        "figures": figures(session, row.base_id, row.year),
        "registers": {
            name: [dict(each) for each in read(session, row.base_id, row.year)] for name, read in _sections.items()
        },
    }


def reported(session: Session, row: Record[Any], on: date) -> list[punctuality.Report]:
    """The duties with a day in the calendar year before that of the campaign, or in its own up to today."""
    return punctuality.of_base(session, row.base_id, date(row.year - 1, 1, 1), on)


def suggested(session: Session, reports: Sequence[punctuality.Report], on: date) -> punctuality.Suggestion | None:
    """R-12.7: the suggested score of Article 12(7)."""
    full = next(each.full for each in criteria.of(criteria.ARTICLE_12) if each.code == SEVENTH)
    return punctuality.suggest(reports, full, parameters.value(session, assessment.LATE_KEY, on).value)


def figures(session: Session, base_id: int, year: int) -> list[dict[str, Any]]:
    """R-12.4: the filed values of the three full years before, as they are typed."""
    known, items = values.latest(session, base_id), indicators.by_code()
    years = [each for each in range(year - YEARS, year) if any((code, each) in known for code in SHOWN)]
    return [
        {
            "indicator": code,
            "values": [[each, _typed(items[code], known.get((code, each)))] for each in years],
        }
        for code in SHOWN
        if years
    ]


def missed(file: Mapping[str, Any] | None) -> int:
    """How many duties of the file were not kept on their day."""
    return sum(each["kept"] != punctuality.ON_TIME for each in (file or {}).get("reports") or ())


def _report(each: punctuality.Report) -> dict[str, Any]:
    return {**vars(each), "due_on": each.due_on.isoformat()}


def _typed(item: indicators.Indicator, value: values.Value | None) -> Any:
    return None if value is None or value.amount is None else values.typed(item, value)
