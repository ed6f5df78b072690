// Reshapes a drawing where one property is not enough: an event put into a subprocess, the split that a join belongs to.

const EVENT = 36; // the width of an event in bpmn-js
const GAP = 30; // between the shapes within, and to the edge
const WIDTH = 3 * EVENT + 4 * GAP;
const HEIGHT = EVENT + 3 * GAP; // the name of the event needs a line of its own

// The event stands between a start and an end of its own in a subprocess, which takes over its flows and what is attached.
export function wrap(modeler, element) {
  const modeling = modeler.get("modeling");
  const { incoming, outgoing, attachers } = copied(element);
  const middle = element.y + element.height / 2;
  makeRoom(modeler, element, WIDTH - element.width);
  const shape = { type: "bpmn:SubProcess", isExpanded: true, width: WIDTH, height: HEIGHT };
  const within = modeling.createShape(shape, { x: element.x + WIDTH / 2, y: middle }, element.parent);
  modeling.updateLabel(within, element.businessObject.name ?? "");
  for (const flow of incoming) modeling.reconnectEnd(flow, within, { x: within.x, y: middle });
  for (const flow of outgoing) modeling.reconnectStart(flow, within, { x: within.x + WIDTH, y: middle });
  for (const each of attachers) modeling.moveElements([each], ontoEdge(within, each), within, { attach: true });
  modeling.moveElements([element], { x: EVENT + 2 * GAP, y: 0 }, within);
  const begin = modeling.createShape({ type: "bpmn:StartEvent" }, { x: within.x + GAP + EVENT / 2, y: middle }, within);
  const end = modeling.createShape({ type: "bpmn:EndEvent" }, { x: within.x + WIDTH - GAP - EVENT / 2, y: middle }, within);
  modeling.connect(begin, element);
  modeling.connect(element, end);
}

// Everything to the right of an element moves on.
function makeRoom(modeler, element, width) {
  const tool = modeler.get("spaceTool");
  const start = element.x + element.width;
  const elements = modeler.get("elementRegistry").filter(({ parent }) => parent === element.parent);
  const { movingShapes, resizingShapes } = tool.calculateAdjustments(elements, "x", width, start);
  tool.makeSpace(movingShapes, resizingShapes, { x: width, y: 0 }, "e", start);
}

// Where ways meet before an element: the element itself, or the gateway that leads to it alone.
export function meetingOf(element) {
  const flows = element.incoming ?? [];
  if (flows.length > 1) return element;
  const before = flows[0]?.source;
  return before && isGateway(before) && before.incoming.length > 1 ? before : undefined;
}

// The kind of gateway by which the ways into a join were split, at the nearest element they all come from; nothing where there is none.
export function splitOf(join) {
  const ways = (join?.incoming ?? []).map((flow) => before(flow.source));
  const shared = [...(ways[0]?.keys() ?? [])].filter((element) => isSplit(element) && ways.every((way) => way.has(element)));
  const far = (element) => Math.max(...ways.map((way) => way.get(element)));
  const [nearest] = shared.sort((one, other) => far(one) - far(other));
  return nearest && (isGateway(nearest) ? nearest.type : "bpmn:ParallelGateway");
}

export function isGateway(element) {
  return element.type.endsWith("Gateway");
}

function copied({ incoming, outgoing, attachers }) {
  return { incoming: [...incoming], outgoing: [...outgoing], attachers: [...(attachers ?? [])] };
}

function ontoEdge(within, { x, y, width, height }) {
  return { x: within.x + WIDTH / 2 - (x + width / 2), y: within.y + HEIGHT - (y + height / 2) };
}

// Every element before this one, with how many flows away it is.
function before(element) {
  const found = new Map([[element, 0]]);
  for (const [each, far] of found) {
    for (const flow of each.incoming ?? []) if (!found.has(flow.source)) found.set(flow.source, far + 1);
  }
  return found;
}

// Several ways out of an activity are all taken, as behind a parallel gateway (BPMN 2.0.2 §13.3.1).
function isSplit({ outgoing }) {
  return outgoing.filter(({ type }) => type === "bpmn:SequenceFlow").length > 1;
}
