/**
 * The reducer: snapshot + frames = snapshot. Pure with regard to clock, chance and DOM, so that the browser,
 * the node tests and the Python equality test fold the same way. Only the maps that a frame touches are
 * copied; the rest is shared.
 *
 * @typedef {{i:number,id:string,kind:string,label:string,column:string,cfg:Record<string,any>}} Node
 * @typedef {{i:number,s:number,t:number,kind:string,label:string}} Edge
 * @typedef {{m:number|string,state:"v"|"f"|"d",until:number,receives:number,group:string|null,born:number,since:number}} Message
 * @typedef {[number,number,number,number]} Counters visible, in flight, delayed, time of the oldest (0: none)
 * @typedef {{epoch:string|null,q:number,ts:number,rate:number,
 *   nodes:ReadonlyMap<number,Node>,edges:ReadonlyMap<number,Edge>,ctr:ReadonlyMap<number,Counters>,
 *   msgs:ReadonlyMap<number,ReadonlyMap<number|string,Message>>,totals:ReadonlyMap<number,number>,shape:number,
 *   polls:ReadonlyMap<number,{until:number,count:number}>,pinned:ReadonlySet<number|string>}} State
 *   `totals` counts messages per edge since the snapshot; `shape` grows when nodes or edges come, go or look different; `polls` are the
 *   long polls that outside programs wait in, by node (which may come a frame later): how many, and their latest end; `pinned`
 *   are the messages that somebody has pinned
 */

import {lookOf} from "./kinds.js";

const PARTS = ["nodes", "edges", "ctr", "msgs", "totals"];

/** @returns {State} the world before the first snapshot */
export function initial() {
  return {
    epoch: null,
    q: 0,
    ts: 0,
    rate: 0,
    shape: 0,
    nodes: new Map(),
    edges: new Map(),
    ctr: new Map(),
    msgs: new Map(),
    totals: new Map(),
    polls: new Map(),
    pinned: new Set(),
  };
}

/**
 * Where a batch stands against a state: the next one, an old one to drop, or one after a gap that calls for a resume.
 *
 * @param {State} state
 * @param {{q:number,q0:number}} frame
 * @returns {"next"|"old"|"gap"}
 */
export function continuity(state, frame) {
  if (frame.q <= state.q) return "old";
  return frame.q0 === state.q + 1 ? "next" : "gap";
}

/**
 * Fold one frame into the state. Frames that carry no picture only move the time.
 *
 * @param {State} state
 * @param {any} frame
 * @returns {State}
 */
export function reduce(state, frame) {
  const fold = FOLDS[frame.t];
  return fold ? fold(state, frame) : state;
}

/**
 * The long polls that a node waits in. A simulated consumer, which has one at most, says it in its settings.
 *
 * @param {State} state
 * @param {Node} node
 * @returns {{until:number,count:number}} until: sandbox time of the latest end
 */
export function pollOf(state, node) {
  return state.polls.get(node.i) ?? {until: node.cfg.waitUntil ?? 0, count: 1};
}

const FOLDS = {snap: foldSnapshot, b: foldBatch, clock: foldTime, hb: foldTime, w: foldTime, pins: foldTime};

function foldSnapshot(state, frame) {
  const draft = {...foldTime(initial(), frame), epoch: frame.epoch, q: frame.q, shape: state.shape + 1};
  for (const row of frame.nodes) draft.nodes.set(row[0], toNode(row));
  for (const row of frame.edges) draft.edges.set(row[0], toEdge(row));
  for (const [i, ...counters] of frame.ctr) draft.ctr.set(i, counters);
  for (const [i, ...row] of frame.msgs) {
    if (!draft.msgs.has(i)) draft.msgs.set(i, new Map());
    draft.msgs.get(i).set(row[0], toMessage(row, frame.ts));
  }
  return draft;
}

function foldBatch(state, frame) {
  const draft = foldTime(state, frame);
  draft.q = Math.max(state.q, frame.q);
  if (frame.x?.length) foldTopology(draft, frame.x);
  if (frame.n?.length) foldCounters(draft, frame.n);
  if (frame.e?.length) foldTotals(draft, frame.e);
  if (frame.m?.length) foldMessages(draft, frame.m, frame.ts);
  return draft;
}

function foldTime(state, frame) {
  const polls = frame.w ? new Map(frame.w.map(([i, until, count]) => [i, {until, count}])) : state.polls;
  const pinned = frame.pinned ? new Set(frame.pinned) : state.pinned;
  return {...state, ts: frame.ts ?? state.ts, rate: frame.rate ?? state.rate, polls, pinned};
}

/** Only what is drawn elsewhere or otherwise asks for a new layout: workers say how busy they are in every batch. */
function foldTopology(draft, changes) {
  const inPlace = changes.every(([op]) => op === "~n" || op === "~e");
  for (const name of inPlace ? ["nodes", "edges"] : PARTS) draft[name] = new Map(draft[name]);
  const before = new Map(changes.map(([, i]) => [i, looksOf(draft, i)]));
  for (const [op, ...rest] of changes) TOPOLOGY[op]?.(draft, rest);
  if (!inPlace || changes.some(([op, i]) => op === "~n" && before.get(i) !== looksOf(draft, i))) draft.shape += 1;
}

function looksOf(draft, i) {
  const node = draft.nodes.get(i);
  if (!node) return "";
  const {glyph, body, w, h} = lookOf(node);
  return `${glyph}/${body}/${w}/${h}`;
}

const TOPOLOGY = {
  "+n": (draft, [row]) => draft.nodes.set(row[0], toNode(row)),
  "-n": (draft, [i]) => removeNode(draft, i),
  "~n": (draft, [i, label, cfg]) => {
    const node = draft.nodes.get(i);
    if (node) draft.nodes.set(i, {...node, label, cfg});
  },
  "+e": (draft, [row]) => draft.edges.set(row[0], toEdge(row)),
  "-e": (draft, [i]) => removeEdge(draft, i),
  "~e": (draft, [i, label]) => {
    const edge = draft.edges.get(i);
    if (edge) draft.edges.set(i, {...edge, label});
  },
};

function removeNode(draft, i) {
  for (const name of ["nodes", "ctr", "msgs"]) draft[name].delete(i);
  for (const edge of draft.edges.values()) if (edge.s === i || edge.t === i) removeEdge(draft, edge.i);
}

function removeEdge(draft, i) {
  draft.edges.delete(i);
  draft.totals.delete(i);
}

function foldCounters(draft, rows) {
  draft.ctr = new Map(draft.ctr);
  for (const [i, ...counters] of rows) if (draft.nodes.has(i)) draft.ctr.set(i, counters);
}

function foldTotals(draft, rows) {
  draft.totals = new Map(draft.totals);
  for (const [i, count] of rows) if (draft.edges.has(i)) draft.totals.set(i, (draft.totals.get(i) ?? 0) + count);
}

function foldMessages(draft, rows, ts) {
  draft.msgs = new Map(draft.msgs);
  const copied = new Set();
  for (const [op, i, ...rest] of rows) {
    if (!draft.nodes.has(i)) continue;
    if (!copied.has(i)) draft.msgs.set(i, new Map(draft.msgs.get(i)));
    copied.add(i);
    MESSAGES[op]?.(draft, i, rest, ts);
  }
}

const MESSAGES = {
  "+": (draft, i, row, ts) => upsert(draft.msgs.get(i), draft.msgs.get(i), row, ts),
  "-": (draft, i, [m]) => draft.msgs.get(i).delete(m),
  "=": (draft, i, [rows], ts) => {
    const fresh = new Map();
    for (const row of rows) upsert(fresh, draft.msgs.get(i), row, ts);
    draft.msgs.set(i, fresh);
  },
};

/** A ring that runs on keeps its start, so that a repeated upsert does not refill it. */
function upsert(target, known, row, ts) {
  const message = toMessage(row, ts);
  const before = known.get(message.m);
  if (before && before.state === message.state && before.until === message.until) message.since = before.since;
  target.set(message.m, message);
}

function toNode([i, id, kind, label, column, cfg]) {
  return {i, id, kind, label, column, cfg: cfg ?? {}};
}

function toEdge([i, s, t, kind, label]) {
  return {i, s, t, kind, label: label ?? ""};
}

function toMessage([m, state, until, receives, group, born], since) {
  return {m, state, until, receives, group: group ?? null, born: born ?? 0, since};
}
