"""The process owner's desk: the processes, their diagrams to read, and what each step rests on."""

from web.owner.routes import DESK

__all__ = ["DESK"]
