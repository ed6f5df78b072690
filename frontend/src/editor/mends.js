// What one click can mend, by the code of the finding or by its way out; of several, the first that fits is offered.

import { isGateway, meetingOf, splitOf, wrap } from "./reshaping.js";

const LONG = 60; // an id that only a program writes; what else can be too long is the name of a signal

const replaceWith = (type) => (modeler, element) => modeler.get("bpmnReplace").replaceElement(element, { type });

const defaultWay = { zh: "设默认出口", en: "Set a default way", act: setDefault };
const sameGateway = { zh: "改为同类网关", en: "Use the same gateway", act: joinAsSplit, fits: isJoinedOtherwise };

export const mends = {
  "gateway.default_assumed": defaultWay,
  "gateway.no_default": defaultWay,
  "boundary.error_must_interrupt": { zh: "设为中断", en: "Make it interrupting", act: interrupt, fits: isBoundary },
  "boundary.not_activity": { zh: "放进子流程", en: "Wrap in a subprocess", act: (modeler, element) => wrap(modeler, element.host), fits: isOnEvent },
  "bpmn.id_too_long": { zh: "改编号", en: "Rename", act: rename, fits: ({ id }) => id.length > LONG },
  condition_or_default: defaultWay,
  embedded_subprocess: { zh: "改为普通子流程", en: "Make it a plain subprocess", act: replaceWith("bpmn:SubProcess") },
  exclusive_gateway: { zh: "改用排他网关", en: "Use an exclusive gateway", act: splitByCondition, fits: leavesParallel },
  inclusive_gateway: { zh: "改用包容网关", en: "Use an inclusive gateway", act: replaceWith("bpmn:InclusiveGateway") },
  join_where_it_was_split: [
    sameGateway,
    { zh: "插入并行网关", en: "Insert a parallel gateway", act: insertJoin, fits: isSplitBy("bpmn:ParallelGateway") },
    { zh: "插入包容网关", en: "Insert an inclusive gateway", act: insertJoin, fits: isSplitBy("bpmn:InclusiveGateway") },
  ],
  none_start: { zh: "改为普通开始", en: "Make it a plain start", act: replaceWith("bpmn:StartEvent") },
  same_gateway: sameGateway,
  service_step: { zh: "改为系统任务", en: "Make it a service task", act: replaceWith("bpmn:ServiceTask") },
  transaction: { zh: "改为事务子流程", en: "Make it a transaction", act: makeTransaction, fits: (element) => cancelled(element)?.type === "bpmn:SubProcess" },
};

// The last way out without a condition, or the last one at all, becomes the default.
function setDefault(modeler, element) {
  if (element.type === "bpmn:SequenceFlow") {
    modeler.get("modeling").updateProperties(element.source, { default: element.businessObject });
    return;
  }
  const flows = element.outgoing.filter((each) => each.type === "bpmn:SequenceFlow");
  const plain = flows.filter((each) => !each.businessObject.conditionExpression);
  const flow = plain.at(-1) ?? flows.at(-1);
  if (flow) modeler.get("modeling").updateProperties(element, { default: flow.businessObject });
}

function isBoundary(element) {
  return element.type === "bpmn:BoundaryEvent";
}

function interrupt(modeler, element) {
  modeler.get("modeling").updateProperties(element, { cancelActivity: true });
}

function isOnEvent(element) {
  return /^bpmn:Intermediate(Catch|Throw)Event$/.test(element.host?.type);
}

function leavesParallel(element) {
  return element.source?.type === "bpmn:ParallelGateway";
}

function splitByCondition(modeler, flow) {
  modeler.get("bpmnReplace").replaceElement(flow.source, { type: "bpmn:ExclusiveGateway" });
}

function isSplitBy(type) {
  return (element) => !isGateway(element) && element.incoming?.length > 1 && splitOf(element) === type;
}

// A gateway like the one that split them takes in all the ways before the element.
function insertJoin(modeler, element) {
  const modeling = modeler.get("modeling");
  const position = { x: element.x - 60, y: element.y + element.height / 2 };
  const gateway = modeling.createShape({ type: splitOf(element) }, position, element.parent);
  for (const flow of [...element.incoming]) modeling.reconnectEnd(flow, gateway, { x: gateway.x, y: gateway.y + 25 });
  modeling.connect(gateway, element);
}

function isJoinedOtherwise(element) {
  const join = meetingOf(element);
  const split = splitOf(join);
  return join && isGateway(join) && split && split !== join.type;
}

function joinAsSplit(modeler, element) {
  const join = meetingOf(element);
  modeler.get("bpmnReplace").replaceElement(join, { type: splitOf(join) });
}

// A cancellation belongs to the subprocess at whose edge it stands, or in which it happens.
function cancelled(element) {
  return element.host ?? element.parent;
}

// What lies in a collapsed subprocess has a plane of its own as its parent: the shape is found by the id of both.
function makeTransaction(modeler, element) {
  const shape = modeler.get("elementRegistry").get(cancelled(element).businessObject.id);
  modeler.get("bpmnReplace").replaceElement(shape, { type: "bpmn:Transaction" });
}

function rename(modeler, element) {
  const registry = modeler.get("elementRegistry");
  const stem = element.type.replace("bpmn:", "").toLowerCase();
  let n = 1;
  while (registry.get(`${stem}_${n}`)) n += 1;
  modeler.get("modeling").updateProperties(element, { id: `${stem}_${n}` });
}
