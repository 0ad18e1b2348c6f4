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
const GAP = 20;

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
  if (!moved.size) return layout;
  for (const i of makeRoom(layout.boxes, plan, moved)) moved.add(i);
  reroute(layout.lines, layout.boxes, state, moved);
  return layout;
}

/** @param {Pins} a @param {Pins} b */
export function samePins(a, b) {
  const ids = Object.keys(a);
  return ids.length === Object.keys(b).length && ids.every((id) => b[id]?.[0] === a[id][0] && b[id]?.[1] === a[id][1]);
}

/**
 * Let nobody lie on a pinned node: what does, gives way downwards, and so does what it then meets.
 *
 * @param {Map<number,Box>} boxes
 * @param {Plan} plan
 * @param {ReadonlySet<number>} pinned
 * @returns {Set<number>} those that gave way
 */
function makeRoom(boxes, plan, pinned) {
  const taken = [...pinned].map((i) => boxes.get(i));
  const free = plan.blocks.map(({members}) => members.filter(({i}) => !pinned.has(i)).map(({i}) => i));
  const pieces = free.filter((piece) => piece.length).sort((a, b) => boxes.get(a[0]).y - boxes.get(b[0]).y || a[0] - b[0]);
  const moved = new Set();
  for (const piece of pieces) {
    const own = piece.map((i) => boxes.get(i));
    // Each turn leaves at least one obstacle above, so there are no more turns than obstacles.
    for (let turn = 0; turn <= taken.length; turn += 1) {
      const by = Math.max(0, ...own.flatMap((box) => taken.map((other) => overlapDown(box, other))));
      if (!by) break;
      for (const box of own) box.y += by;
      for (const i of piece) moved.add(i);
    }
    taken.push(...own);
  }
  return moved;
}

/** How far down a box has to go to lie clear below another; 0 where they do not meet. */
function overlapDown(box, other) {
  const beside = box.x >= other.x + other.w + GAP || other.x >= box.x + box.w + GAP;
  const apart = box.y >= other.y + other.h + GAP || other.y >= box.y + box.h + GAP;
  return beside || apart ? 0 : other.y + other.h + GAP - box.y;
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
