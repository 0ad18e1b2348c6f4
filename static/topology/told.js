/**
 * What the server says of a node or an edge in a few English words, the same for all who look on: in the reader's
 * language. Words that are not known here stay as they are.
 */
import {gettext, ngettext} from "../shell/words.js";

/** Each pattern with the sentence for what it finds. @type {[RegExp,(...found:string[])=>string][]} */
const SAYINGS = [
  [/^after (\d+) receives?$/, (count) => gettext("after %(count)s receives", {count})],
  [/^visibility (\d+) s$/, (seconds) => gettext("visibility %(seconds)s s", {seconds})],
  [/^(\d+ \w+) retention$/, (span) => gettext("%(span)s retention", {span})],
  [/^(\d+) of (\d+) busy$/, (busy, all) => gettext("%(busy)s of %(all)s busy", {busy, all})],
  [/^(\d+) busy$/, (busy) => gettext("%(busy)s busy", {busy})],
  [/^([\d.,]+) messages?\/s$/, (rate) => gettext("%(rate)s messages/s", {rate})],
  [/^([\d.,]+) to ([\d.,]+) messages\/s$/, (from, to) => gettext("%(from)s to %(to)s messages/s", {from, to})],
  [/^(\d+) every ([\d.,e+]+) s$/, (size, seconds) => gettext("%(size)s every %(seconds)s s", {size, seconds})],
  [/^(\d+) at set times$/, (size) => gettext("%(size)s at set times", {size})],
  [/^by the time of day$/, () => gettext("by the time of day")],
  [/^(\d+) workers?$/, (count) => ngettext("%(count)s worker", "%(count)s workers", Number(count))],
  [/^(\d+) workers?, (\d+) down$/, (count, down) => gettext("%(count)s workers, %(down)s down", {count, down})],
  [/^(\d+) subscriptions?$/, (count) => ngettext("%(count)s subscription", "%(count)s subscriptions", Number(count))],
  [/^(\d+) rules?$/, (count) => ngettext("%(count)s rule", "%(count)s rules", Number(count))],
  [/^(\d+) running$/, (count) => gettext("%(count)s running", {count})],
  [/^(\d+) of (\d+) running$/, (count, all) => gettext("%(count)s of %(all)s running", {count, all})],
  [/^batch (\d+)$/, (size) => gettext("batch %(size)s", {size})],
  [/^batch (\d+), off$/, (size) => gettext("batch %(size)s, off", {size})],
  [/^runs$/, () => gettext("runs")],
  [/^enriched by$/, () => gettext("enriched by")],
  [/^on success$/, () => gettext("on success")],
  [/^on failure$/, () => gettext("on failure")],
  [/^dead letters$/, () => gettext("dead letters")],
  [/^people$/, () => gettext("people")],
  [/^(https?) endpoint$/, (scheme) => gettext("%(scheme)s endpoint", {scheme})],
  [/^disabled$/, () => gettext("disabled")],
  [/^failed$/, () => gettext("failed")],
  [/^undelivered$/, () => gettext("undelivered")],
  [/^pending confirmation$/, () => gettext("pending confirmation")],
  [/^stopped$/, () => gettext("stopped")],
  [/^stopped by an error$/, () => gettext("stopped by an error")],
  [/^crashed$/, () => gettext("crashed")],
  [/^looks$/, () => gettext("looks")],
  [/^receives$/, () => gettext("receives")],
  [/^sends$/, () => gettext("sends")],
  [/^sends and receives$/, () => gettext("sends and receives")],
];

/** @param {string|undefined} words @returns {string} */
export function told(words) {
  return (words ?? "").split(" · ").map(saying).join(" · ");
}

function saying(words) {
  for (const [pattern, sentence] of SAYINGS) {
    const found = pattern.exec(words);
    if (found) return sentence(...found.slice(1));
  }
  return words;
}
