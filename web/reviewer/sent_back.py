"""What came back to whoever filled it in: by which step, in which words, and how many things there are to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bases.filing import supplement
from engine import definitions
from ground.database import Session
from ground.people import Actor
from tasks import figures
from web.door.language import _, ngettext
from web.reviewer import naming


@dataclass(frozen=True)
class SentBack:
    """One case: what is said of it in a list, and of a review by which step it was and in which words."""

    said: str
    step: str = ""
    words: str = ""


def of_rows(store: Session, rows: Sequence[Any], by: Actor) -> Mapping[int, SentBack]:
    """By case, those of these rows that came back and stand unanswered; two statements for all of them, or none."""
    if not (rows and by.has(figures.FILLER)):
        return {}
    reviewed = figures.returned(store, rows, by)
    asked = supplement.asked(store, {row.case_id for row in rows} - set(reviewed))
    noticed = {
        case: SentBack(ngettext("补正通知书：%(n)s项", "补正通知书：%(n)s项", number)) for case, number in asked.items()
    }
    return noticed | {
        row.case_id: _reviewed(store, row, reviewed[row.case_id]) for row in rows if row.case_id in reviewed
    }


def _reviewed(store: Session, row: Any, remark: figures.Remark) -> SentBack:
    step = naming.step(definitions.pinned(store, row.release_id), remark.element)
    said = ngettext("退回修改：%(n)s项", "退回修改：%(n)s项", remark.items) if remark.items else _("退回修改")
    return SentBack(said, _("由“%(step)s”退回", step=step), remark.text)
