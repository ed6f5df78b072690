// A decision table of a draft in dmn-js: its own cells and columns, our clauses and words, saved as one changes it, with what the check says.

import { saving } from "../editor/saving.js";
import { inWords } from "../mounts.js";
import { tableEditor } from "../table/editor.js";

const host = document.querySelector("[data-table-editor]");

if (host) await open(host);

async function open(host) {
  const find = (name) => host.querySelector(`[data-${name}]`);
  const editor = tableEditor(find("canvas"), document.documentElement.lang);
  const reply = await fetch(host.dataset.diagram, { credentials: "same-origin" });
  try {
    await editor.importXML(await reply.text());
  } catch (error) {
    state(inWords(`这张表不能在这里打开：${error.message}`, `This table cannot be opened here: ${error.message}`), "is-bad");
    return;
  }
  host.querySelector("th.index-column").textContent = inWords("行", "Row");
  const table = editor.getActiveViewer();
  const saver = saving(editor, host, {
    state,
    saved: (answer) => {
      state(inWords("已保存", "Saved"), "is-good");
      show(answer);
    },
    refused: (status, words, xml) => {
      state(words, "is-bad");
      if (status === 412) keep(find("rescue"), xml);
    },
  });
  show(JSON.parse(find("said").textContent));
  table.on("commandStack.changed", saver.later);
  find("undo").addEventListener("click", () => table.get("commandStack").undo());
  find("redo").addEventListener("click", () => table.get("commandStack").redo());
  host.dataset.ready = "true";

  function state(words, mark = "") {
    find("state").textContent = words;
    find("state").className = `draft-state ${mark}`;
  }

  function show({ findings, gaps }) {
    list(find("findings"), findings.map((each) => [each.words, each.help].filter(Boolean).join(" ")));
    list(find("gaps"), gaps);
    find("gaps-of").hidden = !gaps.length;
    const errors = findings.filter((each) => each.severity === "error").length;
    find("count").textContent = findings.length
      ? inWords(`${errors} 处必须改正，${findings.length - errors} 处提示`, `${errors} to mend, ${findings.length - errors} hints`)
      : inWords("这张表没有问题", "Nothing to mend in this table");
  }
}

function list(place, lines) {
  place.replaceChildren(
    ...lines.map((words) => {
      const item = document.createElement("li");
      item.textContent = words;
      return item;
    }),
  );
}

// What could not be saved stays in the reader's hands: as a file, whatever becomes of this page.
function keep(link, xml) {
  link.href = URL.createObjectURL(new Blob([xml], { type: "application/xml" }));
  link.hidden = false;
}
