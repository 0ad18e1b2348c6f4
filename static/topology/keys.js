/**
 * Keyboard commands of the map. Single letters rest while a field has the focus, and can be switched off altogether.
 */
import {isField} from "./dom.js";

const STORE = "signalbox.letters";

/** @param {Record<string,(event:KeyboardEvent)=>void>} commands by `event.key` */
export function bindKeys(commands) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const command = commands[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!command || blocked(event)) return;
    event.preventDefault();
    command(event);
  });
}

function blocked(event) {
  if (document.querySelector("dialog[open]")) return true;
  if (event.key === "Escape") return false;
  if (isField(event.target)) return true;
  if (event.key === " " || event.key === "Enter") return event.target.closest?.("button,a,summary,[role=tab]") !== null;
  return event.key.length === 1 && !lettersOn();
}

export function lettersOn() {
  return localStorage.getItem(STORE) !== "off";
}

/** @param {boolean} on */
export function setLetters(on) {
  localStorage.setItem(STORE, on ? "on" : "off");
}
