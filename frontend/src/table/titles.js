// What the table editor says in English whatever its language: titles of drag handles, the menu's name, the chosen type.

import ContextMenu from "dmn-js-decision-table/lib/features/context-menu/ContextMenu";
import DragAndDrop from "dmn-js-decision-table/lib/features/drag-and-drop/DragAndDrop";
import TypeRefCellContextMenu from "dmn-js-decision-table/lib/features/type-ref/components/TypeRefCellContextMenu";

const SAID = ["title", "aria-label"];
const BELOW_NAMES = 750; // where the editor's own list of types stands in the box of a column

class Handles extends DragAndDrop {
  constructor(components, ...others) {
    super(saying(components, others.at(-1)), ...others);
  }
}
Handles.$inject = DragAndDrop.$inject;

class Menu extends ContextMenu {
  constructor(components, ...others) {
    super(saying(components, others.at(-1)), ...others);
  }
}
Menu.$inject = ContextMenu.$inject;

// One of our types is chosen, not typed: so it can be shown by its name.
class ChosenType extends TypeRefCellContextMenu {
  render() {
    const node = super.render();
    choosing(node);
    return node;
  }
}

function Types(components) {
  components.onGetComponent("context-menu", BELOW_NAMES, ({ contextMenuType } = {}) =>
    ["input-edit", "output-edit"].includes(contextMenuType) ? ChosenType : undefined,
  );
}
Types.$inject = ["components"];

function choosing(node) {
  if (!node || typeof node !== "object") return;
  if (node.props?.options) node.props.noInput = true;
  for (const each of [node.children].flat()) choosing(each);
}

// The same components, with what they give put into the reader's words.
function saying(components, translate) {
  const onGetComponent = (kind, give) => components.onGetComponent(kind, (context) => said(give(context), translate));
  return Object.assign(Object.create(components), { onGetComponent });
}

function said(component, translate) {
  if (!component) return undefined;
  return (...given) => {
    const node = component(...given);
    for (const name of SAID) if (node.props?.[name]) node.props[name] = translate(node.props[name]);
    return node;
  };
}

export const titlesModule = {
  dmnDragAndDrop: ["type", Handles],
  decisionTableContextMenu: ["type", Menu],
  typeRefEditingProvider: ["type", Types],
};
