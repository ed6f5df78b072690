"""A computed field explained: its formula reckoned once on plain numbers, by the engine's own arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.spiff.expressions import ExpressionFailed, ExpressionRefused, compile_expression
from engine.spiff.functions import round_half_up

SAMPLES = (Decimal(80), Decimal(100), Decimal(20), Decimal(50))
NUMBERS = frozenset({"integer", "decimal", "half", "computed"})
PLACES = 2  # as a form has it that does not say
Part = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """Each name of a formula with what people call it and its sample, and what comes out; None if nothing does."""

    given: tuple[tuple[str, str, str], ...]
    result: str | None


def example(part: Part, fields: Mapping[str, Part]) -> Example | None:
    """The formula of a computed field on sample numbers, none beyond what its field allows; None where it has none."""
    try:
        expression = compile_expression(str(part["formula"]))
    except (KeyError, ExpressionRefused):
        return None
    names = sorted(expression.names)
    values = {name: _sample(fields.get(name, {}), nth) for nth, name in enumerate(names)}
    try:
        result = str(Decimal(round_half_up(expression.evaluate(values), int(part.get("places", PLACES)))))
    except (ExpressionFailed, ArithmeticError, TypeError, ValueError):
        result = None
    given = tuple((name, str(fields.get(name, {}).get("label") or ""), f"{values[name]:f}") for name in names)
    return Example(given, result)


def _sample(field: Part, nth: int) -> Decimal:
    most = field.get("max")
    sample = SAMPLES[nth % len(SAMPLES)]
    return min(sample, Decimal(str(most))) if isinstance(most, int | float) and not isinstance(most, bool) else sample
