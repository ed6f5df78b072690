"""Each node by itself: its id, who does it, which form, step or table, how often."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema

from engine.spiff import compiling, conversations, timers
from engine.spiff.drawings import Node
from engine.spiff.elements import NO_WAY_BACK
from engine.spiff.expressions import ExpressionFailed, ExpressionRefused, compile_expression, unwrap
from engine.spiff.lint.findings import Look
from engine.spiff.repairs.nesting import LIMIT, LOOPS
from ground.errors import Refused

MOST = 500
LONGEST = 120
SCOPES = frozenset({"case-county", "case-city", "province", "organ", "person"})
WITH_ARGUMENT = frozenset({"organ", "person"})
THROWN_BY_INSTANCES = ("oneBehaviorEventRef", "noneBehaviorEventRef")
ACTIVITIES = frozenset({"user", "service", "rule", "receive", "send", "call", "subprocess"})


def check(look: Look) -> None:
    """Every node."""
    counted = [node for node in look.drawing.nodes.values() if node.kind not in {"start", "end"}]
    if len(counted) > MOST:
        look.refuse("bpmn.too_many_elements", look.drawing.process, limit=MOST, found=len(counted))
    for xml in look.drawing.duplicates:
        look.refuse("bpmn.duplicate_id" if xml.get("id") else "bpmn.missing_id", xml)
    for node in look.drawing.nodes.values():
        if len(node.id) > LONGEST:
            look.refuse("bpmn.id_too_long", node, limit=LONGEST)
        _person(look, node)
        _due(look, node)
        _work(look, node)
        _repeat(look, node)


def _person(look: Look, node: Node) -> None:
    """Who does it: a user task always says so, a start or a message when a person begins it."""
    facts, role, scope, form = look.facts, node.ours("role"), node.ours("scope"), node.ours("form")
    if facts.roles is None:
        return
    by_message = (node.event == "message" or node.kind == "receive") and not conversations.sends(node)
    asked = node.kind == "user" or (role is not None and (by_message or node.kind == "start"))
    if asked and role not in facts.roles:
        look.refuse("role.unknown" if role else "task.no_role", node, role=role)
    if asked and not _scope_known(scope):
        look.refuse("scope.unknown" if scope else "task.no_scope", node, scope=scope, known=sorted(SCOPES))
    if form is None and asked and (node.kind == "user" or by_message):
        look.refuse("task.no_form", node)
    if form is not None and facts.forms is not None and form not in facts.forms:
        look.refuse("form.unknown", node, form=form)
    deadline = node.ours("deadline")
    if deadline and facts.deadlines is not None and deadline not in facts.deadlines:
        look.refuse("deadline.unknown", node, deadline=deadline)
    if node.ours("signed") is not None and (node.kind != "user" or node.ours("signed") not in {"true", "false"}):
        look.refuse("task.signed", node)
    for other in (node.ours("separate") or "").split():
        found = look.drawing.nodes.get(other)
        if found is None or found.kind != "user" or found is node:
            look.refuse("separate.unknown", node, other=other)
    _back(look, node)


def _back(look: Look, node: Node) -> None:
    """Where a task may be sent back to: user tasks that are not signed, or `none`; by itself each one it has passed."""
    named = (node.ours("back") or "").split()
    if named and (node.kind != "user" or (NO_WAY_BACK in named and len(named) > 1)):
        look.refuse("back.not_here", node)
    for other in named if NO_WAY_BACK not in named else ():
        found = look.drawing.nodes.get(other)
        if found is None or found.kind != "user" or found is node or found.ours("signed") == "true":
            look.refuse("back.unknown", node, other=other)


def _due(look: Look, node: Node) -> None:
    """A task's own date, where no deadline of the measures gives it one."""
    text = node.ours("due")
    if text and (node.kind != "user" or node.ours("deadline")):
        look.refuse("due.not_here", node, way_out="deadline")
    elif text:
        try:
            timers.read("timeDate", text)
        except Refused as refused:
            look.refused(refused, node, text="due")


def _scope_known(scope: str | None) -> bool:
    found = compiling.ADDRESS.fullmatch(scope or "")
    return scope in SCOPES - WITH_ARGUMENT or found is not None


def _work(look: Look, node: Node) -> None:
    """Which step or table does it."""
    step, table = node.ours("step"), node.ours("table")
    if node.kind == "service":
        # Outside a house, work that names no step of ours waits until somebody says that it is done.
        if step is None:
            if look.facts.steps is not None:
                look.refuse("step.missing", node, way_out="jidi_step")
        elif look.facts.steps is not None and step not in look.facts.steps:
            look.refuse("step.unknown", node, step=step)
        elif look.facts.steps is not None:
            _parameters(look, node, step)
    if node.kind == "rule":
        if table is None:
            if look.facts.steps is not None:
                look.refuse("table.missing", node, way_out="jidi_table")
        elif look.facts.tables is not None and table not in look.facts.tables:
            look.refuse("table.unknown", node, table=table)


def _parameters(look: Look, node: Node, step: str) -> None:
    """Names and what is required; values only where they are literals, since others are known at run time."""
    assert look.facts.steps is not None  # noqa: S101  asked by the caller
    schema: Schema = (look.facts.steps[step].parameters or Schema)(unknown=RAISE)
    given = dict(compiling.parameters(node))
    known = _literals(given)
    later = {name for name in given if name not in known}
    unknown = sorted(set(given) - set(schema.fields))
    if unknown:
        look.refuse("step.parameters", node, step=step, unknown=unknown, known=sorted(schema.fields))
    missing = sorted(name for name, field in schema.fields.items() if field.required and name not in given)
    if missing:
        look.refuse("step.parameters", node, step=step, missing=missing)
    wrong = schema.validate({name: value for name, value in known.items() if name in schema.fields}, partial=True)
    if set(wrong) - later - set(missing):
        look.refuse("step.parameters", node, step=step, wrong=sorted(map(str, wrong)))


def _literals(given: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for name, text in given.items():
        try:
            expression = compile_expression(unwrap(text))
            if not expression.names and not expression.functions:
                found[name] = expression.evaluate({})
        except (ExpressionRefused, ExpressionFailed):
            continue  # texts.py says so
    return found


def _repeat(look: Look, node: Node) -> None:
    multi, loop = node.child("multiInstanceLoopCharacteristics"), node.child("standardLoopCharacteristics")
    if (multi is not None or loop is not None) and node.kind not in ACTIVITIES:
        look.refuse("mi.not_here", node)
    elif multi is not None and loop is not None:
        look.refuse("mi.twice", node)
    elif multi is not None:
        _multi(look, node)
    elif loop is not None:
        _loop(look, node, loop.get("loopMaximum", ""))


def _multi(look: Look, node: Node) -> None:
    where = "multiInstanceLoopCharacteristics"
    count, items = node.text(where, "loopCardinality"), node.text(where, "loopDataInputRef")
    if bool(count) == bool(items):
        look.refuse("mi.both" if count else "mi.no_items", node, way_out="loop_data_input")
    if count and count.isdigit() and int(count) > LIMIT:
        look.refuse("mi.limit", node, limit=LIMIT, found=int(count))
    output, item = node.text(where, "loopDataOutputRef"), node.child(where, "outputDataItem")
    if bool(output) != (item is not None):
        look.refuse("mi.output", node)
    characteristics = node.child(where)
    # `behavior` says which event each finished instance throws; where no event is named it has no effect.
    if characteristics is not None and any(characteristics.get(name) for name in THROWN_BY_INSTANCES):
        look.refuse("mi.behavior", node)
    if node.ours("scope") and look.facts.roles is not None and items and node.child(where, "inputDataItem") is None:
        look.warn("mi.no_item_name", node)


def _loop(look: Look, node: Node, most: str) -> None:
    if most and not (most.isdigit() and 0 < int(most) <= LOOPS):
        look.refuse("loop.limit", node, limit=LOOPS)
    if not most and not node.text("standardLoopCharacteristics", "loopCondition"):
        look.refuse("loop.endless", node)
