/**
 * Find and hide expressions: words match names and kinds, comparisons match what a node holds: `orders`,
 * `inflight > 0`, `receives >= 2`, `age > 30s`, `group = A`. All terms must hold; `-word` must not.
 *
 * @typedef {import("./reduce.js").State} State
 * @typedef {(state:State,i:number)=>boolean} Test
 * @typedef {(message:import("./reduce.js").Message,now:number)=>boolean} MessageTest
 * @typedef {{tests:Test[],single:MessageTest[],error:string}} Parsed single: what the terms ask of one message;
 *   error: what cannot be understood, and what can be written instead
 */
import {lookOf} from "./kinds.js";
import {gettext, interpolate} from "../shell/words.js";

const NUMBERS = {
  visible: (state, i) => state.ctr.get(i)?.[0] ?? 0,
  inflight: (state, i) => state.ctr.get(i)?.[1] ?? 0,
  delayed: (state, i) => state.ctr.get(i)?.[2] ?? 0,
  dead: (state, i) => (state.nodes.get(i)?.cfg.dlq ? (state.ctr.get(i)?.[0] ?? 0) : 0),
  depth: (state, i) => (state.ctr.get(i) ?? [0, 0, 0]).slice(0, 3).reduce((sum, value) => sum + value, 0),
  receives: (state, i) => Math.max(0, ...messages(state, i).map((message) => message.receives)),
};
const TIMES = {age: oldest, oldest};
const TEXTS = {
  group: (state, i) => messages(state, i).map((message) => message.group),
  name: (state, i) => [state.nodes.get(i).label],
  kind: (state, i) => [state.nodes.get(i).kind, lookOf(state.nodes.get(i)).word],
  region: (state, i) => [state.nodes.get(i).cfg.region],
  account: (state, i) => [state.nodes.get(i).cfg.account],
  state: (state, i) => [state.nodes.get(i).cfg.state],
};
/** What terms ask of a single message, beside what they ask of the node that holds it. */
const OF_MESSAGE = {
  receives: (message) => message.receives,
  age: (message, now) => (message.born ? (now - message.born) / 1000 : 0),
  group: (message) => message.group,
};
const UNITS = {ms: 0.001, s: 1, m: 60, min: 60, h: 3_600, d: 86_400, "": 1};
const COMPARE = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};
const TERM = /([a-z_]+)\s*(>=|<=|!=|=|>|<)\s*("[^"]*"|[^\s<>=!]+(?:\s+(?:ms|s|min|m|h|d)\b)?)?/gi;
export const FIELDS = [...Object.keys(NUMBERS), "age", ...Object.keys(TEXTS)];

/** @param {string} text @returns {Parsed} */
export function parse(text) {
  const tests = [];
  const single = [];
  let error = "";
  const rest = text.replace(TERM, (whole, field, operator, value) => {
    const made = comparison(field.toLowerCase(), operator, value ?? "");
    if (typeof made === "string") error ||= made;
    else tests.push(made.node);
    if (made.message) single.push(made.message);
    return " ";
  });
  const stray = rest.match(/[<>=!]+/);
  if (stray) error ||= gettext("Write a field before %(sign)s: %(fields)s.", {sign: stray[0], fields: FIELDS.join(", ")});
  for (const word of rest.toLowerCase().split(/\s+/).filter((each) => each && each !== "-")) tests.push(wordTest(word));
  return error ? {tests: [], single: [], error} : {tests, single, error};
}

/**
 * @param {State} state
 * @param {string} text
 * @returns {Set<number>|null} the nodes found; null when nothing was asked, or nothing that can be understood
 */
export function find(state, text) {
  return matches(state, parse(text));
}

/** @param {State} state @param {Parsed} parsed */
export function matches(state, {tests, single, error}) {
  if (error || !tests.length) return null;
  const found = [...state.nodes.keys()].filter((i) => tests.every((test) => test(state, i)));
  // Several terms are about one and the same message, as far as all of them are known.
  const kept = (i) => single.length < 2 || !showsAll(state, i) || messages(state, i).some((each) => holds(each, single, state.ts));
  return new Set(found.filter(kept));
}

/**
 * The single messages that an expression is about, or null where it says nothing of messages.
 *
 * @param {State} state
 * @param {Parsed} parsed
 * @param {Set<number>|null} found the nodes
 * @param {number} now sandbox time
 * @returns {{by:Map<number,Set<number|string>>,count:number,exact:boolean}|null} exact: no node holds more than is known here
 */
export function matchingMessages(state, {single}, found, now) {
  if (!found || !single.length) return null;
  const by = new Map();
  for (const i of found) {
    const hits = messages(state, i).filter((each) => holds(each, single, now));
    by.set(i, new Set(hits.map((each) => each.m)));
  }
  const count = [...by.values()].reduce((sum, hits) => sum + hits.size, 0);
  return {by, count, exact: [...found].every((i) => showsAll(state, i))};
}

function holds(message, single, now) {
  return single.every((test) => test(message, now));
}

function showsAll(state, i) {
  return NUMBERS.depth(state, i) === messages(state, i).length;
}

/** @returns {{node:Test,message?:MessageTest}|string} tests, or what is wrong */
function comparison(field, operator, value) {
  const text = value.replace(/^"|"$/g, "").trim();
  if (field in TEXTS) return textTest(field, operator, text);
  if (!(field in NUMBERS) && !(field in TIMES)) return gettext("There is no field %(field)s. Use %(fields)s.", {field, fields: FIELDS.join(", ")});
  const timed = field in TIMES;
  const parts = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text);
  if (!parts) {
    const words = timed ? gettext("After %(term)s comes a number, as in 30s or 5min.") : gettext("After %(term)s comes a number.");
    return interpolate(words, {term: `${field} ${operator}`});
  }
  const unit = parts[2].toLowerCase();
  if (!timed && unit) return gettext("%(field)s is a plain number: %(term)s.", {field, term: `${field} ${operator} ${parts[1]}`});
  if (!(unit in UNITS)) return gettext("%(unit)s is no unit of time. Use ms, s, min, h or d.", {unit});
  const limit = Number(parts[1]) * UNITS[unit];
  const read = NUMBERS[field] ?? TIMES[field];
  const of = OF_MESSAGE[field === "oldest" ? "age" : field];
  return {
    node: (state, i) => state.ctr.has(i) && COMPARE[operator](read(state, i), limit),
    message: of && ((message, now) => COMPARE[operator](of(message, now), limit)),
  };
}

function textTest(field, operator, text) {
  if (operator !== "=" && operator !== "!=") return gettext("%(field)s is compared with = or !=.", {field});
  if (!text) return gettext("After %(term)s comes a text.", {term: `${field} ${operator}`});
  const wanted = pattern(text.toLowerCase(), true);
  const is = (each) => Boolean(each) && wanted.test(String(each).toLowerCase());
  const has = (state, i) => TEXTS[field](state, i).some(is);
  const of = OF_MESSAGE[field];
  const wants = operator === "=";
  return {node: (state, i) => has(state, i) === wants, message: of && ((message) => is(of(message)) === wants)};
}

function wordTest(word) {
  const negated = word.length > 1 && word.startsWith("-");
  const wanted = pattern(negated ? word.slice(1) : word, false);
  return (state, i) => {
    const node = state.nodes.get(i);
    return [node.label, lookOf(node).word].some((text) => wanted.test(text.toLowerCase())) !== negated;
  };
}

/** `*` stands for anything; the rest is taken as it is written. */
function pattern(text, whole) {
  const source = text
    .split("*")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(whole || text.includes("*") ? `^${source}$` : source, "s");
}

function messages(state, i) {
  return [...(state.msgs.get(i)?.values() ?? [])];
}

function oldest(state, i) {
  return state.ctr.get(i)?.[3] ? (state.ts - state.ctr.get(i)[3]) / 1000 : 0;
}
