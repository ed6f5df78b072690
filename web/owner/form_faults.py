"""Why a form cannot be used: at which field, which of its settings, and how it would be right."""

from collections.abc import Mapping

from engine.spiff.lint import Finding
from web.door.language import _
from web.owner.shaping import LIMITS
from web.words import findings, refusals
from web.words.catalogue import N_

CODE = "form.definition"
REASONS: Mapping[str, str] = {
    "control_characters": N_("含有不能显示的字符。"),
    "cycle": N_("条件或者公式互相引用。"),
    "date_wanted": N_("应为日期（例如2026-01-31）或者today。"),
    "flag_wanted": N_("应为true或者false。"),
    "list_wanted": N_("应有%(least)s至%(most)s项。"),
    "min_above_max": N_("下限大于上限。"),
    "missing_key": N_("缺少“%(value)s”。"),
    "name_wanted": N_("编号以小写字母开头，只用小写字母、数字和下划线：%(value)s。"),
    "not_json": N_("不合JSON写法。"),
    "number_wanted": N_("应为数值。"),
    "pattern": N_("格式写得不对：%(value)s。"),
    "text_wanted": N_("应为文字，最多%(most)s个字符。"),
    "too_large": N_("过大。"),
    "too_many": N_("过多。"),
    "twice": N_("出现了两次。"),
    "unknown_key": N_("没有这种设置：%(value)s。"),
    "unknown_name": N_("引用的字段不存在：%(value)s。"),
    "unknown_type": N_("没有这种类型：%(value)s。"),
    "whole_number_wanted": N_("应为%(least)s至%(most)s的整数。"),
    "word_wanted": N_("应为以下之一：%(value)s。"),
}
SETTINGS: Mapping[str, str] = {name: words for each in LIMITS.values() for name, words in each.items()} | {
    "min": N_("下限"),
    "max": N_("上限"),
    "show_when": N_("何时显示（条件，选填）"),
    "options": N_("选项"),
    "label": N_("名称"),
    "help": N_("说明"),
    "unit": N_("单位"),
    "clause": N_("依据"),
}


def sentence(finding: Finding) -> str:
    """What is wrong with a form, in the reader's language: the field as it is called, the setting, and the reason."""
    facts = findings.in_words(finding.params)
    reason = str(facts.get("reason", ""))
    words = REASONS.get(reason) or refusals.DRAWN.get(reason) or refusals.DRAWN[CODE]
    try:
        said = _(words) % facts if "%(" in words else _(words)
    except KeyError:
        said = _(refusals.DRAWN[CODE])
    setting = SETTINGS.get(str(facts.get("path", "")).rpartition(".")[2])
    where = " ".join(filter(None, (f"“{facts['field']}”" if facts.get("field") else "", _(setting) if setting else "")))
    return f"{where}{_('：')}{said}" if where else said
