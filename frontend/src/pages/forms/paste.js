// Cells copied from a spreadsheet go into the cells of a table, from the one that has the focus; rows are added as needed.

import { addRow } from "./rows.js";

const CONTROLS = "input:not([type=hidden], [type=file]), select, textarea";
const GROUPED = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
const MOST_ROWS = 500;

export function pasteCells(form) {
  form.addEventListener("paste", (event) => {
    const row = event.target.closest?.("table.grid tbody tr");
    const cells = copied(event.clipboardData?.getData("text/plain") ?? "");
    if (!row || !row.contains(event.target) || (cells.length < 2 && (cells[0]?.length ?? 0) < 2)) return;
    const first = controlsOf(row).indexOf(event.target);
    if (first < 0) return;
    event.preventDefault();
    put(form, row, first, cells);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// As spreadsheets put it: tabs between cells, line ends between rows, quotes around a cell that has either within.
function copied(text) {
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length && rows.length <= MOST_ROWS; at += 1) {
    const sign = text[at];
    const row = rows.at(-1);
    if (quoted && sign === '"' && text[at + 1] === '"') {
      row[row.length - 1] += '"';
      at += 1;
    } else if (sign === '"' && (quoted || row.at(-1) === "")) quoted = !quoted;
    else if (!quoted && sign === "\t") row.push("");
    else if (!quoted && sign === "\n") rows.push([""]);
    else if (sign !== "\r") row[row.length - 1] += sign;
  }
  if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}

function put(form, row, first, cells) {
  const table = row.closest("[data-rows]");
  let here = row;
  for (const [index, values] of cells.entries()) {
    if (index > 0) {
      if (!following(here) && table) addRow(table);
      here = following(here);
    }
    if (!here) return;
    const controls = controlsOf(here);
    values.forEach((value, column) => {
      if (controls[first + column]) fill(controls[first + column], value.trim());
    });
  }
}

function following(row) {
  let next = row.nextElementSibling;
  while (next && controlsOf(next).length === 0) next = next.nextElementSibling;
  return next;
}

function controlsOf(row) {
  return [...row.querySelectorAll("td")].flatMap((cell) => [...cell.querySelectorAll(CONTROLS)].slice(0, 1));
}

// What no option says stays unchosen: the form will ask for it.
function fill(control, value) {
  if (control.tagName === "SELECT") {
    const option = [...control.options].find((one) => one.textContent.trim() === value || one.value === value);
    if (option) control.value = option.value;
  } else {
    control.value = control.classList.contains("number") && GROUPED.test(value) ? value.replaceAll(",", "") : value;
  }
}
