/**
 * What the time bar says. Pure.
 */
import {count} from "../topology/text.js";
import {gettext, ngettext} from "../shell/words.js";

/** Kinds of markers, what draws them and what they are called. */
export const KINDS = [
  {kind: "dead", word: gettext("dead"), title: gettext("moved to dead letters"), colour: "dead", shape: "cross"},
  {kind: "failed", word: gettext("failed"), title: gettext("failed or throttled calls"), colour: "dead", shape: "diamond"},
  {kind: "returned", word: gettext("returned"), title: gettext("visible again: a timeout or a delay ended"), colour: "flight", shape: "ring"},
  {kind: "config", word: gettext("config"), title: gettext("changes of the configuration"), colour: "delayed", shape: "square"},
  {kind: "deleted", word: gettext("deleted"), title: gettext("messages deleted or expired"), colour: "go", shape: "check"},
  {kind: "received", word: gettext("received"), title: gettext("messages received"), colour: "flight", shape: "down"},
  {kind: "sent", word: gettext("sent"), title: gettext("messages sent"), colour: "visible", shape: "up"},
];

/**
 * What programs that wait in a long poll go through, while the world is paused or warped.
 *
 * @param {number} rate of the world; 0 when it is paused
 * @param {number} waiting long polls that are held
 */
export function clientsLine(rate, waiting) {
  if (!waiting) {
    if (rate === 0) return gettext("Calls are answered at once; timers stand still.");
    return rate === 1 ? "" : gettext("For your code, timers run %(speed)s.", {speed: speed(rate)});
  }
  const who = ngettext("%(count)s client waits in a long poll", "%(count)s clients wait in a long poll", waiting, {count: count(waiting)});
  if (rate < 1) {
    return ngettext(
      "%(who)s; it is answered empty when its own time is up.", "%(who)s; they are answered empty when their own time is up.",
      waiting, {who},
    );
  }
  return rate === 1 ? `${who}.` : gettext("%(who)s; the wait ends %(speed)s.", {who, speed: speed(rate)});
}

function speed(rate) {
  return rate > 1
    ? gettext("%(count)s times sooner", {count: count(rate)})
    : gettext("%(count)s times later", {count: count(Math.round(1 / rate))});
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
