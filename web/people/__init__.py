"""Signing in and out, and what a person sets for themselves."""

from web.people.routes import DESK

__all__ = ["DESK"]
