"""What changes of the rules are refused for, and what is said when they are done, in sentences."""

from collections.abc import Mapping

from web.words.catalogue import N_

CODES: Mapping[str, str] = {
    "measures.no_ground": N_("请写明依据，不超过500字。"),
    "parameter.wrong_kind": N_("“%(given)s”不是这个参数的值：种类不同，或者超出范围。"),
    "parameter.past": N_("新值最早从明天起生效。今天和以前的期限已按原值算出，不能改写。"),
    "parameter.same": N_("这就是现在的值，没有变化。"),
    "parameter.changed": N_("已登记“%(name)s”的新值。"),
    "calendar.past": N_("通知会改变已经过去的日子或者今天（%(day)s），已经算过的期限不能改写。"),
    "calendar.nothing_new": N_("%(year)s年的日历与这份通知一致，没有变化。"),
    "calendar.recounting": N_("上一次改动的期限还在重新推算，请稍后再试。"),
    "calendar.not_a_notice": N_("无法确认这是国务院办公厅的放假通知，没有采用。"),
    "calendar.taken": N_("%(year)s年日历已保存，正在重新推算期限。"),
    "policy.no_clauses": N_("文件内容中没有找到“第…条”或者“一、”开头的条款，或者条款重复。"),
    "policy.not_whole": N_("请填写简称（字母数字）、标题、文号、印发日期和条款；有期限的须写届满后的提示。"),
    "policy.known": N_("已有这个简称的文件，或者它已经启用。"),
    "policy.too_early": N_("启用日期不早于今天、印发日期，并且晚于上一份文件的启用日期。"),
    "policy.entered": N_("文件已登记，启用之前不影响任何办件。"),
    "policy.activated": N_("已确定启用日期。此后发起的办件适用这份文件，正在办理的仍适用原文件。"),
    "organ.ended": N_("这个单位已经停止，或者已确定由其他单位承接。"),
    "organ.not_here": N_("商务厅自身和基地的机构不在这里变更。"),
    "organ.wrong_successor": N_("只能并入同类的、仍在履职的其他单位。"),
    "organ.wrong_name": N_("请填写与现名不同的新名称，中文不超过120字，并填写英文名称。"),
    "organ.wrong_day": N_("生效日期不早于今天，并且在工作日历以内。"),
    "organ.changed": N_("已登记单位变更。到生效之日，待办由新单位承接。"),
}
WHY: Mapping[str, str] = {
    "shape": N_("文件不是 {year, papers, days} 的形式"),
    "no_year": N_("没有写明年份"),
    "neither": N_("没有写明放假还是上班"),
    "count": N_("天数与“共几天”不符"),
    "date": N_("日期有误"),
    "weekday": N_("日期与星期不符"),
    "twice": N_("同一天写了两次"),
    "year": N_("日期不在这一年"),
    "how_many": N_("放假天数与往年相差过大"),
    "festival": N_("缺少节日"),
}
