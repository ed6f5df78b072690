"""What differs between two sendings, in words: where, what stood there, what stands there now."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from engine.forms import Field
from engine.forms.differing import ADDED, REMOVED, Difference
from web.door.language import _
from web.fields.sheet import Sheet

LONG = 40
MOST_LETTERS = 200
CLAUSES = re.compile(r"[^，。；、！？\n,.;!?]*[，。；、！？\n,.;!?]?")
SAME, GONE, NEW = "same", "gone", "new"


class Piece(NamedTuple):
    """A stretch of a text: in both, only before, or only now."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One line of the table. `pieces` is the text with its small differences, where it is long."""

    where: str
    before: str
    after: str
    kind: str
    pieces: Sequence[Piece] = ()


def changes(old: Sheet, new: Sheet, found: Sequence[Difference]) -> list[Change]:
    """Every difference in the reader's language; `old` and `new` know the words and the files of their own side."""
    return [_change(old, new, each) for each in found] + list(_explained(old, new))


def pieces(before: str, after: str) -> list[Piece]:
    """The two texts as one, clause by clause, and letter by letter only where a clause was changed."""
    left, right = (list(filter(None, CLAUSES.findall(text))) for text in (before, after))
    found: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        gone, new = "".join(left[i:j]), "".join(right[k:m])
        if kind == "equal":
            found.append(Piece(SAME, gone))
        elif gone and new and max(len(gone), len(new)) <= MOST_LETTERS:
            found += _letters(gone, new)
        else:
            found += [piece for piece in (Piece(GONE, gone), Piece(NEW, new)) if piece.text]
    return found


def _explained(old: Sheet, new: Sheet) -> Iterator[Change]:
    """What was explained otherwise, or no longer, or for the first time: one line for each kind of doubt."""
    before, after = (
        {
            code: _("；").join(text for each, text, _places in sheet.explained() if each == code)
            for code in _doubts(sheet)
        }
        for sheet in (old, new)
    )
    for code in dict.fromkeys([*before, *after]):
        was, now = before.get(code, ""), after.get(code, "")
        if was != now:
            yield Change(_("情况说明") + f" · {new.sentence(code)}", was, now, "changed")


def _doubts(sheet: Sheet) -> list[str]:
    return list(dict.fromkeys(code for code, _text, _places in sheet.explained()))


def _letters(before: str, after: str) -> Iterator[Piece]:
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, before[i:j])
            continue
        if before[i:j]:
            yield Piece(GONE, before[i:j])
        if after[k:m]:
            yield Piece(NEW, after[k:m])


def _change(old: Sheet, new: Sheet, one: Difference) -> Change:
    unit = _unit(new, one)
    before, after = (_said(sheet, one, value, unit) for sheet, value in ((old, one.before), (new, one.after)))
    long = one.kind not in {ADDED, REMOVED} and one.field.type in {"text", "prose"}
    inline = pieces(before, after) if long and before and after and max(len(before), len(after)) > LONG else ()
    return Change(_where(new, one), before, after, one.kind, inline)


def _where(sheet: Sheet, one: Difference) -> str:
    """总产值 · 上年, or 龙头企业 · 某公司 · 研发投入: rows by their name, since their numbers may have moved."""
    label = sheet.label_at(one.path)
    number = next((step for step in one.path.split(".") if step.isdecimal()), None)
    return label.replace(_("第%(row)s行", row=int(number) + 1), one.row) if number and one.row else label


def _said(sheet: Sheet, one: Difference, value: Any, unit: str) -> str:
    if one.kind in {ADDED, REMOVED}:
        return _row(sheet, one, value) if value else ""
    text = sheet.said(one.field, value)
    return _with(text, unit) if text != _("不适用") else text


def _row(sheet: Sheet, one: Difference, row: Any) -> str:
    columns = _columns(sheet, one)
    said = [
        (sheet.say(column.label), sheet.said(column, row.get(column.name)), sheet.say(column.unit))
        for column in columns
    ]
    return _("；").join(f"{label} {_with(text, unit)}" for label, text, unit in said if text)


def _with(text: str, unit: str) -> str:
    return _("%(value)s %(unit)s", value=text, unit=unit) if text and unit else text


def _columns(sheet: Sheet, one: Difference) -> Sequence[Field]:
    known = sheet.form.fields[one.path.partition(".")[0]]
    return known.of.columns if known.of else known.columns


def _unit(sheet: Sheet, one: Difference) -> str:
    """The unit of a column, or of the whole item."""
    known = sheet.form.fields[one.path.partition(".")[0]]
    is_cell = known.type == "rows" or ".rows." in one.path
    return sheet.say(one.field.unit if is_cell else known.unit or one.field.unit)
