"""The desk of the rules as Flask knows it; each file of the desk hangs its own routes on it."""

from datetime import date

from flask import Blueprint, request

from ground.types import clean
from web.door.noting import note

__all__ = ["day", "desk", "note", "typed"]

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
