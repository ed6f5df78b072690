"""The year that an address asks for: the one whose figures are owed now, unless another is asked for."""

from flask import request

from ground import clock

FIRST, LAST = 2018, 2100  # the measures are of 2020; their first forms hold two years more


def asked() -> int:
    """The year in the address, or last year."""
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len(str(FIRST)) else clock.today().year - 1
    return min(max(year, FIRST), LAST)
