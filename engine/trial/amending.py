"""A test kept in step with a changed diagram: a task that it does not know is done wherever it opens, as it is told."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from engine.trial.files import Files
from engine.trial.play import act, steps_of
from engine.trial.script import EXPECTED, Step, read
from engine.trial.stage import Stage
from ground import clock

EXPECTATIONS = EXPECTED | {"expect"}
MOST_ADDED = 100

Written = dict[str, Any]


def amended(body: bytes, files: Files, answers: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The script with each of these tasks done as soon as it opens; ScriptRefused where it cannot be read."""
    script = read(body)
    whole = orjson.loads(body)
    whole = {"steps": whole} if isinstance(whole, list) else whole
    stage = Stage(files, script)
    played = steps_of(script, stage)
    written = [None] * (len(played) - len(script.steps)) + [*whole["steps"]]  # the start may be left unwritten
    steps: list[Written] = []
    with clock.within(lambda: stage.now):
        for step, raw in zip(played, written, strict=False):
            act(stage, step)
            steps += _around(raw, list(_done(stage, answers)))
    return orjson.dumps({**whole, "steps": steps}, option=orjson.OPT_INDENT_2)


def _done(stage: Stage, answers: Mapping[str, Mapping[str, Any]]) -> Iterator[Written]:
    """Do the tasks that are open and known here, one after the other, until none is left or one cannot be done."""
    for _ in range(MOST_ADDED):
        element = next((each for each in stage.open_tasks() if each in answers), None)
        if element is None or stage.trouble is not None:
            return
        act(stage, Step(0, "complete", {"element": element, "data": answers[element]}, {}))
        yield {"complete": element, "data": dict(answers[element])}


def _around(raw: Any, added: list[Written]) -> list[Any]:
    """A step with what is done after it, and only then what it expects."""
    if raw is None:
        return [*added]
    expected = {name: raw[name] for name in raw if name in EXPECTATIONS} if isinstance(raw, dict) else {}
    if not added or not expected:
        return [raw, *added]
    acts = {name: raw[name] for name in raw if name not in EXPECTATIONS}
    return [*([acts] if acts else []), *added, expected]
