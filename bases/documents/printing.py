"""The final print of a document that was numbered here: made after the commit, kept as a file like any other."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from bases.documents import document, press
from ground import clock, files, jobs
from ground.database import reading, transaction
from ground.people import SYSTEM


@jobs.handler("document.print")
def print_(payload: Mapping[str, Any]) -> None:
    """Keep the PDF of an issued document; one that has its final file keeps that."""
    with reading() as session:
        row = document.by_ref(session, payload["document"])
        whole = document.whole(session, row)
    if row.final_file is not None:
        return
    received = files.receive(BytesIO(press.pdf(whole, draft=False)), f"{whole.number} {whole.title}.pdf")
    with transaction() as session:
        if document.by_ref(session, row.ref).final_file is None:
            kept = files.record(session, received, SYSTEM, clock.now())
            document.change(session, row.id, final_file=kept.ref)
