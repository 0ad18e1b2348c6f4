/**
 * What lies in all queues together, and what one dot stands for.
 */
import {isQueue} from "./kinds.js";
import {count} from "./text.js";
import {gettext} from "../shell/words.js";

/**
 * @param {import("./reduce.js").State} state
 * @returns {[number,number,number,number]} visible, in flight, delayed, dead
 */
export function totals(state) {
  const sums = [0, 0, 0, 0];
  for (const node of state.nodes.values()) {
    if (!isQueue(node)) continue;
    const [shown, flight, delayed] = state.ctr.get(node.i) ?? [0, 0, 0];
    sums[node.cfg.dlq ? 3 : 0] += shown;
    sums[1] += flight;
    sums[2] += delayed;
  }
  return /** @type {any} */ (sums);
}

export class Totals {
  /** @param {HTMLElement} list with a `dd` for each of the four @param {HTMLElement} weight */
  constructor(list, weight) {
    this.cells = list.querySelectorAll("dd");
    this.weight = weight;
  }

  /** @param {import("./reduce.js").State} state @param {number} weight most messages that a dot stood for */
  update(state, weight) {
    totals(state).forEach((sum, at) => say(this.cells[at], count(sum)));
    say(this.weight, weight > 1 ? gettext("1 dot stands for up to %(count)s", {count: count(weight)}) : "");
  }
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
