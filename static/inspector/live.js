/**
 * What refreshes by itself every two seconds: not under someone's hands, not where nobody looks, not when held.
 */
import {isField} from "../topology/dom.js";

const PARTS = "#message-live,#lifetimes-live";

/**
 * Whether a fetch that nobody asked for has to wait.
 *
 * @param {{part:HTMLElement,held:boolean,hidden:boolean,focus:Element|null,selected:boolean}} facts
 *   focus: what has the keyboard; selected: text of the part is being selected
 */
export function mustWait({part, held, hidden, focus, selected}) {
  return held || hidden || selected || Boolean(isField(focus) && part.contains(focus));
}

/** @param {{held?:()=>boolean}} [options] */
export function keepCalm({held = () => false} = {}) {
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const {elt, requestConfig} = event.detail;
    if (!elt.matches(PARTS) || requestConfig.triggeringEvent) return;
    const selection = getSelection();
    const selected = Boolean(selection && !selection.isCollapsed && elt.contains(selection.anchorNode));
    const facts = {part: elt, held: held(), hidden: document.hidden, focus: document.activeElement, selected};
    if (mustWait(facts)) event.preventDefault();
  });
}
