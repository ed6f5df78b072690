// Keeps sums current while one types: exact, on whole numbers of the smallest unit. The server's totals have the last word.

const NUMBER = /^-?\d{1,15}(\.\d{1,8})?$/;
const PLACES = 8;

export function runTotals(form) {
  const sums = [...form.querySelectorAll("[data-sum], [data-column-sum]")];
  if (!sums.length) return;
  const look = () => sums.forEach((output) => showSum(output, output.dataset.sum ? named(form, output) : below(form, output)));
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

function named(form, output) {
  return output.dataset.sum.split(" ").map((name) => form.elements[name]);
}

// Every row's cell of one column: `enterprises gross_output` are enterprises.0.gross_output and those below it.
function below(form, output) {
  const [path, column] = output.dataset.columnSum.split(" ");
  return form.querySelectorAll(`[name^="${CSS.escape(path)}."][name$=".${CSS.escape(column)}"]`);
}

function showSum(output, controls) {
  let sum = 0n;
  let seen = false;
  for (const control of controls) {
    const typed = control?.value?.trim() ?? "";
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
