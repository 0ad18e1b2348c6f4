/**
 * What the time bar says. Pure.
 */
import {count} from "../topology/text.js";

/** Kinds of markers in the order of their weight: where several fall together, the first is drawn. */
export const KINDS = [
  {kind: "dead", word: "dead", title: "moved to dead letters", colour: "dead", shape: "cross"},
  {kind: "failed", word: "failed", title: "failed or throttled calls", colour: "dead", shape: "diamond"},
  {kind: "returned", word: "returned", title: "visible again: a timeout or a delay ended", colour: "flight", shape: "ring"},
  {kind: "config", word: "config", title: "changes of the configuration", colour: "delayed", shape: "square"},
  {kind: "deleted", word: "deleted", title: "messages deleted or expired", colour: "go", shape: "check"},
  {kind: "received", word: "received", title: "messages received", colour: "flight", shape: "down"},
  {kind: "sent", word: "sent", title: "messages sent", colour: "visible", shape: "up"},
];

/**
 * What programs that wait in a long poll go through, while the world is paused or warped.
 *
 * @param {number} rate of the world; 0 when it is paused
 * @param {number} waiting long polls that are held
 */
export function clientsLine(rate, waiting) {
  if (!waiting) {
    if (rate === 0) return "Calls are answered at once; timers stand still.";
    return rate === 1 ? "" : `For your code, timers run ${speed(rate)}.`;
  }
  const who = waiting === 1 ? "1 client waits in a long poll" : `${count(waiting)} clients wait in a long poll`;
  const they = waiting === 1 ? "it is" : "they are";
  if (rate === 0 || rate < 1) return `${who}; ${they} answered empty when ${waiting === 1 ? "its" : "their"} own time is up.`;
  return rate === 1 ? `${who}.` : `${who}; the wait ends ${speed(rate)}.`;
}

function speed(rate) {
  return rate > 1 ? `${count(rate)} times sooner` : `${count(Math.round(1 / rate))} times later`;
}

/** @param {number} ms @returns {string} "00:48", "1:02:03" */
export function lag(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = `${String(m).padStart(2, "0")}:${String(s).padStart(2, "0")}`;
  return h ? `${h}:${tail}` : tail;
}

const STEPS = [100, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 18e5, 36e5, 108e5, 216e5, 432e5, 864e5, 6048e5];

/**
 * Times to write under the track: round ones, not too many.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} most
 * @returns {number[]}
 */
export function ticks(from, to, most) {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most);
  const found = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) found.push(at);
  return found;
}

/** @param {number} ts @param {number} span of the whole track */
export function tickText(ts, span) {
  const text = new Date(ts).toISOString();
  if (span < 5_000) return text.slice(11, 21);
  return span > 3 * 864e5 ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(11, 19);
}
