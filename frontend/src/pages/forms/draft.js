// Keeps what is typed as a draft on the server: a few seconds after the last change, and before the page is left.

import { forget, keep, kept } from "./kept.js";
import { showTotals } from "./totals.js";

const PAUSE = 2500;
const AGAIN = 15_000;
const STATES = { 401: "ended", 403: "ended", 409: "gone", 412: "elsewhere" };

export function keepDraft(form) {
  const draft = { dirty: false, leaving: false, save: async () => true };
  if (!form.dataset.draft) return draft;
  const words = form.querySelector("[data-draft-words]");
  const tell = (state, fill = "") => {
    const box = form.querySelector("[data-draft-state]");
    if (!box) return;
    box.dataset.draftState = state;
    form.querySelector("[data-sign-in]")?.toggleAttribute("hidden", state !== "ended");
    box.textContent = (words?.dataset[state] ?? "").replace("{}", fill);
  };
  let timer = null;
  let running = null;

  async function send(keepalive, again = false) {
    draft.dirty = false;
    const answer = await fetch(form.dataset.draft, {
      method: "PUT",
      keepalive,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": token(form) },
      body: JSON.stringify({ rev: Number(form.dataset.rev), fields: typed(form) }),
    }).catch(() => null);
    if (answer?.ok) return stored(await answer.json());
    draft.dirty = true;
    if (answer?.status === 403 && !keepalive && !again && (await renewed(form))) return send(false, true);
    const state = answer === null ? "offline" : (STATES[answer.status] ?? "failed");
    keep(form, typed(form));
    tell(state);
    if (state === "offline" || state === "failed") timer = setTimeout(() => draft.save(), AGAIN);
    return false;
  }

  function stored(answer) {
    form.dataset.rev = answer.rev;
    const hidden = form.elements["_rev"];
    if (hidden) hidden.value = answer.rev;
    showTotals(form, answer.totals);
    if (!draft.dirty) forget(form);
    if (!draft.dirty) tell("kept", answer.saved);
    return true;
  }

  // One save after another, never two at once: each carries the number the one before it was given.
  draft.save = async (keepalive = false) => {
    clearTimeout(timer);
    if (running) await running;
    if (!draft.dirty) return true;
    running = send(keepalive);
    const done = await running;
    running = null;
    return done;
  };

  window.addEventListener("online", () => draft.save());
  // Without the network nothing is sent into the void: the answers stay here, and sending again carries the same key.
  form.addEventListener("submit", (event) => {
    if (navigator.onLine !== false) return keep(form, typed(form), { sent: true });
    event.preventDefault();
    event.stopImmediatePropagation();
    draft.dirty = true;
    keep(form, typed(form));
    tell("unsent");
  });
  bringBack(form, draft, tell);

  form.addEventListener("input", () => {
    draft.dirty = true;
    tell("typing");
    clearTimeout(timer);
    timer = setTimeout(() => draft.save(), PAUSE);
  });
  document.addEventListener("visibilitychange", () => document.hidden && draft.save(true));
  window.addEventListener("beforeunload", (event) => {
    if (!draft.dirty || draft.leaving) return;
    draft.save(true);
    event.preventDefault();
  });
  // A link out of the page waits for the draft; only if it cannot be kept does the browser ask.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!draft.dirty || !link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.target || "beside" in link.dataset || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    await draft.save();
    window.location.assign(link.href);
  });
  return draft;
}

// A page that comes back after the network was away brings what was typed in it, and the key under which it was sent.
function bringBack(form, draft, tell) {
  const earlier = kept(form);
  if (!earlier) return;
  if (location.pathname.endsWith("/completion")) return forget(form); // the server has it, and shows it with what is wrong
  if (earlier.key && form.elements["_key"]) form.elements["_key"].value = earlier.key;
  const again = JSON.stringify(typed(form)) !== JSON.stringify(earlier.fields);
  if (!again) return forget(form);
  if (!put(form, earlier.fields)) return tell("rows");
  draft.dirty = true;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  tell("back");
}

// Into the fields that are there; what has more rows than the page shows is left to the draft.
function put(form, fields) {
  const byName = new Map();
  for (const [name, value] of fields) byName.set(name, [...(byName.get(name) ?? []), value]);
  byName.delete("csrf");
  if ([...byName.keys()].some((name) => !form.elements[name])) return false;
  for (const field of form.elements) {
    if (!field.name || field.name.startsWith("_") || field.name === "csrf" || field.type === "file") continue;
    const values = byName.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.tagName === "SELECT" && field.multiple) for (const one of field.options) one.selected = values.includes(one.value);
    else if ("value" in field && field.type !== "submit" && field.type !== "button") field.value = values.shift() ?? "";
  }
  return true;
}

// Whoever has signed in again in another window goes on here: this page takes that session's token.
async function renewed(form) {
  const answer = await fetch(location.pathname).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("form[data-form] [name=csrf]")?.value;
  if (fresh) for (const field of document.querySelectorAll("[name=csrf]")) field.value = fresh;
  return Boolean(fresh);
}

// Names and values as the form itself would send them, without our own fields and without bytes.
function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => !name.startsWith("_") && typeof value === "string");
}

export function token(form) {
  return form.elements.csrf?.value ?? "";
}
