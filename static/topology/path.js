/**
 * Edge geometry: rounded orthogonal lines, and tables of points at equal distances for the particles.
 *
 * @typedef {{x:number,y:number}} Point
 * @typedef {{xs:Float32Array,ys:Float32Array,length:number}} Track
 */

const RADIUS = 10;
const CURVE_STEPS = 6;
export const TRACK_POINTS = 48;

/**
 * Corners of a line with the cut that each allows.
 *
 * @param {Point[]} points
 * @returns {{before:Point,corner:Point,after:Point}[]}
 */
function corners(points, radius) {
  return points.slice(1, -1).map((corner, index) => {
    const [before, after] = [points[index], points[index + 2]];
    const cut = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    return {before: toward(corner, before, cut), corner, after: toward(corner, after, cut)};
  });
}

/** @param {Point[]} points @returns {string} the `d` of a path with rounded corners */
export function roundedPath(points, radius = RADIUS) {
  const parts = [`M${at(points[0])}`];
  for (const {before, corner, after} of corners(points, radius))
    parts.push(`L${at(before)}Q${at(corner)} ${at(after)}`);
  parts.push(`L${at(points.at(-1))}`);
  return parts.join("");
}

/** @param {Point[]} points @returns {Track} points at equal distances along the same rounded line */
export function track(points, radius = RADIUS, size = TRACK_POINTS) {
  const line = flatten(points, radius);
  const lengths = [0];
  for (let i = 1; i < line.length; i += 1) lengths.push(lengths[i - 1] + distance(line[i - 1], line[i]));
  const length = lengths.at(-1);
  const xs = new Float32Array(size);
  const ys = new Float32Array(size);
  for (let step = 0, leg = 1; step < size; step += 1) {
    const target = (length * step) / (size - 1);
    while (leg < line.length - 1 && lengths[leg] < target) leg += 1;
    const share = (target - lengths[leg - 1]) / (lengths[leg] - lengths[leg - 1] || 1);
    xs[step] = line[leg - 1].x + (line[leg].x - line[leg - 1].x) * share;
    ys[step] = line[leg - 1].y + (line[leg].y - line[leg - 1].y) * share;
  }
  return {xs, ys, length};
}

/**
 * Where a share of the way along a track lies.
 *
 * @param {Track} line
 * @param {number} share from 0 to 1
 * @param {Point} out written, to spare an object a frame
 */
export function along(line, share, out) {
  const place = Math.min(1, Math.max(0, share)) * (line.xs.length - 1);
  const low = Math.min(line.xs.length - 2, Math.floor(place));
  out.x = line.xs[low] + (line.xs[low + 1] - line.xs[low]) * (place - low);
  out.y = line.ys[low] + (line.ys[low + 1] - line.ys[low]) * (place - low);
  return out;
}

function flatten(points, radius) {
  const line = [points[0]];
  for (const {before, corner, after} of corners(points, radius)) {
    for (let i = 0; i <= CURVE_STEPS; i += 1) line.push(bend(before, corner, after, i / CURVE_STEPS));
  }
  line.push(points.at(-1));
  return line;
}

function bend(a, b, c, t) {
  const s = 1 - t;
  return {x: s * s * a.x + 2 * s * t * b.x + t * t * c.x, y: s * s * a.y + 2 * s * t * b.y + t * t * c.y};
}

function toward(from, to, length) {
  const whole = distance(from, to) || 1;
  return {x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole};
}

function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function at({x, y}) {
  return `${round(x)} ${round(y)}`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
