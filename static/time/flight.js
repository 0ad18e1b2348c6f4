/**
 * What moved in the events that were stepped over, as a batch that the stage can fly; of a step back the last comes
 * first, and each goes back to where it came from. Pure.
 *
 * @typedef {import("../topology/reduce.js").State} State
 */

/** However much sandbox time lies between two moments, what moved starts within so many milliseconds. */
const SPREAD = 300;

/**
 * @param {{ts:number,back?:boolean,moved?:[string,string,string,string,number,number,number][]}} frame
 * @param {State} shown as the map numbers it
 * @returns {any|null} a batch with the particles alone
 */
export function flight({ts, back = false, moved = []}, shown) {
  if (!moved.length) return null;
  if (back) return {...flight({ts: moved.at(-1)[4], moved: mirrored(moved)}, shown), back};
  const nodes = new Map([...shown.nodes.values()].map((node) => [node.id, node.i]));
  const edges = new Map([...shown.edges.values()].map((edge) => [`${edge.s} ${edge.t} ${edge.kind}`, edge.i]));
  const p = moved.map(([from, to, kind, colour, at, receives, until]) => [
    ...way(nodes.get(from), nodes.get(to), kind, colour, edges),
    at,
    receives,
    until,
  ]);
  const began = moved[0][4];
  const dt = Math.max(1, ts - began);
  const rows = p.filter(([edge]) => edge !== undefined);
  return {ts, dt, rate: Math.max(1, dt / SPREAD), p: rows.map(([edge, colour, at, receives, until]) => [edge, at, 0, colour, 1, receives, until])};
}

/** The same in the other order, as far apart in time as before. Which timeouts run is no matter any more. */
function mirrored(moved) {
  const both = moved[0][4] + moved.at(-1)[4];
  return [...moved].reverse().map(([from, to, kind, colour, at, receives]) => [from, to, kind, colour, both - at, receives, 0]);
}

/** The edge and the class; a failed call of who only receives runs against the arrow, a stranger comes in at the port. */
function way(from, to, kind, colour, edges) {
  const edge = edges.get(`${from} ${to} ${kind}`);
  if (edge !== undefined) return [edge, colour];
  const against = colour === "e" ? edges.get(`${to} ${from} receive`) : undefined;
  if (against !== undefined) return [against, "u"];
  return [kind === "send" && to !== undefined ? -1 - to : undefined, colour];
}
