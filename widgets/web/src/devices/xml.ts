// An XML message laid out to be read: one line an element, indented, in parts that can be coloured. Pure but
// for the browser's own parser; what is not XML is shown as it is.
export type Mark = "tag" | "name" | "value" | "text" | "note";

export interface Piece {
  mark: Mark;
  text: string;
}

export interface Line {
  depth: number;
  pieces: readonly Piece[];
}

const DEPTH_LIMIT = 40;

/** The lines of a message. */
export function laidOut(xml: string): Line[] {
  if (!xml.trim()) return [];
  const parsed = new DOMParser().parseFromString(xml, "application/xml");
  if (parsed.querySelector("parsererror")) return xml.split("\n").map((text) => ({ depth: 0, pieces: [{ mark: "text", text }] }));
  const lines: Line[] = [];
  for (const node of parsed.childNodes) walk(node, 0, lines);
  return lines;
}

function walk(node: Node, depth: number, lines: Line[]): void {
  if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE) {
    const text = node.textContent?.trim() ?? "";
    if (text) lines.push({ depth, pieces: [{ mark: "text", text }] });
  } else if (node.nodeType === Node.COMMENT_NODE) {
    lines.push({ depth, pieces: [{ mark: "note", text: `<!--${node.textContent ?? ""}-->` }] });
  } else if (node instanceof Element) {
    element(node, Math.min(depth, DEPTH_LIMIT), lines);
  }
}

function element(node: Element, depth: number, lines: Line[]): void {
  const open: Piece[] = [{ mark: "tag", text: `<${node.nodeName}` }];
  for (const attribute of node.attributes) {
    open.push({ mark: "name", text: ` ${attribute.name}=` }, { mark: "value", text: `"${attribute.value}"` });
  }
  const close: Piece = { mark: "tag", text: `</${node.nodeName}>` };
  if (!node.childNodes.length) {
    lines.push({ depth, pieces: [...open, { mark: "tag", text: "/>" }] });
  } else if (!node.childElementCount) {
    lines.push({ depth, pieces: [...open, { mark: "tag", text: ">" }, { mark: "text", text: node.textContent ?? "" }, close] });
  } else {
    lines.push({ depth, pieces: [...open, { mark: "tag", text: ">" }] });
    for (const child of node.childNodes) walk(child, depth + 1, lines);
    lines.push({ depth, pieces: [close] });
  }
}
