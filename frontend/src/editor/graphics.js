// Gives a file that was written without a picture one: laid out apart, and only the picture is taken over.

import { layoutProcess } from "bpmn-auto-layout";

const DI = "http://www.omg.org/spec/BPMN/20100524/DI";

export async function withGraphics(xml) {
  const tree = new DOMParser().parseFromString(xml, "application/xml");
  if (tree.querySelector("parsererror") || tree.getElementsByTagNameNS(DI, "BPMNShape").length) return xml;
  try {
    const laid = new DOMParser().parseFromString(await layoutProcess(xml), "application/xml");
    for (const empty of [...tree.getElementsByTagNameNS(DI, "BPMNDiagram")]) empty.remove();
    for (const picture of laid.getElementsByTagNameNS(DI, "BPMNDiagram")) tree.documentElement.append(tree.importNode(picture, true));
    return new XMLSerializer().serializeToString(tree);
  } catch (error) {
    console.warn(error);
    return xml;
  }
}
