// Shows a PDF to read: <div data-pdf="/files/…" data-label="…"><a href="/files/…">…</a></div>; the link inside stays, for those who prefer their own reader.
// pdf.js runs without eval, WebAssembly and injected styles, so that it lives under the strict policy of every page.

import { GlobalWorkerOptions, VerbosityLevel, getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

import { inWords, mount } from "./mounts.js";
import { controls } from "./pdf/controls.js";
import { Pages } from "./pdf/pages.js";

// The build writes the hashed names of the worker and of the folder of character maps, fonts and decoders here.
GlobalWorkerOptions.workerSrc = new URL(PDF_WORKER, import.meta.url).href;
const RESOURCES = new URL(PDF_RESOURCES, import.meta.url).href;

mount("data-pdf", (host) => {
  // Neither worker nor file is fetched before the tab that holds them is looked at.
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    show(host);
  });
  seen.observe(host);
});

async function show(host) {
  const status = line();
  host.append(status);
  status.textContent = inWords("正在打开文件……", "Opening the file…");
  try {
    const file = await load(host.dataset.pdf, (share) => {
      status.textContent = inWords(`正在打开文件……${share}%`, `Opening the file… ${share}%`);
    });
    const pages = new Pages(file, host.dataset.label ?? "");
    await pages.lay();
    status.textContent = "";
    host.append(controls(pages), pages.scroller);
    pages.fit();
  } catch (error) {
    status.textContent = reason(error);
    console.warn(error);
  }
}

function load(address, tell) {
  const task = getDocument({
    url: new URL(address, document.baseURI).href,
    cMapUrl: `${RESOURCES}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${RESOURCES}standard_fonts/`,
    wasmUrl: `${RESOURCES}wasm/`,
    useWasm: false,
    isEvalSupported: false,
    enableXfa: false,
    verbosity: VerbosityLevel.ERRORS,
  });
  task.onProgress = ({ loaded, total }) => total && tell(Math.min(100, Math.round((100 * loaded) / total)));
  return task.promise;
}

function reason(error) {
  const reasons = {
    PasswordException: inWords("文件设有密码，请下载后查看。", "The file has a password; please download it."),
    InvalidPDFException: inWords("文件已损坏或不是 PDF，请下载后核对。", "The file is damaged or no PDF; please download it to check."),
  };
  return reasons[error?.name] ?? inWords("文件暂时无法显示，请下载后查看。", "The file cannot be shown now; please download it.");
}

function line() {
  const made = document.createElement("p");
  made.className = "pdf-status";
  made.setAttribute("role", "status");
  return made;
}
