/**
 * A snapshot of the past has indexes of its own. On the map a node keeps the index that it has live, so that
 * cards, places and the selection stay; what is gone since gets one of its own, always the same. Pure.
 *
 * @typedef {import("../topology/reduce.js").State} State
 */

const STRANGERS_FROM = 1_000_000;

/**
 * @param {State} past
 * @param {State} live
 * @param {Map<string,number>} strangers indexes of what live does not know, kept between calls
 * @returns {State}
 */
export function renumber(past, live, strangers) {
  const indexOf = lookup(live.nodes, (node) => node.id, strangers);
  const nameOf = (edge) => `${live.nodes.get(edge.s)?.id} ${live.nodes.get(edge.t)?.id} ${edge.kind}`;
  const edgeOf = lookup(live.edges, nameOf, strangers);
  const moved = new Map([...past.nodes.values()].map((node) => [node.i, indexOf(node.id)]));
  const nodes = [...past.nodes.values()].map((node) => ({...node, i: moved.get(node.i)}));
  const edges = [...past.edges.values()].map((edge) => ({
    ...edge,
    i: edgeOf(`${past.nodes.get(edge.s).id} ${past.nodes.get(edge.t).id} ${edge.kind}`),
    s: moved.get(edge.s),
    t: moved.get(edge.t),
  }));
  return {
    ...past,
    nodes: new Map(nodes.map((node) => [node.i, node])),
    edges: new Map(edges.map((edge) => [edge.i, edge])),
    ctr: rekeyed(past.ctr, moved),
    msgs: rekeyed(past.msgs, moved),
  };
}

/** What decides where everything stands: equal for two states that look the same but for their contents. */
export function shapeOf(state) {
  const nodes = [...state.nodes.values()].map((node) => `${node.i} ${node.kind} ${node.label}`);
  const edges = [...state.edges.values()].map((edge) => `${edge.i} ${edge.label}`);
  return [...nodes.sort(), ...edges.sort()].join("\n");
}

function lookup(known, nameOf, strangers) {
  const index = new Map([...known.values()].map((each) => [nameOf(each), each.i]));
  return (name) => {
    const found = index.get(name);
    if (found !== undefined) return found;
    if (!strangers.has(name)) strangers.set(name, STRANGERS_FROM + strangers.size);
    return strangers.get(name);
  };
}

function rekeyed(map, moved) {
  return new Map([...map].map(([i, value]) => [moved.get(i), value]));
}
