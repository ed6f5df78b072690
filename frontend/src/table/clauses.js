// A column of the table editor: the clause that each rule rests on, kept as our own attribute of the rule.

import EditableComponent from "dmn-js-shared/lib/components/EditableComponent";
import { Component, createComponentVNode, createVNode } from "inferno";
import { Cell } from "table-js/lib/components";

import { inWords } from "../mounts.js";

const CLAUSE = "jidi:clause";
const ELEMENT = 1; // inferno's flags: what kind of node it is to make
const COMPONENT = 2;

class Words extends EditableComponent {
  render() {
    return createVNode(ELEMENT, "div", this.getClassName(), this.getEditor(), 0);
  }
}

class ClauseCell extends Component {
  constructor(props, context) {
    super(props, context);
    this.modeling = context.injector.get("modeling");
    this.again = () => this.forceUpdate();
  }

  componentWillMount() {
    this.context.changeSupport.onElementsChanged(this.props.row.id, this.again);
  }

  componentWillUnmount() {
    this.context.changeSupport.offElementsChanged(this.props.row.id, this.again);
  }

  render({ row, rowIndex }) {
    const rule = row.businessObject;
    const write = (value) => this.modeling.updateProperties(rule, { [CLAUSE]: value.trim() || undefined });
    return createComponentVNode(COMPONENT, Cell, {
      className: "annotation clause",
      coords: `${rowIndex}:clause`,
      elementId: rule.id,
      "data-row-id": row.id,
      children: createComponentVNode(COMPONENT, Words, {
        label: inWords("依据", "Clause"),
        className: "annotation-editor",
        value: rule.get(CLAUSE) ?? "",
        onChange: write,
      }),
    });
  }
}

class ClauseHeader extends Component {
  render() {
    return createVNode(ELEMENT, "th", "annotation header clause", inWords("依据", "Clause"), 0);
  }
}

function Clauses(components) {
  components.onGetComponent("cell", 1500, ({ cellType }) => {
    if (cellType === "after-label-cells") return ClauseHeader;
    if (cellType === "after-rule-cells") return ClauseCell;
    return undefined;
  });
}
Clauses.$inject = ["components"];

export const clausesModule = { __init__: ["jidiClauses"], jidiClauses: ["type", Clauses] };
