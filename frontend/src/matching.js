// Matching steps of an old version with those of a new one: <div data-match="old"> and <div data-match="new"> beside lists named map.<id>.
// One points at a step of the old picture and then at one of the new; the lists stay what is sent, and show the same.

import { marked, option } from "./pointing.js";
import { inWords } from "./mounts.js";

const PREFIX = "map.";
const CHANGED = "jidi:matched";
let asked = null; // the list of the step that was pointed at last

export function match(viewer, host) {
  const side = host.dataset.match;
  const lists = [...document.querySelectorAll(`select[name^="${PREFIX}"]`)];
  if (!side || !lists.length) return;
  asked ??= lists[0];
  const old = side === "old";
  const show = () => {
    marked(viewer, old ? of(asked) : asked.value, "", old ? "is-from" : "is-to");
    if (old) say(host.closest("section"));
  };
  viewer.on("element.click", ({ element }) => {
    if (old) asked = lists.find((list) => of(list) === element.id) ?? asked;
    else if (option(asked, element.id)) asked.value = element.id;
    document.dispatchEvent(new Event(CHANGED));
  });
  for (const list of lists) {
    list.addEventListener("change", () => {
      asked = list;
      document.dispatchEvent(new Event(CHANGED));
    });
  }
  document.addEventListener(CHANGED, show);
  host.classList.add("is-pointed-at");
  show();
}

const of = (list) => list.name.slice(PREFIX.length);

function say(panel) {
  const line = panel.querySelector("[data-matched]");
  const from = document.querySelector(`label[for="${asked.id}"]`).textContent;
  const to = asked.selectedOptions[0].textContent;
  line.textContent = asked.value
    ? inWords(`${from}“${to}”。`, `${from} “${to}”.`)
    : inWords(
        `先在旧版图上点标出的环节，再在新版图上点新环节。${from}：还没有选，暂时留在原版本。`,
        `Point at a marked step of the old version, then at its new one in the new version. ${from}: not chosen yet, so they stay on their version.`,
      );
}
