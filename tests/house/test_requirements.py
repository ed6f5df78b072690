"""Tests name the requirements they prove, and none that does not exist."""

import ast

import pytest

from tests import requirements
from tests.house import source

DOCUMENTED = (ast.Module, ast.FunctionDef)


def test_a_test_names_only_requirements_that_there_are():
    unknown = [
        f"{path.name}: {id_}"
        for path in sorted((source.ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(source.tree(path))
        if isinstance(node, DOCUMENTED)
        for id_ in requirements.named(
            f"{requirements.at_the_head(getattr(node, 'name', ''))}\n{ast.get_docstring(node)}"
        )
        if id_ not in requirements.known()
    ]
    assert unknown == []


def test_what_a_test_is_marked_to_perform_are_requirements_that_there_are():
    marked = [
        (path.name, id_)
        for path in sorted((source.ROOT / "tests").rglob("test_*.py"))
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "performs"
        for id_ in requirements.named(ast.literal_eval(node.args[0])) or [""]
    ]
    assert marked
    assert [(name, id_) for name, id_ in marked if id_ not in requirements.known()] == []


def test_every_requirement_belongs_to_a_process_or_a_register():
    assert len(requirements.known()) == 182
    assert all(requirements.known().values())


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("R-4.1: a batch has a window.", ["R-4.1"]),
        ("The score sheet (R-10.1 to R-10.3, N-4).", ["R-10.1", "R-10.2", "R-10.3", "N-4"]),
        ("GB/T 9704-2012, UTF-8 and D02 are none.", []),
        (None, []),
    ],
)
def test_the_ids_of_a_docstring_are_read(text, ids):
    assert requirements.named(text) == ids
