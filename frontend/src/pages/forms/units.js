// Says beside an amount what it is in the other unit, while one types: 12.5亿元 = 125,000万元. The point moves, nothing is rounded.

const NUMBER = /^-?\d{1,15}(\.\d{1,8})?$/;

export function sayBeside(form) {
  form.addEventListener("input", () => look(form));
  look(form);
}

function look(form) {
  for (const words of form.querySelectorAll("[data-beside-of]")) {
    const typed = form.elements[words.dataset.besideOf]?.value?.trim() ?? "";
    const said = NUMBER.test(typed) ? moved(typed, Number(words.dataset.places)) : "0";
    words.textContent = said === "0" || said === "-0" ? "" : words.dataset.words.replace("{}", said);
  }
}

function moved(typed, places) {
  const [whole, part = ""] = typed.replace("-", "").split(".");
  const digits = whole + part.padEnd(Math.max(places, 0), "0");
  const point = whole.length + places;
  const padded = point > 0 ? digits : "0".repeat(1 - point) + digits;
  const at = Math.max(point, 1);
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
  const after = padded.slice(at).replace(/0+$/, "");
  return (typed.startsWith("-") ? "-" : "") + before + (after ? `.${after}` : "");
}
