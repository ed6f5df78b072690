"""The reviewer's desk: what waits, one task with its form, one case with its story, and beginning an application."""

from web.reviewer.routes import DESK

__all__ = ["DESK"]
