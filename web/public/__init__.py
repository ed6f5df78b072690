"""What anybody may see: the register of bases, the notices that run, the text of the measures."""

from web.public.routes import DESK

__all__ = ["DESK"]
