"""The syntax an expression may use: one closure for each kind of node on the list, a refusal by name for any other."""

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NoReturn

from engine.spiff import reckoning
from engine.spiff.functions import FUNCTIONS
from engine.spiff.reckoning import LARGEST, fail
from ground.errors import Refused

NODES = 400
DEPTH = 25
STEPS = 10_000
QUOTES = 2

WORDS: Mapping[str, bool | None] = MappingProxyType({"true": True, "false": False, "null": None})

ASKING = frozenset({"empty"})


class ExpressionRefused(Refused):
    """This text is no expression that the house would run."""

    code = "expr.refused"
    status = 422


class NotAllowed(ExpressionRefused):
    """The kind of syntax named by `node` has no place in an expression."""

    code = "expr.not_allowed"


class BadName(ExpressionRefused):
    """A name that starts with an underscore belongs to Python, not to a process."""

    code = "expr.name"


class TooComplex(ExpressionRefused):
    """Longer, larger or deeper than anybody could read."""

    code = "expr.too_complex"


class BadSyntax(ExpressionRefused):
    """This does not read as an expression at all."""

    code = "expr.syntax"


class UnknownFunction(ExpressionRefused):
    """There is no function of this name here."""

    code = "expr.unknown_function"


class BadArguments(ExpressionRefused):
    """This function takes more or fewer arguments."""

    code = "expr.arguments"


class Run:
    """One evaluation: its names, the caller's functions, and what is left of its budget."""

    __slots__ = ("functions", "left", "names")

    def __init__(self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> None:
        self.names = names
        self.functions = functions
        self.left = STEPS

    def spend(self, *values: Any) -> None:
        """Whoever walks through long lists pays for them."""
        self.left -= 1 + sum([len(each) // 10 for each in values if isinstance(each, list | tuple | str)])
        if self.left < 0:
            fail("budget")


Closure = Callable[[Run], Any]


class Compiler:
    """Walks one tree once; gathers the names it reads and the functions it calls."""

    def __init__(self, source: str, functions: frozenset[str]) -> None:
        self.source = source
        self.allowed = functions
        self.names: set[str] = set()
        self.called: set[str] = set()
        self.nodes = 0

    def compile(self, node: ast.AST, depth: int) -> Closure:
        """The closure of one node and all below it."""
        self.nodes += 1
        if self.nodes > NODES:
            raise TooComplex(limit="nodes", most=NODES, source=self.source)
        if depth > DEPTH:
            raise TooComplex(limit="depth", most=DEPTH, source=self.source)
        make = MAKERS.get(type(node))
        if make is None:
            self.refuse(NotAllowed, node, node=type(node).__name__)
        return make(self, node, depth + 1)

    def refuse(self, refusal: type[ExpressionRefused], where: ast.AST, **facts: Any) -> NoReturn:
        """Say no, with the place."""
        offset = getattr(where, "col_offset", 0)
        at = len(self.source.encode()[:offset].decode(errors="ignore")) + 1
        raise refusal(at=at, source=self.source, **facts)

    def named(self, name: str, where: ast.AST) -> str:
        """A name, unless it is one of Python's own."""
        return name if not name.startswith("_") else self.refuse(BadName, where, name=name)

    def constant(self, node: ast.Constant, _depth: int) -> Closure:
        """A literal; a number with a point is taken as it is written, not as the float nearest to it."""
        value: Any = node.value
        written = ast.get_source_segment(self.source, node) or ""
        if isinstance(value, float):
            value = Decimal(written)
        if isinstance(value, str) and written.count(written[0]) != QUOTES:
            # "a" "b" is one text to Python: a forgotten comma in a list would go unnoticed.
            self.refuse(NotAllowed, node, node="Joined")
        if not isinstance(value, int | Decimal | str | None):
            self.refuse(NotAllowed, node, node=type(value).__name__)
        if isinstance(value, int | Decimal) and not -LARGEST <= value <= LARGEST:
            self.refuse(TooComplex, node, limit="number", most="1e30")
        return lambda _run: value

    def name(self, node: ast.Name, _depth: int) -> Closure:
        """A value that the caller gives."""
        name = self.named(node.id, node)
        if name in WORDS:
            word = WORDS[name]
            return lambda _run: word
        self.names.add(name)

        def look_up(run: Run) -> Any:
            names = run.names
            return names[name] if name in names else fail("unknown_name", name=name)

        return look_up

    def asked(self, node: ast.AST, depth: int) -> Closure:
        """A value of which is only asked whether there is any: a name that nobody has set is nothing, no failure."""
        if not isinstance(node, ast.Name) or node.id in WORDS:
            return self.compile(node, depth)
        self.compile(node, depth)
        return lambda run: run.names.get(node.id)

    def all_or_any(self, node: ast.BoolOp, depth: int) -> Closure:
        """`and`, `or`: left to right, no further than needed."""
        parts = [self.compile(each, depth) for each in node.values]
        stop = isinstance(node.op, ast.Or)

        def decide(run: Run) -> bool:
            return next((stop for part in parts if reckoning.flag(part(run)) is stop), not stop)

        return decide

    def turned(self, node: ast.UnaryOp, depth: int) -> Closure:
        """`not x` and `-x`."""
        operand = self.compile(node.operand, depth)
        if isinstance(node.op, ast.Not):
            return lambda run: not reckoning.flag(operand(run))
        if isinstance(node.op, ast.USub):
            return lambda run: reckoning.negate(operand(run))
        return self.refuse(NotAllowed, node, node=type(node.op).__name__)

    def reckoned(self, node: ast.BinOp, depth: int) -> Closure:
        """A chain like `a + b - c`, kept flat: a sum of thirty marks is long, not deep."""
        steps: list[tuple[Callable[[Any, Any], Any], Closure]] = []
        first: ast.AST = node
        while isinstance(first, ast.BinOp):
            operator = ARITHMETIC.get(type(first.op))
            if operator is None:
                self.refuse(NotAllowed, first, node=type(first.op).__name__)
            steps.insert(0, (operator, self.compile(first.right, depth)))
            self.nodes += 1
            first = first.left
        start = self.compile(first, depth)

        def reckon(run: Run) -> Any:
            value = start(run)
            for operator, operand in steps:
                value = operator(value, operand(run))
            return value

        return reckon

    def compared(self, node: ast.Compare, depth: int) -> Closure:
        """`a < b <= c`; each value is worked out once."""
        asking = len(node.ops) == 1 and any(map(_is_nothing, (node.left, *node.comparators)))
        compiled = self.asked if asking else self.compile
        start = compiled(node.left, depth)
        steps: list[tuple[Callable[[Any, Any], bool], Closure]] = []
        for operator, operand in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.Is | ast.IsNot) and not _is_nothing(operand):
                self.refuse(NotAllowed, node, node=type(operator).__name__)
            steps.append((COMPARISON[type(operator)], compiled(operand, depth)))

        def compare(run: Run) -> bool:
            left = start(run)
            for operator, operand in steps:
                right = operand(run)
                if not isinstance(right, str | int):
                    run.spend(right)
                if not operator(left, right):
                    return False
                left = right
            return True

        return compare

    def chosen(self, node: ast.IfExp, depth: int) -> Closure:
        """`a if test else b`."""
        test, then, other = (self.compile(each, depth) for each in (node.test, node.body, node.orelse))
        return lambda run: then(run) if reckoning.flag(test(run)) else other(run)

    def several(self, node: ast.List | ast.Tuple, depth: int) -> Closure:
        """A list."""
        parts = [self.compile(each, depth) for each in node.elts]
        return lambda run: [part(run) for part in parts]

    def item(self, node: ast.Subscript, depth: int) -> Closure:
        """`a[0]`, `a["b"]`."""
        whole, key = self.compile(node.value, depth), self.compile(node.slice, depth)
        return lambda run: reckoning.item(whole(run), key(run))

    def member(self, node: ast.Attribute, depth: int) -> Closure:
        """`case.region`: a key of a record; objects have no fields here."""
        name = self.named(node.attr, node)
        whole = self.compile(node.value, depth)

        def look_up(run: Run) -> Any:
            record = whole(run)
            run.spend(record)
            return reckoning.member(record, name)

        return look_up

    def call(self, node: ast.Call, depth: int) -> Closure:
        """A function of ours, known now, or one of the caller's, looked up when it runs."""
        if isinstance(node.func, ast.Attribute):
            self.named(node.func.attr, node.func)
        if not isinstance(node.func, ast.Name) or node.keywords:
            self.refuse(NotAllowed, node, node="Call")
        name = self.named(node.func.id, node.func)
        if name not in self.allowed:
            self.refuse(UnknownFunction, node, name=name)
        own = FUNCTIONS.get(name)
        if own and not own.least <= len(node.args) <= own.most:
            self.refuse(BadArguments, node, name=name, least=own.least, most=own.most)
        self.called.add(name)
        compiled = self.asked if name in ASKING else self.compile
        arguments = [compiled(each, depth) for each in node.args]

        def run_it(run: Run) -> Any:
            values = [argument(run) for argument in arguments]
            run.spend(*values)
            function = own.run if own else run.functions.get(name)
            return reckoning.bounded(function(*values)) if function else fail("function_missing", name=name)

        return run_it


def _is_nothing(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "null"
    return isinstance(node, ast.Constant) and node.value is None


ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = MappingProxyType(
    {
        ast.Add: reckoning.add,
        ast.Sub: reckoning.subtract,
        ast.Mult: reckoning.multiply,
        ast.Div: reckoning.divide,
        ast.FloorDiv: reckoning.floor_divide,
        ast.Mod: reckoning.remainder,
    }
)
COMPARISON: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = MappingProxyType(
    {
        ast.Eq: reckoning.equal,
        ast.NotEq: lambda left, right: not reckoning.equal(left, right),
        ast.Lt: lambda left, right: reckoning.order(left, right) < 0,
        ast.LtE: lambda left, right: reckoning.order(left, right) <= 0,
        ast.Gt: lambda left, right: reckoning.order(left, right) > 0,
        ast.GtE: lambda left, right: reckoning.order(left, right) >= 0,
        ast.In: reckoning.within,
        ast.NotIn: lambda left, right: not reckoning.within(left, right),
        ast.Is: lambda left, _nothing: left is None,
        ast.IsNot: lambda left, _nothing: left is not None,
    }
)
MAKERS: Mapping[type[ast.AST], Callable[[Compiler, Any, int], Closure]] = MappingProxyType(
    {
        ast.Constant: Compiler.constant,
        ast.Name: Compiler.name,
        ast.BoolOp: Compiler.all_or_any,
        ast.UnaryOp: Compiler.turned,
        ast.BinOp: Compiler.reckoned,
        ast.Compare: Compiler.compared,
        ast.IfExp: Compiler.chosen,
        ast.List: Compiler.several,
        ast.Tuple: Compiler.several,
        ast.Subscript: Compiler.item,
        ast.Attribute: Compiler.member,
        ast.Call: Compiler.call,
    }
)
