/**
 * What deleting some nodes would lose, in words. Pure.
 *
 * @typedef {import("./reduce.js").State} State
 */
import {isQueue} from "./kinds.js";
import {count, visible} from "./text.js";
import {gettext, ngettext} from "../shell/words.js";

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
  const name = all.length === 1 ? visible(all[0].label) : gettext("%(count)s nodes", {count: count(all.length)});
  const messages = ngettext("%(count)s message", "%(count)s messages", held, {count: count(held)});
  const lines = [
    held ? ngettext("%(messages)s is lost. This cannot be undone.", "%(messages)s are lost. This cannot be undone.", held, {messages}) : "",
    queues.length && !held ? emptyWords(queues.length) : "",
    ...dependants(state, nodes),
    all.some(isForGood) && !held ? gettext("This cannot be undone.") : "",
    all.some((node) => node.kind === "consumer") ? gettext("What a consumer holds comes back when its visibility timeout ends.") : "",
  ];
  return {
    title: gettext("Delete %(name)s?", {name}),
    text: lines.filter(Boolean).join(" "),
    yes: held ? gettext("Delete with %(messages)s", {messages}) : gettext("Delete %(name)s", {name}),
  };
}

/** A queue or an actor can be made again as it was; of anything else its service keeps nothing. */
function isForGood(node) {
  return !isQueue(node) && node.id.startsWith("arn:");
}

function emptyWords(queues) {
  if (queues === 1) return gettext("It is empty. Undo brings it back when 60 s have passed.");
  return gettext("All queues are empty. Undo brings them back when 60 s have passed.");
}

const WORDS = {
  dlq: (name) => gettext("%(name)s loses its dead-letter queue.", {name}),
  send: (name) => gettext("%(name)s goes on sending and fails.", {name}),
  receive: (name) => gettext("%(name)s goes on polling and fails.", {name}),
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
