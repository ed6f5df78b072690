"""The year as a whole: who owes what, how long each stage takes, and the year's report as a document."""

from web.yearbook.routes import DESK

__all__ = ["DESK"]
