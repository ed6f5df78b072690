"""The words of what goes to the leaders' meeting: the ranking with its line, the cities, one page for each base.

Nothing of a single expert stands in it: averages and spreads only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row as Record, select

from bases.documents import content
from bases.documents.content import FORM, Attachment, Content, Table
from bases.filing.values import StatValue
from bases.measures import indicators
from bases.register import Base
from bases.review import eligibility
from bases.verdicts import batch, batch_entry, batch_ranking, cities, lists, ranking
from engine.submissions import Submission
from ground.clock import local_day
from ground.database import Session

ORGAN = "四川省商务厅"
KEY = ("I01", "I02", "I03a", "I04", "I07", "I08", "I12", "I13", "I19")
READ = ("recheck", "visit-findings", "visit-report")
UNITS = {"yi_yuan": "亿元", "enterprises": "家", "persons": "人", "items": "项"}
A_VOLUME = 40  # bases, so that no volume comes near what a document holds
SAID = {"proposed": "拟认定", "reserve": "备选", "none": "不列入"}
FOUND = {"clear": "无", "found": "有", "unknown": "无法核实"}
CONSISTENT = {"yes": "一致", "partly": "基本一致", "no": "不一致"}


@dataclass(frozen=True)
class Told:
    """Of the applications: features, figures by base, item and year, what was written and what organs answered."""

    features: Mapping[int, str]
    figures: Mapping[tuple[int, str, int], str]
    written: Mapping[tuple[int, str], Mapping[str, Any]]
    asked: Mapping[int, tuple[int, str]]


def of(session: Session, found: Record[Any], now: datetime) -> list[Content]:
    """The volumes: the first with the ranking and the cities, each with so many bases."""
    entries = [each for each in batch_entry.of_batch(session, found.id) if each.state == batch_entry.READY]
    ranked = sorted((each for each in entries if each.rank is not None), key=lambda each: each.rank)
    beside = cities.beside(session, found, batch_entry.of_batch(session, found.id))
    names = {each.code: each.name for each in beside}
    told = _told(session, found, ranked)
    pages = [_page(found, each, names, told) for each in ranked]
    first = [_ranking(found, ranked, names), _cities(beside)]
    parts = [pages[start : start + A_VOLUME] for start in range(0, len(pages), A_VOLUME)] or [[]]
    intro = _intro(session, found, entries, ranked)
    return [
        Content(
            organ=ORGAN,
            title=_title(found, place, len(parts)),
            paragraphs=intro if place == 1 else ("本册为一基地一页，接上册。",),
            attachments=(*(first if place == 1 else ()), *part),
            dated_on=local_day(now),
            layout=FORM,
        )
        for place, part in enumerate(parts, start=1)
    ]


def _title(found: Record[Any], place: int, of_: int) -> str:
    whole = f"{found.year}年度四川省外贸转型升级基地认定上会材料"
    return f"{whole}（第{place}册，共{of_}册）" if of_ > 1 else whole


def _intro(
    session: Session, found: Record[Any], entries: Sequence[Record[Any]], ranked: Sequence[Record[Any]]
) -> tuple[str, ...]:
    first, *_, last = batch.years(found)
    quota = "不限" if found.quota is None else f"{found.quota}家"
    leaving = cities.leaving(session, found.year)
    rolling = "未确定" if found.rolling is None else f"拟退出{leaving}家／滚动数量{found.rolling}家"
    counted = {name: sum(each.listed == name for each in ranked) for name in SAID}
    off = [*(each for each, _ in lists.upheld(session, found.id)), *lists.struck(session, found.id)]
    tied = [each.base_name for each in ranked if each.tied]
    return (
        "一、批次情况",
        f"申报期限：{content.day(found.opens_on)}至{content.day(found.closes_on)}。申报通知：{found.document}。",
        f"认定数量：{quota}。滚动管理数量：{rolling}，只作参考，不自动产生结果。",
        f"指标期间：{first}年至{last}年。",
        "二、排序情况",
        f"等待名单的申报{len(entries)}件，列入排序{len(ranked)}件。",
        f"其中拟认定{counted['proposed']}件，备选{counted['reserve']}件，不列入{counted['none']}件。",
        f"平均分相同的：{'、'.join(tied)}。" if tied else "没有平均分相同的申报。",
        "三、因异议成立不列入的基地",
        f"{'、'.join(each.base_name for each in off)}。" if off else "没有。",
    )


def _ranking(found: Record[Any], ranked: Sequence[Record[Any]], names: Mapping[str, str]) -> Attachment:
    columns = ("名次", "基地", "市（州）", "推荐顺序", "平均分", "分差", "列入名单", "同分和理由")
    return Attachment("排序一览表", (), Table(columns, tuple(_rows(found, ranked, names, len(columns)))))


def _rows(
    found: Record[Any], ranked: Sequence[Record[Any]], names: Mapping[str, str], wide: int
) -> Iterator[tuple[str, ...]]:
    """The line is drawn after as many as are proposed; where the quota is not used up, it stands at the end."""
    proposed = sum(each.listed == ranking.PROPOSED for each in ranked)
    for place, each in enumerate(ranked, start=1):
        note = "；".join(part for part in ("同分" if each.tied else "", each.reason or "") if part)
        yield (
            str(each.rank),
            each.base_name,
            names.get(each.city, ""),
            str(each.city_rank or ""),
            _points(each.average),
            _points(each.spread),
            SAID.get(each.listed or "", ""),
            note or "—",
        )
        if found.quota is not None and place == proposed:
            yield ("", f"名额线：认定数量{found.quota}家", *("" for _ in range(wide - 2)))


def _cities(beside: Sequence[cities.City]) -> Attachment:
    rows = tuple(
        (
            each.name,
            f"{each.titled}家",
            f"{each.applying}件",
            "；".join(f"{year}年申报{applied}件，认定{given}家" for year, given, applied in each.earlier) or "无",
            cities.short(cities.said(each)) or "未填写",
        )
        for each in beside
    )
    columns = ("市（州）", "已有省级基地", "本批次申报", "以往批次", "发展规划和配套政策")
    return Attachment("各市（州）规划和已有基地", (), Table(columns, rows))


def _page(found: Record[Any], each: Record[Any], names: Mapping[str, str], told: Told) -> Attachment:
    """One base: what it is, how it was scored, what was seen there, what the recheck says, and its figures."""
    recheck = told.written.get((each.case_id, "recheck"), {})
    paragraphs = (
        f"办件编号：{each.number}。所在市（州）：{names.get(each.city, '')}。",
        f"产业特色：{told.features.get(each.base_id) or '未填写'}。",
        f"评审结果：平均分{_points(each.average)}分，最高与最低相差{_points(each.spread)}分，第{each.rank}名。",
        f"实地考察：{_visit(each, told)}",
        f"准入条件核查：{_admission(each, told)}",
        f"复核意见：{recheck.get('opinion') or '未填写'}",
        f"列入：{SAID.get(each.listed or '', '未确定')}。{each.reason or ''}",
    )
    years = batch.years(found)
    rows = tuple(_line(code, each.base_id, years, told) for code in KEY)
    table = Table(("主要指标", *(f"{year}年" for year in years)), rows)
    return Attachment(each.base_name, paragraphs, table)


def _visit(each: Record[Any], told: Told) -> str:
    found = told.written.get((each.case_id, "visit-findings")) or told.written.get((each.case_id, "visit-report"))
    if found is None:
        return "已考察。" if each.visited else "未安排。"
    said = CONSISTENT.get(found.get("consistent", ""), "是否一致未填写")
    return f"与申报材料{said}。{cities.short(found.get('findings') or '')}"


def _admission(each: Record[Any], told: Told) -> str:
    """What the organs answered at the newest asking: again just before the notice, else at intake."""
    if each.case_id not in told.asked:
        return "见办件。"
    round_, total = told.asked[each.case_id]
    when = "公示前再次征求意见" if round_ == eligibility.BEFORE_NOTICE else "受理时征求意见"
    return f"{when}，{FOUND[total]}第十条第（六）项所列情形。"


def _line(code: str, base_id: int, years: Sequence[int], told: Told) -> tuple[str, ...]:
    item = indicators.by_code()[code]
    label = item.zh.removeprefix("其中：")
    return (f"{label}（{UNITS[item.unit]}）", *(told.figures.get((base_id, code, year), "—") for year in years))


def _told(session: Session, found: Record[Any], ranked: Sequence[Record[Any]]) -> Told:
    """Four questions for all applications together, however many there are."""
    bases, of_cases = [each.base_id for each in ranked], [each.case_id for each in ranked]
    features = session.execute(select(Base.id, Base.feature).where(Base.id.in_(bases)))
    values = session.execute(
        select(StatValue.base_id, StatValue.indicator, StatValue.year, StatValue.amount, StatValue.body)
        .where(StatValue.base_id.in_(bases), StatValue.indicator.in_(KEY), StatValue.year.in_(batch.years(found)))
        .order_by(StatValue.version)
    )
    sent = session.execute(
        select(Submission.case_id, Submission.form, Submission.answers)
        .where(Submission.case_id.in_(of_cases), Submission.form.in_(READ))
        .order_by(Submission.received_at)
    )
    return Told(
        {row.id: row.feature for row in features},
        {(row.base_id, row.indicator, row.year): _figure(row) for row in values},
        {(row.case_id, row.form): row.answers for row in sent},
        eligibility.totals(session, of_cases),
    )


def _figure(row: Record[Any]) -> str:
    """An amount as it was typed, without empty places; of a list how many there are."""
    if row.amount is not None:
        typed = str(indicators.by_code()[row.indicator].typed(row.amount))
        return typed.rstrip("0").rstrip(".") if "." in typed else typed
    if isinstance(row.body, dict) and "count" in row.body:
        return str(row.body["count"])
    return "不适用"


def _points(hundredths: int | None) -> str:
    return "—" if hundredths is None else f"{Decimal(hundredths) / batch_ranking.HUNDREDTHS:.2f}"
