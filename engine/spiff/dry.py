"""A first move without anybody: a diagram is started with made-up answers, and comes to a wait, its end or a halt.

Whatever a condition, a number or a moment reads before anybody has answered must come with the start; here a value is
made up that the expression can read. Steps and tables give nothing back.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from engine.spiff.diagrams import Diagram
from engine.spiff.expressions import ExpressionFailed
from engine.spiff.hosts import Nobody
from engine.spiff.instance import Instance
from engine.spiff.stuck import StuckAt

TRIES = 60
USUAL = (True, 1, "P1D", ["1"])


def start(diagram: Diagram) -> StuckAt | None:
    """None if it comes to a wait or its end from every start; else where and why it stops with all answers tried."""
    starts = [each.id for each in diagram.starts] if len(diagram.starts) > 1 else [None]
    return next((stuck for at in starts if (stuck := _from(diagram, at)) is not None), None)


def _from(diagram: Diagram, at: str | None) -> StuckAt | None:
    left: dict[str, Iterator[Any]] = {}
    answers: dict[str, Any] = {}
    stuck: StuckAt | None = None
    for _ in range(TRIES):
        stuck = _once(diagram, at, answers)
        if stuck is None:
            return None
        name = stuck.detail.get("name")
        if name and name not in left:
            left[name] = _values(name, stuck.detail.get("source", ""))
        if not _another(left, answers):
            break
    return stuck


def _once(diagram: Diagram, at: str | None, answers: Mapping[str, Any]) -> StuckAt | None:
    try:
        instance = Instance.start(diagram, answers, Nobody(), at)
        instance.advance()
        for token in instance.tokens():
            if token.element.timer is not None:
                token.element.timer.evaluate(token.data)
    except StuckAt as stuck:
        return stuck
    except ExpressionFailed as failed:
        return StuckAt("", failed.code, failed.detail)
    return None


def _another(left: Mapping[str, Iterator[Any]], answers: dict[str, Any]) -> bool:
    """Another value for the name that was asked for last, or for one before it."""
    for name in [*left][::-1]:
        for value in left[name]:
            answers[name] = value
            return True
    return False


def _values(name: str, source: str) -> Iterator[Any]:
    """What a name is compared with, in a record where it is one; then a yes, a number, a moment, a list."""
    try:
        nodes = [*ast.walk(ast.parse(source, mode="eval"))]
    except SyntaxError:
        nodes = []  # it is no expression that asks, but a list or a number
    for node in nodes:
        if isinstance(node, ast.Compare) and len(node.comparators) == 1:
            sides = [node.left, node.comparators[0]]
            for side, other in (sides, sides[::-1]):
                found = next((each.value for each in ast.walk(other) if isinstance(each, ast.Constant)), True)
                wanted = [found] if isinstance(node.ops[0], ast.In) and side is sides[1] else found
                if (whole := _record(side, name, wanted)) is not None:
                    yield whole
    for node in nodes:
        if isinstance(node, ast.Attribute) and (whole := _record(node, name, True)) is not None:
            yield whole
    yield from USUAL


def _record(node: ast.expr, name: str, value: Any) -> Any:
    """The value of `name` in which `name.a.b` is `value`; None if the piece is about another name."""
    while isinstance(node, ast.Attribute):
        value, node = {node.attr: value}, node.value
    return value if isinstance(node, ast.Name) and node.id == name else None
