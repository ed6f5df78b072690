// Sends a chosen file at once and keeps its ref in the form; without this it goes along with the form itself.

import { token } from "./draft.js";

export function uploadAtOnce(form) {
  form.addEventListener("change", async (event) => {
    const input = event.target.closest("input[type=file][data-upload]");
    if (!input) return;
    const field = input.closest("[data-field]");
    for (const file of [...input.files]) await send(form, field, input, file);
    input.value = "";
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=_act][value^='remove:']");
    if (!button) return;
    event.preventDefault();
    const field = button.closest("[data-field]");
    button.closest("[data-file]").remove();
    field.querySelector("input[type=file]")?.focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function send(form, field, input, file) {
  const state = field.querySelector("[data-upload-state]");
  state.textContent = input.dataset.sending.replace("{}", file.name);
  const body = new FormData();
  body.append("csrf", token(form));
  body.append("file", file);
  const answer = await fetch(input.dataset.upload, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRF-Token": token(form) },
    body,
  }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!answer?.ok) {
    state.textContent = told?.title ?? input.dataset.failed;
    field.setAttribute("data-wrong", "");
    return;
  }
  field.removeAttribute("data-wrong");
  state.textContent = "";
  list(form, field, input, told);
}

function list(form, field, input, file) {
  const files = field.querySelector("[data-files]");
  if (!input.multiple) files.replaceChildren();
  const row = field.querySelector("template[data-file-row]").content.cloneNode(true);
  const link = row.querySelector("a");
  link.href = `/files/${file.ref}`;
  link.textContent = file.name;
  row.querySelector("[data-size]").textContent = file.weight;
  row.querySelector("input").value = file.ref;
  row.querySelector("button").value = `remove:${row.querySelector("input").name}:${file.ref}`;
  files.append(row);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
