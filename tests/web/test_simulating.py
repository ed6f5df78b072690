"""A province that lives by itself: it uses the ways in that pages use, and its answers are valid."""

import ast
from datetime import date
from pathlib import Path

import web.simulation
from bases import demo
from bases.filing import yearly
from ground import clock, files
from ground.database import reading, transaction
from web import simulation

FOLDER = Path(web.simulation.__file__).parent


def test_the_province_touches_no_table():
    for path in FOLDER.glob("*.py"):
        text = path.read_text("utf-8")
        names = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
        assert "sqlalchemy" not in text, path
        assert names.isdisjoint({"execute", "scalar", "scalars", "put_once"}), path


def test_the_province_imports_only_what_the_rest_of_web_imports():
    here, others = set(), set()
    for path in FOLDER.parent.rglob("*.py"):
        (here if path.is_relative_to(FOLDER) else others).update(_imported(path))
    assert {name for name in here - others if not name.startswith("web.simulation")} <= {"ground.almanac"}


def test_a_week_of_reports_moves_along(database, tmp_path):
    """The reports of a year begin by themselves and are filled in by whoever finds them in the own queue."""
    files.keep_in(tmp_path / "files")
    with transaction() as session:
        demo.stand_in(session)
    before = clock.now()
    found = simulation.live(simulation.Span(date(2027, 1, 11), date(2027, 1, 13), 7))
    assert found.moves > 0
    assert found.digest
    assert clock.now() >= before
    with reading() as session:
        assert yearly.owing(session, date(2027, 1, 13)).bases


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            top = node.module.split(".")[0]
            if top in {"ground", "engine", "tasks", "bases", "sqlalchemy"}:
                found.update(f"{node.module}.{each.name}" for each in node.names if not each.name[0].isupper())
        elif isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
    return {name for name in found if name.split(".")[0] in {"ground", "engine", "tasks", "bases", "sqlalchemy"}}
