/**
 * What a glyph on an edge stands for. Below about 200 moving messages each is one message; above, edges are
 * rate streams with exact counts. A choice made by hand holds. Pure.
 *
 * @typedef {"messages"|"rates"|"steps"} Mode steps: reduced motion, nothing moves and edges carry their rate
 * @typedef {"auto"|"messages"|"rates"} Choice
 */
import {gettext} from "../shell/words.js";

const MANY = 200;
const FEW = 140;
const SHOWN = 150;
const WINDOW = 1_000;

/**
 * @param {{moving:number,before:Mode,choice:Choice,still:boolean}} facts moving: messages on their way now
 * @returns {Mode}
 */
export function modeOf({moving, before, choice, still}) {
  if (still) return "steps";
  if (choice !== "auto") return choice;
  if (before === "rates") return moving < FEW ? "messages" : "rates";
  return moving > MANY ? "rates" : "messages";
}

/** How many messages one drawn glyph stands for: 1, 2, 5, 10, 20, … @param {number} moving */
export function sampleOf(moving) {
  const wanted = moving / SHOWN;
  for (let size = 1; ; size *= 10) {
    for (const step of [1, 2, 5]) if (size * step >= wanted) return size * step;
  }
}

/** How many messages are on their way, and what that makes of the picture. */
export class Meter {
  constructor() {
    /** @type {Choice} */
    this.choice = "auto";
    /** @type {Mode} */
    this.mode = "messages";
    this.sample = 1;
    /** @type {[number,number][]} */
    this.rows = [];
  }

  /** @param {number} now stage time @param {any} frame a batch */
  note(now, frame) {
    let sum = 0;
    for (const row of frame.p ?? []) sum += row[4] ?? 1;
    if (sum) this.rows.push([now, sum]);
  }

  /** @param {number} now stage time @param {boolean} still @returns {boolean} whether the picture changes its manner */
  look(now, still) {
    while (this.rows.length && this.rows[0][0] <= now - WINDOW) this.rows.shift();
    const moving = this.rows.reduce((total, row) => total + row[1], 0);
    const [mode, sample] = [this.mode, this.sample];
    this.mode = modeOf({moving, before: mode, choice: this.choice, still});
    this.sample = this.mode === "rates" ? Math.max(sampleOf(moving), Math.min(sample, 2 * sampleOf(moving))) : 1;
    return mode !== this.mode || sample !== this.sample;
  }
}

const COUNT = new Intl.NumberFormat("en");

/**
 * What the legend says.
 *
 * @param {Mode} mode
 * @param {{sample:number,choice:Choice}} facts
 */
export function wordsOf(mode, {sample, choice}) {
  if (mode === "steps") return gettext("Reduced motion: edges show their rate");
  const words = manner(mode, sample);
  return choice === "auto" ? words : gettext("%(words)s, chosen by hand", {words});
}

function manner(mode, sample) {
  const count = COUNT.format(sample);
  if (mode === "messages" && sample > 1) return gettext("1 glyph stands for up to %(count)s", {count});
  if (mode === "messages") return gettext("Each glyph is a message with its receive count");
  return sample > 1 ? gettext("Rates: 1 glyph stands for %(count)s", {count}) : gettext("Rates with exact counts");
}
