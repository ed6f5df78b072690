"""Why a decision table cannot be used: the row and column, what stands there, and how it would be right."""

from collections.abc import Mapping

from engine.spiff.lint import Finding
from web.door.language import _
from web.words import findings, refusals
from web.words.catalogue import N_

TABLE = ".dmn"
REASONS: Mapping[str, str] = {
    "aggregation": N_("汇集的方式写得不对，或者结果不是数值。"),
    "columns": N_("条件列和结果列都至少要有一列，合计不超过%(most)s列。"),
    "element": N_("文件里有决策表用不到的内容：%(found)s。"),
    "entries": N_("单元格数与列数不符。"),
    "input_twice": N_("两个条件列看的是同一个内容：%(found)s。"),
    "language": N_("不支持这种表达式语言：%(found)s。"),
    "literal_wanted": N_("“%(cell)s”里应写数值、英文双引号中的文字、true、false或者日期。"),
    "no_decision": N_("文件里没有决策。"),
    "no_expression": N_("条件列没有写明看哪个内容。"),
    "no_id": N_("这一处没有编号。"),
    "no_rows": N_("表里没有行。"),
    "no_such_day": N_("没有这一天：%(cell)s。"),
    "no_table": N_("决策里没有表。"),
    "not_dmn": N_("文件不是DMN 1.2至1.5的决策表。"),
    "not_understood": N_('无法识别“%(cell)s”。可以写 60、"文字"、true、> 60、[60..85]、not(…)，用“-”表示不限。'),
    "one_decision": N_("一个文件里应当有且只有一张决策表。"),
    "other_type": N_("“%(cell)s”与这一列的类型不符。"),
    "output_name": N_("结果列的编号以英文字母开头，只用字母、数字和下划线。"),
    "output_twice": N_("两个结果列用了同一个编号：%(found)s。"),
    "partial_default": N_("默认结果要么每个结果列都写，要么都不写。"),
    "policy": N_("不支持这种取行方式：%(found)s。"),
    "range_backwards": N_("“%(cell)s”的下限大于上限。"),
    "range_unfinished": N_("“%(cell)s”没有写完，范围写作[下限..上限]。"),
    "rule_twice": N_("两行用了同一个编号：%(found)s。"),
    "rules": N_("表里应有1至%(most)s行。"),
    "sign_wanted": N_("“%(cell)s”缺少“%(wanted)s”。"),
    "table.disagreement": N_("第%(rules)s行同时符合，结果却不一致。"),
    "table.overlap": N_("第%(rules)s行同时符合，而此表只允许一行。"),
    "table.result": N_("结果与这一列的类型或者可选值不符。"),
    "too_large": N_("数值过大：%(cell)s。"),
    "too_long": N_("单元格过长，最多%(most)s个字符。"),
    "too_many": N_("单元格里的项目过多，最多%(most)s项。"),
    "type": N_("不支持这种类型：%(found)s。"),
}


def sentence(finding: Finding) -> str:
    """What is wrong with a table, in the reader's language, with its place as people count rows and name columns."""
    facts = findings.in_words(finding.params)
    reason = REASONS.get(str(facts.get("reason", finding.code))) or refusals.DRAWN.get(finding.code, "")
    try:
        said = _(reason) % facts if "%(" in reason else _(reason)
    except KeyError:
        said = finding.code
    row, column = (None, None) if "rules" in facts else (facts.get("row"), facts.get("column"))
    if row and column:
        return _("第%(row)s行“%(column)s”：%(said)s") % {"row": row, "column": column, "said": said}
    if row:
        return _("第%(row)s行：%(said)s") % {"row": row, "said": said}
    return _("“%(column)s”列：%(said)s") % {"column": column, "said": said} if column else said
