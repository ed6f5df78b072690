"""A case has begun: whoever began it means to fill it in, so its first task opens at once, claimed."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from engine import cases
from ground import clock
from ground.database import transaction
from tasks import queue
from web.door import session


def opened(started: cases.Started) -> Answer:
    """To its first task if that is theirs, else to the case."""
    with transaction() as store:
        first = queue.claim_first(store, started.number, session.actor(), clock.now())
    place = url_for("reviewer.task", ref=first) if first else url_for("reviewer.case", ref=started.ref)
    answer: Answer = redirect(place, 303)
    return answer
