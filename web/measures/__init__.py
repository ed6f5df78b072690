"""The rules of the house as people change them: parameters, the calendar, policy versions, organs through time."""

from web.measures.routes import DESK

__all__ = ["DESK"]
