/**
 * Nodes that a person has put somewhere: they stay there, what hangs under them hangs on, and their lines are
 * drawn anew. Pure.
 *
 * @typedef {import("./elkgraph.js").Layout} Layout
 * @typedef {import("./blocks.js").Plan} Plan
 * @typedef {{x:number,y:number,w:number,h:number}} Box
 * @typedef {Record<string,[number,number]>} Pins by node id
 */

const STUB = 20;

/**
 * Move the pinned nodes of a layout to their places.
 *
 * @param {Layout} layout
 * @param {Plan} plan
 * @param {import("./reduce.js").State} state
 * @param {Pins} pins
 * @returns {Layout} the same, changed
 */
export function applyPins(layout, plan, state, pins) {
  const moved = new Set();
  for (const block of plan.blocks) {
    let shift = null;
    for (const {i} of block.members) {
      const pin = pins[state.nodes.get(i)?.id];
      const box = layout.boxes.get(i);
      if (pin) shift = {x: pin[0] - box.x, y: pin[1] - box.y};
      if (!shift) continue;
      box.x += shift.x;
      box.y += shift.y;
      moved.add(i);
    }
  }
  if (moved.size) reroute(layout.lines, layout.boxes, state, moved);
  return layout;
}

/**
 * What moves along when some nodes are dragged: the dead-letter queues that hang under them.
 *
 * @param {Plan} plan
 * @param {Iterable<number>} nodes
 * @returns {Set<number>}
 */
export function withHanging(plan, nodes) {
  const all = new Set(nodes);
  for (const {members} of plan.blocks) {
    const first = members.findIndex(({i}) => all.has(i));
    if (first >= 0) for (const {i} of members.slice(first)) all.add(i);
  }
  return all;
}

/**
 * Draw the lines of some nodes anew.
 *
 * @param {Map<number,{x:number,y:number}[]>} lines
 * @param {ReadonlyMap<number,Box>} boxes
 * @param {import("./reduce.js").State} state
 * @param {ReadonlySet<number>} moved
 * @returns {number[]} the edges that were drawn
 */
export function reroute(lines, boxes, state, moved) {
  const drawn = [];
  for (const edge of state.edges.values()) {
    if (!moved.has(edge.s) && !moved.has(edge.t)) continue;
    const [from, to] = [boxes.get(edge.s), boxes.get(edge.t)];
    if (!from || !to) continue;
    lines.set(edge.i, route(from, to));
    drawn.push(edge.i);
  }
  return drawn;
}

/** A line between two cards wherever they stand. @param {Box} from @param {Box} to */
export function route(from, to) {
  if (to.x >= from.x + from.w + STUB) return sideways(from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2);
  if (to.x + to.w + STUB <= from.x) return sideways(from.x, from.y + from.h / 2, to.x + to.w, to.y + to.h / 2);
  const x = (Math.max(from.x, to.x) + Math.min(from.x + from.w, to.x + to.w)) / 2;
  const [x1, x2] = [clamp(x, from), clamp(x, to)];
  const down = to.y + to.h / 2 >= from.y + from.h / 2;
  const [y1, y2] = down ? [from.y + from.h, to.y] : [from.y, to.y + to.h];
  if (Math.abs(x1 - x2) < 1) return [{x: x1, y: y1}, {x: x2, y: y2}];
  const middle = (y1 + y2) / 2;
  return [{x: x1, y: y1}, {x: x1, y: middle}, {x: x2, y: middle}, {x: x2, y: y2}];
}

function sideways(x1, y1, x2, y2) {
  if (Math.abs(y1 - y2) < 1) return [{x: x1, y: y1}, {x: x2, y: y2}];
  const middle = (x1 + x2) / 2;
  return [{x: x1, y: y1}, {x: middle, y: y1}, {x: middle, y: y2}, {x: x2, y: y2}];
}

function clamp(x, box) {
  return Math.min(box.x + box.w - STUB / 2, Math.max(box.x + STUB / 2, x));
}
