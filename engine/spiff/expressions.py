"""Expressions that owners write: an allow-list over Python's syntax, made into closures; Python evaluates nothing.

Allowed are literals, names, `a.b` (a field of a record, never an attribute of an object), `a["b"]`, `+ - * / // %`,
comparisons, `in`, `and or not`, `x if y else z`, lists, and the functions of functions.py and of the caller. `true`,
`false`, `null` are read as True, False, None. A literal with a point is a Decimal, so 0.1 + 0.2 == 0.3.
"""

import ast
import threading
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.spiff import reckoning
from engine.spiff.functions import FUNCTIONS
from engine.spiff.reckoning import ExpressionFailed
from engine.spiff.syntax import (
    DEPTH,
    BadArguments,
    BadName,
    BadSyntax,
    Closure,
    Compiler,
    ExpressionRefused,
    NotAllowed,
    Run,
    TooComplex,
    UnknownFunction,
)

__all__ = [
    "DEFAULT",
    "BadArguments",
    "BadName",
    "BadSyntax",
    "Expression",
    "ExpressionFailed",
    "ExpressionRefused",
    "NotAllowed",
    "TooComplex",
    "UnknownFunction",
    "compile_expression",
    "unwrap",
]

CHARACTERS = 2_000
BRACKETS = 4 * DEPTH

LINES = str.maketrans("\r\n\t", "   ")

DEFAULT = frozenset(FUNCTIONS)
NO_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType({})

# Python 3.11 counts the depth of a tree it makes in one place for all threads, and fails when two of them meet there.
_parser = threading.Lock()


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression; immutable, and safe to share between threads."""

    source: str
    names: frozenset[str]
    functions: frozenset[str]
    closure: Closure

    def evaluate(self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] | None = None) -> Any:
        """Its value; `functions` are the caller's own, and never take the place of ours."""
        try:
            return self.closure(Run(names, functions or NO_FUNCTIONS))
        except ExpressionFailed as failed:
            failed.detail.setdefault("source", self.source)
            raise
        except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
            raise ExpressionFailed(what="failed", kind=type(error).__name__, source=self.source) from error

    def holds(self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] | None = None) -> bool:
        """Whether a condition is true; a value that is neither yes, no nor nothing fails."""
        value = self.evaluate(names, functions)
        if value is True or value is False or value is None:
            return bool(value)
        raise ExpressionFailed(what="flag_wanted", kind=reckoning.kind(value), source=self.source)


def compile_expression(source: str, functions: Collection[str] = DEFAULT) -> Expression:
    """Check a text and make it ready to run; whatever is not plainly allowed is refused by name."""
    text = _readable(source)
    compiler = Compiler(text, frozenset(functions))
    closure = compiler.compile(_parsed(text), 0)
    return Expression(text, frozenset(compiler.names), frozenset(compiler.called), closure)


def unwrap(text: str) -> str:
    """The expression inside `${…}`, `#{…}` or behind the leading `=` that other editors write."""
    bare = text.strip()
    if bare[:2] in {"${", "#{"} and bare.endswith("}"):
        return bare[2:-1].strip()
    return bare[1:].strip() if bare.startswith("=") and not bare.startswith("==") else bare


def _readable(source: Any) -> str:
    if not isinstance(source, str):
        raise BadSyntax(reason="text_wanted")
    if len(source) > CHARACTERS:
        raise TooComplex(limit="characters", most=CHARACTERS)
    text = source.translate(LINES).strip()
    if not text:
        raise BadSyntax(reason="empty")
    for position, character in enumerate(text):
        # Invisible characters would let a reader see another expression than the one that runs.
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}:
            raise BadSyntax(reason="invisible", at=position + 1, source=text)
        if character in "\\#":
            raise NotAllowed(node=character, at=position + 1, source=text)
    return text


def _parsed(text: str) -> ast.expr:
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(depth, deepest)
    if deepest > BRACKETS:
        raise TooComplex(limit="depth", most=DEPTH, source=text)
    try:
        with _parser:
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise BadSyntax(reason="syntax", at=error.offset or 0, source=text) from None
    except (RecursionError, MemoryError):
        raise TooComplex(limit="depth", most=DEPTH, source=text) from None
    except ValueError:
        raise BadSyntax(reason="syntax", source=text) from None
