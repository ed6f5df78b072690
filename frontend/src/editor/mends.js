// What one click can mend, by the code of the finding or by its way out; each is one step of undo.

const replaceWith = (type, more = {}) => (modeler, element) =>
  modeler.get("bpmnReplace").replaceElement(element, { type, ...more });

export const mends = {
  "gateway.default_assumed": { zh: "设默认出口", en: "Set a default way", act: setDefault },
  "gateway.no_default": { zh: "设默认出口", en: "Set a default way", act: setDefault },
  default_flow: { zh: "设默认出口", en: "Set a default way", act: setDefault },
  condition_or_default: { zh: "设默认出口", en: "Set a default way", act: setDefault },
  parallel_gateway: { zh: "插入并行网关", en: "Insert a parallel gateway", act: insertJoin },
  same_gateway: { zh: "改为同类网关", en: "Use the same gateway", act: replaceWith("bpmn:ParallelGateway") },
  join_where_it_was_split: { zh: "插入并行网关", en: "Insert a parallel gateway", act: insertJoin, fits: isMetByMany },
  inclusive_gateway: { zh: "改用包容网关", en: "Use an inclusive gateway", act: replaceWith("bpmn:InclusiveGateway") },
  exclusive_gateway: { zh: "改用排他网关", en: "Use an exclusive gateway", act: replaceWith("bpmn:ExclusiveGateway") },
  user_task: { zh: "改为人员任务", en: "Make it a user task", act: replaceWith("bpmn:UserTask") },
  service_step: { zh: "改为系统任务", en: "Make it a service task", act: replaceWith("bpmn:ServiceTask") },
  embedded_subprocess: { zh: "放进子流程", en: "Wrap in a subprocess", act: replaceWith("bpmn:SubProcess", { isExpanded: true }) },
  non_interrupting: { zh: "设为不中断", en: "Make it non-interrupting", act: letGoOn },
  leave_out: { zh: "删去", en: "Take it out", act: (modeler, element) => modeler.get("modeling").removeElements([element]) },
  rename: { zh: "改编号", en: "Rename", act: rename },
  "bpmn.duplicate_id": { zh: "改编号", en: "Rename", act: rename },
  "bpmn.id_too_long": { zh: "改编号", en: "Rename", act: rename },
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

function isMetByMany(element) {
  return element.type.endsWith("Gateway") || element.incoming?.length > 1;
}

// A gateway before the element takes in all its ways; where it is a gateway already, it becomes the parallel one.
function insertJoin(modeler, element) {
  if (element.type.endsWith("Gateway")) {
    modeler.get("bpmnReplace").replaceElement(element, { type: "bpmn:ParallelGateway" });
    return;
  }
  const modeling = modeler.get("modeling");
  const position = { x: element.x - 60, y: element.y + element.height / 2 };
  const gateway = modeling.createShape({ type: "bpmn:ParallelGateway" }, position, element.parent);
  for (const flow of [...element.incoming]) modeling.reconnectEnd(flow, gateway, { x: gateway.x, y: gateway.y + 25 });
  modeling.connect(gateway, element);
}

function letGoOn(modeler, element) {
  modeler.get("modeling").updateProperties(element, { cancelActivity: false });
}

function rename(modeler, element) {
  const registry = modeler.get("elementRegistry");
  const stem = element.type.replace("bpmn:", "").toLowerCase();
  let n = 1;
  while (registry.get(`${stem}_${n}`)) n += 1;
  modeler.get("modeling").updateProperties(element, { id: `${stem}_${n}` });
}
