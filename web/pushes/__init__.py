"""What the head of a unit does to get its cases moving: 改派, 延期, 中止, 恢复, on one case and on many at once."""

from web.pushes.routes import DESK

__all__ = ["DESK"]
