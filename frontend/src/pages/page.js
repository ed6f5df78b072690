// On every page: Ctrl-K goes anywhere; what was typed is forgotten at sign-out; says five minutes ahead that the session will end, and closes an open menu by Esc or a click beside it.

import { forgetOthers } from "./forms/kept.js";
import { openPalette } from "../palette.js";

const BEFORE = 5 * 60_000;
const LONGEST = 2 ** 31 - 1;

forgetOthers();
openPalette();
announce(document.querySelector("[data-session-ends]"));
document.addEventListener("keydown", (event) => event.key === "Escape" && close());
document.addEventListener("click", (event) => event.target.closest(".bar details") || close());

// The server's clock may not be this machine's, so the page brings how long is left, not when.
function announce(notice) {
  if (!notice) return;
  const left = Number(notice.dataset.sessionEnds) * 1000;
  setTimeout(() => (notice.hidden = false), Math.min(Math.max(left - BEFORE, 0), LONGEST));
}

function close() {
  for (const menu of document.querySelectorAll(".bar details[open]")) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
}
