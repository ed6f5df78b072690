// The work queue by keyboard: j/k walk, Enter opens, x selects, n takes the next one, ? tells; nothing moves by itself.

const queue = document.querySelector("[data-queue]");
if (queue) start(queue);

function start(list) {
  const rows = [...list.querySelectorAll("[data-row]")];
  const switchedOff = document.querySelector("[data-keys-off]");
  keepSwitch(switchedOff);
  offerKeys();
  document.addEventListener("keydown", (event) => {
    if (isForTheField(event) || switchedOff?.checked) return;
    const act = { j: () => step(rows, 1), k: () => step(rows, -1), x: () => select(rows), n: claimNext, "?": tell }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  list.addEventListener("focusin", (event) => mark(rows, event.target.closest("[data-row]")));
  countSelected(list);
  returnTo(rows);
  watch(list);
}

function say(within, count) {
  const words = within.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{}", count);
}

function isForTheField(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return true;
  if (event.target.closest("dialog[open]")) return true;
  return event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function step(rows, by) {
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains("here"));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1)];
  next.querySelector("a")?.focus();
}

function mark(rows, here) {
  for (const row of rows) row.classList.toggle("here", row === here);
}

function select(rows) {
  const box = rows.find((row) => row.classList.contains("here"))?.querySelector("input[type=checkbox]");
  box?.click();
}

function claimNext() {
  document.querySelector("[data-claim-next]")?.click();
}

function tell() {
  document.querySelector("[data-keys]")?.showModal();
}

function offerKeys() {
  const button = document.querySelector("[data-open-keys]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", tell);
}

// A person who speaks to the computer, or types Chinese without an input method, can switch single keys off.
function keepSwitch(box) {
  if (!box) return;
  box.checked = localStorage.getItem("keys") === "off";
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "off" : "on"));
}

// The bar with the acts on selected rows shows how many there are.
function countSelected(list) {
  const bar = document.querySelector("[data-selected]");
  if (!bar) return;
  const boxes = [...list.querySelectorAll("input[type=checkbox][name=task]")];
  const all = document.querySelector("[data-select-all]");
  if (all) all.hidden = false;
  const tellCount = () => {
    const count = boxes.filter((box) => box.checked).length;
    say(bar, count);
    bar.toggleAttribute("data-any", count > 0);
    for (const button of bar.querySelectorAll("button")) button.disabled = count === 0;
    for (const box of boxes) box.closest("[data-row]").classList.toggle("picked", box.checked);
    if (all) all.checked = count > 0 && count === boxes.length;
    if (all) all.indeterminate = count > 0 && count < boxes.length;
  };
  list.addEventListener("change", tellCount);
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tellCount();
  });
  tellCount();
}

// Coming back from a task: the same row is the current one.
function returnTo(rows) {
  const row = rows.find((one) => `#${one.id}` === location.hash);
  row?.querySelector("a")?.focus({ preventScroll: false });
}

// Looks once a minute, while somebody looks, and only offers: the rows stay where they are.
function watch(list) {
  const news = document.querySelector("[data-news]");
  if (!news || !list.dataset.counts) return;
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(list.dataset.counts, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const more = (await answer.json()).open - Number(list.dataset.open);
    news.hidden = more <= 0;
    if (more > 0) say(news, more);
  }, 60_000);
}
