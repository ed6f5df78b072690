"""The scripted runs of each shipped folder, on the real engine: every path ends where it says, every element is met.

The folder's tests/*.json say what people answer and what steps give back; tables are asked for real.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine import decisions, forms
from engine.spiff import diagrams, drawings
from engine.spiff.elements import Element
from engine.spiff.instance import Instance, Token
from tests.workflows.folders import folders, read

PATHS = [(folder, path.name) for folder in folders() for path in sorted(folder.glob("tests/*.json"))]
MET = frozenset({"user", "service", "rule", "catch", "boundary", "end", "start"})
FACTS = {"organ": 17, "region": "511921", "subject": "base:1", "number": "2026-认定-001"}


class Stage:
    """One folder with everything compiled, and the host of its runs: it writes down what is met."""

    def __init__(self, folder: Path, gives: Mapping[str, Mapping[str, Any]]) -> None:
        facts = read(folder, "process.json")
        self.diagram = diagrams.build(drawings.read((folder / facts["diagram"]).read_bytes()))
        self.forms = {path.stem: forms.load(path.read_bytes()) for path in folder.glob("forms/*.json")}
        self.tables = {path.stem: decisions.load(path.read_bytes()) for path in folder.glob("*.dmn")}
        self.gives = gives
        self.met: list[str] = []

    def names(self) -> Mapping[str, Any]:
        return {"case": FACTS}

    def step(self, element: Element, _parameters: Mapping[str, Any], _data: Mapping[str, Any]) -> Mapping[str, Any]:
        self.met.append(element.id)
        assert element.step is not None
        return self.gives.get(element.step, {})

    def decide(self, element: Element, names: Mapping[str, Any]) -> Mapping[str, Any]:
        self.met.append(element.id)
        assert element.table is not None
        return self.tables[element.table].decide(names).result

    def run(self, script: Mapping[str, Any]) -> Instance:
        """Play a script to its end; between two acts the state is stored and read again, as in life."""
        instance = Instance.start(self.diagram, script["start"], self)
        instance.advance()
        for act in script["steps"]:
            self._act(instance, act)
            instance.advance()
            if not instance.is_completed:
                instance = Instance.thaw(instance.freeze(), self.diagram, self)
        return instance

    def _act(self, instance: Instance, act: Mapping[str, Any]) -> None:
        if "complete" in act:
            token = found(instance, "user", act["complete"])
            form = self.forms[token.element.form or ""]
            answers = act.get("answers", {})
            choose(form, answers)
            instance.complete(token.id, form.scalars_of(answers))
        elif "fire" in act:
            token = found(instance, "timer", act["fire"])
            instance.fire(token.id)
        else:
            token = next(each for each in instance.tokens() if each.element.message == act["send"])
            instance.catch(token.id, {})
        self.met.append(token.element.id)
        instance.advance()


def found(instance: Instance, kind: str, element: str) -> Token:
    waiting = [each for each in instance.tokens() if each.kind == kind and each.element.id == element]
    assert waiting, f"nothing waits at {element}, but at {[each.element.id for each in instance.tokens()]}"
    return waiting[0]


def choose(form: forms.Form, answers: Mapping[str, Any]) -> None:
    """A script may only answer what the form offers, and must answer what the diagram reads."""
    assert set(answers) == set(form.scalars)
    for name, answer in answers.items():
        assert answer in {option.code for option in form.fields[name].options}


def played(folder: Path, name: str) -> tuple[Stage, Instance, dict[str, Any]]:
    script = read(folder, f"tests/{name}")
    stage = Stage(folder, script["gives"])
    instance = stage.run(script)
    if instance.outcome:
        stage.met.append(instance.outcome)
    return stage, instance, script


@pytest.mark.parametrize(("folder", "name"), PATHS, ids=lambda part: getattr(part, "name", part))
def test_a_path_ends_where_it_says(folder: Path, name: str):
    stage, instance, script = played(folder, name)
    assert instance.is_completed
    assert instance.outcome == script["ends"]
    way = iter(stage.met)
    assert all(element in way for element in script["passes"]), stage.met


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_element_is_met_on_some_path(folder: Path):
    stages = [played(where, name)[0] for where, name in PATHS if where == folder]
    met = {element for stage in stages for element in stage.met}
    elements = stages[0].diagram.elements.values()
    silent = {each.id for each in elements if each.kind == "end" and each.id.endswith("_reminded")}
    begins = {each.id for each in elements if each.kind == "start" and each.event is None}
    assert {each.id for each in elements if each.kind in MET} - silent - begins == met


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_a_reminder_leaves_the_task_open(folder: Path):
    stage = Stage(folder, {})
    instance = Instance.start(stage.diagram, {"whole_city": False}, stage)
    instance.advance()
    instance.fire(found(instance, "timer", "fill_overdue").id)
    instance.advance()
    assert found(instance, "user", "fill")
    assert not [each for each in instance.tokens() if each.kind == "timer"]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_state_stays_small(folder: Path):
    script = read(folder, "tests/every-clock-runs-out.json")
    stage = Stage(folder, script["gives"])
    instance = stage.run({**script, "steps": script["steps"][:8]})
    assert len(instance.freeze()) < 5_000
