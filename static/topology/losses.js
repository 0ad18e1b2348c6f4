/**
 * What deleting some nodes would lose, in words. Pure.
 *
 * @typedef {import("./reduce.js").State} State
 */
import {isQueue} from "./kinds.js";
import {count, visible} from "./text.js";

/** Whether a node can be deleted here. @param {import("./reduce.js").Node|undefined} node */
export function canDelete(node) {
  return Boolean(node) && node.kind !== "client" && node.kind !== "group";
}

/**
 * @param {State} state
 * @param {number[]} nodes that can be deleted
 * @returns {{title:string,text:string,yes:string}}
 */
export function lossOf(state, nodes) {
  const all = nodes.map((i) => state.nodes.get(i));
  const queues = all.filter(isQueue);
  const held = queues.reduce((sum, node) => sum + depth(state, node.i), 0);
  const name = all.length === 1 ? visible(all[0].label) : `${count(all.length)} nodes`;
  const messages = held === 1 ? "1 message" : `${count(held)} messages`;
  const lines = [
    held ? `${messages} ${held === 1 ? "is" : "are"} lost. This cannot be undone.` : "",
    queues.length && !held ? `${queues.length === 1 ? "It is" : "All queues are"} empty. Undo brings ${queues.length === 1 ? "it" : "them"} back when 60 s have passed.` : "",
    ...dependants(state, nodes),
    all.some((node) => node.kind === "consumer") ? "What a consumer holds comes back when its visibility timeout ends." : "",
  ];
  return {title: `Delete ${name}?`, text: lines.filter(Boolean).join(" "), yes: held ? `Delete with ${messages}` : `Delete ${name}`};
}

const WORDS = {
  dlq: (name) => `${name} loses its dead-letter queue.`,
  send: (name) => `${name} goes on sending and fails.`,
  receive: (name) => `${name} goes on polling and fails.`,
};

function dependants(state, nodes) {
  const lines = new Set();
  for (const {s, t, kind} of state.edges.values()) {
    const [gone, other] = kind === "receive" ? [s, t] : [t, s];
    if (nodes.includes(gone) && !nodes.includes(other)) lines.add(WORDS[kind]?.(visible(state.nodes.get(other)?.label ?? "")) ?? "");
  }
  return lines;
}

function depth(state, i) {
  const [shown, flight, delayed] = state.ctr.get(i) ?? [0, 0, 0];
  return shown + flight + delayed;
}
