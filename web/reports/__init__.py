"""The reports' desk: who has reported of whom it is owed, by base and duty for a city, by city for the province."""

from web.reports.routes import DESK

__all__ = ["DESK"]
