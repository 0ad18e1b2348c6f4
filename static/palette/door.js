/**
 * The keys and buttons that open the command palette. What is behind them is fetched when a person first moves, so it
 * is there before it is asked for.
 */
import {isField} from "../topology/dom.js";
import {lettersOn} from "../topology/keys.js";

const dialog = document.getElementById("palette");
let behind = null;
const fetchBehind = () => (behind ??= import("./main.js"));

for (const type of ["pointermove", "pointerdown", "keydown"]) {
  document.addEventListener(type, fetchBehind, {once: true, passive: true, capture: true});
}
document.addEventListener("keydown", (event) => {
  const chord = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
  if (chord && dialog.open) dialog.close();
  else if (chord || (event.key === ":" && isFree(event))) open();
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) open();
});

async function open() {
  const palette = await fetchBehind();
  palette.open();
}

function isFree(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !lettersOn()) return false;
  return !isField(event.target) && !document.querySelector("dialog[open]");
}
