/**
 * What the panels and the forms of a sandbox need, and its first picture does not: htmx, its morphing and the panels'
 * styles. They are fetched when a person first moves. What is pressed before they have come is pressed again then. A page
 * that loads htmx with itself has nothing to fetch.
 */
const MOVES = ["pointermove", "pointerdown", "keydown"];
const ASKS = "[hx-get],[hx-post]";
const rest = document.getElementById("behind")?.content;
let isHere = !rest;
/** @type {Promise<void>|null} */
let coming = null;

/** @param {Element} part a style or a script, which leaves the template once it has come */
function arrive(part) {
  const made = document.importNode(part, true);
  return new Promise((resolve, reject) => {
    made.onload = () => resolve(part.remove());
    made.onerror = () => {
      made.remove();
      // Without its style a panel can still be read.
      if (made.matches("link")) resolve();
      else reject(new Error(made.src));
    };
    document.head.append(made);
  });
}

async function fetchRest() {
  // Before that, htmx waits for an event that has been.
  if (document.readyState !== "complete") await new Promise((resolve) => window.addEventListener("load", resolve, {once: true}));
  for (const part of [...rest.children]) await arrive(part);
  isHere = true;
}

function fetchOnce() {
  coming ??= fetchRest().catch((error) => {
    coming = null;
    throw error;
  });
  return coming;
}

/** Whether it is there; when it cannot be fetched, that is said as of any request. @returns {Promise<boolean>} */
async function ready() {
  try {
    await fetchOnce();
  } catch {
    document.body.dispatchEvent(new CustomEvent("htmx:sendError"));
  }
  return isHere;
}

/** Ask by htmx, as `htmx.ajax` does. @param {string} verb @param {string} url @param {object} options @returns {Promise<void>} */
export async function ask(verb, url, options) {
  if (isHere || (await ready())) await window.htmx.ajax(verb, url, options);
}

/** What makes an element ask. @param {Element} element */
function trigger(element) {
  const usual = element.matches("form") ? "submit" : "click";
  return element.getAttribute("hx-trigger") ?? usual;
}

/** Whether htmx listens to an element: to what it has just put in a page it does a moment later. @param {Element} element */
function isBound(element) {
  return isHere && element["htmx-internal-data"]?.initHash !== undefined;
}

/** @param {SubmitEvent|Event} event */
async function hold(event) {
  const element = event.target.closest?.(ASKS);
  if (!element || trigger(element) !== event.type || isBound(element)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const {type, target, submitter} = event;
  if (!(await ready())) return;
  window.htmx.process(element);
  if (type === "submit") element.requestSubmit(submitter);
  else if (type === "click") element.click();
  else target.dispatchEvent(new Event(type, {bubbles: true}));
}

if (rest) {
  for (const type of MOVES) window.addEventListener(type, () => fetchOnce().catch(() => {}), {once: true, passive: true, capture: true});
  for (const type of ["click", "submit", "change"]) window.addEventListener(type, hold, {capture: true});
}
