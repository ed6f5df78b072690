"""The house rules that a machine can hold: one commit, one clock, walls, four places that catch everything."""

import ast
from importlib.metadata import packages_distributions

import pytest

from tests.house.source import PACKAGES, ROOT, files, imports, nodes, tree

WALLS = {
    "SpiffWorkflow": "engine/spiff/",
    "flask": "web/",
    "werkzeug": "web/",
    "apscheduler": "tasks/scheduler.py",
    "procrastinate": "ground/jobs/",
    "alembic": "engine/schema.py",
    "granian": "web/commands/",
    "lxml": "engine/",
    "pikepdf": "ground/files",
    "docx": "bases/documents/word",
    "openpyxl": "bases/filing/",
    "typst": "bases/documents/child.py",
    "argon2": "web/people/",
    "chinese_calendar": "tests/",
}
CATCH_EVERYTHING = {"engine/cases/moving.py", "tasks/timers.py", "ground/jobs/running.py", "web/door/errors.py"}


def test_only_the_database_module_commits():
    calls = {
        path
        for path, node in nodes(ast.Call)
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"commit", "begin_nested", "rollback"}
    }
    assert calls <= {"ground/database.py"}


def test_only_the_clock_reads_the_time():
    reads = {
        path
        for path, node in nodes(ast.Attribute)
        if node.attr in {"now", "utcnow", "today", "fromtimestamp"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    }
    assert reads <= {"ground/clock.py"}
    assert not [path for path, module in imports() if module == "time" and path != "ground/clock.py"]


def test_only_leases_ask_the_database_for_its_time():
    """Nodes agree on a term only if their clocks agree; all else goes by the house's one clock."""
    asked = {
        path
        for path, node in nodes(ast.Attribute)
        if node.attr in {"now", "current_timestamp", "clock_timestamp", "localtimestamp", "statement_timestamp"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "func"
    }
    assert asked <= {"ground/leases.py"}


@pytest.mark.parametrize(("library", "wall"), WALLS.items())
def test_a_library_stays_behind_its_wall(library: str, wall: str):
    outside = {path for path, module in imports() if module.split(".")[0] == library and not path.startswith(wall)}
    assert not outside


def test_everything_is_caught_in_four_places_only():
    catches = [
        path
        for path, node in nodes(ast.ExceptHandler)
        if node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"})
    ]
    assert sorted(catches) == sorted(CATCH_EVERYTHING)


def test_no_import_hides_in_a_function():
    hidden = [
        f"{path}:{node.lineno}"
        for path, function in nodes(ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not hidden


def test_nothing_below_web_knows_the_request():
    names = {"request", "g", "current_user", "current_app"}
    asked = {
        path
        for path, node in nodes(ast.ImportFrom)
        if not path.startswith("web/") and names & {alias.name for alias in node.names}
    }
    assert not asked


def test_every_file_promises_something_in_its_first_line():
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in files()
        if path.read_text("utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert not silent


def test_there_is_no_drawer_for_everything():
    drawers = {"models", "services", "utils", "helpers", "common", "managers"}
    assert not [path for path in files() if path.stem in drawers or drawers & set(path.parts)]


def test_nobody_else_in_the_environment_owns_our_package_names():
    owners = packages_distributions()
    strangers = {name: owners[name] for name in PACKAGES if set(owners.get(name, ["jidi"])) - {"jidi"}}
    assert not strangers, "a distribution brings a package of the same name: uninstall it"


def test_no_workflow_folder_holds_code():
    assert not [path for path in (ROOT / "workflows").rglob("*") if path.suffix in {".py", ".sh", ".js", ".so"}]


def test_files_stay_short_enough_to_read():
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in files()}
    long = {path: lines for path, lines in lengths.items() if lines > 500}
    assert not long, "about 250 lines is the habit; twice that asks to be taken apart"
