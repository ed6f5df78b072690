// On every page: Ctrl-K goes anywhere; a line of tabs shows the one that is open; what was typed is forgotten at sign-out; says five minutes ahead that the session will end, and closes an open menu by Esc or a click beside it.

import { forgetOthers } from "./forms/kept.js";
import { openPalette } from "../palette.js";

const BEFORE = 5 * 60_000;
const LONGEST = 2 ** 31 - 1;

forgetOthers();
openPalette();
for (const line of document.querySelectorAll(".tabs")) showOpen(line);
announce(document.querySelector("[data-session-ends]"));
document.addEventListener("keydown", (event) => event.key === "Escape" && close());
document.addEventListener("click", (event) => event.target.closest(".bar details") || close());

// On a phone a line of tabs is wider than the screen. Only the line moves: the page stays where it is.
function showOpen(line) {
  const open = line.querySelector("[aria-current]");
  if (!open || line.scrollWidth <= line.clientWidth) return;
  const { left, width } = open.getBoundingClientRect();
  line.scrollLeft += left - line.getBoundingClientRect().left - (line.clientWidth - width) / 2;
}

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
