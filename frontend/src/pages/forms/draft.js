// Keeps what is typed as a draft on the server: a few seconds after the last change, and before the page is left.

import { showTotals } from "./totals.js";

const PAUSE = 2500;
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
    tell(answer === null ? "offline" : (STATES[answer.status] ?? "failed"));
    return false;
  }

  function stored(kept) {
    form.dataset.rev = kept.rev;
    const hidden = form.elements["_rev"];
    if (hidden) hidden.value = kept.rev;
    showTotals(form, kept.totals);
    if (!draft.dirty) tell("kept", kept.saved);
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
