"""Two states of a process side by side: in sentences, part by part, and as marks for the two pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bases.measures import terms
from engine.definitions import comparing
from engine.definitions.comparing import Change
from engine.folders import TERMS, Folder
from engine.spiff.comparing import CHANGED
from ground.parameters import DEADLINE, Parameter
from web.door.language import _, pick, within
from web.owner.steps import SCOPES, limit
from web.words.catalogue import N_
from web.words.roles import ROLES

KINDS = {"added": N_("新增"), "removed": N_("删去"), "changed": N_("修改"), "moved": N_("移动")}
PARTS = (
    (".bpmn", N_("流程图")),
    (".dmn", N_("决策表")),
    ("forms/", N_("表单")),
    ("texts/", N_("文本")),
    ("tests/", N_("测试")),
    ("process.json", N_("流程说明")),
    (TERMS, N_("期限")),
    ("README", N_("说明")),
)
FIELDS = {
    "tag": N_("类型"),
    "name": N_("名称"),
    "jidi:role": N_("办理身份"),
    "jidi:scope": N_("范围"),
    "jidi:form": N_("表单"),
    "jidi:deadline": N_("期限"),
    "jidi:due": N_("期限"),
    "jidi:clause": N_("依据"),
    "jidi:step": N_("系统步骤"),
    "jidi:table": N_("决策表"),
    "jidi:separate": N_("不得为同一人的环节"),
    "jidi:back": N_("可以退回到的环节"),
    "jidi:signed": N_("须签字"),
    "sourceRef": N_("起点"),
    "targetRef": N_("终点"),
    "conditionExpression": N_("条件"),
    "default": N_("默认出口"),
    "cancelActivity": N_("中断所附的活动"),
    "attachedToRef": N_("所附的活动"),
    "documentation": N_("说明"),
    "timerEventDefinition.timeDuration": N_("时间"),
    "timerEventDefinition.timeDate": N_("时间"),
    "timerEventDefinition.timeCycle": N_("时间"),
    "messageEventDefinition.messageRef": N_("消息"),
    "calledElement": N_("调用的流程"),
    "row": N_("行"),
    "clause": N_("依据"),
    "note": N_("备注"),
    "policy": N_("取行方式"),
    "label": N_("名称"),
    "title": N_("标题"),
    "help": N_("说明"),
    "required": N_("必填"),
    "unit": N_("单位"),
    "type": N_("类型"),
    "expression": N_("表达式"),
    "result": N_("结果列的编号"),
    "values": N_("可选值"),
    "inputs": N_("条件列"),
    "outputs": N_("结果列"),
}
TAGS = {
    "userTask": N_("人员任务"),
    "serviceTask": N_("系统任务"),
    "businessRuleTask": N_("决策表任务"),
    "callActivity": N_("调用活动"),
    "sendTask": N_("发送任务"),
    "receiveTask": N_("接收任务"),
    "subProcess": N_("子流程"),
    "exclusiveGateway": N_("排他网关"),
    "parallelGateway": N_("并行网关"),
    "inclusiveGateway": N_("包容网关"),
    "eventBasedGateway": N_("事件网关"),
    "startEvent": N_("开始事件"),
    "endEvent": N_("结束事件"),
    "boundaryEvent": N_("边界事件"),
    "intermediateCatchEvent": N_("中间捕获事件"),
    "intermediateThrowEvent": N_("中间抛出事件"),
    "sequenceFlow": N_("连线"),
    "lane": N_("泳道"),
    "participant": N_("泳池"),
    "textAnnotation": N_("注释"),
}
TABLE = ".dmn"
REFERENCES = frozenset({"sourceRef", "targetRef", "attachedToRef", "default"})
CODED: Mapping[str, Mapping[str, str]] = {"jidi:role": ROLES, "jidi:scope": SCOPES, "tag": TAGS}


@dataclass(frozen=True)
class Sentence:
    """One difference in words, and the shape of the picture that it is about."""

    kind: str
    kind_words: str
    words: str
    element: str


@dataclass(frozen=True)
class Compared:
    """Everything that differs: the sentences of each part, and for each shape how it is to be marked."""

    parts: Sequence[tuple[str, Sequence[Sentence]]]
    marks: Mapping[str, str]
    count: int


def compared(before: Folder, after: Folder, known: Mapping[str, Parameter]) -> Compared:
    """The difference in the reader's language; `known` are the parameters of today, by which deadlines are told."""
    found = comparing.changes(before.parts, after.parts)
    names = {**comparing.names(before.parts), **comparing.names(after.parts)}
    tell = _Teller(after.words, names, known)
    grouped: dict[str, list[Sentence]] = {}
    found = [each for each in found if each.part != TERMS]
    grouped.update(_terms(before, after, known))
    for each in found:
        grouped.setdefault(each.part, []).append(tell.sentence(each))
    marks = {each.element: each.kind for each in reversed(found) if each.element}
    count = sum(len(said) for said in grouped.values())
    return Compared([(_part(path), said) for path, said in grouped.items()], marks, count)


def _terms(before: Folder, after: Folder, known: Mapping[str, Parameter]) -> dict[str, list[Sentence]]:
    """How long each deadline gives that the two bring differently: «市（州）初审期限：15个工作日 → 10个工作日»."""
    said = []
    for key in sorted({*before.terms, *after.terms}):
        term = known.get(key)
        old, new = (folder.terms.get(key, term.value if term else None) for folder in (before, after))
        if term is not None and old != new:
            name = terms.name(key)
            words = [limit(replace(term, value=value)) for value in (old, new)]
            told = f"{_('期限')}“{pick(name.zh, name.en)}”：{words[0]} → {words[1]}"
            said.append(Sentence(CHANGED, _(KINDS[CHANGED]), told, ""))
    return {TERMS: said} if said else {}


def _part(path: str) -> str:
    kind = next((words for mark, words in PARTS if mark in path), None)
    return f"{_(kind)} · {path}" if kind else path


@dataclass(frozen=True)
class _Teller:
    """What it takes to put a difference into words."""

    words: Mapping[str, str]
    names: Mapping[str, str]
    known: Mapping[str, Parameter]

    def sentence(self, one: Change) -> Sentence:
        what = within(self.words, one.where) if one.where else one.element
        thing = f"{_(TAGS[one.tag])}“{what}”" if one.tag in TAGS and what else what
        if one.part.endswith(TABLE) and one.where.isdigit():
            thing = _("第%(row)s行", row=one.where)
        told = thing or _("整个文件")
        if one.field and (one.before or one.after):
            before, after = (self._value(one.field, text) or _("无") for text in (one.before, one.after))
            told = f"{thing} {self._field(one.field)}：{before} → {after}".strip()
        return Sentence(one.kind, _(KINDS[one.kind]), told, one.element)

    def _value(self, field: str, text: str) -> str:
        if field == "jidi:deadline" and text:
            return deadline_words(text, self.known)
        if field in REFERENCES:
            return within(self.words, self.names.get(text) or text)
        said = CODED.get(field, {}).get(text)
        return _(said) if said else text

    def _field(self, name: str) -> str:
        """A field by its name, a column of a table by its label."""
        said = FIELDS.get(name) or FIELDS.get(name.rpartition(".")[2])
        return _(said) if said else within(self.words, name)


def deadline_words(key: str, known: Mapping[str, Parameter]) -> str:
    """A deadline as an owner knows it: what it is called, and how long it gives today."""
    term = known.get(f"{DEADLINE}{key}")
    if term is None:
        return key
    name = terms.name(term.key)
    return f"{pick(name.zh, name.en)}（{limit(term)}）"
