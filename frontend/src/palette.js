// Ctrl-K: a few letters lead to any page, 办件, base or number; the same as the page /go, which works without this.

export function openPalette() {
  const dialog = document.querySelector("[data-palette]");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[data-palette-hits]");
  let asked = 0;
  let timer = null;

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (dialog.open) return dialog.close();
    dialog.showModal();
    field.select();
    look();
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? links[at - 1] : field).focus();
    else if (event.key === "Enter" && event.target === field) links[0]?.click();
    else return;
    event.preventDefault();
  });

  async function look() {
    const mine = ++asked;
    const address = `${dialog.dataset.palette}?q=${encodeURIComponent(field.value)}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    const hits = answer?.ok ? (await answer.json()).hits : null;
    if (mine !== asked) return; // a later question has been asked
    list.replaceChildren(...(hits ?? []).map(line));
    const words = hits === null ? dialog.dataset.failed : hits.length ? "" : dialog.dataset.none;
    dialog.querySelector("[data-palette-said]").textContent = words;
  }
}

function line(hit) {
  const link = document.createElement("a");
  link.href = hit.url;
  link.className = "grow";
  link.textContent = hit.name;
  const kind = document.createElement("span");
  kind.className = "tag";
  kind.textContent = hit.kind;
  const more = document.createElement("span");
  more.className = "quiet num";
  more.textContent = hit.more;
  const item = document.createElement("li");
  item.append(kind, link, more);
  return item;
}
