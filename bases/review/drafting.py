"""What the letters of a review and of a site visit are filled with: the criteria with their full marks, the plan."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bases.documents import content
from bases.documents.sources import Case, Found, sent, source
from bases.review import criteria, panel

CALLED = "site_visit"
PLAN, DECISION, RECORD, ACKNOWLEDGED = "plan", "visit_decision", "visit", "acknowledge"
SEEN = {"as_stated": "与申报材料一致", "differs": "与申报材料不一致", "not_seen": "未看到"}
CHECKED: Mapping[str, str] = {
    "carrier": "基地范围和主要载体",
    "enterprises": "所列企业在场经营",
    "platforms": "公共服务平台实际使用",
    "bodies": "管理和协调机构实际运行",
    "statistics": "统计数据有台账可查",
    "admission": "未发现准入条件所列情形",
}


@source("criteria")
def of_criteria(move: Case) -> Found:
    """R-10, R-12: each criterion with its full mark; the text names no weights, so these are «文件未规定,系统默认»."""
    drawn = panel.of_case(move.session, move.case.id)
    scored = criteria.of(criteria.set_of(drawn[-1].criteria if drawn else None))
    rows = [{"name": each.zh, "clause": each.clause, "full": each.full} for each in scored]
    return Found({"total": sum(each.full for each in scored)}, {"sheet": rows})


@source("visit")
def of_visit(move: Case) -> Found:
    """R-9.3: why, who and where; and after the visit what was seen, by the checklist."""
    plan, record = _newest(move, PLAN), _newest(move, RECORD)
    acknowledged = _newest(move, ACKNOWLEDGED)
    stops = [_stop(row) for row in plan.get("itinerary") or []]
    return Found(
        {
            "from": plan.get("visit_from"),
            "to": plan.get("visit_to"),
            "reason": _newest(move, DECISION).get("reason") or plan.get("focus"),
            "team": "\n".join(_member(row) for row in plan.get("team") or []) or None,
            "route": "\n".join(stops) or None,
            "visited_from": record.get("visited_from"),
            "visited_to": record.get("visited_to"),
            "photos": str(len(record["photos"])) if record.get("photos") else None,
            "notes": record.get("differences") or record.get("notes"),
            "acknowledged_by": acknowledged.get("acknowledged_by"),
            "acknowledged_on": acknowledged.get("acknowledged_on"),
        },
        {"checklist": [{"name": zh, "seen": SEEN.get(record.get(code, ""), "")} for code, zh in CHECKED.items()]},
    )


def _newest(move: Case, element: str) -> Mapping[str, Any]:
    found = sent(move, element, f"{CALLED}:{element}")
    return found[-1].answers if found else {}


def _stop(row: Mapping[str, Any]) -> str:
    return f"{content.day(date.fromisoformat(row['day']))}，{row['place']}：{row['matter']}。"


def _member(row: Mapping[str, Any]) -> str:
    return "，".join(text for text in (row.get("name"), row.get("unit")) if text)
