"""The decision tables of each shipped folder: every row is hit by a written example, and every row has its clause."""

from pathlib import Path
from typing import Any

import pytest

from bases.measures import clauses
from engine import decisions
from tests.workflows.folders import folders, read

EXAMPLES = [
    (folder, path.stem, example)
    for folder in folders()
    for path in sorted(folder.glob("tests/tables/*.json"))
    for example in read(folder, f"tests/tables/{path.name}")["cases"]
]


def table(folder: Path, key: str) -> decisions.Table:
    return decisions.load((folder / f"{key}.dmn").read_bytes())


@pytest.mark.parametrize(
    ("folder", "key", "example"), EXAMPLES, ids=lambda part: part["name"] if isinstance(part, dict) else None
)
def test_an_example_gets_its_answer_from_its_row(folder: Path, key: str, example: dict[str, Any]):
    made = table(folder, key)
    decided = made.decide(example["given"])
    assert decided.result == example["gives"]
    assert list(decided.rules) == [made.rules[example["row"] - 1].id]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_row_is_hit(folder: Path):
    for path in sorted(folder.glob("*.dmn")):
        hit = {example["row"] for where, key, example in EXAMPLES if where == folder and key == path.stem}
        assert hit == set(range(1, len(table(folder, path.stem).rules) + 1))


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
@pytest.mark.performs("D-5")
def test_every_row_names_its_clause(folder: Path):
    for path in sorted(folder.glob("*.dmn")):
        for rule in table(folder, path.stem).rules:
            assert rule.clause in clauses.every()
