/**
 * What the layout places: blocks. A queue and the dead-letter queues that hang under it like sidings are one
 * block, so that they stay together whatever else moves.
 *
 * @typedef {import("./reduce.js").Node} Node
 * @typedef {import("./reduce.js").Edge} Edge
 * @typedef {{i:number,w:number,h:number,dy:number}} Member
 * @typedef {{key:string,column:number,w:number,h:number,members:Member[]}} Block
 * @typedef {{edge:number,from:string,to:string,source:number,target:number,turned:boolean,label:string}} Link an edge as the layout
 *   sees it, always from left to right; `turned` when the message goes the other way
 * @typedef {{blocks:Block[],links:Link[],sidings:number[],gutters:number[]}} Plan sidings are drawn straight down inside a
 *   block, gutters join two blocks of one column
 */
import {COLUMNS, lookOf} from "./kinds.js";

export const SIDING_GAP = 34;

/**
 * @param {ReadonlyMap<number,Node>} nodes
 * @param {ReadonlyMap<number,Edge>} edges
 * @returns {Plan}
 */
export function plan(nodes, edges) {
  const hanging = sidingsOf(nodes, edges);
  const below = new Set([...hanging.values()].map((siding) => siding.target));
  const blocks = [...nodes.values()].filter((node) => !below.has(node.i)).map((node) => block(node, nodes, hanging));
  const home = new Map(blocks.flatMap((each) => each.members.map((member) => [member.i, each])));
  const sidings = [...hanging.values()].map((siding) => siding.edge);
  const links = [];
  const gutters = [];
  for (const edge of edges.values()) {
    if (sidings.includes(edge.i)) continue;
    const [from, to] = [home.get(edge.s), home.get(edge.t)];
    if (!from || !to) continue;
    if (from.column === to.column) gutters.push(edge.i);
    else links.push(link(edge, from, to));
  }
  return {blocks, links, sidings, gutters};
}

/** Each dead-letter queue hangs under the first queue that names it; no queue hangs under itself by a detour. */
function sidingsOf(nodes, edges) {
  const hanging = new Map();
  const under = new Map();
  for (const edge of edges.values()) {
    if (edge.kind !== "dlq" || under.has(edge.t) || hanging.has(edge.s) || !nodes.has(edge.s) || !nodes.has(edge.t))
      continue;
    if (nodes.get(edge.s).column !== nodes.get(edge.t).column || leadsTo(under, edge.s, edge.t)) continue;
    hanging.set(edge.s, {edge: edge.i, target: edge.t});
    under.set(edge.t, edge.s);
  }
  return hanging;
}

function leadsTo(under, from, wanted) {
  for (let at = from; at !== undefined; at = under.get(at)) if (at === wanted) return true;
  return false;
}

function block(node, nodes, hanging) {
  const members = [];
  let dy = 0;
  for (let at = node; at; at = nodes.get(hanging.get(at.i)?.target)) {
    const {w, h} = lookOf(at);
    members.push({i: at.i, w, h, dy});
    dy += h + SIDING_GAP;
  }
  const column = Math.max(0, COLUMNS.indexOf(node.column));
  return {key: `b${node.i}`, column, w: Math.max(...members.map((each) => each.w)), h: dy - SIDING_GAP, members};
}

function link(edge, from, to) {
  const turned = from.column > to.column;
  const [left, right] = turned ? [to, from] : [from, to];
  const [source, target] = turned ? [edge.t, edge.s] : [edge.s, edge.t];
  return {edge: edge.i, from: left.key, to: right.key, source, target, turned, label: edge.label ?? ""};
}
