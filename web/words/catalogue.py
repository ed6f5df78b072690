"""The English of each Chinese text, read once from the `en.po` of every desk and kept in memory."""

from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parents[1]


def N_(text: str) -> str:  # noqa: N802  the name under which gettext's tools look for a text
    """Mark a text that is translated where it is shown."""
    return text


class Catalogue:
    """Chinese text → English text, or the two English forms of a text that counts."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.texts: dict[str, str] = {}
        self.plurals: dict[str, tuple[str, ...]] = {}
        for path in files:
            self._read(path)

    def find(self, text: str) -> str:
        """The English, or the Chinese while it has none: a house test allows no such text to be released."""
        return self.texts.get(text) or text

    def find_plural(self, one: str, many: str, n: int) -> str:
        """The English form for this number."""
        forms = self.plurals.get(one)
        if not forms:
            return many
        return forms[0] if n == 1 else forms[-1]

    def _read(self, path: Path) -> None:
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if isinstance(message.id, str) and message.id:
                    self.texts[message.id] = str(message.string)
                elif message.id:
                    self.plurals[message.id[0]] = tuple(message.string or ())


def english() -> Catalogue:
    """The catalogue of the house: web/words/en.po and the en.po of each desk."""
    return Catalogue(sorted(FOLDER.glob("*/en.po")))
