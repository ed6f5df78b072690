"""The program's commands from a terminal."""

import socket

import pytest

from ground import occupancy
from ground.errors import Refused
from web import commands
from web.commands import Command, serving, simulating


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


@pytest.mark.parametrize("command", ["demo", "demo-years"])
def test_a_second_demo_on_the_same_folder_is_told_so_in_both_languages_and_touches_nothing(
    demo, monkeypatch, capsys, command
):
    monkeypatch.setattr(serving, "has_bundles", lambda: True)
    monkeypatch.setattr(simulating.mark, "finished", lambda _folder: True)
    monkeypatch.setenv("JIDI_PORT", str(_free_port()))
    occupancy.occupy(demo)
    try:
        assert commands.main([command]) == 2
    finally:
        occupancy.leave()
    told = capsys.readouterr()
    assert "用 JIDI_DATA 另指一个目录" in told.err
    assert "name another folder by JIDI_DATA" in told.err
    assert "Traceback" not in told.err
    assert "http://" not in told.out  # nobody is sent to a house that is not there
    assert (demo / "jidi.db").read_bytes() == b"rows"


def test_a_second_demo_on_the_same_port_is_told_so_before_anything_is_laid(demo, monkeypatch, capsys):
    monkeypatch.setattr(serving, "has_bundles", lambda: True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("JIDI_PORT", str(taken.getsockname()[1]))
        assert commands.main(["demo"]) == 1
    assert "已被占用" in capsys.readouterr().err
    assert (demo / "jidi.db").read_bytes() == b"rows"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_demo_that_was_stopped_is_reset_and_can_be_served_again(demo):
    assert commands.main(["demo-reset"]) == 0
    assert [each.name for each in demo.iterdir()] == [occupancy.NAME]
    occupancy.occupy(demo)
    occupancy.leave()


def test_a_demo_that_was_never_laid_is_reset_without_a_word_of_complaint(demo, monkeypatch):
    monkeypatch.setenv("JIDI_DATA", str(demo / "nowhere"))
    assert commands.main(["demo-reset"]) == 0
