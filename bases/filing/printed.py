"""The 信息表 as the annex prints it: the rows of the original, blank or filled, for Excel, Word and PDF.

It is the form that the measures prescribe, so its words are Chinese whoever prints it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bases.filing.figures import YEARS, calendar_year, exact
from engine.forms import Field, Form

NOT_APPLICABLE, ASIDE = "n/a", "不适用"
CHECK = "information"
NAMES = dict(zip(YEARS, ("上三年", "上两年", "上年"), strict=True))
NUMBERS = frozenset({"integer", "decimal", "half"})
PAPERS = frozenset({"file", "files"})
CONTACTS = frozenset({"phone", "fax", "email"})
HIDDEN = "（不显示）"
ADD_ROWS = "（可以自行添加行）"
# What the original asks for in one row and the form in several fields.
TOGETHER = (
    ("联系电话、传真和电子邮箱", ("phone", "fax", "email")),
    ("通讯地址", ("address", "postcode")),
    ("地区编号", ("city", "county")),
    ("特色产业及海关编码", ("feature", "hs_codes")),
)
SUBSECTION = re.compile(r"（[一二三四五六七八九十]+）.*")


@dataclass(frozen=True)
class Line:
    """A row of the annex: one field, several under one label, three years of one item, or a sub-table."""

    label: str
    fields: tuple[Field, ...]

    @property
    def kind(self) -> str:
        """`years`, `rows`, or `plain` for everything that stands in one cell."""
        return self.fields[0].type if self.fields[0].type in {"years", "rows"} else "plain"


@dataclass(frozen=True)
class Part:
    """一、联系方式 … with its rows."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Edition:
    """One printing: the form, what stands in it, and what its foot says. Version 0 is the blank form.

    `year` is the one that 上年 stands for; `places` names regions by code, `files` papers by ref.
    """

    form: Form
    answers: Mapping[str, Any]
    year: int
    places: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    draft: bool = False
    code: str = ""

    def foot(self) -> str:
        """What stands on every page: the years, the version and the check code."""
        if not self.version:
            return f"报告年度：{self.year}年　空表"
        return f"报告年度：{self.year}年　第{self.version}版{'（草稿）' if self.draft else ''}　校验码：{self.code}"

    def heads(self) -> list[str]:
        """上三年（2023年）, 上两年（2024年）, 上年（2025年）."""
        return [f"{NAMES[year]}（{calendar_year(self.year, year)}年）" for year in YEARS]

    def value(self, name: str) -> Any:
        """What stands in a field."""
        return self.answers.get(name)

    def years(self, known: Field) -> list[Any]:
        """The three values of an item."""
        whole = self.answers.get(known.name)
        if is_aside(whole):
            return [NOT_APPLICABLE] * len(YEARS)
        return [whole.get(year) if isinstance(whole, Mapping) else None for year in YEARS]

    def rows(self, known: Field) -> list[Mapping[str, Any]]:
        """The rows of a sub-table."""
        return rows_in(self.answers.get(known.name))

    def said(self, known: Field, value: Any) -> str:
        """One value as it is printed."""
        return said(known, value, self)


def prints(form: Form) -> bool:
    """Whether this is the form of the annex."""
    return CHECK in form.checks


def blank(form: Form, year: int) -> Edition:
    """The form with nothing in it."""
    return Edition(form, {}, year)


def parts(form: Form) -> list[Part]:
    """The parts of the annex, each with its rows."""
    found: dict[str, list[Line]] = {}
    for section in form.sections:
        lines = found.setdefault(SUBSECTION.sub("", section.title), [])
        lines += _lines([one for one in section.fields if one.has_answer])
    return [Part(title, tuple(lines)) for title, lines in found.items()]


def labelled(known: Field) -> str:
    """The label with its unit: 1. 总产值（亿元）."""
    of = known.of or known
    unit = known.unit or of.unit or ("是/否" if of.type == "flag" else "")
    return f"{known.label}（{unit}）" if unit else known.label


def inner(known: Field) -> str:
    """The label within a row that has one of its own: 市（州） of 地区编号：市（州）."""
    return known.label.rpartition("：")[2]


def said(known: Field, value: Any, edition: Edition) -> str:
    """One value as text: 1234.5, 是, 民营, 成都市（510100）, 2项：甲（研发）；乙（检测）, 不适用, or nothing."""
    of = known.of or known
    if is_aside(value):
        return ASIDE
    if value in (None, "") or value == HIDDEN:
        return value or ""
    if of.type == "list":
        return _list(of, value, known.unit, edition)
    if of.type in NUMBERS:
        return plain(value)
    return "、".join(_named(of, one, edition) for one in (value if isinstance(value, list) else [value]))


def plain(value: Any) -> str:
    """A number without noughts that say nothing; what is none stays as it was typed."""
    number = exact(value)
    if number is None:
        return str(value)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_aside(value: Any) -> bool:
    """Whether «不适用» was answered, alone or beside the rows."""
    return value == NOT_APPLICABLE or (isinstance(value, Mapping) and value.get("na") == NOT_APPLICABLE)


def rows_in(value: Any) -> list[Mapping[str, Any]]:
    """Rows as a list, also of a draft, which keeps them under their numbers; empty ones are none."""
    if isinstance(value, Mapping):
        value = [value[key] for key in sorted((key for key in value if key.isdecimal()), key=int)]
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping) and any(cell not in (None, "") for cell in row.values())]


def fits_a_cell(value: Any) -> Decimal | None:
    """The number that a spreadsheet keeps exactly: at most 15 digits."""
    number = exact(value)
    if number is None or len(number.normalize().as_tuple().digits) > 15:  # noqa: PLR2004  what a double keeps
        return None
    return number


def _lines(fields: list[Field]) -> Iterator[Line]:
    """Fields of one section as rows; those that the original asks for together come where the first of them stands."""
    named = {one.name: one for one in fields}
    used: set[str] = set()
    for one in fields:
        if one.name in used:
            continue
        label, names = next((each for each in TOGETHER if one.name in each[1]), ("", (one.name,)))
        together = tuple(named[name] for name in names if name in named)
        used.update(each.name for each in together)
        yield Line(label if len(together) > 1 else labelled(one), together)


def _named(of: Field, value: Any, edition: Edition) -> str:
    """What a code stands for; a paper that is gone has no name."""
    if of.type == "flag":
        return {"true": "是", "false": "否"}.get(str(value).lower(), str(value))
    if of.type == "region":
        name = edition.places.get(str(value))
        return f"{name}（{value}）" if name else str(value)
    if of.type in PAPERS:
        return edition.files.get(str(value), "")
    return next((option.label for option in of.options if option.code == value), str(value))


def _list(of: Field, value: Any, unit: str, edition: Edition) -> str:
    """How many, and their names: 2项：GB/T 1（主持制定）；GB/T 2（参与制定）."""
    if not isinstance(value, Mapping):
        return str(value)
    count, names = value.get("count"), []
    for row in rows_in(value.get("rows")):
        first, *others = [said(column, row.get(column.name), edition) for column in of.columns]
        beside = "，".join(text for text in others if text)
        names.append(f"{first}（{beside}）" if beside else first)
    counted = "" if count in (None, "") else f"{plain(count)}{unit}"
    return "：".join(text for text in (counted, "；".join(names)) if text)
