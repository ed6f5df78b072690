"""How far the yearly figures of a base have come: 初报, looked through by its city, 审定 and locked by the department.

P01 carries it: the city looks through a base's report (核对), the department the city's (收件核对). A base whose report
came after the department had accepted the city's stays looked through.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row as Record, select
from sqlalchemy.orm import aliased

from bases.filing import duty
from bases.filing.duty import ReportDuty
from ground.database import Session

FIRST, CHECKED, APPROVED = "first", "checked", "approved"


def stages(session: Session, year: int) -> dict[int, str]:
    """The stage of each base that has been asked for a report about this year, in two questions."""
    cities = {row.city: row for row in duty.of_period(session, duty.CITY, str(year)).values()}
    reports = duty.of_period(session, duty.ANNUAL, str(year)).values()
    return {row.base_id: _stage(row, cities) for row in reports if row.base_id is not None}


def years(session: Session, base_id: int) -> frozenset[int]:
    """The years whose figures of this base are locked, in one question."""
    own, above = aliased(ReportDuty), aliased(ReportDuty)
    rows = session.execute(
        select(own.year)
        .join(above, (above.city == own.city) & (above.period == own.period) & (above.kind == duty.CITY))
        .where(
            own.base_id == base_id,
            own.kind == duty.ANNUAL,
            own.state == duty.ACCEPTED,
            above.state == duty.ACCEPTED,
            own.settled_at <= above.settled_at,
        )
    )
    return frozenset(row.year for row in rows)


def _stage(report: Record[Any], cities: Mapping[str, Record[Any]]) -> str:
    above = cities.get(report.city)
    if report.state != duty.ACCEPTED:
        return FIRST
    if above is None or above.state != duty.ACCEPTED or report.settled_at > above.settled_at:
        return CHECKED
    return APPROVED
