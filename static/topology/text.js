/**
 * Words and numbers for people: short, with units, and safe to show whatever a message holds.
 */

const INTEGER = new Intl.NumberFormat("en");

/** @param {number} value @returns {string} "1,931" */
export function count(value) {
  return INTEGER.format(value);
}

/** @param {number} value @returns {string} "1,931" up to four digits, then "19.3k", "2.4M" */
export function brief(value) {
  if (value < 10_000) return INTEGER.format(value);
  const [unit, size] = value < 999_500 ? ["k", 1_000] : ["M", 1_000_000];
  const scaled = value / size;
  return `${scaled < 99.95 ? scaled.toFixed(1) : Math.round(scaled)}${unit}`;
}

/** @param {number} perSecond @returns {string} "42/s", "0.4/s", "" for nothing */
export function rate(perSecond) {
  if (perSecond < 0.05) return "";
  return perSecond < 9.95 ? `${Number(perSecond.toFixed(1))}/s` : `${brief(Math.round(perSecond))}/s`;
}

/** @param {number} ms @returns {string} "3.6 s", "41 s", "12 min", "4 h", "3 d" */
export function span(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** @param {number} ms of age @returns {string} whole seconds, for labels that change once a second */
export function age(ms) {
  return ms < 10_000 ? `${Math.floor(Math.max(0, ms) / 1000)} s` : span(ms);
}

/** @param {number} ts @returns {string} time of day in UTC, "14:03:21.4" */
export function timeOfDay(ts) {
  return new Date(ts).toISOString().slice(11, 21);
}

const BIDI = {
  "\u061c": "ALM",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
};

/**
 * Show what would otherwise act or hide: control characters as their pictures (U+2400…), direction marks by name.
 *
 * @param {string} text
 * @param {{lines?:boolean}} [options] lines: keep line feeds and tabs, for a block of text
 */
export function visible(text, {lines = false} = {}) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) => {
    if (lines && (char === "\n" || char === "\t")) return char;
    if (BIDI[char]) return `‹${BIDI[char]}›`;
    const code = char.charCodeAt(0);
    if (code === 0x7f) return "\u2421";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
  });
}

/**
 * The longest start of a text that is no wider than allowed, with an ellipsis when something is missing.
 *
 * @param {string} text
 * @param {number} width
 * @param {(text:string)=>number} measure
 */
export function clip(text, width, measure) {
  if (measure(text) <= width) return text;
  const chars = [...text];
  let low = 0;
  let high = chars.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(`${chars.slice(0, middle).join("")}…`) <= width) low = middle;
    else high = middle - 1;
  }
  return `${chars.slice(0, low).join("")}…`;
}
