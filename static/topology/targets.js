/**
 * Which node can be connected with which, and why not. Pure; the server has the last word.
 *
 * @typedef {import("./reduce.js").State} State
 * @typedef {import("./reduce.js").Node} Node
 */
import {isQueue} from "./kinds.js";
import {gettext} from "../shell/words.js";

/** What the line from a topic or a rule is. @type {Record<string,string>} */
const HANDED_ON = {topic: "subscription", rule: "target"};

/** Where a producer can send. @param {Node} node */
function isSink(node) {
  return isQueue(node) || node.kind === "topic" || node.kind === "bus";
}

/**
 * Why a line from one node to another cannot be drawn; "" when it can.
 *
 * @param {State} state
 * @param {number} from
 * @param {number} to
 * @returns {string}
 */
export function obstacle(state, from, to) {
  const [a, b] = [state.nodes.get(from), state.nodes.get(to)];
  if (!a || !b) return gettext("This node is gone.");
  if (a.kind === "group" || b.kind === "group") return gettext("Expand the group first.");
  if (a.kind === "client" || b.kind === "client") return gettext("Your own code decides which queues it calls.");
  if (from === to) return isQueue(a) ? gettext("A queue cannot be its own dead-letter queue.") : gettext("A line joins two nodes.");
  if (isQueue(a) && isQueue(b)) return betweenQueues(state, a, b);
  if (a.kind === "producer") return isSink(b) ? known(state, a, b, "send") : gettext("A producer sends to a queue, a topic or an event bus.");
  if (a.kind in HANDED_ON) return isQueue(b) ? known(state, a, b, HANDED_ON[a.kind]) : gettext("A topic or a rule leads to a queue.");
  if (a.kind === "bus") return gettext("An event bus leads to its rules: create one.");
  if (a.kind === "consumer") return gettext("A consumer only receives: draw the line from a queue to it.");
  return b.kind === "consumer" ? known(state, a, b, "receive") : gettext("A queue leads to a consumer or to its dead-letter queue.");
}

/** Whether a line can begin at a node. @param {Node|undefined} node */
export function canBegin(node) {
  return Boolean(node) && (isQueue(node) ? node.kind !== "group" : node.kind === "producer" || node.kind in HANDED_ON);
}

/**
 * All obstacles from one node, by node.
 *
 * @param {State} state
 * @param {number} from
 * @returns {Map<number,string>}
 */
export function obstacles(state, from) {
  return new Map([...state.nodes.keys()].map((to) => [to, obstacle(state, from, to)]));
}

/** Whether a connection makes a dead-letter queue, so that the number of receives has to be asked. */
export function isRedrive(state, from, to) {
  return isQueue(state.nodes.get(from)) && isQueue(state.nodes.get(to));
}

function betweenQueues(state, a, b) {
  if (a.kind === "fifo" && b.kind !== "fifo") return gettext("A FIFO queue needs a FIFO dead-letter queue.");
  if (a.kind !== "fifo" && b.kind === "fifo") return gettext("A standard queue needs a standard dead-letter queue.");
  if (a.cfg.region !== b.cfg.region) return gettext("A dead-letter queue is in the same region as its queue.");
  if (a.cfg.account !== b.cfg.account) return gettext("A dead-letter queue is in the same account as its queue.");
  return known(state, a, b, "dlq");
}

function known(state, a, b, kind) {
  for (const edge of state.edges.values()) {
    if (edge.s === a.i && edge.t === b.i && edge.kind === kind) return gettext("These two are connected already.");
  }
  return "";
}
