/**
 * Lines that the layout engine does not draw: sidings, gutters between two cards of one column, and every
 * line when the fallback engine placed the cards.
 *
 * @typedef {import("./elkgraph.js").Layout} Layout
 * @typedef {import("./blocks.js").Plan} Plan
 * @typedef {{x:number,y:number,w:number,h:number}} Box
 */

const SIDING_AT = 42;
const GUTTER = 16;

/**
 * Add the lines that are missing from a layout.
 *
 * @param {Layout} layout
 * @param {Plan} plan
 * @param {ReadonlyMap<number,import("./reduce.js").Edge>} edges
 */
export function completeLines(layout, plan, edges) {
  for (const i of plan.sidings)
    layout.lines.set(i, siding(layout.boxes.get(edges.get(i).s), layout.boxes.get(edges.get(i).t)));
  plan.gutters.forEach((i, index) => {
    const {s, t} = edges.get(i);
    layout.lines.set(i, gutter(layout.boxes.get(s), layout.boxes.get(t), index));
  });
  for (const link of plan.links) {
    if (layout.lines.has(link.edge)) continue;
    const points = across(layout.boxes.get(link.source), layout.boxes.get(link.target));
    layout.lines.set(link.edge, link.turned ? points.reverse() : points);
  }
  return layout;
}

/** Straight down from a queue to the dead-letter queue that hangs under it. @param {Box} from @param {Box} to */
function siding(from, to) {
  return [
    {x: from.x + SIDING_AT, y: from.y + from.h},
    {x: to.x + SIDING_AT, y: to.y},
  ];
}

/** Along the left side of a column; each further one a little farther out. @param {Box} from @param {Box} to */
function gutter(from, to, index) {
  const x = Math.min(from.x, to.x) - GUTTER - (index % 4) * 6;
  const [y1, y2] = [from.y + from.h - 14, to.y + to.h / 2];
  return [
    {x: from.x, y: y1},
    {x, y: y1},
    {x, y: y2},
    {x: to.x, y: y2},
  ];
}

/** From the right side of one card to the left side of another. @param {Box} from @param {Box} to */
function across(from, to) {
  const [a, b] = [
    {x: from.x + from.w, y: from.y + from.h / 2},
    {x: to.x, y: to.y + to.h / 2},
  ];
  if (Math.abs(a.y - b.y) < 1) return [a, b];
  const middle = (a.x + b.x) / 2;
  return [a, {x: middle, y: a.y}, {x: middle, y: b.y}, b];
}
