// How the modeler reads files: BPMN as it comes with bpmn-js, our own attributes, and lists that are names and no references.

import bpmn from "bpmn-moddle/resources/bpmn/json/bpmn.json";

import jidi from "./jidi.json";

// A list is named by a value of the case, which is no element of the file; read as a reference it would be lost on saving.
const NAMES = { "MultiInstanceLoopCharacteristics": ["loopDataInputRef", "loopDataOutputRef"] };

export const moddleExtensions = { bpmn: { ...bpmn, types: bpmn.types.map(plainNames) }, jidi };

function plainNames(type) {
  const names = NAMES[type.name];
  if (!names) return type;
  const properties = type.properties.map((each) => (names.includes(each.name) ? { name: each.name, type: "String" } : each));
  return { ...type, properties };
}
