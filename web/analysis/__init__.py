"""The desk of analysis: how cases went, where they stand on their diagram, and the log of events for other tools."""

from web.analysis.routes import DESK

__all__ = ["DESK"]
