"""The office's side of a notice: its draft before it is published, the objections to it, and who objected."""

from web.notices.routes import DESK

__all__ = ["DESK"]
