// The pages of one PDF under one another: a page is drawn when it comes near, and let go when it is far away.

import { TextLayer } from "pdfjs-dist/legacy/build/pdf.mjs";

import { inWords } from "../mounts.js";

const CSS_UNITS = 96 / 72;
const MOST_PIXELS = 16_777_216;

export class Pages extends EventTarget {
  constructor(file, label) {
    super();
    this.file = file;
    this.count = file.numPages;
    this.number = 1;
    this.scale = 1;
    this.rotation = 0;
    this.fitted = true;
    this.sheets = [];
    this.scroller = document.createElement("div");
    this.scroller.className = "pdf-pages";
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "region");
    this.scroller.setAttribute("aria-label", label || inWords("PDF 文件", "PDF file"));
  }

  // Every page takes the size of the first until it is drawn: a file of 500 pages opens as fast as one of 5.
  async lay() {
    const first = await this.file.getPage(1);
    this.size = first.getViewport({ scale: CSS_UNITS });
    for (let number = 1; number <= this.count; number += 1) this.sheets.push(this.#sheet(number));
    this.scroller.append(...this.sheets.map((sheet) => sheet.box));
    this.scroller.addEventListener("scroll", () => this.#follow(), { passive: true });
    this.near = new IntersectionObserver((entries) => this.#come(entries), { root: this.scroller, rootMargin: "100% 0px" });
    for (const { box } of this.sheets) this.near.observe(box);
    new ResizeObserver(() => this.fitted && this.fit()).observe(this.scroller);
  }

  go(number) {
    const sheet = this.sheets[Math.min(Math.max(Math.trunc(number) || 1, 1), this.count) - 1];
    this.scroller.scrollTop = sheet.box.offsetTop - this.scroller.offsetTop;
  }

  fit() {
    const { width, height } = this.size;
    const room = this.scroller.clientWidth - 24;
    if (room <= 0) return;
    this.fitted = true;
    this.#rescale(Math.min(room / (this.rotation % 180 ? height : width), 1.6));
  }

  zoom(by) {
    this.fitted = false;
    this.#rescale(Math.min(Math.max(this.scale * by, 0.25), 5));
  }

  turn() {
    this.rotation = (this.rotation + 90) % 360;
    if (this.fitted) this.fit();
    this.#redraw();
  }

  #rescale(scale) {
    if (Math.abs(scale - this.scale) < 0.001 && this.sheets[0].box.style.width) return;
    this.scale = scale;
    this.#redraw();
  }

  #redraw() {
    const here = this.number;
    for (const sheet of this.sheets) {
      this.#clear(sheet);
      this.#measure(sheet, sheet.size ?? this.size);
    }
    this.go(here);
    for (const sheet of this.sheets) if (sheet.isNear) this.#draw(sheet);
  }

  #sheet(number) {
    const box = document.createElement("div");
    box.className = "pdf-page";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", inWords(`第 ${number} 页`, `Page ${number}`));
    return { number, box, isNear: false };
  }

  #measure(sheet, { width, height }) {
    const [across, down] = this.rotation % 180 ? [height, width] : [width, height];
    sheet.box.style.width = `${across * this.scale}px`;
    sheet.box.style.height = `${down * this.scale}px`;
  }

  #come(entries) {
    for (const entry of entries) {
      const sheet = this.sheets.find(({ box }) => box === entry.target);
      sheet.isNear = entry.isIntersecting;
      if (sheet.isNear) this.#draw(sheet);
      else this.#clear(sheet);
    }
  }

  async #draw(sheet) {
    if (sheet.turn || !this.sheets[0].box.style.width) return;
    const turn = (sheet.turn = Symbol("drawing"));
    const page = await this.file.getPage(sheet.number);
    if (sheet.turn !== turn) return;
    sheet.size = page.getViewport({ scale: CSS_UNITS });
    this.#measure(sheet, sheet.size);
    const viewport = page.getViewport({ scale: this.scale * CSS_UNITS, rotation: (page.rotate + this.rotation) % 360 });
    const canvas = paper(viewport);
    const ratio = canvas.width / viewport.width;
    sheet.render = page.render({ canvas, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
    sheet.box.replaceChildren(canvas);
    await sheet.render.promise.catch(ignoreCancelled);
    if (sheet.turn === turn) await this.#letter(sheet, page, viewport, turn);
  }

  // Words over the picture: to select, to copy, to be read aloud.
  async #letter(sheet, page, viewport, turn) {
    const layer = document.createElement("div");
    layer.className = "textLayer";
    layer.style.setProperty("--total-scale-factor", String(viewport.scale));
    const text = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport });
    await text.render();
    if (sheet.turn === turn) sheet.box.append(layer);
  }

  #clear(sheet) {
    sheet.turn = null;
    sheet.render?.cancel();
    sheet.render = null;
    sheet.box.replaceChildren();
  }

  #follow() {
    const line = this.scroller.getBoundingClientRect().top + this.scroller.clientHeight / 3;
    const here = this.sheets.findLast(({ box }) => box.getBoundingClientRect().top <= line) ?? this.sheets[0];
    if (here.number === this.number) return;
    this.number = here.number;
    this.dispatchEvent(new Event("page"));
  }
}

// A canvas as sharp as the screen, but never larger than a browser can hold.
function paper(viewport) {
  const canvas = document.createElement("canvas");
  const most = Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height));
  const ratio = Math.min(window.devicePixelRatio || 1, most);
  canvas.width = Math.floor(viewport.width * ratio);
  canvas.height = Math.floor(viewport.height * ratio);
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

function ignoreCancelled(error) {
  if (error?.name !== "RenderingCancelledException") throw error;
}
