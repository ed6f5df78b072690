// The properties of the chosen shape in the owner's words: who does it, on which form, by when, resting on which clause.

import { inWords } from "../mounts.js";
import { builder, told } from "./conditions.js";
import { choice, flag, group, lines, sentence, text } from "./inputs.js";
import { conditionOf, messageOf, passages, repeatOf, setCondition, setMessage, setPassages, setRepeat, setTimer, timerOf } from "./model.js";

const is = (element, type) => element.businessObject.$instanceOf(type);

export function panel(modeler, host, offered, saveTerm) {
  const modeling = modeler.get("modeling");
  let shown = null;

  modeler.on("selection.changed", ({ newSelection }) => show(newSelection.length === 1 ? newSelection[0] : null));
  modeler.on("element.changed", ({ element }) => element === shown && !host.contains(document.activeElement) && show(element));

  function show(element) {
    const root = modeler.get("canvas").getRootElement();
    shown = element?.type === "label" ? element.labelTarget : (element ?? root);
    host.replaceChildren(title(shown), ...groups(shown, context(shown)));
  }

  // Every change is one command, so undo takes it back.
  function context(element) {
    const business = element.businessObject;
    return {
      element,
      offered,
      modeler,
      get: (name) => business.get(name) ?? "",
      set: (name, value) => modeling.updateProperties(element, { [name]: value || undefined }),
      term: async (key, n) => {
        offered.deadlines = (await saveTerm(key, n)) ?? offered.deadlines;
        show(element);
      },
    };
  }

  show(null);
  return { show };
}

function title(element) {
  const made = document.createElement("h2");
  made.textContent = KINDS.find(([type]) => is(element, type))?.[1]() ?? inWords("流程", "Process");
  return made;
}

function groups(element, on) {
  const made = [general(on)];
  for (const [type, build] of PARTS) if (is(element, type)) made.push(...build(on));
  return made;
}

function general(on) {
  const fields = [
    text(inWords("名称", "Name"), on.get("name"), (value) => on.set("name", value), { long: true }),
    text(inWords("依据（条款）", "Clause"), on.get("jidi:clause"), (value) => on.set("jidi:clause", value), {
      help: inWords("例如 9、10(6)、四(二)；文件未规定的留空", "For example 9, 10(6); empty where the text is silent"),
    }),
  ];
  return group(inWords("基本", "General"), fields);
}

function who(on) {
  const role = on.offered.roles.find((each) => each.code === on.get("jidi:role"));
  const [scope, argument] = split(on.get("jidi:scope"));
  const needs = on.offered.scopes.find((each) => each.code === scope)?.argument;
  const setScope = (code, of) => on.set("jidi:scope", of ? `${code}(${of})` : code);
  const fields = [
    choice(inWords("办理身份", "Role"), on.offered.roles, on.get("jidi:role"), (value) => on.set("jidi:role", value), { again: true }),
    sentence(holders(role)),
    choice(inWords("范围", "Scope"), on.offered.scopes, scope, (value) => setScope(value), { again: true }),
  ];
  if (needs) {
    fields.push(text(inWords("哪一个", "Which"), argument, (value) => setScope(scope, value), { help: "case.organ" }));
  }
  fields.push(
    text(inWords("不得与这些环节为同一人", "Not the same person as at"), on.get("jidi:separate"), (value) => on.set("jidi:separate", value), {
      help: inWords("环节编号，以空格分开", "Ids of elements, separated by spaces"),
    }),
    text(inWords("可以退回到的环节", "May send back to"), on.get("jidi:back"), (value) => on.set("jidi:back", value), {
      help: inWords("环节编号，以空格分开；留空为经过的各环节，none为不能退回", "Ids of elements, separated by spaces; empty for each step it has passed, none for no way back"),
    }),
    flag(inWords("这一步须签字，不能人工跳过", "Signed: nobody moves past it by hand"), on.get("jidi:signed") === "true", (value) => on.set("jidi:signed", value ? "true" : "")),
  );
  return group(inWords("由谁办理", "Who"), fields);
}

function holders(role) {
  if (!role) return "";
  const names = role.holders.join(inWords("、", ", "));
  if (!role.count) return inWords("现在没有人担任这一身份，发布后办件将停滞。", "Nobody holds this role today: cases would stop here.");
  return inWords(`现由 ${role.count} 人担任：${names}${role.count > role.holders.length ? "等" : ""}`, `Held by ${role.count} today: ${names}`);
}

function limit(on) {
  const found = on.offered.deadlines.find((each) => each.code === on.get("jidi:deadline"));
  return group(inWords("期限", "Deadline"), [
    choice(inWords("办理期限", "Term"), on.offered.deadlines, on.get("jidi:deadline"), (value) => on.set("jidi:deadline", value), { again: true }),
    sentence(found ? inWords(`今天开始的，最迟 ${found.due}；${found.ground}`, `Begun today: due ${found.due}; ${found.ground}`) : ""),
    found?.n ? text(inWords("改为（天数或者月数）", "Give instead"), String(found.n), (value) => on.term(found.code, Number(value)), { help: inWords("随本版生效，用到这个期限的其他流程也一并改变", "With this version; other processes that use it follow") }) : null,
  ]);
}

function userTask(on) {
  const forms = choice(inWords("表单", "Form"), on.offered.forms, on.get("jidi:form"), (value) => on.set("jidi:form", value));
  return [who(on), group(inWords("填写什么", "What is filled in"), [forms]), limit(on), ...repeat(on)];
}

function serviceTask(on) {
  const known = on.offered.steps.map((each) => ({ code: each.code, label: each.label === each.code ? each.code : `${each.label.trim()}（${each.code}）` }));
  const found = on.offered.steps.find((each) => each.code === on.get("jidi:step"));
  const values = passages(on.element, "jidi:Parameter");
  const fields = [
    choice(inWords("系统步骤", "Step"), known, on.get("jidi:step"), (value) => on.set("jidi:step", value), { again: true }),
    sentence(found?.help ?? ""),
    ...(found?.parameters ?? []).map(({ name, required }) =>
      text(`${name}${required ? " *" : ""}`, values[name] ?? "", (value) => setPassages(on, "jidi:Parameter", { ...passages(on.element, "jidi:Parameter"), [name]: value }), { code: true }),
    ),
  ];
  if (found?.returns.length) fields.push(sentence(inWords(`给出：${found.returns.join("、")}`, `Gives: ${found.returns.join(", ")}`)));
  return [group(inWords("系统做什么", "What the system does"), fields), ...repeat(on)];
}

function ruleTask(on) {
  const tables = on.offered.tables.map((each) => ({ code: each, label: each }));
  return [group(inWords("按哪张决策表", "Which table"), [choice(inWords("决策表", "Table"), tables, on.get("jidi:table"), (value) => on.set("jidi:table", value))])];
}

function callActivity(on) {
  const fields = [choice(inWords("调用的流程", "Process"), on.offered.processes, on.get("calledElement"), (value) => on.set("calledElement", value))];
  for (const [type, words] of [["jidi:In", inWords("传入", "Passed in")], ["jidi:Out", inWords("带回", "Given back")]]) {
    fields.push(lines(words, passages(on.element, type), (values) => setPassages(on, type, values)));
  }
  return [group(inWords("调用", "Call"), fields), ...repeat(on)];
}

function flow(on) {
  const names = on.offered.names.join(inWords("、", ", "));
  const gateway = on.element.source?.businessObject;
  const isDefault = gateway?.default === on.element.businessObject;
  const fields = [
    text(inWords("条件", "Condition"), conditionOf(on.element), (value) => setCondition(on, value), { code: true, help: 'outcome == "forward"' }),
    told(on),
    flag(inWords("默认出口：其他出口都不成立时走这里", "Default: taken when no other is"), isDefault, (value) =>
      on.modeler.get("modeling").updateProperties(on.element.source, { default: value ? on.element.businessObject : undefined }),
    ),
    sentence(inWords(`可以用的名称：${names}`, `Names in reach: ${names}`)),
  ];
  return [group(inWords("何时走这条线", "When it is taken"), fields), ...[builder(on)].filter(Boolean), ...sample(on)];
}

// True or false on a sample: the values are kept while the page is open, so that several conditions are asked of one case.
const sampled = {};

function sample(on) {
  const condition = conditionOf(on.element);
  if (!condition) return [];
  const names = on.offered.names.filter((name) => new RegExp(`\\b${name}\\b`).test(condition));
  const answer = document.createElement("p");
  answer.className = "sub";
  answer.setAttribute("role", "status");
  const ask = async () => {
    answer.textContent = (await on.offered.ask(condition, sampled)) ?? "";
  };
  const fields = names.map((name) =>
    text(name, sampled[name] ?? "", (value) => {
      sampled[name] = value;
      ask();
    }),
  );
  if (names.every((name) => name in sampled)) ask();
  return [group(inWords("用样例试算", "Try it on a sample"), [...fields, answer])];
}

function event(on) {
  const made = [];
  const timer = timerOf(on.element);
  if (timer) {
    const key = /^deadline\("([a-z0-9_]+)"\)$/.exec(timer.body)?.[1] ?? "";
    const found = on.offered.deadlines.find((each) => each.code === key);
    made.push(
      group(inWords("何时触发", "When"), [
        choice(inWords("期限参数", "Term"), on.offered.deadlines, key, (value) => value && setTimer(on, "timeDuration", `deadline("${value}")`), { again: true }),
        sentence(found ? inWords(`今天开始的，到 ${found.due}；${found.ground}`, `Begun today: ${found.due}; ${found.ground}`) : ""),
        text(inWords("或者写明时间", "Or an expression"), timer.body, (value) => setTimer(on, timer.kind, value), { code: true }),
      ]),
    );
  }
  const message = messageOf(on.element);
  if (message !== null) made.push(messageGroup(on, message));
  if (is(on.element, "bpmn:BoundaryEvent")) {
    const stops = on.get("cancelActivity") !== false;
    made.push(group(inWords("边界", "Boundary"), [flag(inWords("中断所附的活动", "Interrupts the activity"), stops, (value) => on.modeler.get("modeling").updateProperties(on.element, { cancelActivity: value }))]));
  }
  return made;
}

function messageGroup(on, message) {
  return group(inWords("消息", "Message"), [
    text(inWords("消息名称", "Name"), message, (value) => setMessage(on, value), { code: true }),
    text(inWords("发给", "To"), on.get("jidi:to"), (value) => on.set("jidi:to", value), { code: true }),
  ]);
}

function repeat(on) {
  const found = repeatOf(on.element);
  if (!found) return [];
  const change = (name) => (value) => setRepeat(on, { ...repeatOf(on.element), [name]: value });
  return [
    group(inWords("逐项办理", "For each"), [
      text(inWords("清单", "List"), found.items, change("items"), { code: true }),
      text(inWords("其中一项叫作", "One of them is called"), found.item, change("item"), { code: true }),
      text(inWords("提前结束的条件", "Ends early when"), found.until, change("until"), { code: true }),
    ]),
  ];
}

function split(scope) {
  const found = /^([a-z-]+)(?:\((.*)\))?$/.exec(scope);
  return found ? [found[1], found[2] ?? ""] : [scope, ""];
}

const PARTS = [
  ["bpmn:UserTask", userTask],
  ["bpmn:ServiceTask", serviceTask],
  ["bpmn:BusinessRuleTask", ruleTask],
  ["bpmn:CallActivity", callActivity],
  ["bpmn:SubProcess", repeat],
  ["bpmn:SequenceFlow", flow],
  ["bpmn:Event", event],
  ["bpmn:SendTask", (on) => [messageGroup(on, messageOf(on.element) ?? "")]],
  ["bpmn:ReceiveTask", (on) => [messageGroup(on, messageOf(on.element) ?? "")]],
];

const KINDS = [
  ["bpmn:UserTask", () => inWords("人员任务", "User task")],
  ["bpmn:ServiceTask", () => inWords("系统任务", "Service task")],
  ["bpmn:BusinessRuleTask", () => inWords("决策表任务", "Business rule task")],
  ["bpmn:CallActivity", () => inWords("调用活动", "Call activity")],
  ["bpmn:Task", () => inWords("任务", "Task")],
  ["bpmn:SubProcess", () => inWords("子流程", "Subprocess")],
  ["bpmn:SequenceFlow", () => inWords("连线", "Sequence flow")],
  ["bpmn:Gateway", () => inWords("网关", "Gateway")],
  ["bpmn:BoundaryEvent", () => inWords("边界事件", "Boundary event")],
  ["bpmn:StartEvent", () => inWords("开始", "Start")],
  ["bpmn:EndEvent", () => inWords("结束", "End")],
  ["bpmn:Event", () => inWords("事件", "Event")],
  ["bpmn:Lane", () => inWords("泳道", "Lane")],
  ["bpmn:Participant", () => inWords("泳池", "Pool")],
];
