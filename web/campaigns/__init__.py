"""The yearly assessments: begun by an officer, and one board each with stages, cities, outcomes and who leaves."""

from web.campaigns.routes import DESK

__all__ = ["DESK"]
