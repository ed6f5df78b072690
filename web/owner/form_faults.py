"""Why a form cannot be used: at which field, which of its settings, and how it would be right."""

from collections.abc import Mapping

from engine.spiff.lint import Finding
from web.door.language import _
from web.owner.field_settings import LIMITS
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
    "help": N_("填写说明"),
    "unit": N_("计量单位"),
    "clause": N_("依据"),
    "title": N_("标题"),
    "fields": N_("字段"),
    "columns": N_("列"),
    "sections": N_("节"),
}
# Why a part of a form was not changed, added or taken out as asked, and how it would be right.
NOT_SHAPED: Mapping[str, str] = {
    "formula_missing": N_("请填写公式，例如a + b：用字段编号和加（+）、减（-）、乘（*）、除（/）、括号。"),
    "formula_unknown": N_("公式里的“%(value)s”不是可用的字段编号：可用的列在输入框上方。"),
    "formula_wrong": N_("公式“%(value)s”读不懂：用字段编号和加（+）、减（-）、乘（*）、除（/）、括号，例如(a + b)*2。"),
    "gone": N_("这一处已不在表单里，请重新打开本页。"),
    "label_missing": N_("请填写名称，即填表人看到的文字。"),
    "last_column": N_("多行表至少要有一列：请先增加别的列，或者删除整个多行表。"),
    "last_section": N_("表单至少要有一节：请先增加别的节。"),
    "marks_wrong": N_("请填写满分：大于零，按半分计，例如25或者12.5。"),
    "name_reserved": N_("“%(value)s”由程序使用，请换一个编号，或者留空由程序编号。"),
    "name_taken": N_("编号“%(value)s”已用于“%(label)s”，请换一个，或者留空由程序编号。"),
    "name_wrong": N_(
        "“%(value)s”不能作编号：以小写字母开头，只用小写字母、数字和下划线，最多%(most)s个字符，例如fair_name；也可以留空。"
    ),
    "options_missing": N_("至少写一个选项，每行一个。"),
    "section_full": N_("这一节还有%(n)s个字段。连同字段一起删除，还是先把字段移到别的节？"),
    "section_missing": N_("请选择移到哪一节。"),
    "title_missing": N_("请填写标题。"),
    "type_missing": N_("请选择类型。"),
}


def why_not(code: str, facts: Mapping[str, object]) -> str:
    """Why a part was not changed as asked, in the reader's language."""
    return _(NOT_SHAPED[code]) % facts


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
