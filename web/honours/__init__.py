"""The desk of honours: bases praised by circular, bases put forward to the Ministry, and the yearly rounds."""

from web.honours.routes import DESK

__all__ = ["DESK"]
