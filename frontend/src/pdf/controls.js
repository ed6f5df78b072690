// The bar over a PDF: which page, how large, which way up.

import { button, inWords } from "../mounts.js";

export function controls(pages) {
  const bar = document.createElement("div");
  bar.className = "pdf-controls";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", inWords("翻页与缩放", "Pages and zoom"));
  bar.append(
    button(inWords("上一页", "Previous page"), "‹", () => pages.go(pages.number - 1), { square: true }),
    pageNumber(pages),
    button(inWords("下一页", "Next page"), "›", () => pages.go(pages.number + 1), { square: true }),
    button(inWords("缩小", "Zoom out"), "−", () => pages.zoom(0.8), { square: true }),
    button(inWords("放大", "Zoom in"), "+", () => pages.zoom(1.25), { square: true }),
    button(inWords("适应宽度", "Fit width"), "↔", () => pages.fit()),
    button(inWords("旋转", "Rotate"), "↻", () => pages.turn()),
  );
  return bar;
}

function pageNumber(pages) {
  const label = document.createElement("label");
  label.className = "pdf-number";
  const field = document.createElement("input");
  Object.assign(field, { type: "number", min: 1, max: pages.count, value: 1, className: "form-control form-control-sm" });
  field.setAttribute("aria-label", inWords(`页码，共 ${pages.count} 页`, `Page, of ${pages.count}`));
  field.addEventListener("change", () => pages.go(Number(field.value)));
  pages.addEventListener("page", () => {
    field.value = pages.number;
  });
  label.append(field, ` / ${pages.count}`);
  return label;
}
