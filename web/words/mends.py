"""What was done to a diagram that was drawn elsewhere, so that it can be run here."""

from collections.abc import Mapping

from web.words.catalogue import N_

MENDED: Mapping[str, str] = {
    "called.given_task": N_("被调用的内容没有画出，按一项任务办理。"),
    "called.read": N_("调用的流程已按原系统的写法读入：%(called)s。"),
    "choice.asked": N_("网关没有写条件，走哪条路改为填写：%(name)s，可填%(ways)s。"),
    "condition.always_dropped": N_("这里不作判断，已去掉恒为真的条件。"),
    "condition.asked": N_("条件事件没有写条件，改为填写：%(name)s。"),
    "condition.empty_dropped": N_("已去掉空白的条件。"),
    "correlation.read": N_("消息的对应关系已按原系统的写法读入：%(value)s。"),
    "due.read": N_("办理期限已按原系统的写法读入：%(value)s。"),
    "event.reference_dropped": N_("已去掉重复的事件引用。"),
    "expression.foreign": N_("无法照原意改写的表达式，请重新填写：%(text)s"),
    "expression.translated": N_("表达式%(found)s已改写为%(text)s。"),
    "flag.written_out": N_("是否值%(name)s已改写为规范写法。"),
    "flow.moved": N_("连线已移到两端所在的范围。"),
    "form.read": N_("表单已按原系统的写法读入：%(value)s。"),
    "id.again": N_("连线的编号与别处重复，已另编。"),
    "id.given": N_("元素没有编号，已补上。"),
    "id.shortened": N_("编号过长，已缩短。"),
    "list.read": N_("多实例的清单已按原系统的写法读入：%(list)s。"),
    "message.named": N_("没有写明消息，定为“%(message)s”。"),
    "passage.read": N_("调用时传递的数据已按原系统的写法读入。"),
    "person.read": N_("办理人已按原系统的写法读入：%(value)s。"),
    "quantity.dropped": N_("已去掉没有意义的数量%(name)s。"),
    "reference.cleaned": N_("引用%(name)s已整理为%(value)s。"),
    "repeat.again_asked": N_("循环没有写何时结束，是否再来一次改为填写：%(name)s。"),
    "repeat.empty_dropped": N_("已去掉空白的%(tag)s。"),
    "repeat.item_dropped": N_("没有清单，已去掉%(tag)s。"),
    "repeat.list_named": N_("清单%(found)s已改用名称%(name)s。"),
    "repeat.times_asked": N_("多实例没有写次数，改为填写：%(name)s。"),
    "role.read": N_("办理身份已按原系统的写法读入：%(value)s。"),
    "signal.named": N_("没有写明信号，定为“%(signal)s”。"),
    "subprocess.given_task": N_("子流程没有内容，按一项任务办理。"),
    "table.read": N_("决策表已按原系统的写法读入：%(value)s。"),
    "timer.asked": N_("定时没有写时间，改为填写：%(name)s。"),
    "timer.first_of_cycle": N_("这里只会用到周期的第一次，已改为一段时间。"),
    "timer.literal": N_("时间%(found)s已改写为规范写法。"),
}
