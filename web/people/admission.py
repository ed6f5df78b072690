"""Letting somebody in: a session under a new cookie, and on to where they wanted."""

from flask import current_app, redirect, request
from werkzeug.wrappers import Response as Answer

from ground import clock, security
from ground.database import transaction
from web.door import session


def admit(person_id: int, back: str) -> Answer:
    """Open a session for this person; the cookie this browser had before opens nothing any more."""
    with transaction() as store:
        session.sign_in(store, person_id, clock.now(), current_app.extensions["limits"])
    security.note("sign_in.done", person_id=person_id, ip=request.remote_addr or "")
    answer: Answer = redirect(back, 303)
    return answer
