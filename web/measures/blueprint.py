"""The desk of the rules as Flask knows it; each file of the desk hangs its own routes on it."""

from datetime import date

from flask import Blueprint, request

from ground import security
from ground.types import clean
from web.door import session

desk = Blueprint("measures", __name__)


def typed() -> dict[str, str]:
    """What was typed, by field, cleaned."""
    return {name: clean(text).strip() for name, text in request.values.items()}


def day(text: str | None) -> date | None:
    """A day as browsers send it; None for anything else."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def note(kind: str, what: str) -> None:
    """A rule was changed: a security event beside what the table of the rule keeps."""
    security.note(kind, person_id=session.actor().person, ip=request.remote_addr or "", object=what)
