"""Score sheets and the report as pages to sign by hand: words of the paper in Chinese, and a check code on each."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from bases.documents import content, press
from bases.review import criteria, scores
from bases.review.desk import View
from ground.clock import local_day
from ground.errors import Missing

WIDTHS = (9, 3, 3, 12)
NONE = "无"
HEADS = {criteria.ARTICLE_10: "评审内容（第十条）", criteria.ARTICLE_12: "考核内容（第十二条）"}
BASES = {criteria.ARTICLE_10: "申报基地", criteria.ARTICLE_12: "考核基地"}


def scores_pdf(view: View, persons: Iterable[int]) -> bytes:
    """A page for each of these members; Missing while the scores are sealed or if one has no sheet."""
    wanted = list(persons)
    if not wanted or not set(wanted) <= set(view.totals):
        raise Missing(sheets=view.case.ref)
    return press.sheets([_coded(_sheet(view, view.totals[person])) for person in wanted], "专家评分表")


def report_pdf(view: View) -> bytes:
    """The report with every dissent; Missing before the leader has written it."""
    if view.newest.report is None or view.outcome is None:
        raise Missing(report=view.case.ref)
    return press.sheets([_coded(_report(view, view.newest.report, view.outcome))], "评审报告")


def _sheet(view: View, sheet: scores.Sheet) -> dict[str, Any]:
    set_ = criteria.set_of(view.newest.criteria)
    rows = [
        [each.zh, str(each.full), points(sheet.halves[each.code]), sheet.comments.get(each.code) or ""]
        for each in criteria.of(set_)
    ]
    return {
        "title": "四川省外贸转型升级基地专家评分表",
        "facts": [*_facts(view), ["评审专家", view.names[sheet.person].name]],
        "table": {
            "columns": [HEADS[set_], "满分", "得分", "评分说明"],
            "rows": [*rows, ["合计", "100", points(sheet.total), ""]],
            "widths": list(WIDTHS),
        },
        "parts": [["评审意见", _lines(view.opinions.get(sheet.person, ""))]],
        "signs": ["评审专家"],
    }


def _report(view: View, written: Mapping[str, str], outcome: scores.Outcome) -> dict[str, Any]:
    leader = view.names[view.newest.leader_id].name
    members = "、".join(view.names[person].name for person in view.members)
    facts = [
        *_facts(view),
        ["组长", leader],
        ["评审专家", f"{members}（随机抽取，抽取记录存档备查）"],
        ["评分结果", f"有效评分{outcome.valid}份，平均分{outcome.average}分，最高分与最低分相差{outcome.spread}分"],
    ]
    parts = [
        ["一、主要优势", _lines(written["strengths"])],
        ["二、存在的问题", _lines(written["problems"])],
        ["三、意见和建议", _lines(written["advice"])],
        *([["四、会评情况", _lines(written["discussed"])]] if written["discussed"] else []),
        ["保留意见", _dissents(view)],
    ]
    signs = ["组长", *("成员" for person in view.members if person != view.newest.leader_id)]
    return {
        "title": "四川省外贸转型升级基地评审报告",
        "facts": facts,
        "table": _totals(view),
        "parts": parts,
        "signs": signs,
    }


def _facts(view: View) -> list[list[str]]:
    closed = content.day(local_day(view.newest.closed_at)) if view.newest.closed_at else ""
    return [
        [BASES[criteria.set_of(view.newest.criteria)], view.base.name],
        ["办件编号", view.case.number],
        ["评分截止", closed],
    ]


def _totals(view: View) -> dict[str, Any]:
    rows = [
        [view.names[person].name, points(view.totals[person].total)] for person in view.members if person in view.totals
    ]
    return {"columns": ["评审专家", "总分"], "rows": rows, "widths": [3, 2]}


def _dissents(view: View) -> list[str]:
    return [f"{view.names[each.person_id].name}：{line}" for each in view.dissents for line in _lines(each.words)] or [
        NONE
    ]


def _lines(text: str) -> Sequence[str]:
    return list(content.paragraphs(text)) or [NONE]


def points(halves: int) -> str:
    """Half points as they are read: 45 is 22.5, 40 is 20."""
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)


def _coded(page: dict[str, Any]) -> dict[str, Any]:
    """The page with its check code: the first sixteen digits of the hash over all that it says."""
    digest = hashlib.sha256(orjson.dumps(page, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {**page, "code": " ".join(digest[at : at + 4] for at in range(0, 16, 4))}
