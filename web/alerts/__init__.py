"""The desk of alerts: the rules by which people are told of cases, what they have sent, and the weekly circular."""

from web.alerts.routes import DESK

__all__ = ["DESK"]
