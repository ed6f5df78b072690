"""What the letters of a batch say of it: year, days and numbers for the call, the designated bases for the notice."""

from typing import Any

from sqlalchemy import Row as Record

from bases.documents import document
from bases.documents.sources import Found, source
from bases.verdicts import batch, batch_entry
from engine.steps import Move
from ground import regions
from ground.database import Session

MOST_NAMES = 3


@source("batch")
def of_the_batch(move: Move) -> Found:
    """The batch that the case is about; nothing where it is about something else."""
    if batch.number(move.case.subject) is None:
        return Found({}, {})
    found = batch.of_subject(move.session, move.case.subject)
    given = [each for each in batch_entry.of_batch(move.session, found.id) if each.outcome == batch_entry.DESIGNATE]
    values = {
        "year": found.year,
        "quota": "基地数量不限" if found.quota is None else f"{found.quota}家",
        "opens_on": found.opens_on,
        "closes_on": found.closes_on,
        "names": _names(given),
    }
    return Found(values, {"designated": _rows(move.session, given)})


def issued(move: Move) -> str | None:
    """The number of the letter that the call has come back with; None if it was dropped."""
    ref = move.data.get("document")
    row = document.by_ref(move.session, str(ref)) if ref else None
    if row is None or row.case_id != move.case.id or row.state != document.ISSUED:
        return None
    return str(row.number)


def _names(given: list[Record[Any]]) -> str:
    """`甲、乙等2家单位`; of many the first three, since the list stands in the attachment."""
    names = "、".join(each.base_name for each in given[:MOST_NAMES])
    return f"{names}等{len(given)}家单位" if len(given) > 1 else names


def _rows(session: Session, given: list[Record[Any]]) -> list[dict[str, Any]]:
    cities = regions.named(session, {each.city for each in given}) if given else {}
    return [{"name": each.base_name, "city": cities[each.city].name} for each in given]
