/**
 * The state as the equality test compares it: no numbers of one epoch, everything in order. Particles, totals
 * and the age of the oldest message are no part of it.
 */

/** @param {import("../../static/topology/reduce.js").State} state */
export function canonical(state) {
  const id = (i) => state.nodes.get(i)?.id;
  const nodes = [...state.nodes.values()].map(({id: name, kind, label, column, cfg}) => ({
    id: name,
    kind,
    label,
    column,
    cfg,
  }));
  const edges = [...state.edges.values()].map(({s, t, kind, label}) => ({source: id(s), target: id(t), kind, label}));
  const ctr = [...state.ctr].map(([i, counters]) => [id(i), counters.slice(0, 3)]);
  const msgs = [...state.msgs]
    .filter(([, list]) => list.size)
    .map(([i, list]) => [id(i), [...list.values()].map(row).sort(byNumber)]);
  const polls = [...state.polls]
    .filter(([i]) => state.nodes.has(i))
    .map(([i, {until, count}]) => [id(i), [until, count]]);
  return {
    nodes: nodes.sort((a, b) => compare(a.id, b.id)),
    edges: edges.sort((a, b) => compare(a.source, b.source) || compare(a.target, b.target) || compare(a.kind, b.kind)),
    ctr: Object.fromEntries(ctr.sort(byFirst)),
    msgs: Object.fromEntries(msgs.sort(byFirst)),
    polls: Object.fromEntries(polls.sort(byFirst)),
  };
}

/** JSON with the keys of every object in order, so that equal states are equal texts. */
export function write(value) {
  return JSON.stringify(value, (_, part) =>
    isPlain(part) ? Object.fromEntries(Object.entries(part).sort(byFirst)) : part,
  );
}

function isPlain(part) {
  return part !== null && typeof part === "object" && !Array.isArray(part);
}

function row({m, state, until, receives, group, born}) {
  return [m, state, until, receives, group, born];
}

function byNumber(a, b) {
  return compare(a[0], b[0]);
}

function byFirst(a, b) {
  return compare(a[0], b[0]);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
