"""What is wrong with an answer, in words: one sentence for each code that a form or its checks can give.

A sentence under `code.reason` is the one for that reason, or for that type of field.
"""

from collections.abc import Mapping
from typing import Any

from web.door.language import _
from web.words import codes
from web.words.catalogue import N_

WORDS: Mapping[str, str] = {
    "field.required": N_("请填写这一项"),
    **dict.fromkeys(
        ("field.required.flag", "field.required.choice", "field.required.choices", "field.required.region"),
        N_("请选择"),
    ),
    "field.required.file": N_("请上传文件"),
    "field.required.files": N_("请上传文件"),
    "field.required.rows": N_("请至少填写一行"),
    "field.not_a_number": N_("请填数字，只用半角数字和小数点，例如 123.45"),
    "field.too_large": N_("不能大于%(max)s"),
    "field.too_small": N_("不能小于%(min)s"),
    "field.too_long": N_("最多%(max)s个字"),
    "field.too_many": N_("最多%(max)s项"),
    "field.too_few": N_("至少%(min)s项"),
    "field.too_short": N_("至少%(min)s个字"),
    "field.characters": N_("含有看不见的控制字符，请删去后重新填写"),
    "field.shape": N_("内容的形式不对，请重新填写"),
    "field.pattern": N_("格式不对，请对照填写说明修改"),
    "field.phone": N_("请填电话号码，例如 028-83227801 或 13800000000"),
    "field.email": N_("请填电子邮箱，例如 lianxi@example.cn"),
    "field.choice": N_("请从所列选项中选择"),
    "field.date": N_("请填日期，例如 2026-03-01"),
    "field.file": N_("请重新上传这个文件"),
    "field.unknown": N_("表中没有这一项，不能提交"),
    "field.fixed": N_("由系统填入的内容与现在的不一致；表中已经更新，请核对后再提交"),
    "field.places": N_("最多%(places)s位小数"),
    "field.not_whole": N_("请填整数"),
    "field.half_point": N_("请以0.5分为单位打分"),
    "field.comment_needed": N_("得分达到满分的90%%以上或不足60%%，请写明理由"),
    "V01": N_("特色产品总产值不能大于总产值"),
    "V02": N_("特色产品销售额不能大于销售额"),
    "V03": N_("量化核心指标不能大于国际化程度指标"),
    "V04": N_("特色产品研发投入不能大于特色产品销售额"),
    "V05": N_("创造税收不能大于销售额"),
    "V06": N_("研发强度应为研发投入除以特色产品销售额，按所填数据为%(expected)s%%（允许相差0.1个百分点）"),
    "V07": N_("年投入强度增长率应与投入资金强度一致，按所填数据为%(expected)s%%（允许相差0.1个百分点）"),
    "V08": N_("不能为负数"),
    "V09": N_("应在-100至100之间"),
    "V10": N_("按所填数据，人均产值不在5万元至1亿元之间，请核对单位或者说明情况"),
    "V11": N_("与上一年相差两千倍以上，可能把万元填成了亿元（是否应为%(suggestion)s？）"),
    "V12": N_("比上一年增长超过1.5倍或者下降超过六成，请核对或者说明原因"),
    "V13": N_("填报有此类情形的，将转入准入条件核查（第十条第（六）项）"),
    "V14": N_("所列企业总产值之和（%(total)s亿元）大于基地总产值（%(limit)s亿元）"),
    "V15": N_("所列企业特色产品销售额之和（%(total)s亿元）大于基地特色产品销售额（%(limit)s亿元）"),
    "V16": N_("所列企业研发投入之和（折合%(total)s亿元）大于基地特色产品研发投入（%(limit)s亿元）"),
    "V17": N_("特色产品销售额不能大于该企业销售额"),
    "V18": N_("所列企业（%(listed)s家）多于第4项所填的生产企业数量（%(counted)s家）"),
    "V19": N_("所选地区与名录登记的基地所在地不一致"),
    "V19.other_city": N_("所选县（市、区）不在所选的市（州）内"),
    "V19.whole_city": N_("整市（州）申报的基地不填县（市、区）"),
    "V19.county_missing": N_("请填写基地所在的县（市、区）"),
    "V20": N_("海关编码不正确：应为2至10位偶数位数字，最多20个，用顿号隔开，例如 8703、870323"),
    "V21": N_("填报数量（%(counted)s）与所列名单（%(listed)s项）不一致"),
    "V22": N_("与上次填报的同一年度数据不一致，请说明修订原因"),
    "V23": N_("与海关统计相差超过5%%，请核对或者说明原因"),
    "V24": N_("区域整体投入应等于投入资金强度乘以基地面积，请核对或者说明情况"),
    "admission.found": N_("准入条件核查发现有第十条第（六）项所列情形，不能这样办理；请退回、不予受理，或者先核实"),
    "admission.reported": N_(
        "申报单位在信息表第26项自报%(years)s年有第十条第（六）项所列情形，不能这样办理；请不予受理，或者退回核实更正"
    ),
    "admission.not_asked": N_("还没有就准入条件征求有关单位意见，不能这样办理"),
    "admission.unknown_reason": N_("有事项无法核实，请写明仍拟办理的理由和后续核查安排"),
    "consultation.period": N_("核查期间截止日期不得早于起始日期"),
    "consultation.items": N_("请按所列事项逐项答复，每个事项一行，不增不减"),
    "consultation.organ": N_("本事项办理的是另一个单位，请不要改动"),
    "consultation.no_change": N_("请至少增加或者减少一个单位"),
    "consultation.not_asked": N_("所选单位没有待答复的事项，不能减少"),
    "consultation.asked_already": N_("该单位正在答复，或者已经征求过这些事项的意见"),
    "commendation.not_passed": N_("只能表扬本年度通过考核的基地"),
    "commendation.nobody": N_("请至少选定一个基地"),
    "recommendation.place_taken": N_("本年度已有基地占用这个推荐顺序"),
    "yearly_review.no_evidence": N_("已完成、已终止的，请写明佐证或者附佐证材料"),
    "supervision.to_person": N_("督办单发给单位，不发给个人"),
    "supervision.other_organ": N_("督办单只发厅内处室和市（州）商务主管部门；厅外单位用商请函，专家只作催办提醒"),
    "supervision.not_asked": N_("督办单没有印发，不能退回；请重新选择督办级别，或者不再督办"),
    "supervision.no_answer": N_("还没有反馈，不能认可；请退回、改变督办级别，或者不再督办"),
    "meeting.due_passed": N_("时限应在今天之后"),
    "meeting.no_such_issue": N_("没有这个编号的待议企业困难"),
    "change.nothing": N_("请至少填写一项变更"),
    "change.no_area": N_("规划面积应为与变更前不同的整数（亩）"),
    "change.same": N_("变更后与变更前相同"),
    "supplement.due_passed": N_("补正截止日期应在今天之后"),
    "supplement.named_twice": N_("同一内容已经列过"),
    "batch.incomplete": N_("申报截止日期不得早于起始日期"),
    "batch.city_late": N_("申报期限（%(opens_on)s至%(closes_on)s）已过，不能再上报本批次"),
    "batch.not_in_the_ranking": N_("排序中没有这些办件：%(numbers)s"),
    "plaque.not_wanted": N_("“%(base)s”不在本批次，或者已经授牌"),
    "plaque.no_number": N_("“%(base)s”没有填写牌匾编号"),
    "plaque.number_taken": N_("“%(base)s”的牌匾编号已经使用"),
    "plaque.too_early": N_("“%(base)s”的交付日期早于制作日期"),
    "city_review.incomplete": N_("申报材料不齐全的，不能报批，请退回修改"),
    "city_review.not_worked_at": N_("四项工作（机制、规划、建设、政策）都有材料证明的，才能报批"),
    "campaign.incomplete": N_("材料报送截止日期不得早于起始日期"),
    "campaign.year_taken": N_("%(year)s年度已经考核，一个年度只考核一次"),
    "campaign.nothing_decided": N_("还没有可以汇总的考核决定，尚有%(undecided)s家未决定"),
    "assessment.pass_shut": N_("已确认第十四条所列情形，不能通过考核，只能选限期整改或者取消命名"),
    "assessment.no_ground": N_("没有确认第十四条所列情形的，不能选取消命名；评分再低，也只能限期整改"),
    "assessment.reason_missing": N_("决定与系统建议不一致的，请写明理由"),
    "batch.not_on_the_list": N_("名单内没有这些办件：%(numbers)s"),
    "ranking.nothing_ready": N_("还没有可以排序或者签署的申报，请等评审复核完成或者异议办结后再报"),
    "ranking.stale": N_("名单、名次或者分数与当前排序不一致；有申报撤回或者新完成复核的，表中已经更新，请核对后再报"),
    "ranking.tie_undecided": N_("名额线上有同分的申报，请逐一选定并写明理由"),
    "ranking.reason_missing": N_("改变排序结果或者在同分中选定的，请写明理由"),
    "ranking.over_quota": N_("拟认定%(proposed)s家，超过可以认定的%(quota)s家"),
    "ranking.below_pass_mark": N_("平均分未达到及格线的，不能列入拟认定"),
    "document.blank_left": N_("还有没填写的内容：%(blanks)s"),
    "visit.not_of_the_team": N_("这些人员不是系统内的考察组人员：%(names)s"),
    "visit.not_planned": N_("这些人员不在考察方案的考察组内：%(names)s"),
    "document.no_change": N_("请选择要加签或者减签的单位"),
    "document.cosigner_there": N_("这些单位已经在会签"),
    "document.cosigner_answered": N_("没有请其会签或者已经提出意见的单位不能减签"),
    "document.cosigner_last": N_("至少保留一个会签单位；不再会签的，请退回拟稿人"),
    "document.internal_open": N_("标为内部的公文不能主动公开"),
    "document.other_year": N_("文号的年份是%(year)s年，与成文日期不一致"),
    "document.too_early": N_("不能早于%(after)s"),
    "document.no_pdf": N_("定稿应当是PDF文件"),
    "annual.same_paper": N_("工作总结和工作安排应为两份文件"),
    "consolidated.base": N_("这个基地不在应报之列，请删去这一行"),
    "consolidated.place": N_("所在地登记为“%(value)s”，请改正"),
    "consolidated.state": N_("与登记的报送情况不一致，请改正"),
    "consolidated.state.reported": N_("登记为“已报送”，请改正"),
    "consolidated.state.reported_late": N_("登记为“逾期报送”，请改正"),
    "consolidated.state.returned": N_("登记为“退回修改”，请改正"),
    "consolidated.state.missing": N_("登记为“未报送”，请改正"),
    "consolidated.reported_on": N_("报送日期登记为“%(value)s”，请改正"),
    "consolidated.left_out": N_("还缺应报的基地：%(names)s"),
    "consolidated.missing_unexplained": N_("有基地未报送的，请说明情况"),
    "periodic.items": N_("项目应与报表一致，请不要增减或者改动"),
    "periodic.value": N_("请填不小于0的数，最多%(places)s位小数"),
    "periodic.note_missing": N_("与上期相比变动超过%(limit)s%%的，请写分析说明：%(items)s"),
    "V25": N_("与已登记的基地重复（名称、特色产业或者地区相同），请核对或者说明情况"),
    "V26": N_("数额过大，可能按元填写了（是否应为%(suggestion)s亿元？）；确实如此的，请说明情况"),
    "plan.reversed": N_("规划期截止年份不得早于起始年份"),
    "plan.over": N_("规划期（%(from)s年至%(to)s年）已过，不包括申报当年（%(year)s年）"),
    "plan.not_begun": N_("规划期（%(from)s年至%(to)s年）尚未开始，不包括申报当年（%(year)s年）"),
    "V28": N_("与台账数（%(counted)s）不一致，请核对台账或者说明情况"),
    "V27": N_("研发投入不到销售额的万分之一，可能按亿元填写了（是否应为%(suggestion)s万元？）；确实如此的，请说明情况"),
}


# A text with %% needs some parameters, or its two signs stay two.
NO_FACTS = {"": ""}


def sentence(code: str, parameters: Mapping[str, Any] | None = None) -> str:
    """The sentence of this code; without the facts it wants, or unknown, it says where to look and names the code."""
    facts = parameters or {}
    text = WORDS.get(f"{code}.{facts.get('reason')}") or WORDS.get(code)
    if text is None and codes.known(code):
        return codes.sentence(code, facts)
    if text is None:
        return _("这一项需要修改（%(code)s）", code=code)
    if "%" not in text:
        return _(text)
    try:
        return _(text, **(facts or NO_FACTS))
    except KeyError:
        return _("这一项需要修改（%(code)s）", code=code)
