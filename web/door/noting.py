"""Noting what somebody did that is nobody's case, for the audit administrator: who, from where, to whom or what."""

from flask import request

from ground import security
from web.door import session


def note(kind: str, what: str) -> None:
    """One event of this request."""
    security.note(kind, person_id=session.actor().person, ip=request.remote_addr or "", object=what)
