"""The supervision board: what is stuck, why, since when and what helps; and what waits as it should."""

from web.board.routes import DESK

__all__ = ["DESK"]
