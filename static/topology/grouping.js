/**
 * Groups of queues that collapse into one node: by the first part of their name, or by account and region.
 * Pure: a state in, a smaller state out.
 *
 * @typedef {import("./reduce.js").State} State
 * @typedef {{key:string,label:string,members:number[]}} Group
 */
import {gettext} from "../shell/words.js";

const FIRST = 1_000_000;
const LEAST = 2;

/**
 * The groups that a state offers, those by place first. A key is `p:orders` or `r:123456789012/eu-central-1`.
 *
 * @param {State} state
 * @returns {Group[]}
 */
export function groupsOf(state) {
  const queues = [...state.nodes.values()].filter((node) => node.kind === "queue" || node.kind === "fifo");
  const places = gather(queues, (node) => (node.cfg.account ? `r:${node.cfg.account}/${node.cfg.region}` : ""));
  const names = gather(queues, (node) => `p:${stem(node.label)}`);
  const wide = places.size > 1 ? [...places] : [];
  return [...wide, ...[...names].sort(([a], [b]) => (a < b ? -1 : 1))]
    .filter(([, members]) => members.length >= LEAST)
    .map(([key, members]) => ({key, label: labelOf(key), members}));
}

/** The first part of a name: "orders" of orders, orders-dlq and orders.fifo. @param {string} name */
export function stem(name) {
  return /^[^-_.]+/.exec(name)?.[0] ?? name;
}

/** @param {string} key */
export function labelOf(key) {
  return key.startsWith("p:") ? `${key.slice(2)}-*` : key.slice(2).replace("/", " · ");
}

/** The group that collapsing a node would make, or null. @param {State} state @param {number} i */
export function groupAt(state, i) {
  return groupsOf(state).find(({key, members}) => key.startsWith("p:") && members.includes(i)) ?? null;
}

/**
 * Put one node in the place of each collapsed group: counters summed, messages together, edges joined.
 *
 * @param {State} state
 * @param {ReadonlySet<string>} collapsed keys
 * @returns {State & {alias?:ReadonlyMap<number,number>,home?:ReadonlyMap<number,number>}} the same state when nothing is
 *   collapsed; else also `home` (member → group node) and `alias` (edge → the edge that is drawn for it)
 */
export function fold(state, collapsed) {
  const groups = collapsed.size ? groupsOf(state).filter(({key}) => collapsed.has(key)) : [];
  const home = new Map();
  const draft = {...state, nodes: new Map(state.nodes), ctr: new Map(state.ctr), msgs: new Map(state.msgs)};
  const made = [];
  for (const group of groups) {
    const members = group.members.filter((i) => !home.has(i));
    if (members.length < LEAST) continue;
    const i = FIRST + Math.min(...members);
    for (const member of members) home.set(member, i);
    addGroup(draft, state, {...group, members, i});
    made.push(`${group.key}:${members.length}`);
  }
  if (!home.size) return state;
  return {...draft, ...joinEdges(state, home), home, shape: /** @type {any} */ (`${state.shape}/${made.join()}`)};
}

function addGroup(draft, state, {key, label, members, i}) {
  const nodes = members.map((member) => state.nodes.get(member));
  const meta = gettext("%(count)s queues", {count: members.length});
  draft.nodes.set(i, {i, id: `group:${key}`, kind: "group", label, column: "queues", cfg: {meta, key, members}});
  const sums = [0, 0, 0, 0];
  const held = new Map();
  for (const node of nodes) {
    const [visible, flight, delayed, oldest] = state.ctr.get(node.i) ?? [0, 0, 0, 0];
    sums[0] += visible;
    sums[1] += flight;
    sums[2] += delayed;
    sums[3] = oldest && sums[3] ? Math.min(sums[3], oldest) : oldest || sums[3];
    for (const [m, message] of state.msgs.get(node.i) ?? []) held.set(m, node.cfg.dlq ? {...message, dead: true} : message);
    for (const part of ["nodes", "ctr", "msgs"]) draft[part].delete(node.i);
  }
  draft.ctr.set(i, sums);
  draft.msgs.set(i, held);
}

function joinEdges(state, home) {
  const edges = new Map();
  const totals = new Map(state.totals);
  const alias = new Map();
  const known = new Map();
  for (const edge of state.edges.values()) {
    const [s, t] = [home.get(edge.s) ?? edge.s, home.get(edge.t) ?? edge.t];
    if (s === t) continue;
    const way = `${s}/${t}/${edge.kind}`;
    const moved = s !== edge.s || t !== edge.t;
    if (!known.has(way)) {
      known.set(way, edge.i);
      edges.set(edge.i, moved ? {...edge, s, t, label: ""} : edge);
      continue;
    }
    const main = known.get(way);
    alias.set(edge.i, main);
    totals.set(main, (totals.get(main) ?? 0) + (totals.get(edge.i) ?? 0));
  }
  return {edges, totals, alias};
}

function gather(nodes, keyOf) {
  const found = new Map();
  for (const node of nodes) {
    const key = keyOf(node);
    if (!key) continue;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(node.i);
  }
  return found;
}
