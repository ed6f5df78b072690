"""The desk of what province, cities and bases do together: difficulties of enterprises, joint meetings."""

from web.cooperation.routes import DESK

__all__ = ["DESK"]
