// What was typed and could not be saved stays in this tab, for one person and one task, until it is saved or they sign out.

const PREFIX = "jidi:typed:";

function place(form) {
  const person = document.body.dataset.person;
  const task = form.dataset.draft;
  return person && task ? `${PREFIX}${person}:${task}` : null;
}

// A tab's own store: it survives a page that did not come and a reload, and ends with the tab.
function store() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

export function keep(form, fields, { sent = false } = {}) {
  const at = place(form);
  if (!at) return false;
  try {
    const key = form.elements["_key"]?.value ?? "";
    store()?.setItem(at, JSON.stringify({ rev: form.dataset.rev, key, fields, sent }));
    return Boolean(store());
  } catch {
    return false; // full or forbidden: the text still stands on the page
  }
}

export function kept(form) {
  const at = place(form);
  try {
    return at ? JSON.parse(store()?.getItem(at) ?? "null") : null;
  } catch {
    return null;
  }
}

export function forget(form) {
  const at = place(form);
  if (at) store()?.removeItem(at);
}

// At sign-out everything; where somebody else is signed in, what is not theirs; and what was sent and has arrived.
export function forgetOthers() {
  for (const out of document.querySelectorAll("form[data-sign-out]")) out.addEventListener("submit", () => clear(() => true));
  const person = document.body.dataset.person;
  const here = document.querySelector("form[data-draft]")?.dataset.draft;
  if (person) clear((name, value) => !name.startsWith(`${PREFIX}${person}:`) || (value?.sent && !name.endsWith(`:${here}`)));
}

function clear(which) {
  const held = store();
  if (!held) return;
  for (const name of Object.keys(held)) {
    if (!name.startsWith(PREFIX)) continue;
    let value = null;
    try {
      value = JSON.parse(held.getItem(name));
    } catch {
      value = null;
    }
    if (which(name, value)) held.removeItem(name);
  }
}
