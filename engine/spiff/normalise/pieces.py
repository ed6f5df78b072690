"""A piece of an expression in our own syntax that knows how tightly it holds, and so when it needs brackets."""

from typing import Self

CHOICE, OR, AND, NOT, COMPARED, SUM, PRODUCT, MINUS, ATOM = range(9)


class Piece(str):
    """The text, with the place of its loosest operator in the order above."""

    __slots__ = ("holds",)
    holds: int

    def __new__(cls, text: str, holds: int = ATOM) -> Self:
        """The text is the string itself."""
        made = super().__new__(cls, text)
        made.holds = holds
        return made

    def within(self, holds: int = ATOM) -> str:
        """The text, in brackets if it would fall apart beside an operator that holds so tightly."""
        return str(self) if self.holds >= holds else f"({self})"


def chosen(test: Piece, then: Piece, other: Piece) -> Piece:
    """Our `then if test else other`."""
    return Piece(f"{then.within(OR)} if {test.within(OR)} else {other.within(OR)}", CHOICE)
