"""The desk of what province, cities and bases do together: difficulties of enterprises, at every level."""

from web.cooperation.routes import DESK

__all__ = ["DESK"]
