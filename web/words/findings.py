"""What the check of a diagram says, and why a case stopped: a sentence for each code, and for each way out."""

from collections.abc import Mapping

from engine.spiff.lint import Finding
from web.door.language import _
from web.words import refusals
from web.words.catalogue import N_

FOUND: Mapping[str, str] = {
    "boundary.error_must_interrupt": N_("错误事件总是中断所附的活动，不能设为不中断。"),
    "boundary.never_fires": N_("所附的活动立即办完，这个边界事件不会发生。"),
    "boundary.no_event": N_("边界事件没有写明是哪种事件。"),
    "boundary.not_activity": N_("边界事件只能附在任务或者子流程上。"),
    "boundary.unknown_host": N_("边界事件所附的活动不存在，或者不在同一层。"),
    "bpmn.ad_hoc": N_("不支持特设（ad-hoc）子流程：没有规定先后，系统无从判断何时办完。"),
    "bpmn.automatic_cycle": N_("这几个元素构成没有人、没有等待的循环，永远停不下来。"),
    "bpmn.automatic_cycle_limited": N_("这几个元素自动循环，如果条件一直不变，将停在步数上限。"),
    "bpmn.compensation": N_("不支持补偿。"),
    "bpmn.complex_gateway": N_("不支持复杂网关。"),
    "bpmn.duplicate_id": N_("两个元素用了同一个编号。"),
    "bpmn.event_definition_ref": N_("事件引用了没有定义的内容。"),
    "bpmn.event_missing": N_("事件没有写明等待或者发出什么。"),
    "bpmn.event_not_here": N_("这种事件不能放在这个位置。"),
    "bpmn.id_too_long": N_("编号太长。"),
    "bpmn.missing_id": N_("元素没有编号。"),
    "bpmn.multiple_events": N_("一个事件只能等待或者发出一种内容。"),
    "bpmn.not_compiled": N_("流程图不能转为可以运行的形式。"),
    "bpmn.not_read": N_("这一设置不起作用，只作为说明保留。"),
    "bpmn.not_supported": N_("不支持这种元素。"),
    "bpmn.other_engine": N_("这是其他系统的设置，在这里不起作用。"),
    "bpmn.quantity": N_("不支持一次收发多个令牌。"),
    "bpmn.script_forbidden": N_("流程图里不能写程序。"),
    "bpmn.several_starts": N_("有几个开始事件，无法判断从哪里开始。"),
    "bpmn.start_event_kind": N_("这种事件不能开始流程。"),
    "bpmn.too_many_elements": N_("元素过多。"),
    "bpmn.too_many_tokens": N_("同时进行的分支可能过多。"),
    "bpmn.unreachable": N_("从开始走不到这个元素。"),
    "call.mapping": N_("传递数据的设置不完整。"),
    "call.mapping_not_here": N_("只有调用活动可以设置传递的数据。"),
    "call.missing": N_("调用活动没有写明调用哪个流程。"),
    "cancel.not_here": N_("取消事件只能用于事务子流程。"),
    "check.too_costly": N_("检查这张图用的时间或者内存超过上限，没有发布。请把图拆小。"),
    "check.unavailable": N_("检查程序暂时不能运行，没有发布。请稍候再试。"),
    "condition.empty": N_("条件事件没有写条件。"),
    "deadline.unknown": N_("没有这个期限参数。"),
    "due.not_here": N_("只有人员任务可以设置办理期限。"),
    "event_gateway.one_way": N_("事件网关后面至少要有两个事件。"),
    "event_gateway.target": N_("事件网关后面只能是等待的事件或者接收任务。"),
    "event_subprocess.flow": N_("事件子流程不能有连入或者连出的线。"),
    "event_subprocess.repeated": N_("事件子流程不能设为多实例或者循环。"),
    "event_subprocess.start": N_("事件子流程应当有且只有一个带事件的开始。"),
    "expr.foreign": N_("其他系统的表达式，无法照原意改写。"),
    "expr.unknown_name": N_("表达式里的名称没有出处。"),
    "flow.broken": N_("连线的一端没有接上。"),
    "flow.condition_ignored": N_("默认连线上的条件不起作用。"),
    "flow.condition_not_here": N_("这里的连线不看条件，条件不起作用。"),
    "flow.crosses_scope": N_("连线不能穿过子流程的边界。"),
    "flow.default_unknown": N_("默认连线不存在。"),
    "flow.into_start": N_("连线不能连到开始事件或者边界事件。"),
    "flow.out_of_end": N_("结束事件后面不能再有连线。"),
    "form.unknown": N_("没有这张表单。"),
    "terms.unknown": N_("没有这个期限参数。"),
    "terms.fixed": N_("这个期限由文件规定，不能随流程修改。"),
    "terms.wrong": N_("期限应为1至1000的整数。"),
    "form.unknown_prefill": N_("没有登记这种预填。"),
    "form.unknown_remarks": N_("没有登记这种审核意见。"),
    "form.unknown_choices": N_("没有登记这种选项来源。"),
    "form.unknown_role": N_("表单里写的查看身份不存在。"),
    "gateway.condition_missing": N_("网关的出口没有条件，也不是默认出口。"),
    "gateway.default_assumed": N_("唯一没有条件的出口，按默认出口处理。"),
    "gateway.no_default": N_("网关没有默认出口，如果条件都不成立，办件会停在这里。"),
    "jidi.unknown_attribute": N_("没有这种设置。"),
    "jidi.unknown_element": N_("没有这种扩展元素。"),
    "join.or_unstructured": N_("几个包容网关互相等待，标准没有规定谁先汇合。"),
    "link.has_flow": N_("链接事件应当以链接相连，不用连线。"),
    "link.twice": N_("同名的链接捕获事件有两个。"),
    "link.unmatched": N_("链接事件没有对应的另一端。"),
    "loop.endless": N_("循环没有条件，也没有次数上限。"),
    "loop.limit": N_("循环次数超过上限。"),
    "message.attribute_not_here": N_("这项消息设置不能用在这里。"),
    "message.missing": N_("没有写明是哪条消息。"),
    "message.unknown": N_("引用的消息没有定义。"),
    "mi.behavior": N_("不支持这种多实例事件行为。"),
    "mi.both": N_("多实例只能写次数或者清单中的一种。"),
    "mi.limit": N_("多实例的数量超过上限。"),
    "mi.no_item_name": N_("多实例没有给每一项取名，无法按项找到办理人。"),
    "mi.no_items": N_("多实例没有写明次数或者清单。"),
    "mi.not_here": N_("这种元素不能设为多实例或者循环。"),
    "mi.output": N_("多实例的结果清单和每项结果应当同时写明。"),
    "mi.twice": N_("不能同时设为多实例和循环。"),
    "process.number_taken": N_("另一个流程的办件已用同样的编号用字。"),
    "role.unknown": N_("没有这种身份。"),
    "scope.unknown": N_("办理范围写得不对。"),
    "back.not_here": N_("只有人员任务能写明可以退回到哪些环节；写“none”的，不能再写其他环节。"),
    "back.unknown": N_("可以退回的环节不存在、不是人员任务或者须签字。"),
    "separate.unknown": N_("回避的环节不存在，或者不是人员任务。"),
    "signal.nobody_throws": N_("图中没有发出这个信号的地方，只能等别处发出。"),
    "soundness.crowd": N_("分支没有汇合，这里可能同时打开许多次，请确认。"),
    "soundness.dead_element": N_("无论怎么走，这个元素都不会办到。"),
    "soundness.deadlock": N_("走到这里必然停住，无法办结。"),
    "soundness.may_deadlock": N_("按所列路径走到这里会停住；如果条件保证不会这样走，请确认。"),
    "soundness.no_end": N_("从这里走不到结束。"),
    "soundness.not_proven": N_("状态太多，在限度内不能证明流程总能办结，请确认。"),
    "soundness.twice": N_("这个任务可能同时打开两次，请确认。"),
    "step.missing": N_("服务任务没有写明调用哪个步骤。"),
    "subprocess.empty": N_("子流程里没有内容。"),
    "table.missing": N_("业务规则任务没有写明用哪张决策表。"),
    "table.unknown": N_("没有这张决策表。"),
    "task.no_form": N_("人员任务没有写明用哪张表单。"),
    "task.signed": N_("签署的标记只用于人员任务，写作true或者false。"),
    "task.no_role": N_("没有写明由哪种身份办理。"),
    "task.no_scope": N_("没有写明办理范围。"),
    "timer.empty": N_("定时没有写时间，或者写了不止一种。"),
    "data.bad_name": N_("数据的名称不能用。"),
    "data.not_plain": N_("进入流程的数据不是普通的值。"),
    "engine.too_many_steps": N_("自动步骤过多，已经停下。"),
    "engine.too_many_tokens": N_("同时进行的分支过多，已经停下。"),
    "error.not_caught": N_("发生了流程图没有处理的错误。"),
    "expr.by_the_library": N_("流程图里有不能执行的内容。"),
    "gateway.no_flow": N_("网关的条件都不成立，也没有默认出口。"),
    "join.starved": N_("汇合网关等不到另一条分支。"),
    "message.bad_address": N_("消息的收件对象写得不对。"),
    "mi.not_a_list": N_("多实例需要一份清单，得到的却不是。"),
    "mi.not_a_number": N_("多实例需要一个整数，得到的却不是。"),
    "state.too_large": N_("流程数据过大。"),
    "step.by_the_library": N_("流程图里有不能执行的内容。"),
    "timer.not_a_date": N_("定时没有得出日期。"),
}
WAYS_OUT: Mapping[str, str] = {
    "another_number": N_("换一个编号用字"),
    "called_element": N_("写明被调用的流程"),
    "catch_event": N_("改用等待的事件或者接收任务"),
    "condition_or_default": N_("写上条件，或者设为默认出口"),
    "deadline": N_("写上期限或者时间"),
    "default_flow": N_("设一个默认出口"),
    "embedded_subprocess": N_("改为普通子流程，连线写明先后"),
    "error_boundary": N_("改用错误边界事件"),
    "event_gateway": N_("改用事件网关，每种事件一条出口"),
    "exclusive_gateway": N_("改用排他网关"),
    "give_called": N_("把被调用的流程一并提供或者先发布"),
    "inclusive_gateway": N_("改用包容网关"),
    "inline_event": N_("把事件定义写在事件里"),
    "jidi_attributes": N_("在属性栏中改用本系统的设置"),
    "jidi_role": N_("在属性栏中写明办理身份和范围"),
    "jidi_step": N_("在属性栏中选择系统步骤"),
    "jidi_table": N_("在属性栏中选择决策表"),
    "join_where_it_was_split": N_("在分开的分支会合处，用与分开时同类的网关汇合"),
    "leave_out": N_("去掉这个元素"),
    "loop": N_("改用循环"),
    "loop_data_input": N_("写明清单"),
    "message_event": N_("改用消息事件"),
    "multi_instance": N_("改用多实例"),
    "none_start": N_("改用没有事件的开始"),
    "rewrite": N_("按本系统的写法重写"),
    "same_gateway": N_("分开和汇合用同一种网关"),
    "service_step": N_("改用系统步骤"),
    "transaction": N_("放进事务子流程"),
    "user_task_or_timer": N_("在循环中放一个人员任务或者定时"),
}


def in_words(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts of a sentence, lists as people write them."""
    return {
        name: _("、").join(map(str, value)) if isinstance(value, list | tuple) else value
        for name, value in facts.items()
    }


def sentence(finding: Finding) -> str:
    """What a finding says, in the reader's language; a code that has no sentence stands for itself."""
    said = FOUND.get(finding.code) or refusals.DRAWN.get(finding.code)
    return _(said) if said else finding.code


def way_out(finding: Finding) -> str:
    """What would help, in the reader's language, where there is something."""
    help_ = WAYS_OUT.get(str(finding.params.get("way_out", "")))
    return _(help_) if help_ else ""


def line(finding: Finding) -> str:
    """One finding for a terminal: where, what, its code, and what would help."""
    said = FOUND.get(finding.code) or refusals.DRAWN.get(finding.code) or ""
    help_ = WAYS_OUT.get(str(finding.params.get("way_out", "")), "")
    facts = {name: value for name, value in finding.params.items() if name != "way_out"}
    where = f"{finding.part}:{finding.line} {finding.element or ''}".rstrip()
    parts = [where, said, f"{finding.code} {facts or ''}".strip(), f"→ {help_}" if help_ else ""]
    return " · ".join(part for part in parts if part)
