"""What an assessment knows of a base's reports: its duties of the year, as their register says how each was kept."""

from collections.abc import Sequence
from datetime import date

from bases.filing import duty
from bases.verdicts import punctuality
from bases.verdicts.punctuality import LATE, MISSING, ON_TIME, Report
from ground import clock
from ground.database import Session

KEPT = {duty.REPORTED: ON_TIME, duty.REPORTED_LATE: LATE, duty.MISSED: MISSING}


@punctuality.reader("duties")
def duties(session: Session, base_id: int, since: date, until: date) -> Sequence[Report]:
    """Article 12(7): what was kept, came late or is missing; what is still running says nothing yet."""
    now = clock.now()
    rows = duty.of_base(session, base_id, since, until)
    stood = duty.stood(session, rows, now)
    kept = [(row, duty.standing(row, now, stood.get(row.case_id, 0))) for row in rows]
    return [
        Report(row.kind, row.year, row.due_on, row.due_kind, KEPT[standing], row.clause or "")
        for row, standing in kept
        if standing in KEPT
    ]
