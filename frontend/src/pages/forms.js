// A form that is safer and quicker to fill: rows in place, running totals, drafts kept on the server, one submission a click.
// Everything here only saves time: the same form works, with the same errors and totals, without it.

import { keepDraft } from "./forms/draft.js";
import { uploadAtOnce } from "./forms/files.js";
import { pasteCells } from "./forms/paste.js";
import { offerPhrases } from "./forms/phrases.js";
import { addAndDrop } from "./forms/rows.js";
import { showAsAnswered } from "./forms/shown.js";
import { submitOnce } from "./forms/submission.js";
import { runTotals } from "./forms/totals.js";
import { sayBeside } from "./forms/units.js";

for (const form of document.querySelectorAll("form[data-form]")) {
  addAndDrop(form);
  pasteCells(form);
  showAsAnswered(form);
  runTotals(form);
  sayBeside(form);
  uploadAtOnce(form);
  offerPhrases(form);
  const draft = keepDraft(form);
  submitOnce(form, draft);
}

document.querySelector("[data-problems]")?.focus();
