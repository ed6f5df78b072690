// Starts a piece of a page once for each element that asks for it, also for elements that arrive by htmx.

export function mount(attribute, start) {
  const visit = (within) => {
    const found = [...within.querySelectorAll(`[${attribute}]`)];
    if (within.matches?.(`[${attribute}]`)) found.unshift(within);
    for (const element of found) {
      if (element.hasAttribute("data-mounted")) continue;
      element.setAttribute("data-mounted", "");
      start(element);
    }
  };
  visit(document);
  document.addEventListener("htmx:load", (event) => visit(event.detail.elt));
}

export function inWords(zh, en) {
  return document.documentElement.lang.startsWith("en") ? en : zh;
}

export function button(words, sign, act, { square = false } = {}) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-outline-secondary";
  made.title = words;
  if (square) made.setAttribute("aria-label", words);
  made.textContent = square ? sign : `${sign} ${words}`;
  made.addEventListener("click", act);
  return made;
}
