"""The words of a 督办通报, from figures that were kept: what is stuck, what is late, what was ordered and answered.

A passed 系统默认时限 is said as what it is and accuses nobody; units and cities are named, and persons never.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row as Record

from bases.cooperation import supervision, supervision_units, supervision_week as week
from bases.documents import content as document
from bases.documents.content import LETTER, Attachment, Content, Table
from engine import definitions
from ground import clock, organs, regions
from ground.clock import local_day
from ground.database import Session

PARTS = {
    "incident": "运行异常",
    "overdue": "超过文件、通知时限",
    "past": "超出系统默认时限",
    "unclaimed": "无人领取",
    "still": "没有进展",
}
LEVELS = {
    supervision.URGE: "催办",
    supervision.ORDER: "督办单",
    supervision.RAISED: "提级督办",
    supervision.REQUEST: "商请函",
    supervision.REMIND: "催办提醒",
}
STATES = {
    supervision.WAITING: "待反馈",
    supervision.ANSWERED: "待核查",
    supervision.UNANSWERED: "期满未反馈",
    supervision.REFUSED: "提级未获批准",
    supervision.DROPPED: "文书未印发",
    supervision.ISSUING: "待印发",
    supervision.APPROVING: "待批准",
}
LIMITS = {"text": "文件时限", "notice": "通知时限", "default": "系统默认时限（不作为逾期）"}
NONE = "没有"


def content(
    session: Session,
    row: Record[Any],
    before: Mapping[str, Any] | None,
    number: tuple[int, int] | None,
    on: date | None,
) -> Content:
    """The document of this week beside the figures of the week before, if they were kept."""
    figures = row.figures
    return Content(
        organ=organs.body(session, supervision_units.DEPARTMENT).name,
        title="督办通报",
        number=f"{number[0]}年第{number[1]}期" if number else "（印发时编期号）",
        paragraphs=_paragraphs(row, figures, before),
        attachments=(
            _cities(session, figures, before),
            _units(session, figures),
            _raised(session, figures),
            _cases(session, figures),
        ),
        dated_on=on,
        layout=LETTER,
    )


def _paragraphs(row: Record[Any], figures: Mapping[str, Any], before: Mapping[str, Any] | None) -> tuple[str, ...]:
    last = row.first_on + week.WEEK - timedelta(days=1)
    span = f"{document.day(row.first_on)}至{document.day(last)}"
    stuck, late, limits = figures["stuck"], figures["late"], figures["limits"]
    kinds = "、".join(f"{name}{stuck[part]}件" for part, name in PARTS.items())
    own = document.paragraphs(row.paragraph)
    return (
        f"现将{span}的督办情况通报如下。",
        "一、停滞办件",
        (
            f"截至{_moment(row)}，全省停滞办件{stuck['all']}件{_trend(stuck['all'], before)}。其中{kinds}"
            "（一件可能有几种情形）。各市（州）情况见附件1，各承办单位情况见附件2，办件清单见附件4。"
        ),
        "二、时限情况",
        (
            f"在办事项超过文件时限{late['text']}项、通知时限{late['notice']}项。"
            f"另有{late['default']}项超出系统默认时限，不作为逾期，不计入逾期记录。"
        ),
        "三、督办情况",
        *_orders(figures["orders"]),
        *(("四、工作要求", *own) if own else ()),
        f"{'五' if own else '四'}、说明",
        (
            f"{limits['stuck.no_movement']}个工作日没有进展、{limits['stuck.unclaimed']}个工作日无人领取、超过时限或者运行异常的为停滞"
            "（文件未规定，系统默认）；超出系统默认时限不作为逾期。"
            "公示期内、整改期内、等待批次的不计。督办对单位，不对个人。"
            f"本通报由系统按登记的数据生成，数据截至{_moment(row)}。"
        ),
    )


def _trend(now: int, before: Mapping[str, Any] | None) -> str:
    if before is None:
        return "（上周没有拟制通报，不作比较）"
    then = before["stuck"]["all"]
    if now == then:
        return f"，与上期持平（{then}件）"
    return f"，比上期（{then}件）{'增加' if now > then else '减少'}{abs(now - then)}件"


def _orders(orders: Mapping[str, Any]) -> tuple[str, ...]:
    issued = "、".join(f"{name}{orders['issued'][level]}件" for level, name in LEVELS.items())
    standing = "、".join(f"{LEVELS[level]}{orders['open'][level]}件" for level in supervision.COLOURS)
    raised = f"红·提级督办{len(orders['raised'])}件，见附件3。" if orders["raised"] else "没有未核销的提级督办。"
    return (
        (
            f"本周发出{issued}。收到反馈{orders['answered']}件，期满未反馈{orders['unanswered']}件，"
            f"核销{orders['written_off']}件。"
        ),
        f"尚未办结{standing}。{raised}",
    )


def _cities(session: Session, figures: Mapping[str, Any], before: Mapping[str, Any] | None) -> Attachment:
    names = regions.named(session, {f"{city}00" for city in figures["cities"]})
    then = before["cities"] if before else None
    rows = tuple(
        (
            _city(names, city),
            str(found["all"]),
            "—" if then is None else str(then.get(city, {}).get("all", 0)),
            *(str(found[part]) for part in PARTS),
        )
        for city, found in sorted(figures["cities"].items(), key=lambda one: (-one[1]["all"], one[0]))
    )
    columns = ("市（州）", "停滞办件", "上期", *PARTS.values())
    return Attachment("各市（州）停滞办件", (), Table(columns, rows or _none(columns)))


def _units(session: Session, figures: Mapping[str, Any]) -> Attachment:
    bodies = organs.bodies(session, {int(unit) for unit in figures["units"]}) if figures["units"] else {}
    rows = tuple(
        (bodies[int(unit)].name, str(found["all"]), *(str(found[part]) for part in PARTS))
        for unit, found in sorted(figures["units"].items(), key=lambda one: (-one[1]["all"], int(one[0])))
    )
    columns = ("承办单位", "停滞办件", *PARTS.values())
    return Attachment("各承办单位停滞办件", (), Table(columns, rows or _none(columns)))


def _raised(session: Session, figures: Mapping[str, Any]) -> Attachment:
    raised = figures["orders"]["raised"]
    bodies = organs.bodies(session, {one["unit"] for one in raised}) if raised else {}
    rows = tuple(
        (
            one["number"],
            one["matter"],
            bodies[one["unit"]].name,
            LIMITS.get(one["kind"], "没有时限"),
            _day(one["due_on"]),
            STATES[one["state"]],
        )
        for one in raised
    )
    columns = ("文号", "事项", "承办单位", "所涉时限", "反馈时限", "进展")
    return Attachment("红·提级督办", (), Table(columns, rows or _none(columns)))


def _cases(session: Session, figures: Mapping[str, Any]) -> Attachment:
    """City by city; within one what has stood longest first."""
    listed: Sequence[Mapping[str, Any]] = figures["cases"]
    names = regions.named(session, {f"{one['city']}00" for one in listed}) if listed else {}
    rows = tuple(
        (
            _city(names, one["city"]),
            one["number"],
            one["title"],
            _step(session, one),
            "、".join(PARTS[part] for part in one["parts"]),
            str(one["days"]),
        )
        for one in sorted(listed, key=lambda one: str(one["city"]))
    )
    more = figures["stuck"]["all"] - len(listed)
    under = (f"只列停滞最久的{len(listed)}件，其余{more}件见系统“停滞办件”。",) if more > 0 else ()
    columns = ("市（州）", "编号", "事项", "环节", "情形", "未进展工作日")
    return Attachment("停滞办件清单", under, Table(columns, rows or _none(columns)))


def _none(columns: Sequence[str]) -> tuple[tuple[str, ...]]:
    return ((NONE, *[""] * (len(columns) - 1)),)


def _city(names: Mapping[str, Any], city: str) -> str:
    place = names.get(f"{city}00")
    return "省级" if place is None or place.level == "province" else str(place.name)


def _step(session: Session, one: Mapping[str, Any]) -> str:
    known = definitions.pinned(session, one["release"]).element(one["element"])
    return known.name if known and known.name else ""


def _day(text: str) -> str:
    return document.day(date.fromisoformat(text)) if text else ""


def _moment(row: Record[Any]) -> str:
    return f"{document.day(local_day(row.drafted_at))}{row.drafted_at.astimezone(clock.SHANGHAI):%H:%M}"
