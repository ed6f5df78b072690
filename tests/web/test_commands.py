"""The program's commands from a terminal."""

import pytest

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
