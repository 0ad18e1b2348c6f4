/**
 * The keyboard of the time bar. It listens before the map does: arrows belong to the map only while a node has
 * the focus, and in the past Escape and L go back to live.
 */
import {isField} from "../topology/dom.js";
import {lettersOn} from "../topology/keys.js";

const OWN_ARROWS = "[role=tab],[role=menuitem],[role=option],[role=radio],[role=treegrid],[role=grid],[data-own-keys]";

/**
 * @param {{isPast:()=>boolean,past:Record<string,()=>void>,always:Record<string,()=>void>,letters:Record<string,()=>void>}} commands
 *   past: keys while in the past; always: arrows and the like; letters: single characters, which can be switched off
 */
export function bindTimeKeys(commands) {
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open],[popover]:popover-open")) return;
      const command = find(commands, event);
      if (!command) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      command();
    },
    true,
  );
}

function find({isPast, past, always, letters}, event) {
  if (isField(event.target)) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (isPast() && past[key] && (key.length > 1 || lettersOn())) return past[key];
  if (key.length === 1) return lettersOn() && !event.shiftKey ? letters[key] : null;
  if (event.target.closest?.(OWN_ARROWS)) return null;
  const name = event.shiftKey ? `Shift+${key}` : key;
  // A node that has the focus: plain arrows go to its neighbours.
  return event.target.closest?.("#scene .node") && !event.shiftKey ? null : always[name];
}
