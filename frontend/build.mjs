// Builds web/assets whole: bundles and files under names that carry their content's hash, each also compressed, and manifest.json, which knows them all.
// Beside it, the fonts that issued documents are set in go to bases/documents/fonts, which no browser ever asks for.
// It is written beside and put in place at the end: whoever looks finds the old assets or the new ones, never half of them.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

import esbuild from "esbuild";
import { compileAsync } from "sass";

import { notices } from "./notices.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const SOURCES = path.join(HERE, "src");
const MODULES = path.join(HERE, "node_modules");
const PDFJS = path.join(MODULES, "pdfjs-dist");
const DRAFT = path.join(HERE, ".assets");
const TARGET = path.resolve(HERE, "../web/assets");
const FONTS = path.resolve(HERE, "../bases/documents/fonts");
const FONT = path.join(MODULES, "@expo-google-fonts/noto-serif-sc");

// The table editor's own editor of FEEL, some 350 kB: our cells are a part of FEEL that it would mark wrongly, and are typed as text.
const EMPTY = path.join(SOURCES, "table/without.js");
const LEFT_OUT = { "@bpmn-io/feel-editor": EMPTY, "@codemirror/view": EMPTY, "@bpmn-io/dmn-variable-resolver": EMPTY };

// One module can make a function from text, which our pages forbid. It is asked for nodes by their number and never by text: that branch goes.
const FROM_TEXT = /return new Function\(.*\);/;
const NO_CODE_FROM_TEXT = {
  name: "no-code-from-text",
  setup({ onLoad }) {
    onLoad({ filter: /selection-ranges[\\/]dist[\\/]index\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      if (!FROM_TEXT.test(text)) throw new Error(`${file} makes no code from text any more: this step can go`);
      return { contents: text.replace(FROM_TEXT, 'throw new Error("no code from text");') };
    });
  },
};

const manifest = {};
const used = new Set();

await rm(DRAFT, { recursive: true, force: true });
await mkdir(DRAFT, { recursive: true });
await theme();
const pdf = await pdfResources();
await bundle(["htmx.js", "viewer.js", "viewer.css", "pdf.css", "editor.css", "table.css", ...(await pages())]);
await bundle(["pdf.js"], { PDF_WORKER: JSON.stringify(pdf.worker), PDF_RESOURCES: JSON.stringify(pdf.folder) });
await images();
await fonts();
await keep("third-party.txt", await notices(HERE, used));
await writeFile(path.join(DRAFT, "manifest.json"), `${JSON.stringify(sorted(manifest), null, 1)}\n`);
await rm(TARGET, { recursive: true, force: true });
await rename(DRAFT, TARGET);
report();

async function theme() {
  const sheet = await compileAsync(path.join(SOURCES, "theme/theme.scss"), {
    loadPaths: [path.join(SOURCES, "theme"), MODULES],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import and global functions; nothing to tell its users about.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  for (const address of sheet.loadedUrls) used.add(fileURLToPath(address));
  await build({ stdin: { contents: sheet.css, loader: "css", resolveDir: path.join(SOURCES, "theme"), sourcefile: "theme.css" } }, "theme.css");
}

async function pages() {
  const found = await readdir(path.join(SOURCES, "pages"), { withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile() && entry.name.endsWith(".js")).map((entry) => `pages/${entry.name}`);
}

async function bundle(entries, define = {}) {
  await Promise.all(entries.map((entry) => build({ entryPoints: [path.join(SOURCES, entry)], define }, path.basename(entry))));
}

async function build(entry, name) {
  const { outputFiles, metafile } = await esbuild.build({
    ...entry,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    absWorkingDir: HERE,
    outdir: DRAFT,
    format: "esm",
    target: ["chrome100", "edge100", "firefox102", "safari15.4"],
    charset: "utf8",
    alias: LEFT_OUT,
    plugins: [NO_CODE_FROM_TEXT],
    legalComments: "none",
    loader: { ".svg": "file", ".woff2": "file" },
    assetNames: "[name]-[hash]",
    logLevel: "warning",
  });
  for (const input of Object.keys(metafile.inputs)) used.add(path.resolve(HERE, input));
  const main = outputFiles.find((file) => file.path.endsWith(path.extname(name)));
  let text = main.text;
  for (const file of outputFiles.filter((each) => each !== main)) {
    const drawn = path.basename(file.path);
    const [stem] = drawn.split("-");
    text = text.replaceAll(drawn, await keep(stem + path.extname(drawn), file.contents));
  }
  await keep(name, text);
}

// The worker and the folder it reads from: maps for Chinese fonts that a file names but does not carry, the standard fonts, decoders without WebAssembly.
async function pdfResources() {
  const worker = await readFile(path.join(PDFJS, "legacy/build/pdf.worker.min.mjs"));
  used.add(path.join(PDFJS, "package.json"));
  const files = [];
  for (const [folder, wanted] of [["cmaps", /\.bcmap$/], ["standard_fonts", /\.(pfb|ttf)$/], ["wasm", /_nowasm_fallback\.js$/]]) {
    for (const name of (await readdir(path.join(PDFJS, folder))).filter((file) => wanted.test(file)).sort()) {
      files.push([`${folder}/${name}`, await readFile(path.join(PDFJS, folder, name))]);
    }
  }
  const folder = `pdf-${hash(...files.map(([, bytes]) => bytes))}/`;
  await Promise.all(files.map(([name, bytes]) => write(`pdf/${name}`, folder + name, bytes)));
  return { worker: await keep("pdf.worker.js", worker), folder };
}

async function images() {
  const folder = path.join(SOURCES, "images");
  for (const name of await readdir(folder)) await keep(name, await readFile(path.join(folder, name)));
}

async function fonts() {
  await rm(FONTS, { recursive: true, force: true });
  await mkdir(FONTS, { recursive: true });
  for (const file of ["400Regular/NotoSerifSC_400Regular.ttf", "700Bold/NotoSerifSC_700Bold.ttf", "LICENSE_FONT"]) {
    await copyFile(path.join(FONT, file), path.join(FONTS, path.basename(file)));
  }
  used.add(path.join(FONT, "package.json"));
}

async function keep(name, contents) {
  const { name: stem, ext } = path.parse(name);
  return write(name, `${stem}-${hash(contents)}${ext}`, contents);
}

// The last percent of compression would cost seconds on the large files of the PDF viewer, which are asked for rarely.
async function write(name, file, contents) {
  if (manifest[name]) throw new Error(`two sources would both become ${name}`);
  const bytes = Buffer.from(contents);
  const entry = (manifest[name] = { file, size: bytes.length, gzip: 0, brotli: 0 });
  const place = path.join(DRAFT, file);
  const [zipped, pressed] = await Promise.all([
    promisify(gzip)(bytes, { level: 9 }),
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: name.startsWith("pdf") ? 9 : 11 } }),
  ]);
  await mkdir(path.dirname(place), { recursive: true });
  await Promise.all([writeFile(place, bytes), writeFile(`${place}.gz`, zipped), writeFile(`${place}.br`, pressed)]);
  Object.assign(entry, { gzip: zipped.length, brotli: pressed.length });
  return file;
}

function hash(...contents) {
  const sum = createHash("sha256");
  for (const bytes of contents) sum.update(bytes);
  return sum.digest("hex").slice(0, 12);
}

function sorted(record) {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function report() {
  for (const [name, { size, gzip: zipped }] of Object.entries(manifest)) {
    if (!name.startsWith("pdf/")) console.log(`${name.padEnd(18)} ${String(size).padStart(8)} B, gzip ${String(zipped).padStart(7)} B`);
  }
}
