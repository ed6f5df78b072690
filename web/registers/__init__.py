"""Registers (台账): lists that bases, organs, cities and the Department keep, each by the form that describes it."""

from web.registers.routes import DESK

__all__ = ["DESK"]
