"""What the 信息表 is sent back for, at its fields: as a review wrote it item by item, or as a 补正通知书 names it."""

from collections.abc import Sequence
from typing import Any

from bases.filing import stamped_form, supplement
from engine import submissions
from engine.forms import Remark, remarks
from ground.clock import local_day
from ground.database import Session

FILLED = (stamped_form.FORM, stamped_form.AGAIN)
# Those that send back to the filler. The section head and the leader send back to the city's officer, who alone reads
# what they wrote and says to the base what is to be changed.
REVIEWS = ("authority_review", "city_review")
NOTICE = "supplement:draft"
RETURN = "return"


@remarks("information")
def at_fields(session: Session, case: Any) -> list[Remark]:
    """Handbook 5, R-9.1, R-9.2: what stands unanswered, in the order in which it was written.

    A review's remarks are answered by the next sending of the form, those of a notice when the base has filed again.
    """
    sent = submissions.since(session, case.id, [*REVIEWS, NOTICE], FILLED)
    notice = supplement.standing(session, case.id)
    return [*_returned(sent), *(_noticed(notice, sent) if notice else ())]


def _returned(sent: Sequence[Any]) -> list[Remark]:
    newest = next((row for row in reversed(sent) if row.answers.get("outcome") == RETURN), None)
    if newest is None:
        return []
    day = local_day(newest.received_at)
    rows = newest.answers.get("remarks") or ()
    return [Remark(row["field"], row["remark"], day, newest.acting) for row in rows]


def _noticed(notice: Any, sent: Sequence[Any]) -> list[Remark]:
    drafts = [row for row in sent if row.element == NOTICE]
    by = drafts[-1].acting if drafts else ""
    return [Remark(item["field"], item["missing"], notice.served_on, by) for item in notice.items]
