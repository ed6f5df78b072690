"""常用语: the page on which they are kept, and what the menu beside a field offers."""

from web.phrases.routes import DESK

__all__ = ["DESK"]
