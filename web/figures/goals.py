"""目标 123: one goal, two growths that are higher, three things that rise; each figure with its line and its list."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from bases.filing import comparison, goals as goal
from bases.filing.comparison import Sheet
from bases.filing.goals import Higher, Improvement, Progress, Series
from ground.database import Session, reading
from web.door import session
from web.door.language import _
from web.figures import saying, years
from web.figures.blueprint import desk
from web.figures.saying import Under
from web.words.catalogue import N_

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
        under=_unders(shown, bases),
        years=(shown.sheet.year - 1, shown.sheet.year, shown.sheet.year + 1),
        address=url_for("figures.goals"),
    )


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


def _unders(shown: Goals, bases: Any) -> dict[str, Under]:
    sheet = shown.sheet
    return {
        "progress": Under(_(PROGRESS), _("基地名录和认定决定"), None),
        "growth": Under(
            _(GROWTH), _("基地年度报送和申报的信息表；登记的进出口增速参照"), sheet.sum(goal.TRADE, sheet.year, bases)
        ),
        "better": Under(_(BETTER), _(saying.SOURCE), sheet.share(bases)),
    }
