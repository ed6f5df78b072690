"""`jidi try` from a terminal: its exit code says whether every step held, and it prints a line for each."""

from pathlib import Path

import pytest

from tests.engine.diagrams import line, user
from web import commands

BODY = line(user("a"), user("b"))


def tried(folder: Path, steps: str, *more: str, body: bytes = BODY) -> int:
    (folder / "p.bpmn").write_bytes(body)
    (folder / "steps.json").write_text(steps, "utf-8")
    return commands.main(["try", str(folder / "p.bpmn"), "--steps", str(folder / "steps.json"), *more])


def test_every_step_that_holds_is_a_line_and_the_exit_code_is_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert tried(tmp_path, '[{"start": true}, {"complete": "a", "tasks": ["b"]}]', "--restore") == 0
    assert capsys.readouterr().out.splitlines() == [
        "✓   1 start  → a",
        '✓   2 complete a · tasks = ["b"]  → b',
        "2 passed, 0 failed",
    ]


def test_a_step_that_does_not_hold_says_why_and_the_exit_code_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert tried(tmp_path, '[{"tasks": ["b"]}]') == 1
    assert "✗   1 tasks = [\"b\"]  → tasks are ['a']" in capsys.readouterr().out


def test_files_that_cannot_run_are_refused_with_element_and_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    body = BODY.replace(b"userTask", b"scriptTask")
    assert tried(tmp_path, '[{"start": true}]', body=body) == 1
    assert "bpmn.script_forbidden a" in capsys.readouterr().out
    assert tried(tmp_path, '[{"expect_error": true}]', body=body) == 0


@pytest.mark.parametrize("steps", ["{", '[{"finish": "a"}]'])
def test_a_script_that_cannot_be_read_is_named_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], steps: str
):
    assert tried(tmp_path, steps) == 2
    assert "trial.script" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "steps.json").write_text("[]", "utf-8")
    assert commands.main(["try", str(tmp_path / "no.bpmn"), "--steps", str(tmp_path / "steps.json")]) == 2
    assert "no.bpmn" in capsys.readouterr().err
