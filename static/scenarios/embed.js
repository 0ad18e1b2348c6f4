/**
 * An embedded sandbox is looked at: only the keys that look around reach the map.
 */

const LOOKING = new Set([
  "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Tab", "Shift", "Escape", " ", "+", "=", "-", "0", "l", "L",
]);

window.addEventListener("keydown", (event) => {
  if (!LOOKING.has(event.key) || event.ctrlKey || event.metaKey || event.altKey) event.stopImmediatePropagation();
}, true);
