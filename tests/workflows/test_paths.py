"""The scripted runs of each shipped folder, on the real engine: every path ends where it says, every element is met.

The folder's tests/*.json are what `jidi try` plays; tables are asked for real.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from engine import trial
from engine.spiff.elements import Element, Scope
from engine.spiff.instance import Instance
from engine.trial import Files, Script
from engine.trial.stage import Stage
from tests.workflows.folders import folders, with_called

PATHS = [(folder, path.name) for folder in folders() for path in sorted(folder.glob("tests/*.json"))]
MET = frozenset({"user", "service", "send", "rule", "catch", "boundary", "end", "start"})


@cache
def files(folder: Path) -> Files:
    return trial.compiled(with_called(folder))


def script(folder: Path, name: str) -> Script:
    return trial.read((folder / "tests" / name).read_bytes())


def met(folder: Path, name: str) -> set[str]:
    written = script(folder, name)
    stage = Stage(files(folder), written)
    for step in written.steps:
        trial.act(stage, step)
    return set(stage.met)


@pytest.mark.parametrize(("folder", "name"), PATHS, ids=lambda part: getattr(part, "name", part))
def test_a_path_goes_as_it_says_stored_and_read_again_after_each_step(folder: Path, name: str):
    heard = list(trial.play(script(folder, name), files(folder), restore=True))
    assert not [f"{each.step}: {each.why}" for each in heard if not each.held]


@pytest.mark.parametrize(("folder", "name"), PATHS, ids=lambda part: getattr(part, "name", part))
def test_a_path_says_what_it_shows_where_it_ends_and_what_it_passes(folder: Path, name: str):
    written = script(folder, name)
    assert written.name
    assert {"ended", "passed"} <= set(written.steps[-1].expected)


@pytest.mark.parametrize(("folder", "name"), PATHS, ids=lambda part: getattr(part, "name", part))
def test_a_path_answers_all_that_its_diagram_reads(folder: Path, name: str):
    """Two called processes may each have a task of one name, so the answers are those of one of them."""
    for step in script(folder, name).steps:
        if step.act == "complete":
            drawn = [one.elements.get(step.given["element"]) for one in files(folder).diagrams.values()]
            forms = [files(folder).forms[each.form or ""] for each in drawn if each is not None]
            assert set(step.given["data"]) in [set(form.scalars) for form in forms]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_element_is_met_on_some_path(folder: Path):
    all_met = {element for where, name in PATHS if where == folder for element in met(folder, name)}
    diagram = next(iter(files(folder).diagrams.values()))
    elements = diagram.elements
    within = {
        id_
        for key, scope in diagram.scopes.items()
        if key in elements and not _ends_all(scope, elements)
        for id_ in scope.elements
    }
    inner = {each.id for each in elements.values() if each.kind == "end" and each.id in within}
    inner |= {each.id for each in elements.values() if each.event == "escalation"}
    silent = inner | {each.id for each in elements.values() if each.kind == "end" and each.id.endswith("_reminded")}
    # Where some ends are the case's, the others are those of what runs beside it and ends by itself.
    outer = [each for each in elements.values() if each.kind == "end" and each.id not in within]
    if any(each.event == "terminate" for each in outer):
        ending = {id_ for key, scope in diagram.scopes.items() if key in elements for id_ in scope.elements}
        silent |= {each.id for each in outer if each.event != "terminate" and each.id not in ending}
    begins = {each.id for each in elements.values() if each.kind == "start" and each.event is None}
    assert {each.id for each in elements.values() if each.kind in MET} - silent - begins == all_met & set(elements)


def _ends_all(scope: Scope, elements: Mapping[str, Element]) -> bool:
    """An event subprocess that interrupts ends what is around it, so its ends are those of a case."""
    starts = [elements[id_] for id_ in scope.elements if elements[id_].kind == "start"]
    return scope.by_event and any(each.interrupting for each in starts)


def standing(folder: Path, name: str, steps: int) -> Instance:
    written = script(folder, name)
    stage = Stage(files(folder), written)
    for step in written.steps[:steps]:
        trial.act(stage, step)
    return stage.running[-1].instance


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_a_reminder_leaves_the_task_open(folder: Path):
    """Each folder's run begins with the start and the first task's clock, perhaps behind a step by itself."""
    first = next(each for each in script(folder, "every-clock-runs-out.json").steps if each.act == "advance_to")
    instance = standing(folder, "every-clock-runs-out.json", 2)
    tokens = list(instance.tokens())
    assert [f"{each.element.id}_overdue" for each in tokens if each.kind == "user"] == [first.given["element"]]
    assert not [each for each in tokens if each.kind == "timer"]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_state_stays_small(folder: Path):
    assert len(standing(folder, "every-clock-runs-out.json", 9).freeze()) < 5_000
