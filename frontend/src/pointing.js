// Choosing two steps by pointing at their shapes: <div data-diagram="…" data-point="from-select to-select" data-before="prefix of ids">.
// The two lists beside the picture stay what is sent; a shape only chooses in them, and what they choose is marked on the picture.

import { inWords } from "./mounts.js";

export function point(viewer, host) {
  const lists = (host.dataset.point ?? "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id));
  if (lists.length !== 2 || lists.includes(null)) return;
  const before = host.dataset.before ?? "";
  const [from, to] = lists;
  const show = () => {
    marked(viewer, place(from), before, "is-from");
    marked(viewer, place(to), before, "is-to");
    say(host, from, to);
  };
  viewer.on("element.click", ({ element }) => {
    const start = option(from, before + element.id);
    const goal = option(to, before + element.id);
    if (start && (from.value !== start.value || !goal)) from.value = start.value;
    else if (goal) to.value = goal.value;
    show();
  });
  for (const list of lists) list.addEventListener("change", show);
  host.classList.add("is-pointed-at");
  show();
}

const place = (list) => list.value.split(" ")[0];

export function option(list, wanted) {
  return [...list.options].find((one) => one.value && one.value.split(" ")[0] === wanted);
}

export function marked(viewer, wanted, before, marker) {
  const canvas = viewer.get("canvas");
  for (const element of viewer.get("elementRegistry").getAll()) {
    if (element.labelTarget) continue;
    const meant = Boolean(wanted) && before + element.id === wanted;
    if (meant !== canvas.hasMarker(element, marker)) canvas.toggleMarker(element, marker);
  }
}

function say(host, from, to) {
  const line = host.parentElement.querySelector("[data-pointed]");
  if (!line) return;
  const words = (list) => (list.value ? list.selectedOptions[0].textContent : inWords("（未选）", "(none)"));
  line.textContent = inWords(
    `点流程图上的环节选择：先点在办环节，再点要移到的环节。从“${words(from)}”移到“${words(to)}”。`,
    `Point at the steps on the diagram: first where the case stands, then where it is to go. From “${words(from)}” to “${words(to)}”.`,
  );
}
