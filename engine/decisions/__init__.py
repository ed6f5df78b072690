"""Decision tables: DMN files read strictly, decided exactly; never an empty answer.

A file has one decision with one decision table (DMN 1.2 to 1.5) in this part of FEEL:

    inputs     an expression (engine/spiff/expressions.py) and a typeRef: number, integer, string, boolean or date;
               inputValues say which values there are at all, as a cell does
    cells      `-` for anything; literals; `< <= > >= = !=`; ranges `[a..b]`, `(a..b]`, `]a..b[`; several, with commas;
               `not(…)`; `null`. Literals are 12, -0.5, "text", true, false, date("2026-01-01").
               A value that is null matches only `-` and `null`
    outputs    an expression for each rule, of the output's typeRef, one of its outputValues if it has any;
               defaultOutputEntry, for all outputs or none, when no rule matches
    policies   UNIQUE (two rules that overlap are refused on loading), FIRST, ANY (rules that overlap must agree),
               COLLECT (bare, SUM, MIN, MAX, COUNT), RULE ORDER. PRIORITY and OUTPUT ORDER are refused
    clauses    jidi:clause="10(6)" on a rule, or an annotation column named clause, 条款 or 依据; its description is
               its note

Results are JSON: whole numbers as such, other numbers as text ("0.75"; number(…) in an expression), dates as text.
Under COLLECT and RULE ORDER each output is a list, one value a rule; with SUM, MIN, MAX and COUNT it is one number.
"""

from engine.decisions.dmn import load
from engine.decisions.refusals import Disagreement, NoRule, Overlap, TableRefused, WrongResult, WrongValue
from engine.decisions.table import Column, Decided, Gap, Input, Output, Rule, Table

__all__ = [
    "Column",
    "Decided",
    "Disagreement",
    "Gap",
    "Input",
    "NoRule",
    "Output",
    "Overlap",
    "Rule",
    "Table",
    "TableRefused",
    "WrongResult",
    "WrongValue",
    "load",
]
