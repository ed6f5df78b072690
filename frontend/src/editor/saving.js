// Saves the drawing a moment after each change, against the state that was last seen; of two owners the second is told.

import { inWords } from "../mounts.js";

const PAUSE = 500;

export function saving(modeler, host, told) {
  let rev = Number(host.dataset.rev);
  let timer = null;
  let running = false;
  let again = false;
  let halted = false;

  async function save() {
    if (halted) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    told.state(inWords("正在保存…", "Saving…"));
    try {
      const { xml } = await modeler.saveXML({ format: true });
      const reply = await send(host, rev, xml);
      if (reply.ok) {
        const answer = await reply.json();
        rev = answer.rev;
        host.dataset.rev = rev;
        told.saved(answer);
      } else {
        halted = reply.status === 412 || reply.status === 401;
        told.refused(reply.status, await words(reply), xml);
      }
    } catch {
      told.state(inWords("没有连上服务器，所画的内容还在本页，稍后自动再存。", "No connection; what you drew is still on this page and is saved again soon."));
      timer = setTimeout(save, 5000);
    }
    running = false;
    if (again) {
      again = false;
      later();
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  // What a condition comes to on a sample; nothing is saved.
  async function ask(condition, values) {
    const reply = await send(host, rev, JSON.stringify({ condition, values }), host.dataset.conditions, "application/json");
    return reply.ok ? (await reply.json()).said : words(reply);
  }

  // A deadline is no part of the drawing: saved at once, after what is being drawn.
  async function term(key, n) {
    while (running) await new Promise((done) => setTimeout(done, 50));
    const address = host.dataset.deadlines.replace("__term__", encodeURIComponent(key));
    const reply = await send(host, rev, JSON.stringify({ n }), address, "application/json");
    if (!reply.ok) {
      told.refused(reply.status, await words(reply), "");
      return null;
    }
    const answer = await reply.json();
    rev = answer.rev;
    host.dataset.rev = rev;
    told.saved(answer);
    return answer.deadlines;
  }

  window.addEventListener("beforeunload", (event) => {
    if (running || again || halted) event.preventDefault();
  });
  return { later, now: save, term, ask };
}

function send(host, rev, body, address = host.dataset.diagram, type = "application/xml") {
  return fetch(address, {
    method: "PUT",
    credentials: "same-origin",
    headers: {
      "Content-Type": type,
      Accept: "application/json",
      "If-Match": `"${rev}"`,
      "X-CSRF-Token": host.querySelector("[name=csrf]").value,
    },
    body,
  });
}

async function words(reply) {
  try {
    return (await reply.json()).title ?? String(reply.status);
  } catch {
    return String(reply.status);
  }
}
