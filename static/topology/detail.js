/**
 * What a glyph on an edge stands for. Below about 200 moving messages each is one message; above, edges are
 * rate streams with exact counts. A choice made by hand holds. Pure.
 *
 * @typedef {"messages"|"rates"|"steps"} Mode steps: reduced motion, nothing moves and edges carry their rate
 * @typedef {"auto"|"messages"|"rates"} Choice
 */

const MANY = 200;
const FEW = 140;
const SHOWN = 150;

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

const COUNT = new Intl.NumberFormat("en");

/**
 * What the legend says.
 *
 * @param {Mode} mode
 * @param {{sample:number,choice:Choice}} facts
 */
export function wordsOf(mode, {sample, choice}) {
  const hand = choice === "auto" ? "" : ", chosen by hand";
  if (mode === "steps") return "Reduced motion: edges show their rate";
  if (mode === "messages") return `Each glyph is a message${hand}`;
  return sample > 1 ? `Rates: 1 glyph stands for ${COUNT.format(sample)}${hand}` : `Rates with exact counts${hand}`;
}
