// A condition put together from the fields in reach, and read back in words: what is compared, how, and with what.

import { button, inWords } from "../mounts.js";
import { choice, group, sentence, text } from "./inputs.js";
import { conditionOf, setCondition } from "./model.js";

const IS = { code: "==", label: inWords("是", "is") };
const IS_NOT = { code: "!=", label: inWords("不是", "is not") };
const ORDERED = [
  { code: ">=", label: inWords("不少于", "is at least") },
  { code: "<=", label: inWords("不多于", "is at most") },
  { code: ">", label: inWords("多于", "is more than") },
  { code: "<", label: inWords("少于", "is less than") },
];
const YES = [
  { code: "true", label: inWords("是", "yes") },
  { code: "false", label: inWords("否", "no") },
];
const WORDS = Object.fromEntries([IS, IS_NOT, ...ORDERED].map(({ code, label }) => [code, label]));
const NUMBERS = ["integer", "decimal", "half", "computed"];
const TERM = /^(?:(not )?(\w+)|(\w+) (==|!=|>=|<=|>|<) ("[^"\\]*"|-?\d+(?:\.\d+)?|true|false))$/;

// What the builder has been set to, until another shape is chosen.
export function builder(on) {
  const fields = inReach(on);
  if (!fields.length) return null;
  const chosen = { name: fields[0].name, how: "==", value: "" };
  const host = document.createElement("div");
  draw();
  return group(inWords("由字段组成条件", "Build it from a field"), [host]);

  function draw() {
    const field = fields.find(({ name }) => name === chosen.name);
    host.replaceChildren(
      choice(inWords("字段", "Field"), fields.map(({ name, label }) => ({ code: name, label })), chosen.name, (name) => start(name || fields[0].name)),
      choice(inWords("比较", "Compared"), comparisons(field), chosen.how, (how) => set({ how: how || "==" })),
      valueOf(field),
      acts(field),
    );
  }

  function start(name) {
    Object.assign(chosen, { name, how: "==", value: "" });
    draw();
  }

  function set(values) {
    Object.assign(chosen, values);
  }

  function valueOf({ type, options }) {
    const words = inWords("值", "Value");
    const known = type === "flag" ? YES : options;
    if (known?.length) return choice(words, known, chosen.value, (value) => set({ value }));
    return text(words, chosen.value, (value) => set({ value }));
  }

  function acts(field) {
    const made = document.createElement("p");
    const present = conditionOf(on.element);
    const put = (whole) => {
      const said = term(field, chosen);
      if (!said) return;
      setCondition(on, whole(said));
      host.dispatchEvent(new CustomEvent("panel-again", { bubbles: true }));
    };
    made.className = "acts";
    made.append(button(inWords("填入", "Put in"), "✓", () => put((said) => said)));
    if (present) {
      made.append(" ", button(inWords("并且", "And"), "+", () => put((said) => `${bracketed(present, " or ")} and ${said}`)));
      made.append(" ", button(inWords("或者", "Or"), "+", () => put((said) => `${present} or ${said}`)));
    }
    return made;
  }
}

// A condition in words, as far as it is one that the builder makes; nothing for any other.
export function told(on) {
  const condition = conditionOf(on.element);
  const fields = inReach(on);
  const said = condition.split(" or ").map((each) => each.split(" and ").map((one) => inPlainWords(one, fields)));
  if (!condition || said.flat().includes(null)) return null;
  return sentence(said.map((each) => each.join(inWords("，并且", " and "))).join(inWords("；或者", "; or ")));
}

// The fields that the nearest forms before this flow declare, each name once; then what else a condition may read.
export function inReach({ element, offered }) {
  const nearest = formsBefore(element.source).flatMap((form) => offered.fields[form] ?? []);
  const every = [...nearest, ...Object.values(offered.fields).flat(), ...offered.names.map((name) => ({ name, label: name }))];
  const known = new Map();
  for (const field of every) if (!known.has(field.name)) known.set(field.name, field);
  return [...known.values()];
}

function formsBefore(start) {
  const seen = new Set([start]);
  const found = [];
  for (const each of seen) {
    const form = each?.businessObject.get("jidi:form");
    if (form) found.push(form);
    for (const flow of each?.incoming ?? []) if (flow.source) seen.add(flow.source);
  }
  return found;
}

function comparisons({ type }) {
  return NUMBERS.includes(type) ? [IS, IS_NOT, ...ORDERED] : [IS, IS_NOT];
}

function term({ name, type }, { how, value }) {
  if (value === "") return "";
  if (type === "flag") return (value === "true") === (how === "==") ? name : `not ${name}`;
  if (NUMBERS.includes(type)) return Number.isFinite(Number(value)) ? `${name} ${how} ${value}` : "";
  return `${name} ${how} "${value.replaceAll(/["\\]/g, "")}"`;
}

// `and` binds closer than `or`: what has an `or` in it goes into brackets before something is added with `and`.
function bracketed(condition, weaker) {
  return condition.includes(weaker) ? `(${condition})` : condition;
}

function inPlainWords(said, fields) {
  const [, not, alone, name, how, literal] = TERM.exec(said) ?? [];
  const field = fields.find((each) => each.name === (alone ?? name));
  if (!field) return null;
  const code = alone ? String(!not) : literal.replaceAll('"', "");
  const value = [...(field.options ?? []), ...YES].find((each) => each.code === code)?.label ?? code;
  return inWords(`${field.label}${WORDS[how ?? "=="]}“${value}”`, `${field.label} ${WORDS[how ?? "=="]} “${value}”`);
}
