"""A whole number as somebody typed it: digits alone, no more of them than a database keeps; anything else is none."""

DIGITS = 18  # every number of so many fits a bigint


def whole(text: str, most: int = DIGITS) -> int | None:
    """The number, or None where the text is none or has more digits than that."""
    return int(text) if len(text) <= most and text.isascii() and text.isdecimal() else None
