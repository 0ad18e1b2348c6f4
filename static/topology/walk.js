/**
 * Walking the map by keyboard: left and right follow edges, up and down stay in the column.
 *
 * @typedef {import("./reduce.js").State} State
 * @typedef {Map<number,{x:number,y:number,w:number,h:number}>} Boxes
 */
import {COLUMNS} from "./kinds.js";

/**
 * @param {State} state
 * @param {Boxes} boxes
 * @returns {number[]} reading order: column by column, from the top
 */
export function order(state, boxes) {
  const rank = (i) => COLUMNS.indexOf(state.nodes.get(i).column);
  return [...state.nodes.keys()]
    .filter((i) => boxes.has(i))
    .sort((a, b) => rank(a) - rank(b) || boxes.get(a).y - boxes.get(b).y || a - b);
}

/**
 * The node that an arrow key leads to, or null when there is none.
 *
 * @param {State} state
 * @param {Boxes} boxes
 * @param {number} from
 * @param {string} key
 * @returns {number|null}
 */
export function next(state, boxes, from, key) {
  const all = order(state, boxes);
  if (key === "Home") return all[0] ?? null;
  if (key === "End") return all.at(-1) ?? null;
  const column = all.filter((i) => state.nodes.get(i).column === state.nodes.get(from).column);
  if (key === "ArrowUp") return column[column.indexOf(from) - 1] ?? null;
  if (key === "ArrowDown") return column[column.indexOf(from) + 1] ?? null;
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  return nearest(boxes, from, neighbours(state, boxes, from, key)) ?? beside(state, boxes, from, key, all);
}

function neighbours(state, boxes, from, key) {
  const found = new Set();
  for (const {s, t} of state.edges.values()) {
    const other = s === from ? t : t === from ? s : null;
    if (other !== null && boxes.has(other) && onSide(boxes, from, other, key)) found.add(other);
  }
  return [...found];
}

/** Without an edge that way: the nearest node of the columns on that side. */
function beside(state, boxes, from, key, all) {
  return nearest(
    boxes,
    from,
    all.filter((i) => onSide(boxes, from, i, key)),
  );
}

function onSide(boxes, from, other, key) {
  const gap = boxes.get(other).x - boxes.get(from).x;
  return key === "ArrowRight" ? gap > 1 : gap < -1;
}

function nearest(boxes, from, candidates) {
  const middle = (i) => ({x: boxes.get(i).x + boxes.get(i).w / 2, y: boxes.get(i).y + boxes.get(i).h / 2});
  const here = middle(from);
  const far = (i) => Math.hypot(middle(i).x - here.x, middle(i).y - here.y);
  return candidates.length ? candidates.reduce((best, i) => (far(i) < far(best) ? i : best)) : null;
}
