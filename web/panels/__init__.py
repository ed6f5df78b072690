"""Panels of experts: the record of each draw and its repetition, sheets, totals and the report, with their prints."""

from web.panels.routes import DESK

__all__ = ["DESK"]
