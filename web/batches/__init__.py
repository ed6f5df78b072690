"""The batches of applications: begun by an officer, and one board each with stages, ages, ranking and quota line."""

from web.batches.routes import DESK

__all__ = ["DESK"]
