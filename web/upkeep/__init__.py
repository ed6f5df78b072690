"""The desk of the three administrators: channels, jobs and accounts; roles; the log. None of it touches a case."""

from web.upkeep.routes import DESK

__all__ = ["DESK"]
