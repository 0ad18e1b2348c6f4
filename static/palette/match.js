/**
 * Matching and completion for the command palette. Pure.
 *
 * @typedef {{line:string,options:{name:string,kind:string,required:boolean}[]}} Command
 */
import {gettext} from "../shell/words.js";

/**
 * How well letters fit a text in their order: lower is better, null when they do not.
 *
 * @param {string} wanted
 * @param {string} text
 * @returns {number|null}
 */
export function score(wanted, text) {
  const letters = wanted.toLowerCase().replaceAll(/\s+/g, "");
  const low = text.toLowerCase();
  if (!letters) return 0;
  const whole = low.indexOf(wanted.trim().toLowerCase());
  if (whole >= 0) return whole === 0 || isStart(low, whole) ? whole / 100 : 1 + whole / 100;
  let cost = 10;
  let at = -1;
  for (const letter of letters) {
    const next = low.indexOf(letter, at + 1);
    if (next < 0) return null;
    cost += isStart(low, next) ? 0 : next - at;
    at = next;
  }
  return cost;
}

function isStart(text, at) {
  return at === 0 || !/[a-z0-9]/.test(text[at - 1]);
}

/**
 * The entries that fit, best first; equals keep their order.
 *
 * @template {{title:string,hint?:string}} T
 * @param {string} wanted
 * @param {T[]} entries
 * @returns {T[]}
 */
export function best(wanted, entries, most = 60) {
  return entries
    .map((entry, order) => ({entry, order, cost: score(wanted, `${entry.title} ${entry.hint ?? ""}`)}))
    .filter(({cost}) => cost !== null)
    .sort((a, b) => a.cost - b.cost || a.order - b.order)
    .slice(0, most)
    .map(({entry}) => entry);
}

/** Whether a line is for AWS rather than for this page. @param {string} line */
export function isAws(line) {
  return /^\s*aws(\s|$)/.test(line);
}

/**
 * What may come next in a line: each offer is the whole line as it would become.
 *
 * @param {string} line
 * @param {Command[]} commands
 * @param {string[]} queues names of the queues that are there
 * @returns {{title:string,hint:string,line:string}[]}
 */
export function complete(line, commands, queues) {
  const words = line.trimStart().split(/\s+/);
  const command = commands.find((each) => each.line === words.slice(0, 3).join(" "));
  if (!command || words.length < 4) return operations(words.join(" "), commands);
  const last = words.at(-1);
  const before = words.at(-2);
  const head = line.slice(0, line.length - last.length);
  if (before === "--queue-url" && !last.startsWith("-")) {
    return offers(head, last, queues.map((name) => ({name, hint: gettext("queue")})));
  }
  if (last !== "" && !last.startsWith("-")) return [];
  const left = command.options.filter((option) => !words.slice(3, -1).includes(option.name));
  left.sort((a, b) => Number(b.required) - Number(a.required));
  return offers(head, last, left.map(({name, kind, required}) => ({name, hint: required ? gettext("%(kind)s, required", {kind}) : kind})));
}

function operations(typed, commands) {
  return commands
    .filter((command) => score(typed, command.line) !== null && command.line !== typed)
    .sort((a, b) => score(typed, a.line) - score(typed, b.line))
    .map((command) => ({
      title: command.line,
      hint: command.options.filter((option) => option.required).map((option) => option.name).join(" "),
      line: `${command.line} `,
    }));
}

function offers(head, typed, choices) {
  return choices
    .filter(({name}) => name.startsWith(typed) && name !== typed)
    .map(({name, hint}) => ({title: name, hint, line: `${head}${name} `}));
}
