"""What organs answered on the conditions of admission, as the department reads it beside a case; nobody else does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row as Record

from bases.review import eligibility
from engine.folders import Folder
from ground.database import Session
from ground.people import Actor
from web.door.language import _, pick
from web.words.catalogue import N_

PROCESS = "consultation"
CHECKS: Mapping[str, str] = {
    "policy": N_("国家产业政策"),
    "quality": N_("质量"),
    "environment": N_("环保"),
    "safety": N_("安全生产"),
    "property": N_("知识产权"),
    "competition": N_("不正当竞争"),
    "law": N_("违法违规"),
    "other": N_("其他情形"),
}
ANSWERS: Mapping[str, tuple[str, str]] = {
    "found": (N_("有"), "red"),
    "unknown": (N_("无法核实"), "amber"),
    "none": (N_("无"), "green"),
}
HOW: Mapping[str, str] = {"paper": N_("书面答复"), "silence": N_("逾期视为无意见")}
ROUNDS: Mapping[int, str] = {eligibility.INTAKE: N_("受理时"), eligibility.BEFORE_NOTICE: N_("公示前")}


@dataclass(frozen=True)
class Said:
    """One organ's answer to one check, or that it still stands out."""

    organ: str
    answer: str
    tone: str
    how: str
    on: date | None
    evidence: str


@dataclass(frozen=True)
class Asked:
    """One asking: when in the application, on which day, and the answers check by check."""

    name: str
    on: date
    checks: list[tuple[str, list[Said]]]


def of_case(store: Session, folder: Folder, case: Any, by: Actor) -> list[Asked]:
    """The askings of a case whose process can ask any, the newest first."""
    if PROCESS not in {case.process, *folder.calls}:
        return []
    rows = eligibility.look(store, case.id, by)
    return [_asked(list(each)) for _number, each in groupby(rows, lambda row: row.asking)][::-1]


def _asked(rows: list[Record[Any]]) -> Asked:
    checks = [
        (_(CHECKS[item]), [_said(row) for row in each]) for item, each in groupby(rows, lambda row: str(row.item))
    ]
    return Asked(_(ROUNDS[rows[0].round]), min(row.asked_on for row in rows), checks)


def _said(row: Record[Any]) -> Said:
    organ = pick(row.name, row.name_en)
    if row.answer is None:
        word = _("不再征求") if row.dropped_on else _("尚未答复")
        return Said(organ, word, "", "", row.dropped_on, "")
    answer, tone = ANSWERS[row.answer]
    return Said(organ, _(answer), tone, _(HOW[row.how]) if row.how in HOW else "", row.answered_on, row.evidence)
