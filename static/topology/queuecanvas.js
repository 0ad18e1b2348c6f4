/**
 * What lies in the queues, drawn at most ten times a second: lanes, rings, locks, crosses; and the ring of a
 * client that waits in a long poll.
 *
 * @typedef {import("./lanes.js").Shown} Shown
 * @typedef {{x:number,y:number,w:number,h:number}} Box
 */
import {cross, dot, halo, hollow, lock, pin, ring, square} from "./glyphs.js";
import {lookOf} from "./kinds.js";
import {groupLanes, lane, looks, timeLeft} from "./lanes.js";
import {pollOf} from "./reduce.js";
import {brief} from "./text.js";
import {inView, lod} from "./view.js";

export const LANE = {left: 10, top: 54, height: 20};
export const GROUP_LANE = {left: 10, top: 47, height: 18, step: 21, dots: 62};
const POLL = {x: 24, y: 68, r: 7};
const WORKER_POLL = {inset: 22, y: 36, r: 6};
const GAP = 13.4;
const RADIUS = 4.7;
const COUNTED_RADIUS = 5.6;
const CROSSES = 4;
const HALO_GAP = 1.4;
const UNFOUND = 0.25;
const LONGEST_POLL = 20_000;

/**
 * @typedef {{state:import("./reduce.js").State,boxes:Map<number,Box>,view:import("./view.js").Transform,
 *   screen:{width:number,height:number},now:number,colours:Record<string,string>,
 *   unlit?:{nodes:Set<number>,hide:boolean,lit?:Map<number,Set<number|string>>|null}}} Scene unlit: nodes that are
 *   dimmed, or hidden; lit: the only messages that are not, by node
 */

/**
 * @param {CanvasRenderingContext2D} ctx in world units
 * @param {Scene} scene
 * @returns {boolean} whether something drawn changes with time alone
 */
export function drawContents(ctx, scene) {
  const detail = lod(scene.view.k);
  if (detail < 2) return false;
  let runs = false;
  for (const node of scene.state.nodes.values()) {
    const box = scene.boxes.get(node.i);
    if (!box || !inView(scene.view, box, scene.screen)) continue;
    const draw = BODIES[lookOf(node).body];
    const dim = scene.unlit?.nodes.has(node.i);
    if (!draw || (dim && scene.unlit.hide)) continue;
    ctx.save();
    if (dim) ctx.globalAlpha = 0.35;
    ctx.translate(box.x, box.y);
    runs = draw(new Brush(ctx, scene, detail), node, box) || runs;
    ctx.restore();
  }
  return runs;
}

const BODIES = {
  queue: (brush, node, box) => {
    const shown = contents(brush, node);
    const total = totalOf(brush, node);
    const row = lane(shown, total);
    const y = LANE.top + LANE.height / 2;
    row.shown.forEach((message, at) => brush.place(message, LANE.left + 11 + at * GAP, y, node));
    if (row.hidden) brush.words(`+${brief(row.hidden)}`, box.w - LANE.left - 7, y + 3.8, "right");
    return shown.some((message) => message.state !== "v");
  },
  fifo: (brush, node, box) => {
    const shown = contents(brush, node);
    const {lanes, moreGroups} = groupLanes(shown, 8);
    lanes.forEach((row, index) => {
      const y = GROUP_LANE.top + index * GROUP_LANE.step + GROUP_LANE.height / 2;
      brush.label(row.group ?? "", GROUP_LANE.left + 8, y + 3.6, GROUP_LANE.dots - GROUP_LANE.left - 18);
      row.shown.forEach((message, at) => brush.place(message, GROUP_LANE.dots + at * GAP, y, node));
      if (row.locked) lock(brush.ctx, box.w - LANE.left - 12, y + 0.5, 5, brush.colours.flight);
      else if (row.hidden) brush.words(`+${brief(row.hidden)}`, box.w - LANE.left - 7, y + 3.8, "right");
    });
    const unseen = totalOf(brush, node) - shown.length;
    const more = moreGroups
      ? `+${brief(moreGroups)} ${moreGroups === 1 ? "group" : "groups"}`
      : unseen > 0
        ? `+${brief(unseen)}`
        : "";
    if (roomBesideCounters(brush.scene.state.ctr.get(node.i))) brush.words(more, box.w - 12, 38, "right");
    return shown.some((message) => message.state !== "v");
  },
  dlq: (brush, node, box) => {
    const shown = lane(contents(brush, node), totalOf(brush, node), CROSSES);
    const first = box.w - 16 - (shown.shown.length - 1) * GAP - (shown.hidden ? 26 : 0);
    shown.shown.forEach((message, at) => brush.place(message, first + at * GAP, box.h / 2, node));
    if (shown.hidden) brush.words(`+${brief(shown.hidden)}`, box.w - 10, box.h / 2 + 4, "right");
    return shown.shown.some((message) => message.state !== "v");
  },
  client: (brush, node) => brush.poll(node, POLL, brush.colours.people),
  actor: (brush, node, box) => brush.poll(node, {...WORKER_POLL, x: box.w - WORKER_POLL.inset}, brush.colours.control),
};

/**
 * Which message lies at a point of a node, in world units; null where none is drawn.
 *
 * @param {Scene} scene @param {any} node @param {Box} box @param {{x:number,y:number}} point
 * @returns {number|null}
 */
export function messageAt(scene, node, box, point) {
  const detail = lod(scene.view.k);
  const draw = detail < 2 ? null : BODIES[lookOf(node).body];
  if (!draw) return null;
  const tracer = new Tracer(new OffscreenCanvas(1, 1).getContext("2d"), scene, detail);
  draw(tracer, node, box);
  const x = point.x - box.x;
  const y = point.y - box.y;
  return tracer.spots.find((spot) => Math.abs(spot.x - x) <= GAP / 2 && Math.abs(spot.y - y) <= GAP / 2 + 2)?.m ?? null;
}

/** A list of messages is never changed, only replaced: what it looks like is found once. @type {WeakMap<any,any>} */
const known = new WeakMap();

function contents(brush, node) {
  const held = brush.scene.state.msgs.get(node.i);
  if (!held) return [];
  const dlq = Boolean(node.cfg.dlq);
  const before = known.get(held);
  const {pinned} = brush.scene.state;
  if (before?.dlq === dlq && before.pinned === pinned) return before.shown;
  const shown = looks(held.values(), {fifo: node.kind === "fifo", dlq, pinned});
  known.set(held, {dlq, pinned, shown});
  return shown;
}

function totalOf(brush, node) {
  const [visible, flight, delayed] = brush.scene.state.ctr.get(node.i) ?? [0, 0, 0];
  return visible + flight + delayed;
}

function roomBesideCounters(counters) {
  return (counters ?? [0, 0, 0]).slice(0, 3).map(brief).join("").length <= 7;
}

class Brush {
  /** @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {number} detail */
  constructor(ctx, scene, detail) {
    this.ctx = ctx;
    this.scene = scene;
    this.detail = detail;
    this.colours = scene.colours;
  }

  /** Draw a message: ringed where a search found it, faint where it found others. @param {Shown} message */
  place(message, x, y, node) {
    const {ctx, scene} = this;
    const lit = scene.unlit?.lit;
    const found = lit?.get(node.i)?.has(message.m);
    if (!lit || found) this.message(message, x, y, node.cfg);
    if (found) halo(ctx, x, y, COUNTED_RADIUS + HALO_GAP, this.colours.ink);
    if (scene.state.pinned?.has(message.m)) pin(ctx, x, y - COUNTED_RADIUS - HALO_GAP, this.colours.ink);
    if (!lit || found || scene.unlit.hide) return;
    const whole = ctx.globalAlpha;
    ctx.globalAlpha = whole * UNFOUND;
    this.message(message, x, y, node.cfg);
    ctx.globalAlpha = whole;
  }

  /** @param {Shown} message */
  message(message, x, y, cfg) {
    const {ctx, colours} = this;
    if (message.look === "flight") this.flight(message, x, y, cfg);
    else if (message.look === "dead") cross(ctx, x, y, RADIUS, colours.dead);
    else if (message.look === "delayed") square(ctx, x, y, RADIUS, colours.delayed);
    else if (message.look === "locked") hollow(ctx, x, y, RADIUS, colours.visible);
    else dot(ctx, x, y, RADIUS, colours.visible);
  }

  flight(message, x, y, cfg) {
    const counted = this.detail >= 3 && message.receives > 0;
    const share = timeLeft(message, this.scene.now, (cfg.visibility ?? 0) * 1_000);
    ring(this.ctx, x, y, counted ? COUNTED_RADIUS : RADIUS, share, this.colours.flight);
    if (!counted) return;
    this.ctx.fillStyle = this.colours.ink;
    this.ctx.font = "600 6px Inter, sans-serif";
    this.ctx.textAlign = "center";
    this.ctx.fillText(message.receives > 99 ? "99" : String(message.receives), x, y + 2.1);
  }

  /** The time that a long poll may still wait: violet for a person's code, quiet for a simulated worker. */
  poll(node, {x, y, r}, colour) {
    const left = pollOf(this.scene.state, node).until - this.scene.now;
    if (left > 0) ring(this.ctx, x, y, r, Math.min(1, left / LONGEST_POLL), colour);
    return left > 0;
  }

  words(text, x, y, align) {
    this.ctx.fillStyle = this.colours["ink-3"];
    this.ctx.font = "400 11px Inter, sans-serif";
    this.ctx.textAlign = align;
    this.ctx.fillText(text, x, y);
  }

  label(text, x, y, width) {
    this.ctx.fillStyle = this.colours["ink-2"];
    this.ctx.font = "400 10px JetBrains Mono, monospace";
    this.ctx.textAlign = "left";
    const most = Math.floor(width / 6);
    const chars = [...text];
    this.ctx.fillText(chars.length > most ? `${chars.slice(0, most - 1).join("")}…` : text, x, y);
  }
}

/** Notes where messages would be drawn. */
class Tracer extends Brush {
  spots = [];

  place({m}, x, y) {
    this.spots.push({m, x, y});
  }
}
