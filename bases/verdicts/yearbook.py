"""The year's report of a city, or of the province, as a document: figures, bases with their outcomes, breaches, issues.

Under each table stand 口径, 数据来源, 数据截至 and 已报/应报. Growth compares the same bases in both years and says how
many were left out; what was not reported is «未报送» and never nought.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row as Record, or_, select

from bases.cooperation.issue import SOLVED, Issue
from bases.documents import content
from bases.documents.content import FORM, Attachment, Content, Table
from bases.filing import duty, template, yearly
from bases.filing.values import StatValue
from bases.measures import indicators
from bases.measures.indicators import Indicator
from bases.register import breach, title
from bases.register.base import Base
from bases.register.breach import Breach
from bases.register.title import Title
from bases.verdicts.assessment import Assessment
from bases.verdicts.decision import Decision
from engine import cases
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
ASSESSED = {"pass": "通过考核", "rectify": "限期整改", "revoke": "拟取消命名"}
DECIDED: Mapping[tuple[str, str], str] = {
    ("designation", "designate"): "予以认定",
    ("designation", "refuse"): "不予认定",
    ("rectification", "keep"): "整改考核合格，保留命名",
    ("rectification", "revoke"): "整改考核不合格，拟取消命名",
    ("revocation", "keep"): "保留命名",
    ("revocation", "revoke"): "取消命名",
}
# 表扬 (Article 12) is a decision of its own kind, whatever it says.
COMMENDATION, COMMENDED = "commendation", "表扬"
SATISFIED = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}


@dataclass(frozen=True)
class Round:
    """What a report is about: its year, its city (none is the province), its bases, and the moment."""

    year: int
    city: Place | None
    bases: Sequence[Record[Any]]
    at: datetime

    @property
    def numbers(self) -> list[int]:
        """The numbers of its bases."""
        return [base.id for base in self.bases]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day of the year."""
        return date(self.year, 1, 1), date(self.year, 12, 31)


def report(session: Session, year: int, city: Place | None) -> Content:
    """The report as it stands at this moment; as many questions for forty bases as for one."""
    found = Round(year, city, _bases(session, year, city), clock.now())
    duties = duty.of_period(session, duty.ANNUAL, str(year), [yearly.subject(number) for number in found.numbers])
    missed, solved = _breaches(session, found), _issues(session, found)
    reported = sum(row.handed_at is not None for row in duties.values())
    where = city.name if city else "四川省"
    return Content(
        organ=organs.body(session, "sc-mofcom").name if city is None else f"{where}商务主管部门",
        title=f"{year}年度{where}外贸转型升级基地情况报告",
        paragraphs=_words(found, reported, len(duties), missed, solved),
        attachments=(
            _figures(session, found, f"{reported}/{len(duties)}"),
            _outcomes(session, found, duties),
            _missed(session, found, missed),
            _solved(found, solved),
        ),
        dated_on=local_day(found.at),
        layout=FORM,
    )


def _bases(session: Session, year: int, city: Place | None) -> Sequence[Record[Any]]:
    """The bases that held a name on some day of the year, by city and name."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    held = select(Title.base_id).where(Title.valid_from <= last, or_(Title.valid_to.is_(None), Title.valid_to >= first))
    wanted = select(*Base.__table__.columns).where(Base.id.in_(held))
    if city is not None:
        wanted = wanted.where(Base.city == city.code)
    return session.execute(wanted.order_by(Base.city, Base.sort_key, Base.id)).all()


def _words(
    found: Round, reported: int, owed: int, missed: Sequence[Record[Any]], solved: Sequence[Record[Any]]
) -> tuple[str, ...]:
    registered = sum(_in_year(row.registered_on, found) for row in solved)
    done = [row for row in solved if _is_solved(row, found)]
    return (
        "一、基地情况",
        f"本年度持有有效命名的基地{len(found.bases)}家，主要指标见附件1，各基地情况和结果见附件2。",
        f"年度总结和安排：已报{reported}家，应报{owed}家。" if owed else f"年度总结和安排：{MISSING}（尚未发起）。",
        "二、报送义务履行情况",
        f"文件时限、通知时限届满的逾期、缺报事项{len(missed)}项，见附件3。" if missed else "没有逾期、缺报事项。",
        "三、企业困难",
        f"本年度登记{registered}件，解决{len(done)}件，见附件4。",
        "四、说明",
        f"本报告由系统按登记的数据生成，数据截至{_moment(found.at)}。没有报送的数据写“{MISSING}”，不按零计算。",
    )


def _figures(session: Session, found: Round, share: str) -> Attachment:
    """The sums of both years, and the growth of the same bases."""
    last = found.year - 1
    values = _values(session, found)
    rows = tuple(_figure(indicators.by_code()[code], found, values) for code in ITEMS)
    columns = ("指标", "已报/应报", f"{last}年", f"{found.year}年", "同口径增长")
    under = _under(
        found,
        "各基地年度报送数合计；增长只比较两年都报送的基地",
        "基地年度报送的信息表",
        f"年度总结已报/应报：{share}；各指标的已报/应报见表内",
    )
    return Attachment("主要指标", under, Table(columns, rows))


def _figure(item: Indicator, found: Round, values: Mapping[tuple[str, int], Mapping[int, int]]) -> tuple[str, ...]:
    before, now = values.get((item.code, found.year - 1), {}), values.get((item.code, found.year), {})
    same = sorted(set(before) & set(now))
    name = f"{item.zh.removeprefix('其中：')}（{UNITS[item.unit]}）"
    return (name, f"{len(now)}/{len(found.bases)}", _sum(item, before), _sum(item, now), _growth(before, now, same))


def _sum(item: Indicator, values: Mapping[int, int]) -> str:
    return str(item.typed(sum(values.values()))) if values else MISSING


def _growth(before: Mapping[int, int], now: Mapping[int, int], same: Sequence[int]) -> str:
    first, second = sum(before[base] for base in same), sum(now[base] for base in same)
    if not first:
        return "不可比"
    left_out = len(set(before) | set(now)) - len(same)
    share = (Decimal(second - first) * 100 / Decimal(first)).quantize(Decimal("0.1"))
    return f"{share:+}%（同口径{len(same)}家，未计入{left_out}家）"


def _values(session: Session, found: Round) -> dict[tuple[str, int], dict[int, int]]:
    """By item and year, the newest amount of each base that gave one."""
    rows = session.execute(
        select(StatValue.base_id, StatValue.indicator, StatValue.year, StatValue.amount)
        .where(
            StatValue.base_id.in_(found.numbers),
            StatValue.indicator.in_(ITEMS),
            StatValue.year.in_([found.year - 1, found.year]),
        )
        .order_by(StatValue.version)
    )
    newest = {(row.indicator, row.year, row.base_id): row.amount for row in rows}
    values: dict[tuple[str, int], dict[int, int]] = {}
    for (item, year, base), amount in newest.items():
        if amount is not None:
            values.setdefault((item, year), {})[base] = amount
    return values


def _outcomes(session: Session, found: Round, duties: Mapping[str, Record[Any]]) -> Attachment:
    """Each base with what it reported, how it was assessed, and what was signed about it in the year."""
    stood = cases.days_stood(session, [row.case_id for row in duties.values()], found.at)
    assessed = session.execute(
        select(Assessment.base_id, Assessment.outcome).where(
            Assessment.base_id.in_(found.numbers), Assessment.year == found.year
        )
    )
    outcomes = {row.base_id: ASSESSED.get(row.outcome or "", "尚未决定") for row in assessed}
    decided, names = _decided(session, found), title.titles_of(session, found.numbers)
    places = regions.named(session, {code for base in found.bases for code in (base.city, base.county) if code})
    rows = tuple(
        (
            base.name,
            "".join(places[code].name for code in (base.city, base.county) if code),
            "、".join(dict.fromkeys(TITLES.get(each.kind, each.kind) for each in names.get(base.id, ()))),
            _reported(duties.get(yearly.subject(base.id)), found, stood),
            outcomes.get(base.id, "未参加"),
            "；".join(decided.get(base.id, ())) or "无",
        )
        for base in found.bases
    )
    columns = ("基地", "所在地", "命名", "年度总结", "年度考核", "本年度签署的决定")
    done = sum(row.handed_at is not None for row in duties.values())
    under = _under(
        found, "本年度持有有效命名的基地", "基地名录、报送台账、考核和决定", f"已报/应报：{done}/{len(duties)}"
    )
    return Attachment("各基地情况和结果", under, Table(columns, rows))


def _reported(row: Record[Any] | None, found: Round, stood: Mapping[int, int]) -> str:
    if row is None:
        return MISSING
    return REPORTED.get(duty.standing(row, found.at, stood.get(row.case_id, 0)), MISSING)


def _decided(session: Session, found: Round) -> dict[int, list[str]]:
    rows = session.execute(
        select(Decision.base_id, Decision.kind, Decision.outcome, Decision.document)
        .where(Decision.base_id.in_(found.numbers), Decision.signed_on.between(*found.days))
        .order_by(Decision.id)
    )
    said: dict[int, list[str]] = {}
    for row in rows:
        words = COMMENDED if row.kind == COMMENDATION else DECIDED.get((row.kind, row.outcome))
        if words:
            said.setdefault(row.base_id, []).append(f"{words}（{row.document}）" if row.document else words)
    return said


def _breaches(session: Session, found: Round) -> Sequence[Record[Any]]:
    """Of its bases and, where it is one's own, of the city."""
    mine = Breach.base_id.in_(found.numbers)
    of_city = Breach.base_id.is_(None) & (Breach.city == found.city.code if found.city else Breach.id.is_not(None))
    wanted = select(*Breach.__table__.columns).where(or_(mine, of_city), Breach.due_on.between(*found.days))
    return session.execute(wanted.order_by(Breach.due_on, Breach.id)).all()


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
    ) or (("没有逾期、缺报事项", "", "", "", ""),)
    columns = ("单位", "事项", "截止日期", "情况", "记录")
    under = _under(found, "文件时限、通知时限届满的事项，系统默认时限不计", "逾期、缺报登记", f"共{len(missed)}项")
    return Attachment("逾期、缺报事项", under, Table(columns, rows))


def _issues(session: Session, found: Round) -> Sequence[Record[Any]]:
    """What was registered or closed in the year."""
    days = found.days
    wanted = select(*Issue.__table__.columns, Base.name.label("base")).join(Base, Base.id == Issue.base_id)
    within = or_(Issue.registered_on.between(*days), Issue.closed_on.between(*days))
    return session.execute(
        wanted.where(Issue.base_id.in_(found.numbers), within).order_by(Issue.registered_on, Issue.id)
    ).all()


def _solved(found: Round, issues: Sequence[Record[Any]]) -> Attachment:
    done = [row for row in issues if _is_solved(row, found)]
    rows = tuple(
        (
            row.base,
            row.enterprise,
            row.title,
            content.day(row.closed_on),
            SATISFIED.get(row.satisfaction or "", "未填写"),
        )
        for row in done
    ) or (("没有", "", "", "", ""),)
    columns = ("基地", "企业", "困难", "办结日期", "企业评价")
    under = _under(found, "本年度办结、结果为已解决的企业困难", "企业困难台账", f"解决{len(done)}件")
    return Attachment("解决的企业困难", under, Table(columns, rows))


def _is_solved(row: Record[Any], found: Round) -> bool:
    return row.result == SOLVED and row.closed_on is not None and _in_year(row.closed_on, found)


def _in_year(on: date, found: Round) -> bool:
    return on.year == found.year


def _under(found: Round, counted: str, source: str, share: str) -> tuple[str, ...]:
    return (f"口径：{counted}。数据来源：{source}。数据截至：{_moment(found.at)}。{share}。",)


def _moment(at: datetime) -> str:
    return f"{content.day(local_day(at))}{at.astimezone(clock.SHANGHAI):%H:%M}"
