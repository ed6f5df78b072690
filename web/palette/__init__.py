"""Ctrl-K: from a few letters to any page, 办件, base or number that this person may open."""

from web.palette.routes import DESK

__all__ = ["DESK"]
