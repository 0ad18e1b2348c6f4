/**
 * The search field: words match names and kinds, comparisons match numbers: `orders`, `inflight > 0`,
 * `receives >= 3`.
 *
 * @typedef {import("./reduce.js").State} State
 * @typedef {(state:State,i:number)=>boolean} Test
 */
import {lookOf} from "./kinds.js";

const FIELDS = {
  visible: (state, i) => state.ctr.get(i)?.[0] ?? 0,
  inflight: (state, i) => state.ctr.get(i)?.[1] ?? 0,
  delayed: (state, i) => state.ctr.get(i)?.[2] ?? 0,
  oldest: (state, i) => (state.ctr.get(i)?.[3] ? (state.ts - state.ctr.get(i)[3]) / 1000 : 0),
  receives: (state, i) => Math.max(0, ...[...(state.msgs.get(i)?.values() ?? [])].map((message) => message.receives)),
};
const COMPARE = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
};
const TERM = /([a-z]+)\s*(>=|<=|=|>|<)\s*(\d+(?:\.\d+)?)/gi;

/** @param {string} text @returns {Test[]} all of which must hold */
export function parse(text) {
  const tests = [];
  const rest = text.replace(TERM, (whole, field, operator, number) => {
    const read = FIELDS[field.toLowerCase()];
    if (!read) return whole;
    tests.push((state, i) => state.ctr.has(i) && COMPARE[operator](read(state, i), Number(number)));
    return " ";
  });
  for (const word of rest.toLowerCase().split(/\s+/).filter(Boolean)) {
    tests.push((state, i) => {
      const node = state.nodes.get(i);
      return node.label.toLowerCase().includes(word) || lookOf(node).word.toLowerCase().includes(word);
    });
  }
  return tests;
}

/**
 * @param {State} state
 * @param {string} text
 * @returns {Set<number>|null} the nodes found; null when nothing was asked
 */
export function find(state, text) {
  const tests = parse(text);
  if (!tests.length) return null;
  return new Set([...state.nodes.keys()].filter((i) => tests.every((test) => test(state, i))));
}
