"""A DMN file becomes a table; whatever in it we would not decide right is refused with its element, line and reason."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.decisions import soundness
from engine.decisions.elements import children, id_of, name_of, named, only, placed, refuse, text_of
from engine.decisions.spans import EVERYTHING, Spans
from engine.decisions.table import AGGREGATIONS, COLLECT, POLICIES, UNIQUE, Input, Output, Rule, Table
from engine.decisions.unary import BOOLEANS, Cell, cell
from engine.spiff.documents import parse
from engine.spiff.expressions import Expression, compile_expression, unwrap

VERSIONS = frozenset(
    f"https://www.omg.org/spec/DMN/{each}/MODEL/" for each in ("20191111", "20211108", "20230324", "20240513")
) | {"http://www.omg.org/spec/DMN/20180521/MODEL/"}
CLAUSE = "{urn:jidi:bpmn:1}clause"
CLAUSE_COLUMNS = frozenset({"clause", "条款", "依据"})
RULES, COLUMNS = 500, 20

# Documentation, pictures and what a decision is fed from; all else would need more than a table.
LEFT_ALONE = frozenset(
    {"inputData", "knowledgeSource", "textAnnotation", "association", "description", "extensionElements"}
    | {"informationRequirement", "authorityRequirement", "question", "allowedAnswers", "variable"}
)
TYPES: Mapping[str, str] = MappingProxyType(
    {"": "", "any": "", "string": "string", "boolean": "boolean", "date": "date", "number": "number"}
    | {"double": "number", "integer": "integer", "long": "integer"}
)


def load(body: bytes) -> Table:
    """The table in this file; the same bytes give the same table."""
    return _loaded(body)


@lru_cache(maxsize=512)
def _loaded(body: bytes) -> Table:
    root = parse(body)
    namespace, _, name = str(root.tag).removeprefix("{").partition("}")
    if name != "definitions" or namespace not in VERSIONS:
        refuse(root, "not_dmn", found=namespace)
    decision = _one_decision(root)
    source = only(decision, "decisionTable", "no_table")
    policy, aggregation = _policy(source)
    inputs = tuple(_input(each) for each in named(source, "input"))
    outputs = tuple(_output(each, decision) for each in named(source, "output"))
    if not inputs or not outputs or len(inputs) + len(outputs) > COLUMNS:
        refuse(source, "columns", most=COLUMNS)
    rules, inputs = _rules(source, inputs, outputs)
    table = Table(
        key=id_of(decision),
        name=decision.get("name") or id_of(decision),
        note=text_of(decision, "description"),
        policy=policy,
        aggregation=aggregation,
        inputs=inputs,
        outputs=outputs,
        rules=rules,
    )
    soundness.check(source, table)
    return table


def _one_decision(root: Any) -> Any:
    decisions = []
    for each in children(root):
        name = name_of(each)
        if name == "decision":
            decisions.append(each)
        elif name not in LEFT_ALONE and "DMNDI" not in str(each.tag):
            refuse(each, "element", found=name)
    if len(decisions) != 1:
        refuse(root, "one_decision", found=len(decisions))
    for each in children(decisions[0]):
        if name_of(each) != "decisionTable" and name_of(each) not in LEFT_ALONE:
            refuse(each, "element", found=name_of(each))
        if name_of(each) == "informationRequirement" and any(name_of(inner) == "requiredDecision" for inner in each):
            refuse(each, "element", found="requiredDecision")
    return decisions[0]


def _policy(source: Any) -> tuple[str, str]:
    policy, aggregation = source.get("hitPolicy", UNIQUE), source.get("aggregation", "")
    if policy not in POLICIES:
        refuse(source, "policy", found=policy, known=sorted(POLICIES))
    if aggregation and (policy != COLLECT or aggregation not in AGGREGATIONS):
        refuse(source, "aggregation", found=aggregation)
    for each in children(source):
        if name_of(each) not in {"input", "output", "rule", "annotation", "description", "extensionElements"}:
            refuse(each, "element", found=name_of(each))
    return policy, aggregation


def _input(element: Any) -> Input:
    inner = only(element, "inputExpression", "no_expression")
    expression = _expression(inner, text_of(inner, "text"))
    kind = _type(inner)
    domain, values = _domain(element, "inputValues", kind)
    return Input(id_of(element), element.get("label") or expression.source, expression, kind, domain, values)


def _output(element: Any, decision: Any) -> Output:
    name = element.get("name") or decision.get("id")
    kind = _type(element)
    domain, values = _domain(element, "outputValues", kind)
    entry = next(named(element, "defaultOutputEntry"), None)
    default = None if entry is None else _expression(entry, text_of(entry, "text"))
    return Output(id_of(element), element.get("label") or name, name, kind, domain, values, default)


def _domain(element: Any, name: str, kind: str) -> tuple[Spans, str]:
    whole = BOOLEANS if kind == "boolean" else EVERYTHING
    given = next(named(element, name), None)
    if given is None:
        return whole, ""
    found = _cell(given, kind)
    return (found.spans if found.spans != EVERYTHING else whole), found.text


def _rules(
    source: Any, inputs: tuple[Input, ...], outputs: tuple[Output, ...]
) -> tuple[tuple[Rule, ...], tuple[Input, ...]]:
    elements = list(named(source, "rule"))
    if not 1 <= len(elements) <= RULES:
        refuse(source, "rules", found=len(elements), most=RULES)
    notes = [each.get("name") or text_of(each, "text") for each in named(source, "annotation")]
    clause_at = next((at for at, name in enumerate(notes) if name.strip().lower() in CLAUSE_COLUMNS), None)
    kinds = [each.type for each in inputs]
    rules = []
    for number, element in enumerate(elements, 1):
        cells = [_cell(entry, kind) for entry, kind in _entries(element, "inputEntry", kinds)]
        # Where an input names no type, the first literal of its column does.
        kinds = [kind or cell.kind for kind, cell in zip(kinds, cells, strict=True)]
        results = [
            _expression(each, text_of(each, "text")) for each, _ in _entries(element, "outputEntry", list(outputs))
        ]
        written = [text_of(each, "text") for each in named(element, "annotationEntry")]
        clause = element.get(CLAUSE) or (
            written[clause_at] if clause_at is not None and clause_at < len(written) else ""
        )
        note = text_of(element, "description") or "; ".join(
            text for at, text in enumerate(written) if at != clause_at and text
        )
        rules.append(Rule(id_of(element), number, tuple(cells), tuple(results), clause, note))
    return tuple(rules), tuple(_with_kind(each, kind) for each, kind in zip(inputs, kinds, strict=True))


def _with_kind(each: Input, kind: str) -> Input:
    domain = BOOLEANS if kind == "boolean" and each.domain == EVERYTHING else each.domain
    return replace(each, type=kind, domain=domain)


def _entries(rule: Any, name: str, columns: list[Any]) -> list[tuple[Any, Any]]:
    found = list(named(rule, name))
    if len(found) != len(columns):
        refuse(rule, "entries", wanted=len(columns), found=len(found))
    return list(zip(found, columns, strict=True))


def _cell(element: Any, kind: str) -> Cell:
    _check_language(element)
    with placed(element):
        return cell(text_of(element, "text"), kind)


def _expression(element: Any, text: str) -> Expression:
    _check_language(element)
    with placed(element):
        return compile_expression(unwrap(text))


def _type(element: Any) -> str:
    given = (element.get("typeRef") or "").removeprefix("feel:")
    if given.lower() not in TYPES:
        refuse(element, "type", found=given, known=sorted(each for each in TYPES if each))
    return TYPES[given.lower()]


def _check_language(element: Any) -> None:
    given = element.get("expressionLanguage")
    if given and "feel" not in given.lower():
        refuse(element, "language", found=given)
