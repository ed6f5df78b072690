// Keeps sums current while one types: exact, on whole numbers of the smallest unit. The server's totals have the last word.

const NUMBER = /^-?\d{1,15}(\.\d{1,8})?$/;
const PLACES = 8;

export function runTotals(form) {
  const sums = [...form.querySelectorAll("[data-sum]")];
  if (!sums.length) return;
  const look = () => sums.forEach((output) => showSum(form, output));
  form.addEventListener("input", look);
  look();
}

export function showTotals(form, totals) {
  for (const [path, value] of Object.entries(totals ?? {})) {
    for (const output of form.querySelectorAll(`[data-total="${CSS.escape(path)}"]:not([data-sum])`)) {
      output.textContent = value ?? "—";
    }
  }
}

function showSum(form, output) {
  let sum = 0n;
  let seen = false;
  for (const name of output.dataset.sum.split(" ")) {
    const typed = form.elements[name]?.value?.trim() ?? "";
    if (!NUMBER.test(typed)) continue;
    seen = true;
    sum += scaled(typed);
  }
  output.textContent = seen ? plain(sum) : "—";
}

function scaled(typed) {
  const [whole, part = ""] = typed.replace("-", "").split(".");
  const size = BigInt(whole + part.padEnd(PLACES, "0"));
  return typed.startsWith("-") ? -size : size;
}

function plain(sum) {
  const digits = String(sum < 0n ? -sum : sum).padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return (sum < 0n ? "-" : "") + digits.slice(0, -PLACES) + (part ? `.${part}` : "");
}
