"""The desk of supervision: the orders, one order, and the button with which the supervisor begins one."""

from web.orders.routes import DESK

__all__ = ["DESK"]
