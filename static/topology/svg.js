/**
 * Making SVG elements without markup strings, so that no text of a message can become an element.
 */

const NS = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {Record<string,string|number>} [attributes]
 * @param {(Node|string)[]} [children]
 * @returns {SVGElement}
 */
export function el(name, attributes = {}, children = []) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** An empty text element and its text node, which is all that changes later. */
export function textAt(x, y, className, anchor = "start") {
  const data = document.createTextNode("");
  const element = el("text", {x, y, class: className, "text-anchor": anchor}, [data]);
  return {element, data};
}

/** Write a text node only when it differs: a write costs a repaint. @param {Text} node @param {string} text */
export function write(node, text) {
  if (node.data !== text) node.data = text;
}

/** @param {Element} element @param {string} name @param {string} value */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

const SHAPES = {
  v: () => [el("circle", {r: 4, class: "fill"})],
  f: () => [el("circle", {r: 3.3, class: "ring track"}), el("path", {d: "M0-3.3A3.3 3.3 0 1 1-3.3 0", class: "ring"})],
  d: () => [el("rect", {x: -3.2, y: -3.2, width: 6.4, height: 6.4, rx: 1, class: "line"})],
};

/** The sign of a message state, 8 px. @param {"v"|"f"|"d"} state */
export function sign(state, x, y) {
  return el("g", {class: `sign ${state}`, transform: `translate(${x} ${y})`}, SHAPES[state]());
}
