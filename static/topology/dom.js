/**
 * Small HTML building blocks. Text goes in as text, never as markup.
 */

/**
 * @param {string} name
 * @param {Record<string,any>} [properties] properties of the element; keys with a dash or `role` become attributes
 * @param {(Node|string)[]} [children]
 * @returns {any}
 */
export function make(name, properties = {}, children = []) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") element.setAttribute(key, String(value));
    else element[key] = value;
  }
  element.append(...children);
  return element;
}

/** A glyph of the sprite. @param {string} sprite @param {string} name */
export function glyph(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "ic");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}

/** Whether keys typed now belong to a field. @param {EventTarget|null} target */
export function isField(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** Do something when one of the buttons is pressed. @param {string} selector @param {(button:HTMLElement)=>void} then */
export function onEach(selector, then) {
  for (const button of document.querySelectorAll(selector)) button.addEventListener("click", () => then(button));
}
