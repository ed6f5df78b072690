"""What the letters of a rectification and of a revocation are filled with, as far as it is known on the day.

The register of sources is bases/documents/sources.py; a name stands here because its facts do.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bases.documents import content
from bases.documents.sources import Case, Found, sent, source
from bases.verdicts import half_year, rectification, revocation, signing
from bases.verdicts.decision import Decision
from ground import parameters
from ground.clock import local_day
from ground.errors import Missing

NOTHING = Found({}, {})
BASES: Mapping[str, str] = {
    "13.2a": "第十三条第（二）项",
    "13.2b": "第十三条第（二）项",
    "13.2c": "第十三条第（二）项",
    "14a": "第十四条",
    "14b": "第十四条",
    "14c": "第十四条",
}
GROUNDS: Mapping[str, str] = {
    "13.2a": "未提出重新考核申请",
    "13.2b": "未完成整改",
    "13.2c": "不能通过整改考核",
    "14a": "无外贸基地组织协调机构和服务机构，或者有组织协调机构和服务机构但无有效作为",
    "14b": "未按要求报送统计数据、工作总结材料，或者严重瞒报、虚报相关情况",
    "14c": "有严重产品质量问题、环保和安全生产事故、侵犯知识产权、不正当竞争、违法违规行为",
}
FORCES: Mapping[str, str] = {"binding": "应予取消命名", "discretion": "可取消命名"}
OUTSIDE = "本事由在考核之外提出，文件未规定，系统默认。"
DAYS = "deadline.statement"
SILENT = "在规定期限内未提出陈述申辩。"


@source("rectification")
def of_rectification(move: Case) -> Found:
    """What is lacking, and both ends; before the service they are reckoned as if it were served today."""
    try:
        row = rectification.of_case(move.session, move.case.id)
    except Missing:
        return NOTHING
    decided = move.session.execute(select(Decision.reason).where(Decision.id == row.assessed_in)).one()
    on = local_day(move.now)
    term = row if row.ends_on is not None else half_year.term(move.session, on, on)
    applied = sent(move, "apply", "forward")
    return Found(
        {
            "lacking": decided.reason or None,
            "begins_on": term.begins_on,
            "ends": half_year.spoken(term.ends_on, term.material_due),
            "window_from": term.window_from,
            "window_to": term.window_to,
            "application": applied[0].answers.get("opinion") if applied else None,
        },
        {},
    )


@source("revocation")
def of_revocation(move: Case) -> Found:
    """Facts and ground as a named person has confirmed them, how the ground binds, and what was said against it."""
    try:
        row = revocation.of_case(move.session, move.case.id)
    except Missing:
        return NOTHING
    facts, record = _newest(move, "facts"), _newest(move, "record")
    decided = signing.newest(move.session, row.case_id, revocation.KIND)
    days = parameters.value(move.session, DAYS, local_day(move.now)).value["n"]
    return Found(
        {
            "facts": facts.get("facts"),
            "ground": GROUNDS[row.ground],
            "basis": BASES[row.ground],
            "force": FORCES.get(row.force or ""),
            "outside": OUTSIDE if row.outside else "",
            "days": days,
            "said": record.get("said"),
            "checked": record.get("checked"),
            "result": record.get("result"),
            "statement": record.get("result") or SILENT,
            "decided_on": content.day(decided.signed_on) if decided else None,
        },
        {},
    )


def _newest(move: Case, element: str) -> Mapping[str, Any]:
    found = sent(move, element)
    return found[-1].answers if found else {}
