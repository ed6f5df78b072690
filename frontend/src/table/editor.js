// The table editor of dmn-js as this house uses it: one table, cells in our part of FEEL as plain text, a column of clauses.

import TableEditor from "dmn-js-decision-table/lib/Editor";
import { HIT_POLICIES } from "dmn-js-decision-table/lib/features/hit-policy/HitPolicies";
import EditingManager from "dmn-js-shared/lib/base/EditingManager";
import { is } from "dmn-js-shared/lib/util/ModelUtil";

import { clausesModule } from "./clauses.js";
import { titlesModule } from "./titles.js";
import { translateModule } from "./words.js";

const TYPES = ["string", "boolean", "number", "integer", "date"];
// The attribute of ours that tables carry.
const JIDI = {
  name: "Jidi",
  uri: "urn:jidi:bpmn:1",
  prefix: "jidi",
  types: [{ name: "Grounds", extends: ["dmn:DecisionRule"], properties: [{ name: "clause", isAttr: true, type: "String" }] }],
};
const REFUSED = ["PRIORITY", "OUTPUT ORDER"];

// What the server would refuse is not offered.
for (const policy of REFUSED) {
  const at = HIT_POLICIES.findIndex((each) => each.value.hitPolicy === policy);
  if (at >= 0) HIT_POLICIES.splice(at, 1);
}

class Tables extends EditingManager {
  _getViewProviders() {
    const opens = (element) => is(element, "dmn:Decision") && is(element.decisionLogic, "dmn:DecisionTable");
    return [{ id: "decisionTable", constructor: TableEditor, opens }];
  }
}

export function tableEditor(container, language) {
  container.addEventListener("mousedown", stay, { capture: true });
  return new Tables({
    container,
    moddleExtensions: { jidi: JIDI },
    common: {
      // Any other name than "feel" makes every cell plain text: what a cell may say is told by our own check.
      expressionLanguages: { options: [{ value: "jidi", label: "FEEL" }], defaults: { editor: "jidi" } },
      dataTypes: TYPES,
    },
    decisionTable: { additionalModules: [translateModule(language), titlesModule, clausesModule] },
  });
}

// Our pages can be focused as a whole: a list of choices would lose the focus to the page and close before the click arrives.
function stay(event) {
  if (event.target.closest(".dms-select-options")) event.preventDefault();
}
