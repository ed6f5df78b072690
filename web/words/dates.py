"""Dates and deadlines as people read them: 2026年11月23日 周一, 还剩3个工作日（含今天）; a default is never red."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ground.calendar import Calendar
from ground.clock import SHANGHAI
from tasks.elapsed import Used
from web.door.language import _, chosen, ngettext
from web.words.catalogue import N_

SOON = 3
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
LONG_WEEKDAYS = (N_("星期一"), N_("星期二"), N_("星期三"), N_("星期四"), N_("星期五"), N_("星期六"), N_("星期日"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KINDS = {"text": N_("文件时限"), "notice": N_("通知时限"), "default": N_("系统默认时限")}
# Who reports; what is late with them is a report that was not sent (逾期), with all others handling (超期).
REPORTERS = frozenset({"base_filler"})
ANNEX = "附件"
NUMERALS = "零一二三四五六七八九十"
ARTICLE = re.compile(r"(\d{1,2})(?:\((\d{1,2})\))?")
OPINION = re.compile(r"([一二三四])(?:\(([一二三四五六七八九])\))?")


@dataclass(frozen=True)
class DueWords:
    """How a deadline is said, its tone (calm, soon, late, past), what kind it is, and the date with its ground."""

    text: str
    tone: str
    kind: str
    closer: str


def day(on: date, *, weekday: bool = True) -> str:
    """2026年11月23日 周一 · Mon 23 Nov 2026."""
    name = _(WEEKDAYS[on.weekday()])
    if chosen() == "en":
        words = f"{on.day} {MONTHS[on.month - 1]} {on.year}"
        return f"{name} {words}" if weekday else words
    words = f"{on.year}年{on.month}月{on.day}日"
    return f"{words} {name}" if weekday else words


def moment(at: datetime) -> str:
    """2026年11月23日 09:30 · 23 Nov 2026, 09:30, in Shanghai."""
    local = at.astimezone(SHANGHAI)
    comma = "," if chosen() == "en" else ""
    return f"{day(local.date(), weekday=False)}{comma} {local:%H:%M}"


def clock(at: datetime) -> str:
    """09:30, in Shanghai."""
    return f"{at.astimezone(SHANGHAI):%H:%M}"


def short(at: datetime, today: date) -> str:
    """For dense lists: 09:30 today, 11-20 09:30 this year, 2025-11-20 before."""
    local = at.astimezone(SHANGHAI)
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d}"


def due(on: date, kind: str, clause: str | None, today: date, calendar: Calendar, queue: str | None = None) -> DueWords:
    """还剩3个工作日（含今天） · 今天到期 · 超期，已超出2个工作日; a passed default of ours accuses nobody."""
    closer = _("最迟%(day)s · %(ground)s", day=day(on), ground=ground(kind, clause))
    if on < today:
        text, tone = _passed(calendar.working_days_between(on, today), kind, queue or "")
    elif on == today:
        text, tone = _("今天到期"), "soon"
    else:
        text, left = _left(today, on, calendar)
        tone = "soon" if left <= SOON else "calm"
    return DueWords(text, tone, _(KINDS[kind]), closer)


def both_ends(ends_on: date, material_due: date) -> str:
    """整改期满 2027-02-28（星期日）；材料报送截至 2027-03-01（顺延）: both, where the end is a free day."""
    facts = {"ends": ends_on, "weekday": _(LONG_WEEKDAYS[ends_on.weekday()]), "material": material_due}
    if material_due != ends_on:
        return _("整改期满 %(ends)s（%(weekday)s）；材料报送截至 %(material)s（顺延）", **facts)
    return _("整改期满 %(ends)s（%(weekday)s）；材料报送截至 %(material)s", **facts)


def ground(kind: str, clause: str | None) -> str:
    """What sets the limit: 文件时限（第八条）, 通知时限（以送达的通知为准） or 系统默认时限（文件未规定，系统默认）."""
    set_by = _("以送达的通知为准") if kind == "notice" and not clause else clause_words(clause)
    return _("%(kind)s（%(clause)s）", kind=_(KINDS[kind]), clause=set_by)


def used(taken: Used) -> str:
    """已用8个工作日，扣除退回修改3个工作日: what handling took, and what does not count against whoever holds it."""
    said = ngettext("已用%(n)s个工作日", "已用%(n)s个工作日", taken.days)
    left_out = {N_("中止"): taken.suspended, N_("补正"): taken.supplemented, N_("退回修改"): taken.returned}
    for why, days in left_out.items():
        if days:
            said += _("，扣除%(why)s%(n)s个工作日", why=_(why), n=days)
    return said


def clause_words(clause: str | None) -> str:
    """第十条第（六）项 for `10(6)`, 实施意见四（二） for `四(二)`; nothing means that the text is silent."""
    if not clause:
        return _("文件未规定，系统默认")
    if found := ARTICLE.fullmatch(clause):
        return _article(int(found[1]), int(found[2]) if found[2] else None)
    if found := OPINION.fullmatch(clause):
        return _opinion(found[1], found[2])
    return _("附件") if clause == ANNEX else clause


def numeral(n: int) -> str:
    """Chinese numerals up to 99: 十六, 二十."""
    tens, ones = divmod(n, 10)
    head = ("" if tens == 1 else NUMERALS[tens]) + NUMERALS[10] if tens else ""
    return head + (NUMERALS[ones] if ones or not tens else "")


def _left(today: date, on: date, calendar: Calendar) -> tuple[str, int]:
    """The working days up to the last one, today among them if it is worked."""
    left = calendar.working_days_between(today - timedelta(days=1), on)
    if not left:
        return _("下一个工作日前到期"), left
    if calendar.is_workday(today):
        return ngettext("还剩%(n)s个工作日（含今天）", "还剩%(n)s个工作日（含今天）", left), left
    return ngettext("还剩%(n)s个工作日", "还剩%(n)s个工作日", left), left


def _passed(days: int, kind: str, queue: str) -> tuple[str, str]:
    if kind == "default":
        if not days:
            return _("超出系统默认时限"), "past"
        return ngettext("超出系统默认时限%(n)s个工作日", "超出系统默认时限%(n)s个工作日", days), "past"
    if queue.partition("@")[0] in REPORTERS:
        return (ngettext("逾期，已超出%(n)s个工作日", "逾期，已超出%(n)s个工作日", days) if days else _("逾期")), "late"
    return (ngettext("超期，已超出%(n)s个工作日", "超期，已超出%(n)s个工作日", days) if days else _("超期")), "late"


def _article(article: int, item: int | None) -> str:
    if chosen() == "en":
        return f"Article {article}({item})" if item else f"Article {article}"
    return f"第{numeral(article)}条" + (f"第（{numeral(item)}）项" if item else "")


def _opinion(part: str, item: str | None) -> str:
    if chosen() == "en":
        return f"Opinions {NUMERALS.index(part)}" + (f"({NUMERALS.index(item)})" if item else "")
    return f"实施意见{part}" + (f"（{item}）" if item else "")
