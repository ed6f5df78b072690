// One click, one submission: the second click of a pair goes nowhere, and the key in the form makes a repeat harmless anyway.

export function submitOnce(form, draft) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    draft.leaving = true;
    form.setAttribute("aria-busy", "true");
    event.submitter?.setAttribute("data-sent", "");
  });
  // Back from the browser's own memory: the form is for use again.
  window.addEventListener("pageshow", () => {
    sent = false;
    draft.leaving = false;
    form.removeAttribute("aria-busy");
    form.querySelector("[data-sent]")?.removeAttribute("data-sent");
  });
}
