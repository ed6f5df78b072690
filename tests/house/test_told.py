"""What is written into a case's history can be read: each kind of line has its sentence, from one desk."""

import ast
from collections import Counter

from ground.settings import Settings
from tests.house import source
from web import app
from web.door.rights import Desk
from web.people import demo
from web.words import told

WRITERS = {"record", "Fact"}
NOT_READ = {"step.ran"}


def desks() -> list[Desk]:
    return [*app._desks(Settings(), demo.DESK)]


def test_every_kind_of_line_has_its_sentence():
    told.use(*(desk.told for desk in desks()))
    whole = {kind for kind in recorded() if not kind.endswith(".")}  # what an f-string only begins is tried in stories
    assert not {kind for kind in whole if told.of(kind) is None} - NOT_READ


def test_no_two_desks_bring_the_same_line():
    every = Counter(kind for table in (told.OWN, *(desk.told for desk in desks())) for kind in table)
    assert not [kind for kind, times in every.items() if times > 1]


def recorded() -> set[str]:
    """The kinds that the code names where it writes a line."""
    calls = (node for _path, node in source.nodes(ast.Call) if _called(node) in WRITERS and node.args)
    firsts = (node.args[0] for node in calls)
    named = (part for first in firsts for part in ast.walk(first) if isinstance(part, ast.Constant))
    return {part.value for part in named if isinstance(part.value, str) and "." in part.value}


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
