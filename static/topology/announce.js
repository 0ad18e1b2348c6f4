/**
 * What a screen reader is told: changes of state only, politely and at most one sentence in ten seconds; the
 * first dead letter and a lost link at once.
 *
 * @typedef {import("./reduce.js").State} State
 */
import {isQueue} from "./kinds.js";
import {count, visible} from "./text.js";
import {gettext, ngettext} from "../shell/words.js";

const PAUSE = 10_000;

/**
 * Sentences for what changed between two states, most important first.
 *
 * @param {State} before
 * @param {State} after
 * @returns {{text:string,urgent:boolean}[]}
 */
export function changes(before, after) {
  const told = [];
  for (const node of after.nodes.values()) {
    const known = before.nodes.has(node.i);
    if (!known && before.epoch === after.epoch) told.push({text: gettext("%(name)s is new.", {name: visible(node.label)}), urgent: false});
    if (known && isQueue(node) && node.cfg.dlq) told.push(...deaths(before, after, node));
  }
  for (const node of before.nodes.values()) {
    if (before.epoch === after.epoch && !after.nodes.has(node.i)) {
      told.push({text: gettext("%(name)s is gone.", {name: visible(node.label)}), urgent: false});
    }
  }
  return told.sort((a, b) => Number(b.urgent) - Number(a.urgent));
}

function deaths(before, after, node) {
  const [was, is] = [before, after].map((state) => depth(state, node.i));
  if (is <= was) return [];
  const values = {name: visible(node.label), count: count(is - was), depth: count(is)};
  const text = ngettext(
    "%(name)s: %(count)s message moved to dead letters; depth %(depth)s.",
    "%(name)s: %(count)s messages moved to dead letters; depth %(depth)s.",
    is - was, values,
  );
  return [{text, urgent: was === 0}];
}

function depth(state, i) {
  const [shown, flight, delayed] = state.ctr.get(i) ?? [0, 0, 0];
  return shown + flight + delayed;
}

export class Announcer {
  /** @param {HTMLElement} polite @param {HTMLElement} urgent two live regions @param {()=>number} now */
  constructor(polite, urgent, now) {
    this.polite = polite;
    this.urgent = urgent;
    this.now = now;
    this.spoke = -PAUSE;
    /** @type {State|null} */
    this.told = null;
  }

  /** Compare with what was last told, and tell what is worth it. @param {State} state */
  observe(state) {
    if (this.now() - this.spoke < PAUSE && this.told) return this.alarm(state);
    const said = this.told ? changes(this.told, state) : [];
    this.told = state;
    if (said.length) this.say(said[0]);
  }

  /** Between two sentences only what cannot wait is said. */
  alarm(state) {
    const first = changes(this.told, state)[0];
    if (!first?.urgent) return;
    this.told = state;
    this.say(first);
  }

  /** @param {{text:string,urgent:boolean}} sentence */
  say({text, urgent}) {
    const region = urgent ? this.urgent : this.polite;
    if (region.textContent === text) return;
    region.textContent = text;
    this.spoke = this.now();
  }
}
