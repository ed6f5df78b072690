// The editor of a draft: bpmn-js with our properties, the check's findings beside it, saved as one draws.

import Minimap from "diagram-js-minimap";
import Modeler from "bpmn-js/lib/Modeler";

import { approach } from "../editor/approach.js";
import { findings } from "../editor/findings.js";
import { drawable } from "../editor/drawable.js";
import { moddleExtensions } from "../editor/moddle.js";
import { panel } from "../editor/panel.js";
import { saving } from "../editor/saving.js";
import { translateModule } from "../editor/words.js";
import { inWords } from "../mounts.js";

const FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif';
const host = document.querySelector("[data-editor]");

if (host) await open(host);

async function open(host) {
  const find = (name) => host.querySelector(`[data-${name}]`);
  const modeler = new Modeler({
    container: find("canvas"),
    additionalModules: [Minimap, translateModule(document.documentElement.lang)],
    moddleExtensions,
    textRenderer: { defaultStyle: { fontFamily: FONT }, externalStyle: { fontFamily: FONT } },
  });
  const reply = await fetch(host.dataset.diagram, { credentials: "same-origin" });
  const drawn = await reply.text();
  const laid = await drawable(drawn);
  try {
    await modeler.importXML(laid);
  } catch (error) {
    show(find("state"), inWords(`这张图不能在编辑器里打开：${error.message}`, `This diagram cannot be opened here: ${error.message}`), "is-bad");
    return;
  }
  const canvas = modeler.get("canvas");
  fit(canvas);
  const said = findings(modeler, find("findings"), find("count"));
  said.show(JSON.parse(find("said").textContent));
  const saver = saving(modeler, host, tellers(find, said));
  const offered = { ...JSON.parse(find("offered").textContent), ask: saver.ask };
  const properties = panel(modeler, find("properties"), offered, saver.term);
  modeler.on("commandStack.changed", saver.later);
  find("properties").addEventListener("panel-again", () => properties.show(modeler.get("selection").get()[0]));
  find("undo").addEventListener("click", () => modeler.get("commandStack").undo());
  find("redo").addEventListener("click", () => modeler.get("commandStack").redo());
  find("fit").addEventListener("click", () => fit(canvas));
  searching(modeler, find);
  for (const kind of ["svg", "png"]) find(kind)?.addEventListener("click", () => download(modeler, kind, host.dataset.key));
  if (laid !== drawn) saver.now();
  host.dataset.ready = "true";
}

// A shape is found by its name. The search looks when a key comes up, which text that is pasted or composed does without.
function searching(modeler, find) {
  find("find").addEventListener("click", (event) => {
    event.stopPropagation(); // a click outside of the search closes it
    modeler.get("searchPad").toggle();
  });
  find("canvas").addEventListener("input", ({ target }) => {
    if (target.closest(".djs-search-input")) target.dispatchEvent(new KeyboardEvent("keyup", { key: "Process", bubbles: true }));
  });
  modeler.on("searchPad.selected", (element) => approach(modeler.get("canvas"), element));
}

// The whole drawing, with room for the palette at its left.
function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  canvas.zoom(canvas.zoom() * 0.9, "auto");
  canvas.scroll({ dx: 60, dy: 0 });
}

function tellers(find, said) {
  return {
    state: (words) => show(find("state"), words),
    saved: ({ findings: found }) => {
      show(find("state"), inWords("已保存", "Saved"), "is-good");
      for (const field of document.querySelectorAll("[name=rev]")) field.value = find("canvas").closest("[data-editor]").dataset.rev;
      said.show(found);
    },
    refused: (status, words, xml) => {
      show(find("state"), words, "is-bad");
      keep(find("rescue"), xml, status);
    },
  };
}

// What could not be saved stays in the reader's hands: as a file, whatever becomes of this page.
function keep(link, xml, status) {
  link.href = URL.createObjectURL(new Blob([xml], { type: "application/xml" }));
  link.hidden = status !== 412;
}

function show(line, words, mark = "") {
  line.textContent = words;
  line.className = `draft-state ${mark}`;
}

async function download(modeler, kind, name) {
  const { svg } = await modeler.saveSVG();
  const link = document.createElement("a");
  link.download = `${name}.${kind}`;
  link.href = kind === "svg" ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` : await raster(svg);
  link.click();
}

function raster(svg) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const scale = Math.min(2, 8000 / Math.max(image.width, image.height));
      const paper = document.createElement("canvas");
      [paper.width, paper.height] = [image.width * scale, image.height * scale];
      const pen = paper.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, paper.width, paper.height);
      pen.drawImage(image, 0, 0, paper.width, paper.height);
      resolve(paper.toDataURL("image/png"));
    };
    image.onerror = reject;
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  });
}
