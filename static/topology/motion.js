/**
 * Whether the picture may move: the system's wish, and the switch of this page.
 */

const STORE = "signalbox.motion";
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Whether nothing is to move of itself. */
export function isStill() {
  return calm.matches || document.documentElement.dataset.motion === "reduced";
}

/** Whether the system asks for it, so that the switch here has nothing to add. */
export function systemIsStill() {
  return calm.matches;
}

/** @param {boolean} still */
export function setStill(still) {
  if (still) document.documentElement.dataset.motion = "reduced";
  else delete document.documentElement.dataset.motion;
  localStorage.setItem(STORE, still ? "reduced" : "full");
}

/** Take up what was chosen here before. */
export function recall() {
  if (localStorage.getItem(STORE) === "reduced") document.documentElement.dataset.motion = "reduced";
}

/** @param {()=>void} then when the system changes its mind */
export function onSystemChange(then) {
  calm.addEventListener("change", then);
}
