"""The words of an expression written for another engine: texts, numbers, names and signs, each with what it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

JUEL, FEEL, LOOSE = "juel", "feel", "loose"

READ = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<number>\d+(?:\.(?!\.)\d+)?|\.\d+)
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>&&|\|\||==|!=|<=|>=|\.\.|\*\*|[-<>=!?:+*/%()\[\]{},.])""",
    re.VERBOSE | re.DOTALL,
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Foreign(ValueError):  # noqa: N818  it is what it says
    """This text means something that our expressions cannot say; `why` names the first such thing."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(source, why)
        self.source = source
        self.why = why


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `kind` is text, number, name, sign or end."""

    kind: str
    text: str


END = Word("end", "")


def words(source: str) -> Iterator[Word]:
    """Every word in its order; a character that none of the languages has is foreign."""
    at = 0
    while at < len(source):
        found = READ.match(source, at)
        if found is None:
            raise Foreign(source, "character")
        at = found.end()
        kind = found.lastgroup or ""
        if kind == "text":
            yield Word(kind, quoted(source, ESCAPED.sub(r"\1", found.group()[1:-1])))
        elif kind == "number":
            yield Word(kind, _number(found.group()))
        elif kind != "space":
            yield Word(kind, found.group())


def quoted(source: str, text: str) -> str:
    """A text in our quotes; ours knows no escapes, no backslash and no `#`."""
    quote = "'" if '"' in text else '"'
    if quote in text or any(character in "\\#" or not character.isprintable() for character in text):
        raise Foreign(source, "text")
    return f"{quote}{text}{quote}"


def _number(text: str) -> str:
    whole, point, part = text.partition(".")
    return f"{whole.lstrip('0') or '0'}{point}{part}"
