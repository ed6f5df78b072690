"""The guide: 帮助 for everybody, and in the demo «十分钟上手», whose steps are ticked off by what was really done."""

from web.guide.routes import CARDS, DESK
from web.guide.ten_minutes import ten_minutes

__all__ = ["CARDS", "DESK", "ten_minutes"]
