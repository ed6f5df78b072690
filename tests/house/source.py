"""The house's own files, parsed, for the tests that look at the code itself."""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("ground", "engine", "tasks", "bases", "web")


@cache
def files() -> tuple[Path, ...]:
    """Every Python file of the house, migrations apart: they are history."""
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(path for path in found if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """One file, parsed."""
    return ast.parse(path.read_text("utf-8"))


def nodes(kind: type[Node]) -> Iterator[tuple[str, Node]]:
    """Every node of a kind, with the file it stands in, relative to the house."""
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, kind):
                yield path.relative_to(ROOT).as_posix(), node


def load() -> None:
    """Import every module, so that each table is declared whichever test runs first."""
    for path in files():
        parts = path.relative_to(ROOT).with_suffix("").parts
        importlib.import_module(".".join(part for part in parts if part != "__init__"))


def imports() -> Iterator[tuple[str, str]]:
    """Every import: the file, and the module that it names."""
    for path, node in nodes(ast.Import):
        for name in node.names:
            yield path, name.name
    for path, node in nodes(ast.ImportFrom):
        yield path, node.module or ""
