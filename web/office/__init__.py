"""The office's desk: documents on their way, their pages and prints, receipts, and what is disclosed to everybody."""

from web.office.routes import DESK

__all__ = ["DESK"]
