"""What a script says, read strictly: acts with their arguments, and what is expected after each.

The written form is in the package's own text. A step may also name its act in a word of its own, as other tools
write it: {"do": "complete", "element": "a"}, or hold its arguments below the act: {"complete": {"element": "a"}}.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import orjson

from ground import clock
from ground.errors import Refused

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BYTES = 1_000_000
NAMING = ("do", "op", "act", "action", "step", "type", "kind")
# The argument that an act is written with.
MAIN: Mapping[str, str] = MappingProxyType(
    {
        "start": "process",
        "complete": "element",
        "message": "name",
        "signal": "name",
        "advance_seconds": "seconds",
        "advance_to": "element",
        "set": "data",
    }
)
OTHERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "start": frozenset({"data", "at"}),
        "complete": frozenset({"data", "nth"}),
        "message": frozenset({"data", "correlation"}),
        "signal": frozenset({"data"}),
        "advance_seconds": frozenset(),
        "advance_to": frozenset(),
        "set": frozenset(),
    }
)
SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "id": "element",
        "task": "element",
        "element_id": "element",
        "event": "element",
        "message_name": "name",
        "signal_name": "name",
        "process_id": "process",
        "variables": "data",
        "correlation_key": "correlation",
        "correlation_keys": "correlation",
        "correlations": "correlation",
    }
)
EXPECTED = frozenset({"tasks", "waiting", "ended", "passed", "expect_error"})
LISTED, SINGLE = frozenset({"tasks", "passed", "waiting"}), frozenset({"ended", "waiting", "expect_error"})
TOP = frozenset({"name", "at", "gives", "steps", "expect_error"})


class ScriptRefused(Refused):
    """The script cannot be read; `step` is its number from 1, `reason` a code, `key` what was not understood."""

    code = "trial.script"
    status = 422


@dataclass(frozen=True)
class Step:
    """One step: the act with its arguments, or none; and what is expected after it."""

    number: int
    act: str | None
    given: Mapping[str, Any]
    expected: Mapping[str, Any]

    def __str__(self) -> str:
        parts = [] if self.act is None else [f"{self.act} {_brief(self.given)}".rstrip()]
        parts += [f"{name} = {_written(value)}" for name, value in self.expected.items()]
        return " · ".join(parts)


@dataclass(frozen=True)
class Script:
    """A whole script."""

    steps: tuple[Step, ...]
    name: str = ""
    at: datetime = MORNING
    gives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def error(self) -> Any:
        """What error the script expects anywhere: a code, True, or False for none."""
        return next((step.expected["expect_error"] for step in self.steps if step.expected.get("expect_error")), False)

    @property
    def completed(self) -> frozenset[str]:
        """The elements that the script completes."""
        return frozenset(step.given["element"] for step in self.steps if step.act == "complete")


def read(body: bytes) -> Script:
    """The script in this file; ScriptRefused says where it is wrong."""
    if len(body) > BYTES:
        raise ScriptRefused(reason="too_large", most=BYTES)
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ScriptRefused(reason="not_json", line=error.lineno, column=error.colno) from None
    if isinstance(whole, list):
        whole = {"steps": whole}
    if not isinstance(whole, dict) or not isinstance(whole.get("steps"), list):
        raise ScriptRefused(reason="steps_wanted")
    if unknown := sorted(set(whole) - TOP):
        raise ScriptRefused(reason="unknown_key", key=unknown[0], known=sorted(TOP))
    steps = [_step(number, each) for number, each in enumerate(whole["steps"], 1)]
    if whole.get("expect_error"):
        last = len(steps) + 1
        steps.append(Step(last, None, {}, {"expect_error": _wanted(last, "expect_error", whole["expect_error"])}))
    return Script(tuple(steps), str(whole.get("name", "")), _moment(whole), _gives(whole))


def _step(number: int, written: Any) -> Step:
    if isinstance(written, str):
        written = {written: True}
    if not isinstance(written, dict):
        raise ScriptRefused(step=number, reason="object_wanted")
    keys = dict(written)
    if isinstance(keys.get("expect"), dict):
        keys |= keys.pop("expect")
    act = _act(number, keys)
    expected = {name: _wanted(number, name, keys.pop(name)) for name in list(keys) if name in EXPECTED}
    if act is None:
        expected |= {name: keys.pop(name) for name in ("data",) if name in keys}
        if not isinstance(expected.get("data", {}), dict):
            raise ScriptRefused(step=number, reason="object_wanted", key="data")
        if keys or not expected:
            raise ScriptRefused(step=number, reason="no_act", key=next(iter(keys), ""), known=sorted(MAIN))
        return Step(number, None, {}, expected)
    return Step(number, act, _given(number, act, keys), expected)


def _act(number: int, keys: dict[str, Any]) -> str | None:
    """Take the act out of the keys; its argument, if it was written with it, goes below its own name."""
    for word in NAMING:
        if isinstance(keys.get(word), str) and keys[word] in MAIN:
            return str(keys.pop(word))
        if keys.get(word) == "expect":
            keys.pop(word)
            return None
    acts = [name for name in keys if name in MAIN]
    if len(acts) > 1:
        raise ScriptRefused(step=number, reason="several_acts", key=acts[1])
    if not acts:
        return None
    argument = keys.pop(acts[0])
    inner = acts[0] != "set" and isinstance(argument, dict)
    keys |= argument if inner else {MAIN[acts[0]]: argument}
    return acts[0]


def _given(number: int, act: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    given = {SYNONYMS.get(name, name): value for name, value in keys.items()}
    main = MAIN[act]
    if unknown := sorted(set(given) - OTHERS[act] - {main}):
        raise ScriptRefused(step=number, reason="unknown_key", key=unknown[0], known=sorted(OTHERS[act] | {main}))
    if act == "start":
        process = given.get("process")
        given["process"] = process if isinstance(process, str) else None
    elif act == "advance_seconds":
        if not _is_number(given.get(main)) or given[main] < 0:
            raise ScriptRefused(step=number, reason="seconds_wanted", key=main)
    elif act == "set":
        given.setdefault("data", {})
    elif not isinstance(given.get(main), str):
        raise ScriptRefused(step=number, reason="name_wanted", key=main)
    given["data"] = given.get("data") or {}
    if not isinstance(given["data"], dict):
        raise ScriptRefused(step=number, reason="object_wanted", key="data")
    if not isinstance(given.get("nth", 0), int):
        raise ScriptRefused(step=number, reason="number_wanted", key="nth")
    return given


def _wanted(number: int, name: str, value: Any) -> Any:
    """What is expected, if it can be: names in a list, or one name, true or false."""
    names = isinstance(value, list) and all(isinstance(each, str) for each in value)
    single = isinstance(value, str | bool | None)
    if not ((name in LISTED and names) or (name in SINGLE and single)):
        raise ScriptRefused(step=number, reason="name_wanted" if name in SINGLE else "names_wanted", key=name)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moment(whole: Mapping[str, Any]) -> datetime:
    text = whole.get("at")
    if text is None:
        return MORNING
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise ScriptRefused(reason="moment_wanted", key="at") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)).astimezone(UTC)


def _gives(whole: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    gives = whole.get("gives", {})
    if not isinstance(gives, dict) or not all(isinstance(each, dict) for each in gives.values()):
        raise ScriptRefused(reason="object_wanted", key="gives")
    return dict(gives)


def _brief(given: Mapping[str, Any]) -> str:
    shown = {name: value for name, value in given.items() if value not in (None, {}, 0)}
    return " ".join(_written(value) for value in shown.values())


def _written(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
