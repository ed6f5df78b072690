// The few kinds of fields that the panel is made of: each says its label, shows a value and tells a change once it is over.

let last = 0;

export function group(words, fields) {
  const made = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = words;
  made.append(legend, ...fields.filter(Boolean));
  return made;
}

export function text(words, value, tell, { long = false, code = false, help = "" } = {}) {
  const input = document.createElement(long ? "textarea" : "input");
  input.value = value;
  input.className = `form-control form-control-sm${code ? " is-code" : ""}`;
  if (long) input.rows = 2;
  input.addEventListener("change", () => tell(input.value.trim()));
  return labelled(words, input, help);
}

export function choice(words, options, value, tell, { again = false } = {}) {
  const input = document.createElement("select");
  input.className = "form-select form-select-sm";
  const known = options.some((each) => each.code === value);
  const every = [{ code: "", label: "" }, ...options, ...(known || !value ? [] : [{ code: value, label: `${value} ?` }])];
  input.append(...every.map((each) => option(each, value)));
  input.addEventListener("change", () => {
    tell(input.value);
    if (again) input.dispatchEvent(new CustomEvent("panel-again", { bubbles: true }));
  });
  return labelled(words, input);
}

export function flag(words, value, tell) {
  const label = document.createElement("label");
  label.className = "form-check";
  const input = document.createElement("input");
  input.type = "checkbox";
  input.className = "form-check-input";
  input.checked = value;
  input.addEventListener("change", () => tell(input.checked));
  label.append(input, words);
  return label;
}

// Names and values, a line each: name = expression.
export function lines(words, values, tell) {
  const input = document.createElement("textarea");
  input.className = "form-control form-control-sm is-code";
  input.rows = Math.max(2, Object.keys(values).length + 1);
  input.value = Object.entries(values).map(([name, value]) => `${name} = ${value}`).join("\n");
  input.addEventListener("change", () => tell(Object.fromEntries(input.value.split("\n").map(pair).filter(([name]) => name))));
  return labelled(words, input);
}

export function sentence(words) {
  if (!words) return null;
  const made = document.createElement("p");
  made.className = "sub";
  made.textContent = words;
  return made;
}

function labelled(words, input, help = "") {
  const made = document.createElement("div");
  made.className = "property";
  const label = document.createElement("label");
  input.id = `property-${(last += 1)}`;
  label.htmlFor = input.id;
  label.textContent = words;
  made.append(label, input);
  if (help) made.append(sentence(help));
  return made;
}

function option({ code, label }, chosen) {
  const made = document.createElement("option");
  made.value = code;
  made.textContent = label;
  made.selected = code === chosen;
  return made;
}

function pair(line) {
  const at = line.indexOf("=");
  return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
