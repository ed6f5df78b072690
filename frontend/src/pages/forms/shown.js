// Shows a field when the answers it depends on say so; without this every such field is there, with its condition in words.

export function showAsAnswered(form) {
  const dependent = [...form.querySelectorAll("[data-show-when]")];
  if (dependent.length) {
    for (const words of form.querySelectorAll(".condition")) words.hidden = true;
    const look = () => {
      for (const one of dependent) one.hidden = !holds(form, JSON.parse(one.dataset.showWhen));
      for (const section of form.querySelectorAll("fieldset:not([data-show-when])")) section.hidden = isEmpty(section);
    };
    form.addEventListener("input", look);
    look();
  }
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-not-applicable]")) setAside(form, event.target);
  });
  for (const box of form.querySelectorAll("[data-not-applicable]:checked")) setAside(form, box);
}

// A section that shows nothing now says nothing either.
function isEmpty(section) {
  const fields = [...section.querySelectorAll(":scope > .fields > *")];
  return fields.length > 0 && fields.every((one) => one.hidden);
}

// ["is", name, value], ["not", name, value], ["and", …] or ["or", …]: as web/fields/conditions.py writes them.
function holds(form, [sign, ...rest]) {
  if (sign === "and") return rest.every((inner) => holds(form, inner));
  if (sign === "or") return rest.some((inner) => holds(form, inner));
  const [name, value] = rest;
  return new FormData(form).getAll(name).includes(value) === (sign === "is");
}

// «不适用» puts the field's own inputs aside and keeps what was typed in them.
function setAside(form, box) {
  const field = box.closest("[data-field]");
  for (const one of field.querySelectorAll("input, select, textarea"))
    if (one !== box) one.readOnly = box.checked;
  field.toggleAttribute("data-aside", box.checked);
}
