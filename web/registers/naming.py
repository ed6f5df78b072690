"""What stands on the pages of registers in words: groups, places, what was done, what a mark says."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bases import register
from bases.register.ledgers import definition
from bases.register.ledgers.definition import Register
from bases.register.ledgers.marks import Mark
from engine.forms import Field
from ground import organs, people, regions
from ground.clock import local_day
from ground.database import Session
from web.door.language import _, chosen, pick
from web.fields import shown
from web.fields.around import Around
from web.fields.sheet import Sheet
from web.words import codes, dates
from web.words.catalogue import N_
from web.words.roles import ROLES

GROUPS = {
    "enterprise": N_("企业与产业链"),
    "service": N_("平台与服务"),
    "market": N_("市场与品牌"),
    "innovation": N_("创新与标准"),
    "policy": N_("政策与资金"),
    "contact": N_("企业联系与事件"),
    "coordination": N_("统筹与共享"),
}
ORGANS = {
    "coordination": N_("组织协调机构"),
    "management": N_("管理机构"),
    "operating": N_("运营机构"),
}
DONE = {
    "entered": N_("登记"),
    "amended": N_("修改"),
    "retired": N_("注销"),
    "published": N_("发布"),
    "withdrawn": N_("撤回发布"),
}
STATES = {"live": N_("有效"), "retired": N_("已注销")}
MARKS = {
    "ledger.use": N_("%(in_year)s年：使用企业%(users)s家、%(uses)s次"),
    "ledger.no_use": N_("无使用数据"),
    "ledger.missing_link": N_("缺失环节"),
    "ledger.spent": N_("已使用超出计划%(over)s万元"),
    "ledger.past_own_date": N_("超出系统默认时限"),
    "ledger.joined": N_("参加企业%(enterprises)s家"),
    "ledger.visited": N_("上次走访%(last)s"),
    "ledger.never_visited": N_("尚未走访，应于%(due)s前联系"),
    "ledger.overdue_visit": N_("待联系，应于%(due)s前联系"),
    "ledger.checking": N_("核查中"),
    "ledger.confirmed": N_("已确认"),
    "ledger.unconfirmed": N_("未确认"),
    "ledger.members": N_("%(bases)s个基地"),
}
TONES = {"warn": "amber", "past": "", "": "blue"}
DAYS = frozenset({"last", "due", "due_on"})


def organ(kind: str) -> str:
    """One of the three organs of Article 7."""
    return _(ORGANS[kind])


def say(text: str) -> str:
    """A text of the register files in the reader's language."""
    return definition.words().get(text, text) if chosen() == "en" else text


def mark(one: Mark) -> tuple[str, str]:
    """A mark in words, and its colour."""
    facts = {name: _day(value) if name in DAYS else value for name, value in one.facts.items()}
    return codes.sentence(one.code, facts), TONES[one.tone]


def sheet(
    form: Any, words: Mapping[str, str], answers: Mapping[str, Any], year: int, found: Sequence[Any] = ()
) -> Sheet:
    """A form with answers, to fill or to read."""
    return Sheet(form, answers, year, around=Around(words=words), found=found)


def places(store: Session, register_: Register, rows: Iterable[Any]) -> dict[int, tuple[str, str]]:
    """By entry: where it belongs, in words, and the base's ref where it is one."""
    listed = list(rows)
    if register_.scope == definition.BASE:
        bases = register.named(store, {row.base_id for row in listed})
        return {
            row.id: (pick(bases[row.base_id].name, bases[row.base_id].name_en), bases[row.base_id].ref)
            for row in listed
        }
    if register_.scope == definition.ORGAN:
        bodies = organs.bodies(store, {row.organ_id for row in listed})
        return {row.id: (pick(bodies[row.organ_id].name, bodies[row.organ_id].name_en), "") for row in listed}
    known = regions.named(store, {row.city or regions.PROVINCE for row in listed})
    whole = {code: pick(place.name, place.name_en) for code, place in known.items()}
    return {row.id: (whole.get(row.city or regions.PROVINCE, ""), "") for row in listed}


def actings(store: Session, keys: Iterable[str]) -> dict[str, str]:
    """By key: the role and the organ in which somebody acted."""
    wanted = {key: key.partition("@") for key in keys}
    bodies = organs.bodies(store, {int(number) for _role, _at, number in wanted.values() if number})
    return {
        key: " · ".join(
            [_(ROLES.get(role, role)), pick(bodies[int(number)].name, bodies[int(number)].name_en)]
            if number and int(number) in bodies
            else [_(ROLES.get(role, role))]
        )
        for key, (role, _at, number) in wanted.items()
    }


def persons(store: Session, numbers: Iterable[int | None]) -> dict[int, str]:
    """The names of these persons."""
    found = people.name_of(store, [each for each in numbers if each is not None])
    return {number: pick(name.name, name.name_en) for number, name in found.items()}


def code(of: Sheet, known: Field, value: str) -> str:
    """One code of a field that is counted, in words."""
    if known.type == "flag":
        return _("是") if value == "true" else _("否")
    return of.said(known, [value] if known.type == "choices" else value)


def hundredths(amount: int) -> str:
    """1,234.5 from 123450."""
    return shown.number(Decimal(amount).scaleb(-2))


def amount(value: Any) -> str:
    """An amount as it is read, or a dash."""
    return "—" if value is None else shown.number(value)


def changed(row: Any) -> date:
    """The day of the last change."""
    return local_day(row.changed_at)


def _day(value: str) -> str:
    return dates.day(date.fromisoformat(value), weekday=False) if value else ""
