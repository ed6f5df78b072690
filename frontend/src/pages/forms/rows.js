// Adds and drops rows of a table in place; the named buttons do the same on the server without this.

export function addAndDrop(form) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=_act]");
    if (!button) return;
    const [act, path] = split(button.value);
    if (act === "add" && add(form, path)) event.preventDefault();
    if (act === "drop" && drop(form, path)) event.preventDefault();
  });
}

function split(value) {
  const at = value.indexOf(":");
  return [value.slice(0, at), value.slice(at + 1)];
}

function add(form, path) {
  const table = form.querySelector(`[data-rows="${CSS.escape(path)}"]`);
  if (!table?.querySelector("template")) return false;
  if (!addRow(table)) return true;
  rowsOf(table).at(-1).querySelector("input:not([type=hidden]), select, textarea")?.focus();
  changed(form);
  return true;
}

// One more empty row, unless the table is full.
export function addRow(table) {
  const rows = rowsOf(table);
  if (rows.length >= Number(table.dataset.most || Infinity)) return false;
  const path = table.dataset.rows;
  const row = table.querySelector("template").content.cloneNode(true);
  for (const one of row.querySelectorAll("*")) number(one, path, "__n__", rows.length);
  table.querySelector("[data-row-body]").append(row);
  renumber(table, path);
  return true;
}

function drop(form, path) {
  const table = form.querySelector(`[data-rows="${CSS.escape(path.slice(0, path.lastIndexOf(".")))}"]`);
  if (!table) return false;
  const rows = rowsOf(table);
  const row = rows[Number(path.slice(path.lastIndexOf(".") + 1))];
  if (!row) return false;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(table, table.dataset.rows);
  (next?.querySelector("input:not([type=hidden])") ?? table.querySelector("button[value^='add:']"))?.focus();
  changed(form);
  return true;
}

// Names carry the row's number, so after each change they are counted afresh from nought.
function renumber(table, path) {
  rowsOf(table).forEach((row, index) => {
    const before = row.dataset.row;
    if (before !== String(index)) for (const one of [row, ...row.querySelectorAll("*")]) number(one, path, before, index);
    row.dataset.row = index;
    const shown = row.querySelector("[data-row-number]");
    if (shown) shown.textContent = index + 1;
  });
  const count = table.querySelector("[data-row-count]");
  if (count) count.textContent = rowsOf(table).length;
}

const CARRIERS = ["name", "id", "for", "value", "aria-describedby", "aria-labelledby", "data-field", "data-sum", "data-upload", "data-beside-of", "aria-label"];

function number(one, path, before, after) {
  const old = `${path}.${before}`;
  for (const name of CARRIERS) {
    const value = one.getAttribute(name);
    if (!value) continue;
    if (name === "aria-label") {
      const shown = before === "__n__" ? "__N__" : null;
      if (shown) one.setAttribute(name, value.replaceAll(shown, after + 1));
      continue;
    }
    if (name === "value" && one.tagName !== "BUTTON") continue;
    one.setAttribute(name, value.split(" ").map((word) => swap(word, old, `${path}.${after}`)).join(" "));
  }
}

function swap(word, old, fresh) {
  const at = word.indexOf(old);
  const after = word.charAt(at + old.length);
  return at >= 0 && (after === "" || after === ".") ? word.replace(old, fresh) : word;
}

function rowsOf(table) {
  return [...table.querySelectorAll("[data-row]")];
}

function changed(form) {
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
