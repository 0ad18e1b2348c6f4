/**
 * Messages on their way: a pool of numbers, drawn on every frame. A particle's place is a function of time
 * and of its edge's track; nothing is simulated.
 *
 * @typedef {import("./path.js").Track} Track
 */
import {drawTold, isTold} from "./flyglyphs.js";
import {along} from "./path.js";

const MOST = 5_000;
const SHORTEST = 350;
const LONGEST = 60_000;
const PACE = 3.2;
const TAIL = 20;
const TAIL_STEPS = 3;
const FANCY_MOST = 500;
const TOLD_MOST = 250;
const RADIUS = 4.2;
/**
 * Sent, received, moved to dead letters, failed; `u` failed too and runs against its edge: calls go from the caller.
 * `s` is stopped by a filter and goes no further than the middle of its edge.
 */
const CLASSES = ["v", "f", "x", "e", "u", "s"];
const COLOURS = {v: "visible", f: "flight", x: "dead", e: "dead", u: "dead", s: "delayed"};
const AGAINST = "u";
const STOPPED = CLASSES.indexOf("s");
/** Where on its edge a stopped one ends, and how much of its time it stands there. */
const STOP = 0.5;
const STANDS = 0.35;

/**
 * How long a packet is shown: its true transit, but long enough to be seen.
 *
 * @param {number} transit milliseconds here
 * @param {number} length of the edge in world units
 */
export function shownFor(transit, length) {
  return Math.min(LONGEST, Math.max(SHORTEST, Math.min(1_100, length * PACE), transit));
}

export class Particles {
  constructor() {
    this.edge = new Int32Array(MOST);
    this.start = new Float64Array(MOST);
    this.lasts = new Float32Array(MOST);
    this.kind = new Uint8Array(MOST);
    /** Which run from the end of their edge to its start. */
    this.against = new Uint8Array(MOST);
    this.receives = new Uint16Array(MOST);
    this.since = new Float64Array(MOST);
    this.until = new Float64Array(MOST);
    /** Where each is in this frame, and whether that is in the window. */
    this.xs = new Float32Array(MOST);
    this.ys = new Float32Array(MOST);
    this.seen = new Uint8Array(MOST);
    this.count = 0;
    this.limit = MOST;
    /** @type {Map<number,Track>} */
    this.tracks = new Map();
    this.weight = 1;
    this.tells = false;
    /** @type {Map<number,number>} messages of an edge that no glyph has stood for yet */
    this.owed = new Map();
  }

  /**
   * Take the particles of a batch. Those that began earlier in the batch start earlier here too.
   *
   * @param {any} frame a batch; `back`: time runs backwards in it, each returns to where it came from
   * @param {number} now stage time
   * @param {number} [sample] messages that one glyph is to stand for; failures are always shown
   */
  spawn(frame, now, sample = 1) {
    const rate = frame.rate > 0 ? frame.rate : 1;
    for (const [edge, t0, transit, kind, weight, receives, until] of frame.p ?? []) {
      const line = this.tracks.get(edge);
      if (!line || this.count >= this.limit || !this.isDue(edge, kind, weight ?? 1, sample)) continue;
      const at = this.count;
      this.count += 1;
      this.edge[at] = edge;
      this.start[at] = now + Math.min(100, Math.max(0, (t0 - (frame.ts - frame.dt)) / rate));
      this.lasts[at] = shownFor(transit / rate, line.length);
      this.kind[at] = Math.max(0, CLASSES.indexOf(kind));
      this.against[at] = Number((kind === AGAINST) !== Boolean(frame.back));
      this.receives[at] = sample > 1 ? 0 : (receives ?? 0);
      this.since[at] = t0;
      this.until[at] = until ?? 0;
      this.weight = Math.max(this.weight, weight ?? 1);
    }
  }

  isDue(edge, kind, weight, sample) {
    const at = CLASSES.indexOf(kind);
    if (sample <= 1 || (at >= 2 && at !== STOPPED)) return true;
    const owed = (this.owed.get(edge) ?? 0) + weight;
    this.owed.set(edge, owed >= sample ? owed % sample : owed);
    return owed >= sample;
  }

  /** Forget those on edges that are gone. @param {Map<number,Track>} tracks */
  retrack(tracks) {
    this.tracks = tracks;
    for (let at = this.count - 1; at >= 0; at -= 1) if (!tracks.has(this.edge[at])) this.drop(at);
  }

  drop(at) {
    const last = this.count - 1;
    const {edge, start, lasts, kind, against, receives, since, until} = this;
    for (const column of [edge, start, lasts, kind, against, receives, since, until]) column[at] = column[last];
    this.count = last;
  }

  clear() {
    this.count = 0;
    this.weight = 1;
  }

  /**
   * Draw all, drop those that arrived.
   *
   * @param {CanvasRenderingContext2D} ctx in world units
   * @param {{now:number,sim?:number,k:number,colours:Record<string,string>,scale?:number,tailed?:boolean,
   *   window?:{left:number,top:number,right:number,bottom:number}}} scene sim: sandbox time, for rings; window: what is
   *   seen, in world units
   */
  draw(ctx, {now, sim = 0, k, colours, scale = 1, tailed = true, window}) {
    for (let at = this.count - 1; at >= 0; at -= 1) if (now >= this.start[at] + this.lasts[at]) this.drop(at);
    const radius = Math.max(RADIUS, 1.6 / k) * scale;
    const some = this.locate(now, window, TAIL + 2 * radius);
    const fancy = this.count <= FANCY_MOST && k >= 0.35;
    this.tells = fancy && this.count <= TOLD_MOST;
    for (let kind = 0; kind < CLASSES.length; kind += 1) {
      if (!some[kind]) continue;
      const colour = colours[COLOURS[CLASSES[kind]]];
      ctx.fillStyle = colour;
      ctx.strokeStyle = colour;
      if (fancy && tailed) this.tails(ctx, kind, now, radius);
      if (kind === STOPPED) this.heads(ctx, kind, (x, y) => barred(ctx, x, y, radius));
      else if (kind >= 2) this.heads(ctx, kind, (x, y) => diamond(ctx, x, y, radius * 1.35));
      else if (fancy) this.heads(ctx, kind, (x, y) => disc(ctx, x, y, radius));
      else this.boxes(ctx, kind, radius);
    }
    if (this.tells) this.told(ctx, {sim, k, colours, scale});
  }

  /** Find out where they are; how many of each kind are in the window, or near it. @returns {number[]} */
  locate(now, window, margin) {
    const some = CLASSES.map(() => 0);
    const out = {x: 0, y: 0};
    for (let at = 0; at < this.count; at += 1) {
      this.seen[at] = 0;
      if (now < this.start[at]) continue;
      const {x, y} = along(this.tracks.get(this.edge[at]), this.place(at, now), out);
      if (window && (x < window.left - margin || x > window.right + margin)) continue;
      if (window && (y < window.top - margin || y > window.bottom + margin)) continue;
      [this.xs[at], this.ys[at], this.seen[at]] = [x, y, 1];
      some[this.kind[at]] += 1;
    }
    return some;
  }

  /** Whether a particle is drawn with what is known of its message. */
  isTold(at) {
    return this.tells && isTold(CLASSES[this.kind[at]], this.receives[at]);
  }

  told(ctx, {sim, ...look}) {
    for (let at = 0; at < this.count; at += 1) {
      if (!this.seen[at] || !this.isTold(at)) continue;
      const out = {x: this.xs[at], y: this.ys[at]};
      const whole = this.until[at] - this.since[at];
      const share = whole > 0 ? Math.min(1, Math.max(0, (this.until[at] - sim) / whole)) : 1;
      drawTold(ctx, {kind: CLASSES[this.kind[at]], receives: this.receives[at], share}, out, look);
    }
  }

  /** The share of the edge that lies behind a particle, from the edge's own start. */
  place(at, now) {
    const share = (now - this.start[at]) / this.lasts[at];
    if (this.kind[at] === STOPPED) return STOP * Math.min(1, share / (1 - STANDS));
    return this.against[at] ? 1 - share : share;
  }

  heads(ctx, kind, shape) {
    ctx.beginPath();
    for (let at = 0; at < this.count; at += 1) {
      if (this.kind[at] === kind && this.seen[at] && !this.isTold(at)) shape(this.xs[at], this.ys[at]);
    }
    ctx.fill();
  }

  /** Whole pixels of the canvas: nothing has to be blended. */
  boxes(ctx, kind, radius) {
    const {a, e, f} = ctx.getTransform();
    const side = Math.max(1, Math.round(2 * radius * a));
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    for (let at = 0; at < this.count; at += 1) {
      if (this.kind[at] !== kind || !this.seen[at]) continue;
      ctx.fillRect(Math.round(this.xs[at] * a + e - side / 2), Math.round(this.ys[at] * a + f - side / 2), side, side);
    }
    ctx.setTransform(a, 0, 0, a, e, f);
  }

  tails(ctx, kind, now, radius) {
    const [a, b] = [
      {x: 0, y: 0},
      {x: 0, y: 0},
    ];
    for (let step = 0; step < TAIL_STEPS; step += 1) {
      ctx.globalAlpha = 0.5 - step * 0.16;
      ctx.lineWidth = radius * (1.2 - step * 0.25);
      ctx.beginPath();
      for (let at = 0; at < this.count; at += 1) {
        if (this.kind[at] !== kind || !this.seen[at]) continue;
        const line = this.tracks.get(this.edge[at]);
        const place = this.place(at, now);
        const leg = (this.against[at] ? -1 : 1) * (TAIL / TAIL_STEPS / (line.length || 1));
        along(line, place - leg * step, a);
        along(line, place - leg * (step + 1), b);
        ctx.moveTo(a.x, a.y);
        ctx.lineTo(b.x, b.y);
      }
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
  }
}

function disc(ctx, x, y, r) {
  ctx.moveTo(x + r, y);
  ctx.arc(x, y, r, 0, Math.PI * 2);
}

/** A dot before a bar: it comes no further. */
function barred(ctx, x, y, r) {
  disc(ctx, x, y, r * 0.8);
  ctx.rect(x + r * 1.2, y - r * 1.6, r * 0.6, r * 3.2);
}

function diamond(ctx, x, y, r) {
  ctx.moveTo(x, y - r);
  ctx.lineTo(x + r, y);
  ctx.lineTo(x, y + r);
  ctx.lineTo(x - r, y);
  ctx.closePath();
}
