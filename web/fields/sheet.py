"""What a form's macros ask: what stands at a path, what is wrong there, and how it is said in the reader's language.

A path is an input's name: `gross_output.y1`, `enterprises.0.name`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms import Field, Form, Problem, Remark, Section
from ground.numerals import whole
from web.door.language import _, chosen
from web.fields import conditions, problems, shown, units
from web.fields.around import Around, Group, Option, StoredFile
from web.fields.layout import Layout
from web.fields.remarks import Remarks
from web.fields.wrongs import Told, Wrongs
from web.words.catalogue import N_

YEARS = (("y3", N_("上三年"), 2), ("y2", N_("上两年"), 1), ("y1", N_("上年"), 0))
NOT_APPLICABLE = "n/a"
EXPLANATIONS = "explanations"
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", re.ASCII)


@dataclass(frozen=True)
class Year:
    """A column of the three-year grid."""

    key: str
    name: str
    number: int


class Sheet:
    """One form with what was typed into it.

    `year` is the one that 上年 stands for; `before` is an earlier sending, to mark what has changed since; `remarked`
    is what it was sent back for.
    """

    def __init__(
        self,
        form: Form,
        answers: Mapping[str, Any],
        year: int,
        *,
        around: Around,
        found: Sequence[Problem] = (),
        totals: Mapping[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
        remarked: Sequence[Remark] = (),
    ) -> None:
        self.form = form
        self.answers = answers
        self.around = around
        self.before = before
        self.totals = totals or {}
        self.years = [Year(key, _(name), year - back) for key, name, back in YEARS]
        self.wrong = Wrongs(form, found, self.label_at)
        self.remarks = Remarks(form, remarked, around.offices, self.label_at)
        self.layout = Layout(form, self.say)

    # Words.

    def say(self, text: str | None) -> str:
        """A text of the form in the reader's language; what has no English stays Chinese."""
        if not text:
            return ""
        return self.around.words.get(text, text) if chosen() == "en" else text

    def label_at(self, path: str) -> str:
        """Where a path is, for a list of what is wrong: 总产值（上年）, or 龙头企业 · 第2行 · 企业名称."""
        fields: Mapping[str, Field] = self.form.fields
        parts = self._section_of(path.partition(".")[0])
        for step in path.split("."):
            known = fields.get(step)
            if known:
                parts.append(self.say(known.label))
                columns = known.of.columns if known.of else known.columns
                fields = {column.name: column for column in columns}
            elif (place := whole(step)) is not None:
                parts.append(_("第%(row)s行", row=place + 1))
            else:
                parts += [year.name for year in self.years if year.key == step]
        return " · ".join(part for part in parts if part) or path

    # Values.

    def value(self, path: str) -> Any:
        """What stands at this path, or None."""
        return at(self.answers, path)

    def typed(self, path: str) -> str:
        """What an input shows: exactly what was typed."""
        return next((one for one in self.chosen(path) if one != NOT_APPLICABLE), "")

    def chosen(self, path: str) -> list[str]:
        """The codes chosen at this path, or the one value that stands there."""
        value = self.value(path)
        if value is None or isinstance(value, Mapping):
            return []
        return [_plain(one) for one in (value if isinstance(value, list) else [value]) if not isinstance(one, Mapping)]

    def is_day(self, path: str) -> bool:
        """Whether a date's own input can show what was typed; a wrong one is kept as text."""
        return not self.typed(path) or bool(DAY.fullmatch(self.typed(path)))

    def listed(self, path: str) -> str:
        """Several codes in one input, as they were typed or as they are written: 8703、870323."""
        return "、".join(self.chosen(path))

    def is_aside(self, path: str) -> bool:
        """Whether «不适用» was answered."""
        return NOT_APPLICABLE in self.chosen(path) or NOT_APPLICABLE in self.chosen(f"{path}.na")

    def rows(self, path: str, least: int = 0) -> list[int]:
        """The numbers of the rows at this path; at least so many, so that there is something to type into."""
        value = self.value(path)
        count = sum(key.isdecimal() for key in value) if isinstance(value, Mapping) else 0
        count = len(value) if isinstance(value, list) else count
        return list(range(max(count, least)))

    def has_names(self, name: str) -> bool:
        """Whether a list of each year holds any row."""
        return any(self.rows(f"{name}.{year.key}.rows") for year in self.years)

    def file_at(self, path: str) -> list[StoredFile]:
        """The files at this path."""
        value = self.value(path)
        refs = value if isinstance(value, list) else [value]
        return [self.around.files[ref] for ref in refs if ref in self.around.files]

    def words_at(self, path: str, known: Field) -> str:
        """The value at this path as it is read."""
        return shown.words(self.value(path), known, self._label_of)

    def said(self, known: Field, value: Any) -> str:
        """Any value as it is read, though it may stand nowhere in these answers; a file by its name."""
        if known.type in {"file", "files"}:
            refs = value if isinstance(value, list) else [value]
            return _("、").join(self.around.files[ref].name for ref in refs if ref in self.around.files)
        return shown.words(value, known, self._label_of)

    def beside(self, path: str, unit: str) -> str:
        """The amount at this path in the unit beside its own: = 125,000万元."""
        return units.converted(self.value(path), unit)

    def other_unit(self, unit: str) -> units.Beside | None:
        """The unit beside this one, if it has any."""
        return units.beside(unit)

    def changed(self, path: str, known: Field) -> str | None:
        """What stood here in the earlier sending, if it is something else now."""
        if self.before is None:
            return None
        old = shown.words(at(self.before, path), known, self._label_of)
        return (old or _("（空）")) if old != self.words_at(path, known) else None

    def total(self, path: str) -> str:
        """A computed value."""
        found = at(self.totals, path)
        return shown.number(self.value(path) if found is None else found)

    def column_total(self, path: str, column: Field) -> str:
        """The sum of a column of amounts, as far as they are numbers; nothing without any."""
        return shown.total([self.value(f"{path}.{row}.{column.name}") for row in self.rows(path)])

    def explanation(self, code: str) -> str:
        """What was written about a doubt; sent forms keep it for each place, and it is one text for all of them."""
        given = self.value(f"{EXPLANATIONS}.{code}")
        while isinstance(given, Mapping):
            given = next(iter(given.values()), "")
        return given if isinstance(given, str) else ""

    def explained(self) -> list[tuple[str, str, list[str]]]:
        """Of a form that was sent: each doubt with its code, its explanation and the places it is about."""
        given = self.value(EXPLANATIONS) or {}
        return [
            (code, text, [self.label_at(path) for path, said in those.items() if said == text])
            for code, those in given.items()
            if isinstance(those, Mapping)
            for text in dict.fromkeys(those.values())
        ]

    def sentence(self, code: str) -> str:
        """What a check asks, without the facts of one place."""
        return problems.sentence(code)

    def unexplained(self) -> list[tuple[str, str]]:
        """Doubts without an explanation yet: anchor of the box and sentence."""
        return [
            (f"f-{EXPLANATIONS}.{code}", _("%(where)s：%(what)s", where=self._places(those), what=those[0].text))
            for code, those in self.wrong.doubts().items()
            if not self.explanation(code).strip()
        ]

    def _section_of(self, name: str) -> list[str]:
        """The title of the section, where the label alone would fit several fields (评分)."""
        known = self.form.fields.get(name)
        if known is None or [one.label for one in self.form.fields.values()].count(known.label) == 1:
            return []
        section = self.form.sections_of.get(name)
        return [self.say(section.title)] if section else []

    def _label_of(self, known: Field, code: str) -> str:
        if known.type == "region":
            options = [one for group in self.regions(known.level) for one in group.options]
        else:
            options = self.options(known)
        return next((one.label for one in options if one.code == code), code)

    def _said(self, name: str, value: str) -> tuple[str, str]:
        known = self.form.fields[name]
        return self.say(known.label), shown.words(value, known, self._label_of)

    def _places(self, those: Sequence[Told]) -> str:
        return _("、").join(self.label_at(one.path) for one in those)

    def to_read(self, section: Section) -> list[Field]:
        """What there is to read in a section: not what was hidden because another answer made it needless."""
        hidden = section.show_when is not None and all(self.value(one.name) is None for one in section.fields)
        return [] if hidden else [one for one in section.fields if not (one.show_when and self.value(one.name) is None)]

    # What can be chosen, and when.

    def options(self, known: Field) -> list[Option]:
        """What can be chosen."""
        return [Option(one.code, self.say(one.label), self.say(one.help)) for one in known.options]

    def regions(self, level: str) -> Sequence[Group]:
        """The regions to choose from."""
        return self.around.regions.get(level, ())

    def condition(self, known: Field | Section) -> conditions.Condition | None:
        """When a field is to be answered, if a page can tell by itself."""
        return conditions.read(known.show_when.source, self._said) if known.show_when else None

    def sum_of(self, known: Field) -> str:
        """The names whose plain sum a computed field is, so that a page can keep it current; else nothing."""
        return shown.plain_sum(known)


def at(answers: Any, path: str) -> Any:
    """The value at a path of nested answers, or None."""
    for step in path.split("."):
        if isinstance(answers, Mapping):
            answers = answers.get(step)
        elif isinstance(answers, list) and (place := whole(step)) is not None and place < len(answers):
            answers = answers[place]
        else:
            return None
    return answers


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
