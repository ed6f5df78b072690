// Shows a diagram to read: <div data-diagram="/….bpmn" data-current="ids" data-done="ids" data-names="/….json" data-label="…"></div>;
// data-badges='{"id": {"text": "3", "more": ["! 1"], "also": ["…"], "heat": 1, "late": true, "url": "…", "name": "…"}}' puts numbers on shapes.
// What stands inside the element (the same in words) is kept while there is no diagram and where there is no JavaScript.

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { button, inWords, mount } from "./mounts.js";
import { match } from "./matching.js";
import { point } from "./pointing.js";

const FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif';
const LEGIBLE = 0.45;

mount("data-diagram", show);

async function show(host) {
  const frame = document.createElement("div");
  frame.className = "diagram-canvas";
  const instead = [...host.childNodes];
  try {
    const xml = await read(host.dataset.diagram);
    const names = host.dataset.names ? JSON.parse(await read(host.dataset.names)) : {};
    host.prepend(frame);
    const viewer = open(frame);
    await viewer.importXML(named(xml, names));
    for (const node of instead) node.remove();
    dress(host, frame, viewer);
  } catch (error) {
    frame.remove();
    host.append(notice(inWords("流程图暂时无法显示，请刷新页面再试。", "The diagram cannot be shown now; please reload the page.")));
    console.warn(error);
  }
}

async function read(address) {
  const reply = await fetch(address, { credentials: "same-origin" });
  if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
  return reply.text();
}

// The names in a diagram are Chinese; a page in another language brings a list of them in its own.
function named(xml, names) {
  if (!Object.keys(names).length) return xml;
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  for (const element of tree.querySelectorAll("[name]")) {
    const name = element.getAttribute("name");
    if (Object.hasOwn(names, name)) element.setAttribute("name", names[name]);
  }
  for (const text of tree.getElementsByTagNameNS("*", "text")) {
    if (Object.hasOwn(names, text.textContent)) text.textContent = names[text.textContent];
  }
  return new XMLSerializer().serializeToString(tree);
}

function open(frame) {
  return new NavigatedViewer({
    container: frame,
    canvas: { deferUpdate: false, autoFocus: false },
    // The wheel belongs to the page; only with Ctrl held does it zoom.
    zoomScroll: { enabled: false },
    textRenderer: { defaultStyle: { fontFamily: FONT }, externalStyle: { fontFamily: FONT } },
  });
}

function dress(host, frame, viewer) {
  const canvas = viewer.get("canvas");
  const current = mark(viewer, host.dataset.current, "is-current");
  mark(viewer, host.dataset.done, "is-done");
  compare(viewer, host);
  point(viewer, host);
  match(viewer, host);
  badge(viewer, host);
  document.querySelector("[data-on-paper]")?.addEventListener("click", (event) => print(event, viewer));
  describe(host, frame, current);
  const view = { fit: () => canvas.zoom("fit-viewport", "auto"), near: () => near(canvas, current[0]) };
  host.append(controls(viewer, view, current));
  frame.addEventListener("keydown", (event) => byKey(event, viewer, view));
  frame.addEventListener("wheel", (event) => byWheel(event, viewer), { passive: false });
  keepFitted(frame, canvas, view, current);
}

function mark(viewer, ids, marker) {
  const registry = viewer.get("elementRegistry");
  const elements = (ids ?? "").split(/\s+/).map((id) => id && registry.get(id)).filter(Boolean);
  for (const element of elements) viewer.get("canvas").addMarker(element, marker);
  return elements;
}

// Numbers on the shapes: how many stand there, how long it takes, when a case came by; a shade says the same again.
function badge(viewer, host) {
  for (const [id, one] of Object.entries(JSON.parse(host.dataset.badges ?? "{}"))) {
    const [element] = one.heat ? mark(viewer, id, `heat-${one.heat}`) : mark(viewer, id, "is-counted");
    const lines = [one.text, ...(one.more ?? [])].filter(Boolean);
    if (!element || !lines.length) continue;
    const box = document.createElement(one.url ? "a" : "span");
    if (one.url) box.href = one.url;
    box.className = `diagram-badge${one.late ? " late" : ""}`;
    box.textContent = lines.join(" · ");
    box.title = [one.name, ...lines, ...(one.also ?? [])].join(" · ");
    box.setAttribute("aria-label", box.title);
    viewer.get("overlays").add(element, { position: { top: -14, right: 30 }, html: box, scale: { min: 0.6, max: 1.2 } });
  }
}

// Two pictures of one process: what differs is marked in both, and both are panned and zoomed as one.
const beside = new Map();

function compare(viewer, host) {
  for (const [id, kind] of Object.entries(JSON.parse(host.dataset.marks ?? "{}"))) mark(viewer, id, `is-${kind}`);
  const group = host.dataset.together;
  if (!group) return;
  const others = beside.get(group) ?? [];
  beside.set(group, [...others, viewer]);
  let echo = false;
  viewer.on("canvas.viewbox.changed", ({ viewbox: { x, y, width, height } }) => {
    if (echo) return;
    for (const other of beside.get(group)) if (other !== viewer) follow(other, { x, y, width, height });
  });
  viewer.hush = (act) => {
    echo = true;
    act();
    echo = false;
  };
}

function follow(viewer, viewbox) {
  viewer.hush(() => viewer.get("canvas").viewbox(viewbox));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-jump]");
  if (!link) return;
  const found = [...beside.values()].flat().find((viewer) => viewer.get("elementRegistry").get(link.dataset.jump));
  if (!found) return;
  event.preventDefault();
  near(found.get("canvas"), found.get("elementRegistry").get(link.dataset.jump));
  found.get("canvas").getContainer().scrollIntoView({ block: "center" });
});

// From one difference to the next, in the order of the sentences; the two pictures follow, and the sentence is said.
let differing = -1;

document.addEventListener("click", (event) => {
  const by = Number(event.target.closest("[data-differ]")?.dataset.differ ?? 0);
  const links = [...document.querySelectorAll("[data-jump]")];
  if (!by || !links.length) return;
  differing = differing < 0 ? (by > 0 ? 0 : links.length - 1) : (differing + by + links.length) % links.length;
  links[differing].click();
  document.querySelector("[data-differing]").textContent = `${differing + 1}/${links.length} ${links[differing].textContent}`;
});

// The picture goes to the server as it stands here, and comes back on paper with the table of the steps.
async function print(event, viewer) {
  const link = event.currentTarget;
  event.preventDefault();
  const { svg } = await viewer.saveSVG();
  const headers = { "Content-Type": "image/svg+xml", "X-CSRF-Token": link.dataset.token };
  const reply = await fetch(link.href, { method: "POST", credentials: "same-origin", headers, body: svg });
  if (!reply.ok) {
    location.assign(link.href);
    return;
  }
  const named = /filename\*=UTF-8''([^;]+)/.exec(reply.headers.get("Content-Disposition") ?? "");
  const made = document.createElement("a");
  made.href = URL.createObjectURL(await reply.blob());
  made.download = named ? decodeURIComponent(named[1]) : "process.pdf";
  made.click();
  setTimeout(() => URL.revokeObjectURL(made.href), 60_000);
}

function describe(host, frame, current) {
  const steps = current.map((element) => element.businessObject.name || element.id).join(inWords("、", ", "));
  const label = host.dataset.label || inWords("流程图", "Process diagram");
  const here = steps ? inWords(`；当前环节：${steps}`, `; current step: ${steps}`) : "";
  const keys = inWords("。方向键移动，加号、减号缩放，0适应窗口。", ". Arrow keys move, plus and minus zoom, 0 fits the window.");
  const drawing = frame.querySelector(".djs-container > svg");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label + here + keys);
}

function controls(viewer, view, current) {
  const bar = document.createElement("div");
  bar.className = "diagram-controls";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", inWords("缩放", "Zoom"));
  bar.append(
    button(inWords("放大", "Zoom in"), "+", () => step(viewer, 1)),
    button(inWords("缩小", "Zoom out"), "−", () => step(viewer, -1)),
    button(inWords("适应窗口", "Fit"), "⤢", view.fit),
  );
  if (current.length) bar.append(button(inWords("当前环节", "Current step"), "◎", view.near));
  return bar;
}

function step(viewer, by, at) {
  const canvas = viewer.get("canvas");
  const scale = Math.min(Math.max(canvas.zoom() * (by > 0 ? 1.25 : 0.8), 0.15), 4);
  canvas.zoom(scale, at ?? "auto");
}

function byKey(event, viewer, view) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const canvas = viewer.get("canvas");
  const acts = {
    ArrowLeft: () => canvas.scroll({ dx: 60, dy: 0 }),
    ArrowRight: () => canvas.scroll({ dx: -60, dy: 0 }),
    ArrowUp: () => canvas.scroll({ dx: 0, dy: 60 }),
    ArrowDown: () => canvas.scroll({ dx: 0, dy: -60 }),
    "+": () => step(viewer, 1),
    "=": () => step(viewer, 1),
    "-": () => step(viewer, -1),
    0: view.fit,
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  acts[event.key]();
}

function byWheel(event, viewer) {
  if (!event.ctrlKey) return;
  event.preventDefault();
  const box = event.currentTarget.getBoundingClientRect();
  step(viewer, -event.deltaY, { x: event.clientX - box.left, y: event.clientY - box.top });
}

// A tab that is not open yet has no size: the diagram is fitted when it gets one, and again whenever the window changes.
function keepFitted(frame, canvas, view, current) {
  let width = 0;
  new ResizeObserver(() => {
    if (!frame.clientWidth || frame.clientWidth === width) return;
    width = frame.clientWidth;
    canvas.resized();
    view.fit();
    if (current.length && canvas.zoom() < LEGIBLE) view.near();
  }).observe(frame);
}

function near(canvas, element) {
  const scale = Math.max(canvas.zoom(), 0.8);
  canvas.zoom(scale);
  const view = canvas.viewbox();
  canvas.viewbox({
    x: element.x + (element.width ?? 0) / 2 - view.width / 2,
    y: element.y + (element.height ?? 0) / 2 - view.height / 2,
    width: view.width,
    height: view.height,
  });
}

function notice(words) {
  const line = document.createElement("p");
  line.className = "diagram-notice";
  line.setAttribute("role", "status");
  line.textContent = words;
  return line;
}
