// Collects who wrote what the bundles carry, with their licences whole, and refuses a licence that nobody has agreed to.

import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const AGREED = new Set(["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD"]);
// bpmn.io's licence is MIT's text and one sentence more: its mark stays visible on every diagram, and so it does.
// The OFL lets a font be carried and embedded in documents under its own terms.
const BPMN_IO = "SEE LICENSE IN LICENSE";
const AGREED_BY_NAME = { "bpmn-js": BPMN_IO, "dmn-js-decision-table": BPMN_IO, "dmn-js-shared": BPMN_IO, "dmn-font": "SIL", "@expo-google-fonts/noto-serif-sc": "MIT AND OFL-1.1" };
const LICENCE = /^(licen[cs]e|copying|notice)/i;

export async function notices(here, files) {
  const folders = new Set([...files].map((file) => packageOf(file)).filter(Boolean));
  const parts = await Promise.all([...folders].sort().map((folder) => notice(folder)));
  const head = "What the pages of Jidi carry from others, and under which terms (collected at build).";
  return `${[head, ...parts].join(`\n\n${"-".repeat(72)}\n\n`)}\n`;
}

function packageOf(file) {
  const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file) ?? [];
  return folder;
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  if (!AGREED.has(license) && AGREED_BY_NAME[name] !== license) throw new Error(`${name} ${version} has the licence ${license}, which is not agreed`);
  const texts = await Promise.all((await licences(folder)).map((file) => readFile(file, "utf8")));
  return [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join("\n\n");
}

// pdf.js keeps the licences of its fonts, maps and decoders in the folders of these.
async function licences(folder) {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && LICENCE.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.slice(folder.length).includes("node_modules"))
    .sort();
}
