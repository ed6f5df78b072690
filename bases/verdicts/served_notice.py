"""The notice of a verdict as its case knows it: whether it was issued, and how it was served on the authority."""

from datetime import date
from typing import Any

from sqlalchemy import Row as Record

from bases.documents import document, serving
from bases.documents.serving import Served
from engine.steps import Move
from ground.errors import Missing

SERVED = "serve"


def issued(move: Move) -> Any:
    """The document that the call has come back with, if it was issued."""
    ref = move.data.get("document")
    row = document.by_ref(move.session, str(ref)) if ref else None
    return row if row is not None and row.case_id == move.case.id and row.state == document.ISSUED else None


def kept(move: Move) -> tuple[Record[Any], Served]:
    """Keep the proof of service that was sent; Missing where no document was issued."""
    row = issued(move)
    if row is None:
        raise Missing(document=move.case.ref)
    served = _sent(move)
    serving.keep(move.session, move.case.id, row, served)
    return row, served


def _sent(move: Move) -> Served:
    sent = move.submissions(SERVED)[-1]
    answers = sent.answers
    return Served(
        addressee=answers["addressee"],
        served_on=date.fromisoformat(answers["served_on"]) if answers.get("served_on") else None,
        way=answers["way"],
        scan=answers.get("scan"),
        note=answers.get("note") or "",
        by=sent.by,
        at=sent.received_at,
    )
