/**
 * The map in ELK's terms and back: a layered graph with one partition per column.
 *
 * @typedef {import("./blocks.js").Plan} Plan
 * @typedef {{boxes:Map<number,{x:number,y:number,w:number,h:number}>,lines:Map<number,{x:number,y:number}[]>}} Layout
 */
import {COLUMNS} from "./kinds.js";
import {widthOf} from "./labels.js";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.partitioning.activate": "true",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.spacing.edgeNodeBetweenLayers": "22",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "14",
  "elk.spacing.nodeNode": "26",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.componentComponent": "26",
  "elk.separateConnectedComponents": "false",
  "elk.padding": "[top=0,left=0,bottom=0,right=0]",
};
const PORT_GAP = 14;
const GAP = {least: 96, most: 220, bends: 46};

/** @param {Plan} plan @returns {any} an ELK graph */
export function toElk(plan) {
  const ends = portsOf(plan);
  return {
    id: "map",
    layoutOptions: {...OPTIONS, "elk.layered.spacing.nodeNodeBetweenLayers": String(gapOf(plan))},
    children: plan.blocks.map((block) => ({
      id: block.key,
      width: block.w,
      height: block.h,
      ports: ends.get(block.key) ?? [],
      layoutOptions: {
        "elk.partitioning.partition": String(block.column),
        "elk.portConstraints": block.members.length > 1 ? "FIXED_POS" : "FIXED_SIDE",
        "elk.spacing.portPort": String(PORT_GAP),
        "elk.portAlignment.default": "CENTER",
      },
    })),
    edges: plan.links.map((link) => ({id: `e${link.edge}`, sources: [`s${link.edge}`], targets: [`t${link.edge}`]})),
  };
}

/** The room between two columns: enough for the longest words on an arrow, beside the bends. @param {Plan} plan */
function gapOf(plan) {
  const widest = Math.max(0, ...plan.links.map((link) => (link.label ? widthOf(link.label) : 0)));
  return Math.min(GAP.most, Math.max(GAP.least, widest + GAP.bends));
}

/** Ports: one for each end of a link; in a block of several members at the height of the member it belongs to. */
function portsOf(plan) {
  const blocks = new Map(plan.blocks.map((block) => [block.key, block]));
  const rank = new Map(plan.blocks.map((block, index) => [block.key, index]));
  const ports = new Map();
  const sides = new Map();
  for (const link of plan.links) {
    addEnd(sides, {key: link.from, member: link.source, side: "EAST", id: `s${link.edge}`, other: rank.get(link.to)});
    addEnd(sides, {key: link.to, member: link.target, side: "WEST", id: `t${link.edge}`, other: rank.get(link.from)});
  }
  for (const ends of sides.values()) {
    ends.sort((a, b) => a.other - b.other);
    ends.forEach((end, index) => {
      const block = blocks.get(end.key);
      const member = block.members.find((each) => each.i === end.member);
      const spread = Math.min(PORT_GAP, (member.h - 20) / Math.max(1, ends.length - 1));
      const y = member.dy + member.h / 2 + (index - (ends.length - 1) / 2) * spread;
      if (!ports.has(end.key)) ports.set(end.key, []);
      ports.get(end.key).push({
        id: end.id,
        width: 0,
        height: 0,
        x: end.side === "EAST" ? block.w : 0,
        y,
        layoutOptions: {"elk.port.side": end.side},
      });
    });
  }
  return ports;
}

function addEnd(sides, end) {
  const key = `${end.key}/${end.member}/${end.side}`;
  if (!sides.has(key)) sides.set(key, []);
  sides.get(key).push(end);
}

/**
 * @param {any} result ELK's answer
 * @param {Plan} plan
 * @returns {Layout}
 */
export function fromElk(result, plan) {
  const placed = new Map(result.children.map((child) => [child.id, child]));
  const boxes = boxesOf(plan, (block) => placed.get(block.key));
  const lines = new Map();
  const turned = new Map(plan.links.map((link) => [`e${link.edge}`, link]));
  for (const edge of result.edges) {
    const link = turned.get(edge.id);
    const section = edge.sections?.[0];
    if (!section) continue;
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    lines.set(link.edge, link.turned ? points.reverse() : points);
  }
  return {boxes, lines};
}

/**
 * Boxes of all members, given the corner of each block; cards of a column share their left edge.
 *
 * @param {Plan} plan
 * @param {(block:import("./blocks.js").Block)=>{x:number,y:number}} corner
 */
export function boxesOf(plan, corner) {
  const boxes = new Map();
  for (const block of plan.blocks) {
    const {x, y} = corner(block);
    for (const member of block.members) boxes.set(member.i, {x, y: y + member.dy, w: member.w, h: member.h});
  }
  return boxes;
}

/**
 * Column headings: the title of each column that holds something, at the left edge of its first card.
 *
 * @param {Plan} plan
 * @param {Layout} layout
 */
export function headings(plan, layout) {
  const left = new Map();
  for (const block of plan.blocks) {
    const {x} = layout.boxes.get(block.members[0].i);
    left.set(block.column, Math.min(x, left.get(block.column) ?? Infinity));
  }
  const top = Math.min(...[...layout.boxes.values()].map((box) => box.y));
  return [...left].sort((a, b) => a[0] - b[0]).map(([column, x]) => ({name: COLUMNS[column], x, y: top - 26}));
}
