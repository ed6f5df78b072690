// Looks at a file beside what one does: PDF by our own reader, fetched when the first one is opened, and images.

const pane = document.querySelector("[data-beside-pane]");
const bundle = document.querySelector("script[data-pdf-bundle]")?.dataset.pdfBundle;
let reader = null;
let opener = null;

if (pane) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-beside]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    opener = link;
    show(link);
  });
  pane.querySelector("[data-beside-close]").addEventListener("click", close);
  pane.addEventListener("keydown", (event) => event.key === "Escape" && close());
}

function show(link) {
  const name = link.textContent.trim();
  const title = pane.querySelector("[data-beside-name]");
  title.textContent = name;
  pane.hidden = false;
  const body = pane.querySelector("[data-beside-body]");
  body.replaceChildren(link.dataset.beside === "application/pdf" ? paper(link.href, name) : picture(link.href, name));
  read(body);
  title.focus({ preventScroll: true });
  pane.scrollIntoView({ block: "nearest" });
}

function paper(address, name) {
  const made = document.createElement("div");
  made.dataset.pdf = address;
  made.dataset.label = name;
  return made;
}

function picture(address, name) {
  const made = document.createElement("img");
  made.src = address;
  made.alt = name;
  made.className = "picture";
  return made;
}

// The reader starts on what is there when it comes, and later on what it is told of.
async function read(body) {
  if (!body.querySelector("[data-pdf]")) return;
  if (reader) document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: body } }));
  else reader = await import(bundle);
}

function close() {
  pane.hidden = true;
  pane.querySelector("[data-beside-body]").replaceChildren();
  opener?.focus();
}
