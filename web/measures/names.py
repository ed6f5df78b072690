"""How values, parts and steps of the rules are called in the reader's language."""

from collections.abc import Mapping
from typing import Any

from bases.measures import terms
from bases.measures.shapes import Part
from engine import definitions
from ground.database import Session
from ground.parameters import Parameter
from web.door.language import _, pick, within
from web.words import dates
from web.words.catalogue import N_

KINDS: Mapping[str, str] = dates.KINDS
GROUPS: Mapping[str, str] = {
    "deadline": N_("办理时限"),
    "panel": N_("评审组"),
    "score": N_("评分"),
    "visit": N_("实地考察"),
    "rectify": N_("限期整改"),
    "reassess": N_("限期整改"),
    "assess": N_("年度考核"),
    "revoke": N_("取消命名"),
    "supervise": N_("督办"),
    "stuck": N_("督办"),
    "report": N_("年度总结和统计"),
    "boundary": N_("年度总结和统计"),
    "stat": N_("年度总结和统计"),
}
OTHERS = N_("其他")
UNITS: Mapping[str, str] = {
    "working_days": N_("工作日"),
    "days": N_("天"),
    "months": N_("个月"),
    "day_of_year": N_("每年的一天"),
}
CODES: Mapping[str, str] = {
    **UNITS,
    "oa": N_("登记OA文号"),
    "system": N_("系统编号"),
    "provincial": N_("省级外贸基地"),
    "national": N_("国家级外贸基地"),
    "served_on": N_("送达之日"),
    "quarter": N_("季度"),
    "clue": N_("作为线索登记"),
    "other_person_same_or_higher_rank": N_("职级相同或者更高的其他人"),
}
PARTS: Mapping[str, str] = {
    "value": N_("参数值"),
    "n": N_("数"),
    "unit": N_("计量单位"),
    "on": N_("月-日"),
    "before_days": N_("期满前（天）"),
    "after_working_days": N_("期满后（工作日）"),
    "signed": N_("须署名"),
    "written": N_("须书面"),
    "unit_seal": N_("单位须盖章"),
    "anonymous": N_("不署名的"),
    "office": N_("受理处室"),
    "phone": N_("电话"),
    "fax": N_("传真"),
    "email": N_("邮箱"),
    "address": N_("地址"),
    "oversight_phone": N_("监督电话"),
}
MEASURES: Mapping[str, str] = {
    "工作日": N_("工作日"),
    "月": N_("个月"),
    "月-日": N_("月-日"),
    "日/工作日": N_("日、工作日"),
    "分": N_("分"),
    "年": N_("年"),
    "次": N_("次"),
    "人": N_("人"),
    "项": N_("项"),
    "家": N_("家"),
    "日": N_("日"),
    "件": N_("件"),
    "时": N_("时"),
    "市（州）": N_("个市（州）"),
    "%": "%",
}


def name(key: str) -> str:
    """What a parameter is called."""
    found = terms.name(key)
    return pick(found.zh, found.en)


def group(key: str) -> str:
    """Under which heading a parameter stands."""
    return GROUPS.get(key.partition(".")[0], OTHERS)


def unit(text: str) -> str:
    """A unit in the reader's language."""
    return _(MEASURES[text]) if text in MEASURES else text


def part(one: Part) -> str:
    """What a part of a value is called: by its own name, or by the clause that it is."""
    last = one.name.rpartition(".")[2]
    return _(PARTS[last]) if last in PARTS else dates.clause_words(last)


def code(value: str) -> str:
    """A code of ours in words."""
    return _(CODES[value]) if value in CODES else value


def value(term: Parameter, given: Any) -> str:
    """A value in words, with its unit."""
    if isinstance(given, dict) and {"n", "unit"} == set(given):
        return f"{given['n']} {code(given['unit'])}"
    if isinstance(given, dict):
        pairs = ((one, plain(each)) for one, each in given.items() if not isinstance(each, dict))
        return _("，").join(f"{part(Part(one, '', None))} {each}" for one, each in pairs)
    said = plain(given)
    shown = term.unit and not isinstance(given, bool) and given is not None and term.unit != "月-日"
    return f"{said} {unit(term.unit)}" if shown else said


def plain(given: Any) -> str:
    """A single value, or a list of them, in words."""
    if given is None:
        return _("不限")
    if isinstance(given, bool):
        return _("是") if given else _("否")
    if isinstance(given, list):
        return _("、").join(plain(each) for each in given)
    return code(given) if isinstance(given, str) else str(given)


def step(store: Session, version_id: int, place: str) -> str:
    """The name of a step in the version that a case runs on, or of one that it calls."""
    folder = definitions.shown(store, version_id)
    known = folder.element(place)
    return within(folder.home(place).words, known.name) if known and known.name else place
