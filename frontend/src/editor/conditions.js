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
const LISTED = [
  { code: "in", label: inWords("包括", "includes") },
  { code: "not in", label: inWords("不包括", "does not include") },
];
const YES = [
  { code: "true", label: inWords("是", "yes") },
  { code: "false", label: inWords("否", "no") },
];
const WORDS = Object.fromEntries([IS, IS_NOT, ...ORDERED, ...LISTED].map(({ code, label }) => [code, label]));
const NUMBERS = ["integer", "decimal", "half", "computed"];
const NUMBER = /^-?\d+(?:\.\d+)?$/;
const TERM = /^(?:(not )?(\w+)|(\w+) (==|!=|>=|<=|>|<) ("[^"\\]*"|-?\d+(?:\.\d+)?)|("[^"\\]*") ((?:not )?in) (\w+))$/;

// Three lists and what to do with the term that they give; nothing where no field is in reach.
export function builder(on) {
  const fields = inReach(on);
  if (!fields.length) return null;
  const chosen = {};
  const host = document.createElement("div");
  start(fields[0].name);
  return group(inWords("由字段组成条件", "Build it from a field"), [host]);

  function draw() {
    const field = fields.find(({ name }) => name === chosen.name);
    host.replaceChildren(
      choice(inWords("字段", "Field"), fields.map(({ name, label }) => ({ code: name, label })), chosen.name, (name) => start(name || fields[0].name)),
      choice(inWords("比较", "Compared"), comparisons(field), chosen.how, (how) => set({ how: how || comparisons(field)[0].code })),
      valueOf(field),
      acts(field),
    );
  }

  function start(name) {
    const field = fields.find((each) => each.name === name);
    Object.assign(chosen, { name, how: comparisons(field)[0].code, value: "" });
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
    const present = conditionOf(on.element);
    const made = document.createElement("p");
    const wanting = document.createElement("span");
    const offer = (words, sign, whole) => made.append(button(words, sign, () => put(whole)), " ");
    made.className = "acts";
    wanting.className = "sub";
    wanting.setAttribute("role", "status");
    offer(inWords("填入", "Put in"), "✓", (said) => said);
    if (present) {
      offer(inWords("并且", "And"), "+", (said) => `${bracketed(present, [" or ", " if "])} and ${said}`);
      offer(inWords("或者", "Or"), "+", (said) => `${bracketed(present, [" if "])} or ${said}`);
    }
    made.append(wanting);
    return made;

    function put(whole) {
      const said = term(field, chosen);
      if (!said) {
        wanting.textContent = wanted(field);
        return;
      }
      setCondition(on, whole(said));
      host.dispatchEvent(new CustomEvent("panel-again", { bubbles: true }));
    }
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
  if (type === "choices") return LISTED;
  return NUMBERS.includes(type) ? [IS, IS_NOT, ...ORDERED] : [IS, IS_NOT];
}

function term({ name, type }, { how, value }) {
  if (value === "") return "";
  const text = `"${value.replaceAll(/["\\]/g, "")}"`;
  if (type === "choices") return `${text} ${how} ${name}`;
  if (type === "flag") return (value === "true") === (how === "==") ? name : `not ${name}`;
  if (NUMBERS.includes(type)) return NUMBER.test(value) ? `${name} ${how} ${value}` : "";
  return `${name} ${how} ${text}`;
}

function wanted({ type }) {
  if (NUMBERS.includes(type)) return inWords("请填写数值，例如20或者12.5。", "Give a number, such as 20 or 12.5.");
  return inWords("请先填写值。", "Give a value first.");
}

// What binds less than the word by which something is added to it goes into brackets first.
function bracketed(condition, weaker) {
  return weaker.some((word) => condition.includes(word)) ? `(${condition})` : condition;
}

function inPlainWords(said, fields) {
  const [, not, alone, name, how, literal, listed, within, list] = TERM.exec(said) ?? [];
  const field = fields.find((each) => each.name === (alone ?? name ?? list));
  if (!field) return null;
  const code = alone ? String(!not) : (literal ?? listed).replaceAll('"', "");
  const value = [...(field.options ?? []), ...YES].find((each) => each.code === code)?.label ?? code;
  const compared = WORDS[how ?? within ?? "=="];
  return inWords(`${field.label}${compared}“${value}”`, `${field.label} ${compared} “${value}”`);
}
