"""What docs/running.md tells about commands and settings is what there is."""

import re
from pathlib import Path

from ground import settings
from web import commands as jidi
from workshop import commands

TEXT = (Path(__file__).parents[2] / "docs/running.md").read_text()


def test_every_setting_is_told_and_no_other():
    assert set(re.findall(r"^\| `JIDI_(\w+)`", TEXT, re.MULTILINE)) == {name.upper() for name in settings.CHECKS}


def test_what_a_setting_is_at_first_is_told_as_it_is():
    first = settings.Settings()
    for name in ("mode", "data", "host", "port", "upload_mb"):
        assert re.search(rf"^\| `JIDI_{name.upper()}` \| `{getattr(first, name)}` \|", TEXT, re.MULTILINE), name


def test_every_command_is_told():
    table = TEXT.partition("## All commands")[2].partition("##")[0]
    assert set(commands.COMMANDS) <= set(re.findall(r"`([\w-]+)`", table))
    assert set(re.findall(r"^jidi ([\w-]+)", TEXT, re.MULTILINE)) <= set(jidi.COMMANDS)
