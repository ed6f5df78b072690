"""When a field is to be answered: the form's own expression as a page can follow it, and in words.

Compared are answers with plain values, joined by `and`, `or` and `not`; all else is left to the server alone.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from web.door.language import _

SIGNS = {ast.Eq: "is", ast.NotEq: "not"}
JOINTS = {ast.And: "and", ast.Or: "or"}
PLAIN = {"true": "true", "false": "false"}

Tree = list[Any]
Said = Callable[[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Condition:
    """A condition as a script reads it, and as a person does."""

    compact: str
    words: str


def read(source: str, said: Said) -> Condition | None:
    """The condition of an expression; `said` gives the label of a field and the words of one of its values."""
    tree = _tree(ast.parse(source, mode="eval").body) if source else None
    return (
        Condition(orjson.dumps(tree).decode(), _("%(condition)s时填写", condition=_words(tree, said))) if tree else None
    )


def _tree(node: ast.expr) -> Tree | None:
    """`["is", name, value]`, `["not", name, value]`, `["and", …]`, `["or", …]`; nothing for what cannot be followed."""
    match node:
        case ast.BoolOp(op=op, values=values):
            inner = [_tree(value) for value in values]
            return [JOINTS[type(op)], *inner] if all(inner) else None
        case ast.Name(id=name):
            return ["is", name, "true"]
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return ["not", name, "true"]
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[right]) if type(op) in SIGNS:
            value = _value(right)
            return None if value is None else [SIGNS[type(op)], name, value]
    return None


def _value(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return PLAIN.get(node.id)
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bool | int):
        return str(node.value).lower() if isinstance(node.value, bool) else str(node.value)
    return None


def _words(tree: Tree, said: Said) -> str:
    sign, *rest = tree
    if sign in {"and", "or"}:
        joint = _("，且") if sign == "and" else _("，或者")
        return joint.join(_words(inner, said) for inner in rest)
    label, value = said(*rest)
    if sign == "is":
        return _("“%(label)s”为“%(value)s”", label=label, value=value)
    return _("“%(label)s”不为“%(value)s”", label=label, value=value)
