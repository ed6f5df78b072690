"""委托代理: naming who acts for oneself while away, ending it, and the list for whoever watches over rights."""

from web.substitutes.routes import DESK

__all__ = ["DESK"]
