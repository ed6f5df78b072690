"""The rules that are computed and stand in no table: each with its parameters of today and an example worked out now.

The examples call the very functions that cases call, so a parameter that is changed changes what is shown here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask import render_template

from bases.filing.comparison import Growth
from bases.measures import rulers
from bases.review import draw, scores
from bases.verdicts import half_year, ranking
from ground import clock, deadlines, parameters
from ground.database import Session, reading
from ground.parameters import Parameter
from web.door.language import _, ngettext
from web.door.rights import Route
from web.measures import names
from web.measures.blueprint import desk
from web.words import dates
from web.words.catalogue import N_

REVIEW = "deadline.city_review"
SHEETS = ((N_("甲"), 169), (N_("乙"), 156), (N_("丙"), 183))  # totals in half points
AVERAGES = ((1, 9150), (2, 8840), (3, 8840), (4, 7725), (5, 6890))  # hundredths of a point
POOL = ("e-01", "e-02", "e-03", "e-04", "e-05", "e-06")
SEED = "2026-08-31"
FIGURES = ((100, 110), (200, 230), (None, 50))  # 万元, the year before and the year
LISTED = {"proposed": N_("拟认定"), "reserve": N_("候补"), "none": N_("不合格"), None: N_("同分，须由人决定")}


@dataclass(frozen=True)
class Rule:
    """One rule: what it says, the parameters that it reads, and an example: what is given and what comes of it."""

    name: str
    words: str
    reads: list[Parameter]
    given: list[tuple[str, str]]
    result: list[tuple[str, str]]


@desk.get("/rules/computed")
def computed() -> str:
    """Every computed rule, with its example."""
    with reading() as store:
        return render_template("measures/pages/computed.html", rules=list(_rules(store, clock.today())), say=names)


def _rules(store: Session, today: date) -> Iterator[Rule]:
    yield _working_days(store, today)
    yield _half_year(store, today)
    yield _average()
    yield _ranked(store, today)
    yield _drawn(store, today)
    yield _growth()


def _working_days(store: Session, today: date) -> Rule:
    term = parameters.value(store, REVIEW, today)
    starts = (today, date(today.year, 9, 28))
    due = [deadlines.due(store, "city_review", clock.start_of(start)) for start in starts]
    return Rule(
        _("工作日期限"),
        _("起算当日不计，只数工作日，调休上班日计入；最后一日24时止。"),
        [term],
        [(_("起算"), dates.day(start)) for start in starts],
        [(_("截止"), dates.day(each.on) + (_("（暂定）") if each.provisional else "")) for each in due],
    )


def _half_year(store: Session, today: date) -> Rule:
    served = date(2026, 8, 31)
    term = half_year.term(store, served, today)
    reads = parameters.values(store, ("rectify.months", "rectify.roll"), today)
    return Rule(
        _("整改期限"),
        _("自送达之日起按日历月计算，月末对月末；期满日遇节假日的，材料报送顺延。"),
        list(reads.values()),
        [(_("送达"), dates.day(served))],
        [(_("整改期满"), dates.day(term.ends_on)), (_("材料报送截至"), dates.day(term.material_due))],
    )


def _average() -> Rule:
    found = scores.outcome([scores.Sheet(n, {"total": halves}, {}) for n, (_name, halves) in enumerate(SHEETS)])
    return Rule(
        _("专家平均分与分差"),
        _("取全部有效评分的平均数，四舍五入到两位小数，不去掉最高分和最低分；分差是最高分减最低分。"),
        [],
        [(_(name), f"{halves / 2:g}") for name, halves in SHEETS],
        [(_("平均分"), str(found.average)), (_("分差"), f"{found.spread.normalize():f}")],
    )


def _ranked(store: Session, today: date) -> Rule:
    reads = parameters.values(store, ("designate.pass_mark", "batch.quota"), today)
    quota = 2
    mark = int(reads["designate.pass_mark"].value) * 100
    places = ranking.rank([ranking.Candidate(n, average) for n, average in AVERAGES], quota, mark)
    return Rule(
        _("排序与名额"),
        _("平均分高的在前，同分并列；名额内的拟认定，名额外合格的候补；线上同分的由人写明理由决定。"),
        list(reads.values()),
        [(_("名额"), str(quota)), *((_("申请%(n)s", n=n), f"{average / 100:.2f}") for n, average in AVERAGES)],
        [
            (
                _("申请%(n)s", n=each.case),
                _("第%(n)s名", n=each.rank) + " · " + _(LISTED.get(each.listed, each.listed or "")),
            )
            for each in places
        ],
    )


def _drawn(store: Session, today: date) -> Rule:
    keys = ("panel.size", "panel.substitutes", "panel.per_unit_max", "panel.same_city_max")
    reads = parameters.values(store, keys, today)
    pool = [draw.Candidate(n, ref, n, "510100") for n, ref in enumerate(POOL, start=1)]
    snapshot = draw.frozen(3, pool)
    drawn = draw.replay(SEED, snapshot)
    return Rule(
        _("抽取专家"),
        _("每名专家的签号是“种子＋专家代号”的SHA-256，由小到大取用；种子先封存后公布，任何人都能复算。"),
        list(reads.values()),
        [(_("种子"), SEED), (_("专家"), "、".join(POOL)), (_("人数"), "3")],
        [(_("抽中"), "、".join(POOL[person - 1] for person in drawn)), (_("封存码"), draw.commitment(SEED, snapshot))],
    )


def _growth() -> Rule:
    same = [(before, now) for before, now in FIGURES if before is not None]
    found = Growth(Fraction(sum(b for b, _n in same)), Fraction(sum(n for _b, n in same)), len(same), 1)
    percent, missing, unit = found.percent or Fraction(0), _("未报"), _("万元")
    return Rule(
        _("同口径增速"),
        _("只比较两年都有数的基地，缺数不当作0，并说明有几个没有计入。"),
        [],
        [
            (_("基地%(n)s", n=n), f"{missing if before is None else before} → {now} {unit}")
            for n, (before, now) in enumerate(FIGURES, start=1)
        ],
        [(_("增速"), f"{float(percent):.1f}%"), (_("未计入"), ngettext("%(n)s个基地", "%(n)s个基地", found.left_out))],
    )


ROUTES = (Route("measures.computed", "GET", rulers.RULERS),)
