/**
 * The window on the map: zoom and place, level of detail, culling. Screen = world × k + (x, y).
 *
 * @typedef {{k:number,x:number,y:number}} Transform
 * @typedef {{x:number,y:number,w:number,h:number}} Box
 */

export const ZOOM_LEAST = 0.04;
export const ZOOM_MOST = 2.5;
const FIT_MOST = 1.15;

/** @param {number} k @returns {0|1|2|3} dots, no text, full, with receive counts */
export function lod(k) {
  if (k < 0.12) return 0;
  if (k < 0.35) return 1;
  return k < 1.2 ? 2 : 3;
}

/**
 * Zoom by a factor and keep the point under the pointer where it is.
 *
 * @param {Transform} view
 * @param {{x:number,y:number}} at in screen units
 * @param {number} factor
 * @returns {Transform}
 */
export function zoomAt(view, at, factor) {
  const k = Math.min(ZOOM_MOST, Math.max(ZOOM_LEAST, view.k * factor));
  const ratio = k / view.k;
  return {k, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio};
}

/**
 * The view that shows a box whole, centred in what the margins leave of the screen. With a least zoom, a box
 * that would be smaller shows its upper left part instead.
 *
 * @param {Box} box
 * @param {{width:number,height:number}} screen
 * @param {{top:number,right:number,bottom:number,left:number}} margin
 * @param {{most?:number,least?:number}} [limits]
 * @returns {Transform}
 */
export function fitTo(box, screen, margin, {most = FIT_MOST, least = ZOOM_LEAST} = {}) {
  const width = Math.max(40, screen.width - margin.left - margin.right);
  const height = Math.max(40, screen.height - margin.top - margin.bottom);
  const k = Math.max(least, Math.min(most, width / Math.max(1, box.w), height / Math.max(1, box.h)));
  const start = (room, size) => Math.max(0, (room - size * k) / 2);
  return {k, x: margin.left + start(width, box.w) - box.x * k, y: margin.top + start(height, box.h) - box.y * k};
}

/**
 * The least move that brings a box into view; the same view when it is there already.
 *
 * @param {Transform} view
 * @param {Box} box
 * @param {{width:number,height:number}} screen
 * @returns {Transform}
 */
export function reveal(view, box, screen, margin = 48) {
  const shift = (low, high, least, most) => (low < least ? least - low : high > most ? most - high : 0);
  const left = box.x * view.k + view.x;
  const top = box.y * view.k + view.y;
  const dx = shift(left, left + box.w * view.k, margin, screen.width - margin);
  const dy = shift(top, top + box.h * view.k, margin, screen.height - margin);
  return dx || dy ? {k: view.k, x: view.x + dx, y: view.y + dy} : view;
}

/** @param {Transform} view @param {Box} box @param {{width:number,height:number}} screen */
export function inView(view, box, screen, margin = 40) {
  const left = box.x * view.k + view.x;
  const top = box.y * view.k + view.y;
  return (
    left < screen.width + margin &&
    top < screen.height + margin &&
    left + box.w * view.k > -margin &&
    top + box.h * view.k > -margin
  );
}

/** @param {Iterable<Box>} boxes @returns {Box|null} the box round all of them */
export function bounds(boxes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const {x, y, w, h} of boxes) {
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + w), Math.max(bottom, y + h)];
  }
  return left === Infinity ? null : {x: left, y: top, w: right - left, h: bottom - top};
}
