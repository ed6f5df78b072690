// 常用语: a small menu beside each long text field; what is chosen goes in where the cursor stands. Keys: arrows, Enter, Esc.

let words = null;

export function offerPhrases(form) {
  const box = form.querySelector("[data-phrases]");
  if (!box) return;
  for (const area of form.querySelectorAll("textarea")) if (!area.readOnly && !area.disabled) beside(area, box.dataset);
}

function beside(area, said) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-secondary phrases-open";
  button.textContent = said.label;
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  const label = area.id && document.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  if (label) button.setAttribute("aria-label", `${said.label}：${label.textContent.trim()}`);
  // A field whose parts stand in a line has the button under that line.
  const row = area.parentElement;
  (getComputedStyle(row).display.includes("flex") ? row : area).after(button);
  button.addEventListener("click", () => (button.nextElementSibling?.matches(".phrases") ? shut(button) : open(area, button, said)));
}

async function open(area, button, said) {
  for (const other of document.querySelectorAll(".phrases")) shut(other.previousElementSibling);
  words ??= await fetch(said.phrases, { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
  const list = document.createElement("ul");
  list.className = "phrases sheet";
  list.setAttribute("role", "menu");
  list.append(...(words?.phrases ?? []).map((text) => entry(text, () => insert(area, button, text))));
  const manage = entry(said.manage, () => window.open(said.page, "_blank", "noopener"));
  manage.firstChild.classList.add("quiet");
  list.append(manage);
  button.after(list);
  button.setAttribute("aria-expanded", "true");
  list.querySelector("button").focus();
  list.addEventListener("keydown", (event) => walk(event, list, button));
  list.addEventListener("focusout", (event) => event.relatedTarget && !list.contains(event.relatedTarget) && shut(button));
}

function entry(text, act) {
  const item = document.createElement("li");
  item.setAttribute("role", "none");
  const choice = document.createElement("button");
  choice.type = "button";
  choice.className = "plain";
  choice.setAttribute("role", "menuitem");
  choice.textContent = text;
  choice.addEventListener("click", act);
  item.append(choice);
  return item;
}

function walk(event, list, button) {
  const choices = [...list.querySelectorAll("button")];
  const at = choices.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: choices.length - 1 }[event.key];
  if (event.key === "Escape") {
    shut(button);
    button.focus();
  } else if (to === undefined) return;
  else choices[(to + choices.length) % choices.length].focus();
  event.preventDefault();
  event.stopPropagation();
}

function insert(area, button, text) {
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  shut(button);
  area.focus();
}

function shut(button) {
  if (!button?.nextElementSibling?.matches(".phrases")) return;
  button.nextElementSibling.remove();
  button.setAttribute("aria-expanded", "false");
}
