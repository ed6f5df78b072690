"""How a form is laid out: what stands in a grid, what fits side by side or on one line, and its contents."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from os.path import commonprefix

from engine.forms import Field, Form, Section

FEW = 7
SHORT = frozenset({"integer", "decimal", "date", "phone", "email", "region"})
SHORT_TEXT = 60
WORTH_CUTTING = 8
ONE_LINE = 36


@dataclass(frozen=True)
class Block:
    """Neighbouring fields that are shown as one: a three-year grid, or a single field."""

    kind: str
    fields: tuple[Field, ...]


class Layout:
    """The layout of one form; `say` gives its texts in the reader's language."""

    def __init__(self, form: Form, say: Callable[[str], str]) -> None:
        self.form = form
        self.say = say

    def blocks(self, fields: Sequence[Field]) -> Iterator[Block]:
        """Neighbouring three-year rows are one grid; everything else stands alone."""
        grid: list[Field] = []
        for one in fields:
            if one.type == "years":
                grid.append(one)
                continue
            if grid:
                yield Block("grid", tuple(grid))
                grid = []
            yield Block("field", (one,))
        if grid:
            yield Block("grid", tuple(grid))

    def titles(self) -> list[tuple[str, Section]]:
        """The sections under their titles; what a title has in common with the one before is said once."""
        found, before = [], ""
        for section in self.form.sections:
            title = self.say(section.title)
            common = commonprefix([before, title]).rstrip("（( ")  # noqa: RUF071  letters are what is meant
            found.append((title[len(common) :] if len(common) >= WORTH_CUTTING else title, section))
            before = title
        return found

    def is_short(self, known: Field) -> bool:
        """Whether two such fields fit side by side."""
        return known.type in SHORT or (known.type == "text" and known.max <= SHORT_TEXT)

    def is_across(self, known: Field) -> bool:
        """Whether the options are few and short enough for one line."""
        if known.type == "flag":
            return True
        words = [self.say(one.label) for one in known.options]
        plain = known.display != "decision" and not any(one.help for one in known.options)
        return plain and len(words) <= FEW and sum(map(len, words)) <= ONE_LINE

    def is_long(self, known: Field) -> bool:
        """Whether a choice has too many options to show them side by side."""
        return known.type == "choice" and (known.display == "select" or len(known.options) > FEW)

    def adds_up(self, columns: Sequence[Field]) -> bool:
        """Whether a table has columns of amounts whose sums say something."""
        return any(one.type == "decimal" and not one.fixed for one in columns)

    def is_part(self, known: Field) -> bool:
        """Whether it is a part of the item above it: I01a stands under I01."""
        return known.indicator[-1:].isalpha()
