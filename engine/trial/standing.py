"""Where a trial stands after a script, played from its beginning: nothing is kept between two looks, nothing is real.

And the tests that a folder brings with it: each is such a script, with what is expected of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from engine.decisions import Table
from engine.folders import Folder
from engine.spiff.elements import Flow
from engine.spiff.instance import StuckAt
from engine.trial.files import Files
from engine.trial.play import Heard, act, play, steps_of
from engine.trial.script import Script, ScriptRefused, Step, read
from engine.trial.stage import Stage
from ground import clock
from ground.errors import Refused

TESTS = "tests/"
TABLES = "tests/tables/"
MET = frozenset({"user", "service", "rule", "send", "call", "receive", "catch"})


@dataclass(frozen=True)
class Standing:
    """The stage after the script, how many of its steps were done, and why the next one could not be."""

    stage: Stage
    done: int
    trouble: Refused | StuckAt | None


@dataclass(frozen=True)
class Stop:
    """Where a test first went another way: at which step, what it is about, and what was open there then."""

    step: Step
    open: tuple[str, ...]
    ended: str | None
    unknown: frozenset[str]  # of what was open, what the test never does


@dataclass(frozen=True)
class Proof:
    """One test of a folder: whether it held, at which step it did not and why, and the elements that it met.

    Of one that cannot be read `unread` says what is known of the place; of a table `why` is the example that differs.
    """

    path: str
    name: str
    held: bool
    why: str
    met: frozenset[str]
    fired: frozenset[tuple[str, str]] = frozenset()
    ways: frozenset[tuple[str, str]] = frozenset()
    stopped: Stop | None = None
    unread: Mapping[str, Any] | None = None


def stand(script: Script, files: Files) -> Standing:
    """Do every step of the script, up to the first that cannot be done; the clock of the house stays as it is."""
    stage = Stage(files, script)
    with clock.within(lambda: stage.now):
        for done, step in enumerate(steps_of(script, stage)):
            act(stage, step)
            if stage.trouble is not None:
                return Standing(stage, done, stage.trouble)
    return Standing(stage, len(script.steps), None)


def files_of(folder: Folder, house: Mapping[str, Any] | None = None) -> Files:
    """A whole folder as a trial wants it: its own diagram first; its own forms and tables before those of a callee.

    `house` are the parameters that hold in the house; those that the folder brings come before them.
    """
    whole = folder.diagram
    others = [each for each in folder.calls.values() if each is not folder]
    forms = {key: form for each in (*others, folder) for key, form in each.forms.items()}
    tables = {key: table for each in (*others, folder) for key, table in each.tables.items()}
    return Files({whole.id: whole, **whole.every}, forms, tables, terms={**(house or {}), **folder.terms})


def proofs(folder: Folder) -> list[Proof]:
    """Every test that the folder brings, played; one that cannot be read is one that does not hold.

    Below `tests/` lie ways through the diagram, below `tests/tables/` examples of what a table gives.
    """
    files = files_of(folder)
    found = []
    for path, body in sorted(folder.parts.items()):
        if path.startswith(TABLES):
            found.append(_of_table(path, body, folder))
        elif path.startswith(TESTS):
            found.append(proof(path, body, files))
    return found


def proof(path: str, body: bytes, files: Files) -> Proof:
    """One test, played; one that cannot be read does not hold."""
    try:
        script = read(body)
    except ScriptRefused as no:
        return Proof(path, path, held=False, why=str(no), met=frozenset(), unread=no.detail)
    stage = Stage(files, script)
    wrong, stopped = None, None
    for heard in play(script, files, stage=stage):
        if wrong is None and not heard.held:
            wrong, stopped = heard, _stop(heard, stage, script)
    return Proof(
        path,
        script.name or path,
        wrong is None,
        f"{wrong.step} · {wrong.why}" if wrong else "",
        frozenset(stage.met),
        frozenset(stage.fired),
        frozenset(stage.ways),
        stopped,
    )


def unmet(folder: Folder, proved: Sequence[Proof]) -> list[str]:
    """The elements of the folder's own diagram that no test meets; gateways, starts and ends are only passed."""
    met = frozenset[str]().union(*(each.met for each in proved))
    return [each for each in meetable(folder) if each not in met]


def untaken(folder: Folder, proved: Sequence[Proof]) -> list[Flow]:
    """The flows of the folder's own diagram that are one choice of several and that no test takes."""
    taken = frozenset[tuple[str, str]]().union(*(each.ways for each in proved))
    flows = [flow for scope in folder.diagram.scopes.values() for flow in scope.flows]
    leaving = Counter(flow.source for flow in flows)
    return [flow for flow in flows if leaving[flow.source] > 1 and (flow.source, flow.target) not in taken]


def unfired(folder: Folder, proved: Sequence[Proof]) -> list[tuple[Table, list[int]]]:
    """The rows of the folder's own tables, counted from 1, that no test lets fire."""
    fired = frozenset[tuple[str, str]]().union(*(each.fired for each in proved))
    found = []
    for key, table in sorted(folder.tables.items()):
        left = [number for number, rule in enumerate(table.rules, start=1) if (key, rule.id) not in fired]
        if left:
            found.append((table, left))
    return found


def meetable(folder: Folder) -> list[str]:
    """The elements at which something is done or waited for."""
    return [id_ for id_, element in folder.diagram.elements.items() if element.kind in MET or element.attached]


def _of_table(path: str, body: bytes, folder: Folder) -> Proof:
    """Each example gets what it says from the row that it names; the table is the one named, or that of the file."""
    try:
        whole = orjson.loads(body)
        key = whole.get("table") or path.removeprefix(TABLES).removesuffix(".json")
        table, examples = folder.tables[key], whole["cases"]
        decided = [_rules(table, each) for each in examples]
        differing = [nth for nth, rules in enumerate(decided) if rules is None]
        wrong = str(examples[differing[0]].get("name") or differing[0] + 1) if differing else ""
        fired = frozenset((key, rule) for rules in decided for rule in rules or ())
    except (AttributeError, LookupError, TypeError, ValueError) as no:
        return Proof(path, path, held=False, why=str(no), met=frozenset(), unread={})
    return Proof(path, table.name, not wrong, wrong, frozenset(), fired)


def _rules(table: Table, example: Mapping[str, Any]) -> list[str] | None:
    """The rules that an example fires; None where it gets something else than it says, or from another row."""
    try:
        decided = table.decide(example["given"])
    except Refused:
        return None
    rows = [table.rules[example["row"] - 1].id] if "row" in example else list(decided.rules)
    return rows if decided.result == example["gives"] and list(decided.rules) == rows else None


def _stop(heard: Heard, stage: Stage, script: Script) -> Stop:
    open_ = tuple(dict.fromkeys(stage.open_tasks()))
    return Stop(heard.step, open_, stage.outcome if stage.ended else None, frozenset(open_) - script.completed)
