"""The year's report of a city, or of the province, as a document: figures, bases with their outcomes, breaches, issues.

Under each table stand 口径, 数据来源, 数据截至 and 已报/应报. Growth compares the same bases in both years and says how
many were left out; what was not reported is «未报送» and never nought.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row as Record

from bases.documents import content
from bases.documents.content import FORM, Attachment, Content, Table
from bases.filing import duty, template
from bases.measures import indicators
from bases.measures.indicators import Indicator
from bases.register import breach, title
from bases.verdicts import assessment, year_facts
from bases.verdicts.year_facts import Amounts, Duties, Round
from ground import clock, organs, regions
from ground.clock import local_day
from ground.database import Session
from ground.regions import Place

MISSING = "未报送"
ITEMS = ("I01", "I02", "I03a", "I04", "I07", "I08", "I12", "I13", "I19")
UNITS = {"yi_yuan": "亿元", "enterprises": "家", "persons": "人", "items": "项"}
TITLES = {title.PROVINCIAL: "省级", title.NATIONAL: "国家级"}
REPORTED = {duty.REPORTED: "已报送", duty.REPORTED_LATE: "逾期报送"}
DUTIES = {duty.ANNUAL: "年度总结和安排", duty.CITY: "市（州）汇总上报", duty.MINISTRY: "国家级基地总结报商务部"}
BREACHES = {breach.LATE: "逾期报送", breach.MISSING: MISSING, breach.FALSE: "虚报"}
ASSESSED = {assessment.PASS: "通过考核", assessment.RECTIFY: "限期整改", assessment.REVOKE: "拟取消命名"}
SATISFIED = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}


def report(session: Session, year: int, city: Place | None) -> Content:
    """The report as it stands at this moment; as many questions for forty bases as for one."""
    found = year_facts.of(session, year, city)
    duties = year_facts.duties(session, found)
    missed, issues = year_facts.breaches(session, found), year_facts.issues(session, found)
    where = city.name if city else "四川省"
    return Content(
        organ=organs.body(session, "sc-mofcom").name if city is None else f"{where}商务主管部门",
        title=f"{year}年度{where}外贸转型升级基地情况报告",
        paragraphs=_words(found, duties, missed, issues),
        attachments=(
            _figures(session, found, duties),
            _outcomes(session, found, duties),
            _missed(session, found, missed),
            _solved(found, year_facts.solved(found, issues)),
        ),
        dated_on=local_day(found.at),
        layout=FORM,
    )


def _words(
    found: Round, duties: Duties, missed: Sequence[Record[Any]], issues: Sequence[Record[Any]]
) -> tuple[str, ...]:
    registered = sum(row.registered_on.year == found.year for row in issues)
    solved = len(year_facts.solved(found, issues))
    reported = f"已报{duties.reported}家，应报{duties.owed}家。" if duties.owed else f"{MISSING}（尚未发起）。"
    return (
        "一、基地情况",
        f"本年度持有有效命名的基地{len(found.bases)}家，主要指标见附件1，各基地情况和结果见附件2。",
        f"年度总结和安排：{reported}",
        "二、报送义务履行情况",
        f"文件时限、通知时限届满的逾期、缺报事项{len(missed)}项，见附件3。" if missed else "没有逾期、缺报事项。",
        "三、企业困难",
        f"本年度登记{registered}件，解决{solved}件，见附件4。",
        "四、说明",
        f"本报告由系统按登记的数据生成，数据截至{_moment(found.at)}。没有报送的数据写“{MISSING}”，不按零计算。",
    )


def _figures(session: Session, found: Round, duties: Duties) -> Attachment:
    """The sums of both years, and the growth of the same bases."""
    amounts = year_facts.amounts(session, found, ITEMS)
    rows = tuple(_figure(indicators.by_code()[code], found, amounts) for code in ITEMS)
    columns = ("指标", "已报/应报", f"{found.year - 1}年", f"{found.year}年", "同口径增长")
    under = _under(
        found,
        "各基地年度报送数合计；增长只比较两年都报送的基地",
        "基地年度报送的信息表",
        f"年度总结已报/应报：{duties.reported}/{duties.owed}；各指标的已报/应报见表内",
    )
    return Attachment("主要指标", under, Table(columns, rows))


def _figure(item: Indicator, found: Round, amounts: Amounts) -> tuple[str, ...]:
    before, now = amounts.get((item.code, found.year - 1), {}), amounts.get((item.code, found.year), {})
    name = f"{item.zh.removeprefix('其中：')}（{UNITS[item.unit]}）"
    return name, f"{len(now)}/{len(found.bases)}", _sum(item, before), _sum(item, now), _growth(before, now)


def _sum(item: Indicator, amounts: Mapping[int, int]) -> str:
    return str(item.typed(sum(amounts.values()))) if amounts else MISSING


def _growth(before: Mapping[int, int], now: Mapping[int, int]) -> str:
    same = set(before) & set(now)
    first, second = sum(before[base] for base in same), sum(now[base] for base in same)
    if not first:
        return "不可比"
    left_out = len(set(before) | set(now)) - len(same)
    share = (Decimal(second - first) * 100 / Decimal(first)).quantize(Decimal("0.1"))
    return f"{share:+}%（同口径{len(same)}家，未计入{left_out}家）"


def _outcomes(session: Session, found: Round, duties: Duties) -> Attachment:
    """Each base with what it reported, how it was assessed, and what became of it in the year."""
    assessed, became = year_facts.assessed(session, found), year_facts.became(session, found)
    names = title.titles_of(session, found.numbers)
    places = regions.named(session, {code for base in found.bases for code in (base.city, base.county) if code})
    rows = tuple(
        (
            base.name,
            "".join(places[code].name for code in (base.city, base.county) if code),
            _titles(names.get(base.id, ()), found),
            REPORTED.get(duties.standings.get(base.id, ""), MISSING),
            ASSESSED.get(assessed[base.id] or "", "尚未决定") if base.id in assessed else "未参加",
            "；".join(became.get(base.id, ())) or "无",
        )
        for base in found.bases
    )
    columns = ("基地", "所在地", "命名", "年度总结", "年度考核", "本年度决定、表扬")
    share = f"已报/应报：{duties.reported}/{duties.owed}"
    under = _under(found, "本年度持有有效命名的基地", "基地名录、报送台账、考核和决定", share)
    return Attachment("各基地情况和结果", under, Table(columns, rows))


def _titles(held: Sequence[Record[Any]], found: Round) -> str:
    """The names that held on some day of the year."""
    first, last = found.days
    kinds = [row.kind for row in held if row.valid_from <= last and (row.valid_to is None or row.valid_to >= first)]
    return "、".join(dict.fromkeys(TITLES.get(kind, kind) for kind in kinds))


def _missed(session: Session, found: Round, missed: Sequence[Record[Any]]) -> Attachment:
    names = {base.id: base.name for base in found.bases}
    places = regions.named(session, {row.city for row in missed}) if missed else {}
    templates = template.names(session)
    rows = tuple(
        (
            names.get(row.base_id, places[row.city].name),
            DUTIES.get(row.duty) or templates.get(row.duty, (row.duty,))[0],
            content.day(row.due_on),
            BREACHES[row.kind],
            row.evidence,
        )
        for row in missed
    )
    columns = ("单位", "事项", "截止日期", "情况", "记录")
    under = _under(found, "文件时限、通知时限届满的事项，系统默认时限不计", "逾期、缺报登记", f"共{len(missed)}项")
    return Attachment("逾期、缺报事项", under, Table(columns, rows or (("没有", "", "", "", ""),)))


def _solved(found: Round, solved: Sequence[Record[Any]]) -> Attachment:
    rows = tuple(
        (
            row.base,
            row.enterprise,
            row.title,
            content.day(row.closed_on),
            SATISFIED.get(row.satisfaction or "", "未填写"),
        )
        for row in solved
    )
    columns = ("基地", "企业", "困难", "办结日期", "企业评价")
    under = _under(found, "本年度办结、结果为已解决的企业困难", "企业困难台账", f"解决{len(solved)}件")
    return Attachment("解决的企业困难", under, Table(columns, rows or (("没有", "", "", "", ""),)))


def _under(found: Round, counted: str, source: str, share: str) -> tuple[str, ...]:
    return (f"口径：{counted}。数据来源：{source}。数据截至：{_moment(found.at)}。{share}。",)


def _moment(at: datetime) -> str:
    return f"{content.day(local_day(at))}{at.astimezone(clock.SHANGHAI):%H:%M}"
