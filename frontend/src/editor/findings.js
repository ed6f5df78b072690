// Shows what the check says: marks on the shapes, a list that jumps to them, and a button where one click mends it.

import { button, inWords } from "../mounts.js";
import { approach } from "./approach.js";
import { mends } from "./mends.js";

const MARKS = { error: "has-error", warning: "has-warning" };

export function findings(modeler, list, count) {
  let marked = [];
  const canvas = modeler.get("canvas");
  const registry = modeler.get("elementRegistry");
  const stack = modeler.get("commandStack");
  // One command around all that a mend does, so that one undo takes it back.
  stack.register("jidi.mend", { preExecute: ({ mend, element }) => mend.act(modeler, element) });

  function show(found) {
    for (const [id, marker] of marked) if (registry.get(id)) canvas.removeMarker(id, marker);
    marked = [];
    for (const each of found) mark(each);
    list.replaceChildren(...found.map(line));
    const errors = found.filter((each) => each.severity === "error").length;
    count.textContent = found.length
      ? inWords(`${errors} 处必须改正，${found.length - errors} 处提示`, `${errors} to mend, ${found.length - errors} hints`)
      : inWords("没有问题，可以送审", "Nothing to mend: ready to be proposed");
    count.classList.toggle("is-good", !errors);
  }

  function mark({ element, severity }) {
    const id = shape(element);
    if (!id) return;
    canvas.addMarker(id, MARKS[severity]);
    marked.push([id, MARKS[severity]]);
  }

  function shape(element) {
    const id = (element ?? "").split(":").pop();
    return id && registry.get(id) ? id : null;
  }

  function line(each) {
    const item = document.createElement("li");
    item.className = `finding is-${each.severity}`;
    const id = shape(each.element);
    const where = document.createElement(id ? "button" : "span");
    where.className = id ? "plain" : "";
    const name = id ? registry.get(id).businessObject.name || id : each.part;
    where.textContent = `${name}：${each.words}`;
    if (id) {
      where.type = "button";
      where.addEventListener("click", () => jump(id));
    }
    item.append(where);
    if (each.help) item.append(hint(each.help));
    const element = id && registry.get(id);
    const mend = element && mendOf(each, element);
    if (mend) item.append(button(inWords(mend.zh, mend.en), "✓", () => stack.execute("jidi.mend", { mend, element })));
    return item;
  }

  function jump(id) {
    const element = registry.get(id);
    approach(canvas, element);
    modeler.get("selection").select(element);
  }

  return { show };
}

function mendOf({ code, way_out: wayOut }, element) {
  const offered = [mends[code] ?? mends[wayOut] ?? []].flat();
  return offered.find(({ fits }) => !fits || fits(element));
}

function hint(words) {
  const made = document.createElement("span");
  made.className = "sub";
  made.textContent = words;
  return made;
}
