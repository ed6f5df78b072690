"""The wording of every clause of 川商贸发〔2020〕18号 and its annex, by the id that tasks and parameters cite."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import orjson

DEFAULT = "文件未规定,系统默认"


@dataclass(frozen=True)
class Clause:
    """One article, paragraph or section: its text as published, and a sentence in English on what it is about."""

    id: str
    zh: str
    en: str


def clause(id_: str) -> Clause | None:
    """The clause of this id, e.g. `9`, `10(6)`, `四(二)`; None where the text has no such place."""
    return every().get(id_)


@cache
def every() -> dict[str, Clause]:
    """All clauses in the order of the text."""
    rows = orjson.loads(resources.files("bases.measures").joinpath("clauses.json").read_bytes())
    return {row["id"]: Clause(**row) for row in rows}
