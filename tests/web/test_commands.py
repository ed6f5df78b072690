"""The program's commands from a terminal."""

import pytest

from ground import occupancy
from ground.errors import Refused
from web import commands
from web.commands import Command


class NotHere(Refused):
    """A refusal of a test."""

    code = "test.not_here"


def test_a_command_gets_the_arguments_that_it_declares(monkeypatch):
    def run(arguments):
        return len(arguments.files) if arguments.loud else 0

    def declare(parser):
        parser.add_argument("files", nargs="+")
        parser.add_argument("--loud", action="store_true")

    monkeypatch.setitem(commands.COMMANDS, "count", Command("counts", run, declare))
    assert commands.main(["count", "a", "b", "c", "--loud"]) == 3


def test_a_refused_command_says_its_code_and_ends_with_two(monkeypatch, capsys):
    def refuse(_arguments):
        raise NotHere(where="there")

    monkeypatch.setitem(commands.COMMANDS, "refuse", Command("refuses", refuse))
    assert commands.main(["refuse"]) == 2
    assert capsys.readouterr().err == "jidi refuse: test.not_here(where='there')\n"


@pytest.mark.parametrize("words", [[], ["no-such-command"], ["migrate", "superfluous"]])
def test_what_no_command_takes_is_refused_with_the_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        commands.main(words)
    assert ended.value.code == 2
    assert "usage: jidi" in capsys.readouterr().err


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """The folder of a demo that was laid."""
    folder = tmp_path / "demo"
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "jidi.db").write_bytes(b"rows")
    monkeypatch.setenv("JIDI_MODE", "demo")
    monkeypatch.setenv("JIDI_DATA", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_demo_that_is_being_served_is_not_reset_and_what_would_be_right_is_said(demo, capsys):
    occupancy.occupy(demo)
    try:
        assert commands.main(["demo-reset"]) == 2
    finally:
        occupancy.leave()
    told = capsys.readouterr().err
    assert "house.served(folder='demo')" in told
    assert "请先停止正在运行的程序" in told
    assert "stop" in told
    assert (demo / "jidi.db").read_bytes() == b"rows"
    assert (demo / "files" / "ab").is_dir()


def test_a_demo_that_was_stopped_is_reset_and_can_be_served_again(demo):
    assert commands.main(["demo-reset"]) == 0
    assert [each.name for each in demo.iterdir()] == [occupancy.NAME]
    occupancy.occupy(demo)
    occupancy.leave()


def test_a_demo_that_was_never_laid_is_reset_without_a_word_of_complaint(demo, monkeypatch):
    monkeypatch.setenv("JIDI_DATA", str(demo / "nowhere"))
    assert commands.main(["demo-reset"]) == 0
