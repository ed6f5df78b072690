"""docs/bpmn-support.md, made from what is played: `python -m tests.engine.spiff.page` writes it anew."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from tests.engine.spiff.patterns import PATTERNS
from tests.engine.spiff.script import Sample
from tests.engine.spiff.support import ELEMENTS
from tests.engine.trial.behaviours import EVERY
from web.words import catalogue, findings, refusals

PAGE = Path(__file__).parents[3] / "docs" / "bpmn-support.md"
HEAD = """# What of BPMN runs · 支持的 BPMN 元素

This page is made from tests (`python -m tests.engine.spiff.page`): each row is a diagram that is played, stored and
read again after every step, or refused at publication with the element, the reason and a way out. What is in no row is
refused as `bpmn.not_supported`: nothing is misread in silence. `tests/engine/spiff` holds what runs,
`tests/engine/trial` what other engines' suites require ({behaviours} behaviours). Anybody can try a diagram of their
own with `jidi try FILE.bpmn --steps FILE.json`; how steps are written stands in `engine/trial/__init__.py`.

本页由测试生成：每一行都是一张实际运行过的流程图，每一步之后都存储并重新读取；不能运行的，在发布时指明元素、原因和改法。

Elements: {runs} run, {refused} are refused. Workflow control patterns: {patterns_run} run, {patterns_refused} refused.
"""


def page() -> str:
    """The whole page."""
    head = HEAD.format(
        behaviours=len(EVERY),
        runs=_count(ELEMENTS, refused=False),
        refused=_count(ELEMENTS, refused=True),
        patterns_run=_count(PATTERNS.values(), refused=False),
        patterns_refused=_count(PATTERNS.values(), refused=True),
    )
    return "\n".join([head, *_elements(), *_patterns(), *_behaviours()])


def _elements() -> Iterator[str]:
    for group, samples in groupby(ELEMENTS, key=lambda sample: sample.group):
        yield f"## {group}\n"
        yield "| element | |"
        yield "|---|---|"
        yield from (f"| {sample.name} | {_verdict(sample)} |" for sample in samples)
        yield ""


def _patterns() -> Iterator[str]:
    yield "## Workflow control patterns · 工作流控制模式\n"
    yield "Numbers and names are those of workflowpatterns.com.\n"
    yield "| number | pattern | |"
    yield "|---|---|---|"
    for number, sample in sorted(PATTERNS.items()):
        yield f"| WCP-{number} | {sample.name} | {_verdict(sample)} |"
    yield ""


def _behaviours() -> Iterator[str]:
    yield "## What other engines' suites require · 其他引擎测试所要求的行为\n"
    yield "| element | behaviour |"
    yield "|---|---|"
    yield from (f"| {one.element} | {one.name} |" for one in EVERY)
    yield ""


def _verdict(sample: Sample) -> str:
    if sample.refused is None:
        return "runs"
    chinese = findings.FOUND.get(sample.refused) or refusals.DRAWN[sample.refused]
    return f"refused because `{sample.refused}`: {chinese} {catalogue.english().texts[chinese]}"


def _count(samples: Iterable[Sample], *, refused: bool) -> int:
    return sum((sample.refused is not None) is refused for sample in samples)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
