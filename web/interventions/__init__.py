"""流程处置: what a supervisor or a process owner proposes for a case that does not move, and what the head decides."""

from web.interventions.routes import DESK

__all__ = ["DESK"]
