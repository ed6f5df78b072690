"""Decision tables to read: inputs, outputs, and for each row what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.decisions import Table
from engine.folders import Folder
from web.door.language import _, within
from web.words.catalogue import N_

POLICIES = {
    "UNIQUE": N_("唯一：只有一行符合"),
    "FIRST": N_("首行：取第一行符合的"),
    "ANY": N_("任一：符合的各行结果相同"),
    "COLLECT": N_("汇集：取所有符合的行"),
    "RULE ORDER": N_("按行序：依次取所有符合的行"),
}
CELLS = {"-": N_("不限"), "": N_("不限"), "true": N_("是"), "false": N_("否"), "null": N_("无")}


@dataclass(frozen=True)
class Shown:
    """A table in the reader's language."""

    key: str
    name: str
    note: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple["Line", ...]
    otherwise: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One rule."""

    number: int
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    clause: str
    note: str


def tables(folder: Folder) -> list[Shown]:
    """Every table of a folder, by key."""
    return [_shown(table, folder.words) for __, table in sorted(folder.tables.items())]


def gaps(table: Table) -> list[str]:
    """The values for which no row of a table answers, each as a sentence."""
    labels = [each.label for each in table.inputs]
    return [
        _("；").join(f"{label}{_('：')}{text}" for label, text in zip(labels, gap.cells, strict=True))
        for gap in table.gaps()
    ]


def _shown(table: Table, words: Mapping[str, str]) -> Shown:
    return Shown(
        key=table.key,
        name=within(words, table.name),
        note=within(words, table.note),
        policy=_(POLICIES[table.policy]),
        inputs=tuple(within(words, each.label) for each in table.inputs),
        outputs=tuple(within(words, each.label) for each in table.outputs),
        rows=tuple(
            Line(
                number=rule.number,
                conditions=tuple(_cell(each.text) for each in rule.cells),
                results=tuple(_cell(each.source) for each in rule.results),
                clause=rule.clause,
                note=within(words, rule.note),
            )
            for rule in table.rules
        ),
        otherwise=tuple(_cell(each.default.source) for each in table.outputs if each.default),
    )


def _cell(text: str) -> str:
    bare = text.strip()
    return _(CELLS[bare]) if bare in CELLS else bare
