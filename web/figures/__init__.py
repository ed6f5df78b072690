"""The figures' desk: the goals 123, the figures of bases, cities, zones and industries, the map, and what is behind."""

from web.figures.routes import DESK

__all__ = ["DESK"]
