// What hangs below a shape in the file: conditions, timers, messages, repetitions, parameters; each read and set as one value.

export function conditionOf(element) {
  return element.businessObject.conditionExpression?.body ?? "";
}

export function setCondition(on, body) {
  const conditionExpression = body ? make(on, "bpmn:FormalExpression", { body }, on.element.businessObject) : undefined;
  on.modeler.get("modeling").updateProperties(on.element, { conditionExpression });
}

export function timerOf(element) {
  const definition = defined(element, "bpmn:TimerEventDefinition");
  if (!definition) return null;
  const kind = ["timeDuration", "timeDate", "timeCycle"].find((each) => definition[each]) ?? "timeDuration";
  return { kind, body: definition[kind]?.body ?? "" };
}

export function setTimer(on, kind, body) {
  const definition = defined(on.element, "bpmn:TimerEventDefinition");
  const empty = { timeDuration: undefined, timeDate: undefined, timeCycle: undefined };
  const values = { ...empty, [kind]: make(on, "bpmn:FormalExpression", { body }, definition) };
  on.modeler.get("modeling").updateModdleProperties(on.element, definition, values);
}

// Null where no message belongs, an empty text where none is named yet.
export function messageOf(element) {
  const business = element.businessObject;
  if (business.$instanceOf("bpmn:SendTask") || business.$instanceOf("bpmn:ReceiveTask")) return business.messageRef?.name ?? "";
  const definition = defined(element, "bpmn:MessageEventDefinition");
  return definition ? (definition.messageRef?.name ?? "") : null;
}

export function setMessage(on, name) {
  const definitions = on.modeler.getDefinitions();
  const modeling = on.modeler.get("modeling");
  const holder = defined(on.element, "bpmn:MessageEventDefinition") ?? on.element.businessObject;
  let message = name ? definitions.rootElements.find((each) => each.$type === "bpmn:Message" && each.name === name) : undefined;
  if (name && !message) {
    message = make(on, "bpmn:Message", { id: `message_${name.replace(/[^A-Za-z0-9_]/g, "_")}`, name }, definitions);
    modeling.updateModdleProperties(on.element, definitions, { rootElements: [...definitions.rootElements, message] });
  }
  modeling.updateModdleProperties(on.element, holder, { messageRef: message });
}

export function repeatOf(element) {
  const found = element.businessObject.loopCharacteristics;
  if (found?.$type !== "bpmn:MultiInstanceLoopCharacteristics") return null;
  return {
    items: found.loopDataInputRef?.id ?? found.loopDataInputRef ?? "",
    item: found.inputDataItem?.name ?? found.inputDataItem?.id ?? "",
    until: found.completionCondition?.body ?? "",
  };
}

export function setRepeat(on, { until }) {
  const found = on.element.businessObject.loopCharacteristics;
  const completionCondition = until ? make(on, "bpmn:FormalExpression", { body: until }, found) : undefined;
  on.modeler.get("modeling").updateModdleProperties(on.element, found, { completionCondition });
}

// The name and value of each jidi:parameter, jidi:in or jidi:out.
export function passages(element, type) {
  const values = element.businessObject.extensionElements?.values ?? [];
  return Object.fromEntries(values.filter((each) => each.$type === type).map((each) => [each.name, each.value]));
}

export function setPassages(on, type, given) {
  const business = on.element.businessObject;
  const others = (business.extensionElements?.values ?? []).filter((each) => each.$type !== type);
  const extensionElements = make(on, "bpmn:ExtensionElements", {}, business);
  const ours = Object.entries(given).filter(([, value]) => value !== "");
  extensionElements.values = [...others, ...ours.map(([name, value]) => make(on, type, { name, value }, extensionElements))];
  for (const each of others) each.$parent = extensionElements;
  on.modeler.get("modeling").updateProperties(on.element, { extensionElements: extensionElements.values.length ? extensionElements : undefined });
}

function defined(element, type) {
  return element.businessObject.eventDefinitions?.find((each) => each.$type === type);
}

function make(on, type, values, parent) {
  const made = on.modeler.get("bpmnFactory").create(type, values);
  made.$parent = parent;
  return made;
}
