/**
 * What a queue's inside shows, and in which order: in flight by soonest expiry, dead, visible oldest first, delayed.
 *
 * @typedef {import("./reduce.js").Message} Message
 * @typedef {Message & {look:"visible"|"flight"|"delayed"|"locked"|"dead",first?:boolean}} Shown first: pinned, and not in
 *   a FIFO queue, whose order says who is next
 * @typedef {{group:string|null,shown:Shown[],hidden:number,locked:boolean}} Lane
 */

export const LANE_MOST = 12;
const LONG = 1_000;
export const LANES_MOST = 3;
const RANK = {flight: 0, dead: 1, visible: 2, locked: 2, delayed: 3};

/**
 * The look of each message: a FIFO message is locked while another of its group is in flight; what lies visible in a
 * dead-letter queue is dead.
 *
 * @param {Iterable<Message>} messages
 * @param {{fifo?:boolean,dlq?:boolean,pinned?:ReadonlySet<number|string>}} kind
 * @returns {Shown[]}
 */
export function looks(messages, {fifo = false, dlq = false, pinned} = {}) {
  const all = [...messages];
  const busy = new Set(fifo ? all.filter((message) => message.state === "f").map((message) => message.group) : []);
  const found = all.map((message) => ({...message, look: lookOf(message, busy, dlq)}));
  if (!fifo && pinned?.size) for (const message of found) if (pinned.has(message.m)) message.first = true;
  return found;
}

function lookOf(message, busy, dlq) {
  if (message.state === "f") return "flight";
  if (message.state === "d") return "delayed";
  if (dlq || message.dead) return "dead";
  return busy.has(message.group) ? "locked" : "visible";
}

/** Compare two messages in the order of lists. @param {Shown} a @param {Shown} b */
export function urgency(a, b) {
  if (a.first !== b.first) return a.first ? -1 : 1;
  const rank = RANK[a.look] - RANK[b.look];
  if (rank) return rank;
  if (a.look === "flight" || a.look === "delayed") return a.until - b.until || byId(a, b);
  return byId(a, b);
}

/** Ids are given in order of sending, so the smaller is the older. */
function byId(a, b) {
  if (typeof a.m === "number" && typeof b.m === "number") return a.m - b.m;
  return a.m < b.m ? -1 : a.m > b.m ? 1 : 0;
}

/**
 * One lane of a standard queue.
 *
 * @param {Shown[]} shown
 * @param {number} total messages in the queue, by its counters
 * @returns {Lane}
 */
export function lane(shown, total, most = LANE_MOST) {
  // Beside a long number there is room for fewer.
  const room = most === LANE_MOST && total - most >= LONG ? most - 1 : most;
  const sorted = [...shown].sort(urgency).slice(0, room);
  return {group: null, shown: sorted, hidden: Math.max(0, total - sorted.length), locked: false};
}

/**
 * The lanes of a FIFO queue: one a message group, the group with the oldest message first.
 *
 * @param {Shown[]} shown
 * @returns {{lanes:Lane[],moreGroups:number}}
 */
export function groupLanes(shown, most = LANE_MOST) {
  const groups = new Map();
  for (const message of shown) {
    if (!groups.has(message.group)) groups.set(message.group, []);
    groups.get(message.group).push(message);
  }
  const ordered = [...groups.values()].map((list) => list.sort(urgency));
  ordered.sort((a, b) => byId(oldest(a), oldest(b)));
  const lanes = ordered.slice(0, LANES_MOST).map((list) => ({
    group: list[0].group,
    shown: list.slice(0, most),
    hidden: Math.max(0, list.length - most),
    locked: list.some((message) => message.look === "flight"),
  }));
  return {lanes, moreGroups: Math.max(0, ordered.length - LANES_MOST)};
}

function oldest(list) {
  return list.reduce((first, message) => (byId(message, first) < 0 ? message : first));
}

/**
 * How much of a ring is left, from 1 to 0.
 *
 * @param {Message} message
 * @param {number} now sandbox time
 * @param {number} [timeout] the queue's visibility timeout in milliseconds, when known
 */
export function timeLeft(message, now, timeout = 0) {
  const whole = Math.max(timeout, message.until - message.since, 1);
  return Math.min(1, Math.max(0, (message.until - now) / whole));
}
