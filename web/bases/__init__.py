"""The desk of the bases: whoever has to do with one reads its life on one page; a direct revocation begins there."""

from web.bases.routes import DESK

__all__ = ["DESK"]
