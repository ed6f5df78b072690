"""The file of an assessment beside its case: reports, funds, platforms, figures, proposal and last year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bases.measures import indicators
from bases.verdicts import assessed, assessment, punctuality
from bases.verdicts.assessed import View
from ground.database import Session
from ground.people import Actor
from web.door.language import pick
from web.words.catalogue import N_

WIDE, TALL, MOST_SINGLE = 60, 18, 2
DUTIES: Mapping[str, str] = {
    "annual_report": N_("年度工作总结和工作安排"),
    "periodic_report": N_("统计数据"),
}
KEPT: Mapping[str, tuple[str, str]] = {
    punctuality.ON_TIME: (N_("按时"), "green"),
    punctuality.LATE: (N_("逾期"), "red"),
    punctuality.MISSING: (N_("缺报"), "red"),
    punctuality.FALSE: (N_("虚报"), "red"),
}
KINDS: Mapping[str, str] = {"text": N_("文件时限"), "notice": N_("通知时限")}
PROPOSALS: Mapping[str, tuple[str, str]] = {
    assessment.PASS: (N_("建议通过"), "green"),
    assessment.RECTIFY: (N_("建议限期整改"), "amber"),
    assessment.RECTIFY_OR_REVOKE: (N_("可取消命名"), "red"),
}
OUTCOMES: Mapping[str, tuple[str, str]] = {
    assessment.PASS: (N_("通过考核"), "green"),
    assessment.RECTIFY: (N_("限期整改"), "amber"),
    assessment.REVOKE: (N_("拟取消命名"), "red"),
}
UNITS: Mapping[str, str] = {
    "yi_yuan": N_("亿元"),
    "persons": N_("人"),
    "items": N_("项"),
}
GROUNDS: Mapping[str, str] = {
    "14a": N_("无组织协调机构和服务机构，或者有机构但无有效作为"),
    "14b": N_("未按要求报送，或者严重瞒报、虚报"),
    "14c": N_("严重质量问题、环保和安全生产事故等"),
}


@dataclass(frozen=True)
class Shown:
    """The file as one person reads it; `reports` with days as days, `figures` by the names of the annex."""

    view: View
    reports: Sequence[Mapping[str, Any]]
    years: Sequence[int]
    figures: Sequence[tuple[str, str, Sequence[Any], str]]
    missed: int


def of_case(store: Session, case: Any, by: Actor) -> Shown | None:
    """The file of this case, if it is an assessment and there is one."""
    if case.process != assessment.PROCESS:
        return None
    view = assessed.look(store, case.id, by)
    if view is None:
        return None
    file = view.file or {}
    figures = file.get("figures") or []
    return Shown(
        view=view,
        reports=[{**each, "due_on": date.fromisoformat(each["due_on"])} for each in file.get("reports") or ()],
        years=[year for year, _value in figures[0]["values"]] if figures else (),
        figures=[_figure(each) for each in figures],
        missed=assessed.missed(view),
    )


def _figure(each: Mapping[str, Any]) -> tuple[str, str, Sequence[Any], str]:
    item = indicators.by_code()[each["indicator"]]
    values = [value for _year, value in each["values"]]
    return pick(item.zh, item.en), item.unit, values, _line(values)


def _line(values: Sequence[Any]) -> str:
    """R-12.4: the points of a small line over the years, from nought up to the greatest; none of a single value."""
    known = [(place, Decimal(str(value))) for place, value in enumerate(values) if value is not None]
    most = max((value for _place, value in known), default=Decimal(0))
    if len(known) < MOST_SINGLE or most <= 0:
        return ""
    step = Decimal(WIDE) / (len(values) - 1)
    return " ".join(f"{place * step:.0f},{TALL - max(value, Decimal(0)) / most * TALL:.1f}" for place, value in known)
