"""A script played on a stage: one line for each step, and whether everything held."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from engine.spiff.instance import StuckAt
from engine.spiff.lint import Finding
from engine.trial.files import Files
from engine.trial.script import Script, Step
from engine.trial.stage import Stage
from ground import clock
from ground.errors import Refused

NOTHING = Step(0, None, {}, {})


@dataclass(frozen=True)
class Heard:
    """What came of one step: whether it held, and if not, why (a code with its facts, or what was found instead)."""

    step: Step
    held: bool
    why: str = ""


def play(script: Script, files: Files, *, restore: bool = False, stage: Stage | None = None) -> Iterator[Heard]:
    """Play it to its end. With `restore`, every instance is stored and read again after each step."""
    stage = stage or Stage(files, script, restore=restore)
    for step, following in pairwise([*steps_of(script, stage), NOTHING]):
        with clock.within(lambda: stage.now):
            heard = _played(stage, step, following)
        yield heard


def refused(script: Script, findings: list[Finding]) -> Heard:
    """The files were refused before anything began: right if the script expects it."""
    wanted = script.error
    first = next((step for step in script.steps if step.expected.get("expect_error")), script.steps[0])
    why = "; ".join(f"{each.code} {each.element or each.part}" for each in findings)
    return Heard(first, wanted is True or any(wanted in {each.code, each.element} for each in findings), why)


def act(stage: Stage, step: Step) -> None:
    """Do what a step says; what it cannot do stands on the stage as its trouble."""
    if step.act is None:
        return
    stage.trouble = None
    try:
        ACTS[step.act](stage, step.given)
    except Refused as no:
        stage.trouble = no


def steps_of(script: Script, stage: Stage) -> tuple[Step, ...]:
    """A script that does not begin with a start starts what is meant, unless its first step does so by an event."""
    first = script.steps[0] if script.steps else NOTHING
    by_event = first.act in {"message", "signal"} and any(stage.starts.hearing(first.act, first.given["name"]))
    begins = first.act == "start" or by_event
    return script.steps if begins else (Step(0, "start", {"process": None, "data": {}}, {}), *script.steps)


def _played(stage: Stage, step: Step, following: Step) -> Heard:
    """Do the act, then look at everything that is expected after it, or right behind it."""
    act(stage, step)
    wanted = step.expected.get("expect_error") or (following.act is None and following.expected.get("expect_error"))
    if step.act is not None and stage.trouble is not None and not wanted:
        return Heard(step, held=False, why=str(stage.trouble))
    wrong = [why for name, value in step.expected.items() if (why := EXPECTATIONS[name](stage, value))]
    return Heard(step, not wrong, "; ".join(wrong) or _where(stage))


def _where(stage: Stage) -> str:
    """Where everything stands now, in short."""
    if stage.trouble is not None:
        return str(stage.trouble)
    if stage.ended:
        return f"ended {stage.outcome or ''}".strip()
    return " ".join([*sorted(stage.open_tasks()), *(f"({each})" for each in sorted(stage.waiting()))])


def _tasks(stage: Stage, wanted: Any) -> str:
    found = stage.open_tasks()
    return "" if Counter(wanted) == Counter(found) else f"tasks are {sorted(found)}"


def _waiting(stage: Stage, wanted: Any) -> str:
    if isinstance(wanted, bool):
        return "" if wanted == (bool(stage.running) and not stage.ended) else f"ended is {stage.ended}"
    found = Counter(stage.waiting())
    named = Counter(wanted if isinstance(wanted, list) else [wanted])
    beside = Counter(stage.waiting_beside())
    return "" if named <= found and not found - named - beside else f"waiting are {sorted(found.elements())}"


def _ended(stage: Stage, wanted: Any) -> str:
    right = stage.ended == wanted if isinstance(wanted, bool) else stage.ended and stage.outcome == wanted
    return "" if right else f"ended is {stage.ended}, at {stage.outcome}"


def _passed(stage: Stage, wanted: Any) -> str:
    way = iter(stage.met)
    return "" if all(each in way for each in wanted) else f"met were {stage.met}"


def _stands(stage: Stage, wanted: Any) -> str:
    wrong = {name: stage.data.get(name) for name, value in wanted.items() if stage.data.get(name) != value}
    return f"data are {wrong}" if wrong else ""


def _error(stage: Stage, wanted: Any) -> str:
    trouble = stage.trouble
    if not wanted:
        return "" if trouble is None else str(trouble)
    if trouble is None:
        return "no error"
    element = trouble.detail.get("element") if isinstance(trouble, StuckAt | Refused) else None
    return "" if wanted is True or wanted in {trouble.code, element} else str(trouble)


ACTS: Mapping[str, Callable[[Stage, Mapping[str, Any]], None]] = MappingProxyType(
    {
        "start": lambda stage, given: stage.start(given["process"], given["data"], given.get("at")),
        "complete": lambda stage, given: stage.complete(given["element"], given["data"], given.get("nth", 0)),
        "message": lambda stage, given: stage.message(given["name"], given["data"], given.get("correlation")),
        "signal": lambda stage, given: stage.signal(given["name"], given["data"]),
        "advance_seconds": lambda stage, given: stage.advance(given["seconds"]),
        "advance_to": lambda stage, given: stage.advance_to(given["element"]),
        "set": lambda stage, given: stage.correct(given["data"]),
    }
)
EXPECTATIONS: Mapping[str, Callable[[Stage, Any], str]] = MappingProxyType(
    {
        "tasks": _tasks,
        "waiting": _waiting,
        "ended": _ended,
        "passed": _passed,
        "data": _stands,
        "expect_error": _error,
    }
)
