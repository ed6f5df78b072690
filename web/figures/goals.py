"""目标 123: one goal, two growths that are higher, three things that rise; each figure with its line and its list."""

from dataclasses import dataclass
from typing import Any

from flask import Response, render_template, url_for

from bases.filing import comparison, goals as goal
from bases.filing.comparison import Sheet
from bases.filing.goals import Higher, Improvement, Progress, Series
from ground.database import Session, reading
from ground.errors import Missing
from web.door import session
from web.door.language import _, pick
from web.figures import saying, taken_out, years
from web.figures.blueprint import desk
from web.figures.saying import Under
from web.words.catalogue import N_
from web.words.goals import IMPROVEMENTS, VERDICTS

PROGRESS = N_("持有有效省级命名的基地，兼有国家级命名的计1家，只有国家级命名的不计")
GROWTH = N_("两年都报送的同一批基地国际化程度指标（I03）合计的增长率，严格高于参照才算高于")
BETTER = N_(
    "分项指数＝当年÷上年×100，只计两年都报送的基地；综合指数为各可比分项指数的算术平均，大于100为提升（文件未规定，系统默认）"
)


@dataclass(frozen=True)
class Goals:
    """All of the page: whose figures they are, the three goals, and each base beside the two series."""

    sheet: Sheet
    whose: str
    progress: Progress
    series: Series
    total: Higher
    of_mine: Higher | None
    each: list[tuple[Any, Higher]]
    improvements: list[Improvement]


@desk.get("/figures")
def goals() -> str:
    """The goals for whoever may see: the province's, beside it one's own bases."""
    with reading() as store:
        shown = of(store, years.asked())
    bases = shown.sheet.bases if shown.sheet.may_total else shown.sheet.mine
    return render_template(
        "figures/pages/goals.html",
        shown=shown,
        say=saying,
        verdicts=VERDICTS,
        improvements=IMPROVEMENTS,
        under=_unders(shown, bases),
        years=(shown.sheet.year - 1, shown.sheet.year, shown.sheet.year + 1),
        address=url_for("figures.goals"),
    )


@desk.get("/figures/goals.<kind>")
def goals_file(kind: str) -> Response:
    """The two growths of each base, and the indices with what they are reckoned from, as a workbook or as CSV."""
    if kind not in taken_out.KINDS:
        raise Missing(kind=kind)
    with reading() as store:
        shown = of(store, years.asked())
    year = shown.sheet.year
    heads = [_("指标"), str(year - 1), str(year), _("增长率或指数"), _("同口径"), _("未计入"), _("结果")]
    return taken_out.file(f"{_('目标123')} {year}", heads, _rows(shown), kind)


def of(store: Session, year: int) -> Goals:
    """What page, print and file of the goals are made of."""
    sheet = comparison.of(store, session.actor(), year)
    known = goal.series(store, year)
    bases = sheet.bases if sheet.may_total else sheet.mine
    return Goals(
        sheet=sheet,
        whose=_("全省") if sheet.may_total else _("所属基地"),
        progress=goal.progress(store, sheet),
        series=known,
        total=goal.higher(sheet, known, bases),
        of_mine=goal.higher(sheet, known, sheet.mine) if sheet.may_total and not sheet.everywhere else None,
        each=[(base, goal.higher(sheet, known, [base])) for base in sheet.mine],
        improvements=goal.improvements(sheet, bases),
    )


def _rows(shown: Goals) -> list[list[str | int | None]]:
    """Line by line what the page shows."""
    growths = [(shown.whose, shown.total)] if shown.sheet.may_total else []
    growths += [(_("所属基地"), shown.of_mine)] if shown.of_mine else []
    growths += [(pick(base.name, base.name_en), found) for base, found in shown.each]
    progress = shown.progress
    rows: list[list[str | int | None]] = [
        [_("省级基地数/目标数"), "", f"{progress.held}/{progress.target}", "", "", "", _said(progress.verdict)]
    ]
    for name, found in growths:
        before, now = (saying.value(goal.TRADE, one) for one in (found.growth.before, found.growth.now))
        percent, growth = saying.bare(found.growth.percent), found.growth
        rows.append([name, before, now, percent, growth.same, growth.left_out, _said(found.both)])
    for one in shown.improvements:
        for part in one.parts:
            before, now = saying.ratio(part, before=True), saying.ratio(part, before=False)
            growth = part.growth
            rows.append(
                [saying.part(part.part), before, now, saying.bare(part.index), growth.same, growth.left_out, ""]
            )
        rows.append([_(IMPROVEMENTS[one.code]), "", "", saying.bare(one.index), "", "", _said(one.verdict)])
    return rows


def _said(verdict: str) -> str:
    return _(VERDICTS[verdict][0])


def _unders(shown: Goals, bases: Any) -> dict[str, Under]:
    sheet = shown.sheet
    return {
        "progress": Under(_(PROGRESS), _("基地名录和认定决定"), None),
        "growth": Under(
            _(GROWTH), _("基地年度报送和申报的信息表；登记的进出口增速参照"), sheet.sum(goal.TRADE, sheet.year, bases)
        ),
        "better": Under(_(BETTER), _(saying.SOURCE), sheet.share(bases)),
    }
