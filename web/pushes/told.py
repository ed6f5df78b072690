"""How the history tells of what the head of a unit does, and what that is refused with, in sentences."""

from collections.abc import Mapping

from web.words.catalogue import N_
from web.words.told import Told, act

TOLD: Mapping[str, Told] = {
    "task.reassigned": act(N_("改派“%(step)s”：%(reason)s")),
    "task.extended": act(N_("“%(step)s”的时限由%(before_on)s延长到%(after_on)s：%(reason)s")),
    "task.pushed": act(N_("催办“%(step)s”：%(reason)s")),
}
CODES: Mapping[str, str] = {
    "task.by_name": N_("这项由流程指定专人办理，不能改派、延期；需要换人的，按流程递补。"),
    "reassign.not_a_candidate": N_("所选人员或者单位不能承接这件待办。"),
    "reassign.still_held": N_("原单位在岗人员仍可办理，不能改派到其他单位。"),
    "reassign.done": N_("已改派，已通知双方。"),
    "extend.not_ours": N_("文件时限和通知时限不能延期。"),
    "extend.no_date": N_("这件待办没有时限，不用延期。"),
    "extend.often_enough": N_("这件待办已经延期%(most)s次，不能再延（文件未规定，系统默认）。"),
    "extend.too_long": N_("可以延长1至%(most)s个工作日（文件未规定，系统默认）。"),
    "extend.still_past": N_("延长后的日期（%(on)s）也已经过去，请延得更长，或者改派。"),
    "extend.done": N_("时限已延长，已通知承办人员和等待方。"),
    "suspend.done": N_("已中止办理。"),
    "resume.done": N_("已恢复办理，时限按中止的天数顺延。"),
    "push.nothing": N_("请至少选择一件您可以查看的在办办件。"),
    "push.too_many": N_("一次最多处理%(most)s件，请缩小范围。"),
    "push.done_already": N_("这件已经处理过。"),
    "push.no_such_act": N_("请选择处理方式，并填全改派对象或者延长天数。"),
    "push.nothing_to_do": N_("本件没有需要这样处理的事项。"),
    "push.urged_today": N_("今天已经催办过。"),
}
