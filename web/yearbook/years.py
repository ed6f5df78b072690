"""The year that an address asks for."""

from flask import request

from ground import clock

FIRST, LAST = 2020, 2100  # the measures are of 2020


def asked() -> int:
    """The year in the address, or this one."""
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len(str(FIRST)) else clock.today().year
    return min(max(year, FIRST), LAST)
