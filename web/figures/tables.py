"""The table of one item by base, city, zone or industry; its file, its print and the map give the same figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, request

from bases.filing import comparison
from bases.filing.comparison import BASE, CITY, INDUSTRY, ZONE, Growth, Sheet, Sum
from bases.measures import indicators
from bases.register.ledgers import code_lists
from ground.database import Session, reading
from ground.errors import Missing
from web.door import session
from web.door.language import _, pick
from web.figures import saying, taken_out, years
from web.figures.blueprint import desk
from web.figures.saying import Under
from web.words.catalogue import N_

BY: Mapping[str, str] = {BASE: N_("基地"), CITY: N_("市（州）"), ZONE: N_("经济区"), INDUSTRY: N_("产业")}
COUNTED = N_(
    "现有有效命名的基地年度报送数合计（比率、强度为简单平均），没有报送的不按零计；增长只比较两年都报送的同一批基地"
)
# Where each city stands on the tile map: column and row, roughly as on the map of the province.
TILES: Mapping[str, tuple[int, int]] = {
    "513200": (1, 0),
    "510800": (4, 0),
    "511900": (5, 0),
    "511700": (6, 0),
    "510700": (3, 1),
    "511300": (5, 1),
    "510600": (3, 2),
    "510900": (4, 2),
    "511600": (5, 2),
    "513300": (0, 2),
    "511800": (1, 2),
    "510100": (2, 2),
    "511400": (2, 3),
    "512000": (3, 3),
    "511000": (4, 3),
    "511100": (2, 4),
    "510300": (3, 4),
    "510500": (4, 4),
    "511500": (3, 5),
    "513400": (1, 5),
    "510400": (1, 6),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: item, year, how it is put together, and of what only."""

    item: str
    year: int
    by: str
    only: Mapping[str, str]

    def arguments(self, **changed: Any) -> dict[str, Any]:
        """The same for an address, with some of it changed."""
        return {"item": self.item, "year": self.year, "by": self.by, **self.only, **changed}


@dataclass(frozen=True)
class Line:
    """One line: whose figures, how many bases, both years and the growth."""

    key: str
    name: str
    before: Sum
    now: Sum
    growth: Growth


@dataclass(frozen=True)
class Table:
    """All lines, what they come to, and the province beside them for whoever may know of it."""

    asked: Asked
    sheet: Sheet
    lines: Sequence[Line]
    total: Line
    province: Line | None


@desk.get("/figures/table")
def table() -> str:
    """The lines, or, printed, the same without links."""
    asked = _asked()
    with reading() as store:
        shown = of(store, asked)
    return render_template(
        "figures/pages/table.html",
        shown=shown,
        asked=asked,
        say=saying,
        by=BY,
        items=items(),
        printed=bool(request.args.get("print")),
        under=Under(_(COUNTED), _(saying.SOURCE), shown.total.now),
        years=(asked.year - 1, asked.year, asked.year + 1),
    )


@desk.get("/figures/table.<kind>")
def table_file(kind: str) -> Response:
    """The same as a workbook or as CSV."""
    if kind not in taken_out.KINDS:
        raise Missing(kind=kind)
    asked = _asked()
    with reading() as store:
        shown = of(store, asked)
    name, unit = saying.name(asked.item), saying.unit(asked.item)
    heads = [
        _(BY[asked.by]),
        _("已报/应报"),
        f"{asked.year - 1}（{unit}）",
        f"{asked.year}（{unit}）",
        f"{_('同口径增长')}（%）",
        _("同口径"),
        _("未计入"),
        _("审定"),
    ]
    return taken_out.file(name, heads, [_row(asked, one) for one in (*shown.lines, shown.total)], kind)


@desk.get("/figures/map")
def chart() -> str:
    """G-0: the 21 cities as tiles, each with its figure and its list, and the five zones under it."""
    asked = _asked()
    with reading() as store:
        shown = of(store, Asked(asked.item, asked.year, CITY, {}))
        zones = lines(shown.sheet, Asked(asked.item, asked.year, ZONE, {}), {})
    return render_template(
        "figures/pages/map.html",
        shown=shown,
        asked=asked,
        say=saying,
        tiles=TILES,
        by_city={line.key: line for line in shown.lines},
        most=max((line.now.amount or 0 for line in shown.lines), default=0),
        zones=zones,
        items=items(),
        under=Under(_(COUNTED), _(saying.SOURCE), shown.total.now),
        years=(asked.year - 1, asked.year, asked.year + 1),
    )


def of(store: Session, asked: Asked) -> Table:
    """The one question behind table, file, print and map."""
    sheet = comparison.of(store, session.actor(), asked.year)
    industries = code_lists.of(store, "industry", offered=False) if asked.by == INDUSTRY else {}
    shown = [base for base in sheet.mine if all(sheet.key(base, by) == key for by, key in asked.only.items())]
    province = line(sheet, asked.item, "", _("全省"), sheet.bases) if sheet.may_total and not sheet.everywhere else None
    return Table(
        asked=asked,
        sheet=sheet,
        lines=lines(sheet, asked, industries),
        total=line(sheet, asked.item, "", _("合计"), shown),
        province=province,
    )


def lines(sheet: Sheet, asked: Asked, industries: Mapping[str, Any]) -> list[Line]:
    """The groups that the address asks for, each reckoned."""
    found = []
    for group in sheet.groups(asked.by):
        kept = [base for base in group.bases if all(sheet.key(base, by) == key for by, key in asked.only.items())]
        if kept:
            found.append(line(sheet, asked.item, group.key, _named(sheet, asked.by, kept[0], industries), kept))
    return found


def line(sheet: Sheet, item: str, key: str, name: str, bases: Sequence[Any]) -> Line:
    """One item of these bases in both years."""
    return Line(
        key=key,
        name=name,
        before=sheet.sum(item, sheet.year - 1, bases),
        now=sheet.sum(item, sheet.year, bases),
        growth=sheet.growth(item, bases),
    )


def items() -> dict[str, str]:
    """The items that have a figure, by code."""
    return {code: saying.name(code) for code, one in indicators.by_code().items() if one.kind in comparison.COUNTED}


def _named(sheet: Sheet, by: str, base: Any, industries: Mapping[str, Any]) -> str:
    if by == BASE:
        return pick(base.name, base.name_en)
    if by == CITY:
        return pick(sheet.cities[base.city].name, sheet.cities[base.city].name_en)
    return _(sheet.key(base, by)) if by == ZONE else _industry(industries, base.industry)


def _industry(industries: Mapping[str, Any], code: str) -> str:
    known = industries.get(code)
    return pick(known.zh, known.en) if known else code


def _asked() -> Asked:
    item, by = request.args.get("item", ""), request.args.get("by", "")
    only = {name: text for name in (CITY, ZONE, INDUSTRY) if (text := request.args.get(name, "")[:60])}
    return Asked(item if item in items() else "I03", years.asked(), by if by in BY else BASE, only)


def _row(asked: Asked, one: Line) -> list[str | int | None]:
    return [
        one.name,
        f"{one.now.given}/{one.now.of}",
        saying.value(asked.item, one.before.amount),
        saying.value(asked.item, one.now.amount),
        saying.bare(one.growth.percent),
        one.growth.same,
        one.growth.left_out,
        one.now.approved,
    ]
