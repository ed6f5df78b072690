// Makes a file one that can be drawn: each element under an id of its own, and laid out where it was written without a picture.

import { layoutProcess } from "bpmn-auto-layout";

const DI = "http://www.omg.org/spec/BPMN/20100524/DI";
const MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const ENDS = { sourceRef: "outgoing", targetRef: "incoming" };

export async function drawable(xml) {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  if (tree.querySelector("parsererror")) return xml;
  const named = renameDoubles(tree) ? written(tree) : xml;
  if (tree.getElementsByTagNameNS(DI, "BPMNShape").length) return named;
  tellNodesOfTheirFlows(tree);
  try {
    const laid = new DOMParser().parseFromString(await layoutProcess(written(tree)), "application/xml");
    for (const empty of [...tree.getElementsByTagNameNS(DI, "BPMNDiagram")]) empty.remove();
    for (const picture of laid.getElementsByTagNameNS(DI, "BPMNDiagram")) tree.documentElement.append(tree.importNode(picture, true));
    return written(tree);
  } catch (error) {
    console.warn(error);
    return named;
  }
}

function written(tree) {
  return new XMLSerializer().serializeToString(tree);
}

// The editor keeps one element of each id and would drop the others: these get ids of their own, and so do their shapes.
function renameDoubles(tree) {
  const taken = new Set();
  const doubles = [...tree.getElementsByTagNameNS(MODEL, "*")].filter(({ id }) => id && (taken.has(id) || !taken.add(id)));
  for (const each of doubles) {
    const shape = [...tree.getElementsByTagNameNS(DI, "BPMNShape")].filter((one) => one.getAttribute("bpmnElement") === each.id)[1];
    let n = 2;
    while (taken.has(`${each.id}_${n}`)) n += 1;
    each.id = `${each.id}_${n}`;
    taken.add(each.id);
    shape?.setAttribute("bpmnElement", each.id);
    shape?.setAttribute("id", `${each.id}_di`);
  }
  return doubles.length > 0;
}

// BPMN lets a node leave out which flows come in and go out; the layout follows them there.
function tellNodesOfTheirFlows(tree) {
  const nodes = new Map([...tree.querySelectorAll("[id]")].map((node) => [node.id, node]));
  for (const flow of tree.getElementsByTagNameNS(MODEL, "sequenceFlow")) {
    for (const [end, name] of Object.entries(ENDS)) {
      const node = nodes.get(flow.getAttribute(end));
      if (node && !listed(node, name).includes(flow.id)) tell(node, name, flow.id);
    }
  }
}

function listed(node, name) {
  return [...node.children].filter((each) => each.localName === name).map((each) => each.textContent.trim());
}

function tell(node, name, id) {
  const made = node.ownerDocument.createElementNS(MODEL, node.prefix ? `${node.prefix}:${name}` : name);
  made.textContent = id;
  const first = [...node.children].find((each) => !["documentation", "extensionElements", "incoming", "outgoing"].includes(each.localName));
  node.insertBefore(made, first ?? null);
}
