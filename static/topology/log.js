/**
 * The last ten minutes of frames, with a keyframe every five seconds: enough to say what any instant looked like.
 * Sandbox times are in milliseconds.
 *
 * @typedef {import("./reduce.js").State} State
 */
import {reduce} from "./reduce.js";

const KEEP = 600_000;
const KEYFRAME = 5_000;
const PARTICLES = 60_000;

export class Log {
  constructor() {
    /** @type {{ts:number,wall:number,q:number,raw:any}[]} */
    this.frames = [];
    /** @type {{ts:number,wall:number,at:number,state:State}[]} keyframes; `at` is the number of frames folded, ever */
    this.keys = [];
    this.dropped = 0;
    /** How many frames, ever, have lost their particles. */
    this.bare = 0;
  }

  /**
   * Remember a frame and the state it led to.
   *
   * @param {any} frame
   * @param {State} state
   * @param {number} wall milliseconds of the browser's monotonic clock
   */
  append(frame, state, wall) {
    if (frame.t === "snap") this.clear();
    else this.frames.push({ts: frame.ts, wall, q: frame.q ?? state.q, raw: frame});
    const last = this.keys.at(-1);
    if (!last || wall - last.wall >= KEYFRAME) {
      this.keys.push({ts: state.ts, wall, at: this.dropped + this.frames.length, state});
    }
    this.prune(wall);
  }

  /**
   * The state as it was at a sandbox time, or null when that is before the log.
   *
   * @param {number} ts
   * @returns {State|null}
   */
  at(ts) {
    const key = this.keys.findLast((entry) => entry.ts <= ts);
    if (!key) return null;
    let state = key.state;
    for (const entry of this.frames.slice(key.at - this.dropped)) {
      if (entry.ts > ts) break;
      state = reduce(state, entry.raw);
    }
    return state;
  }

  /** @param {number} q @returns {number} events that came after sequence number q */
  behind(q) {
    return Math.max(0, (this.frames.at(-1)?.q ?? q) - q);
  }

  clear() {
    this.dropped += this.frames.length;
    this.frames = [];
    this.keys = [];
  }

  prune(wall) {
    while (this.keys.length > 1 && wall - this.keys[1].wall > KEEP) this.keys.shift();
    const surplus = (this.keys[0]?.at ?? 0) - this.dropped;
    if (surplus > 0) {
      this.frames.splice(0, surplus);
      this.dropped += surplus;
    }
    this.strip(wall);
  }

  /** Forget the particles of old frames, each once: they are most of a frame, and nobody looks at them again. */
  strip(wall) {
    for (this.bare = Math.max(this.bare, this.dropped); ; this.bare += 1) {
      const entry = this.frames[this.bare - this.dropped];
      if (!entry || wall - entry.wall <= PARTICLES) return;
      const {p, req, ...rest} = entry.raw;
      entry.raw = rest;
    }
  }
}
