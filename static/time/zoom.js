/**
 * The stretch of time that the track shows: all of it, or a part, which the wheel and + and − make smaller or larger.
 * At first it is the last minute; it moves on with live, and keeps the play head in sight when one goes back.
 */
import {PLACES} from "./choose.js";

const LEAST = 1_000;
const STEP = 1.6;
const LAST = 60_000;
/** How near to live, in ms, a part must end to move on with it. */
const EDGE = 1;

/** @typedef {{from:number,to:number}} Range */

/**
 * A part of the whole, larger or smaller by a factor, with one moment staying where it is.
 *
 * @param {Range} range @param {Range} whole @param {number} at @param {number} factor
 * @returns {Range|null} null is the whole
 */
export function zoomed(range, whole, at, factor) {
  const length = Math.max(LEAST, (range.to - range.from) * factor);
  if (length >= whole.to - whole.from) return null;
  const share = (at - range.from) / Math.max(1, range.to - range.from);
  return within({from: Math.round(at - share * length), to: Math.round(at + (1 - share) * length)}, whole);
}

/** Moved so that it lies inside the whole. @param {Range} range @param {Range} whole @returns {Range} */
export function within({from, to}, whole) {
  const by = Math.max(0, whole.from - from) - Math.max(0, to - whole.to);
  return {from: from + by, to: to + by};
}

export class Zoom {
  /** @param {import("./track.js").Track} track @param {()=>void} onChange */
  constructor(track, onChange) {
    this.track = track;
    this.onChange = onChange;
    /** A part that stays where it is. @type {Range|null} */
    this.range = null;
    /** How much of the time up to live is shown, when the part moves on with it. @type {number|null} */
    this.span = LAST;
    /** Where the part that moves stands. @type {Range|null} */
    this.moving = null;
    /** How fast the world's clock runs: a minute is one that people live through. */
    this.pace = 1;
    /** @type {Range|null} */
    this.whole = null;
    const {canvas} = track;
    canvas.addEventListener("wheel", (event) => this.wheel(event), {passive: false});
    canvas.addEventListener("dblclick", () => this.set(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Learn from an answer of the server how far the log goes. @param {any} data */
  know({began, now}) {
    const {live, at} = this.track.head;
    this.whole = {from: began, to: Math.max(now, live ? at : began)};
    this.follow();
  }

  /** Move on with live; when the play head is in the past, only as far as it must to show it. */
  follow() {
    const {live, at} = this.track.head;
    if (!this.whole || !this.span) return;
    const before = this.moving;
    if (live) {
      this.whole.to = Math.max(this.whole.to, at);
      const from = this.whole.to - this.span * Math.max(1, this.pace);
      this.moving = from > this.whole.from ? {from, to: this.whole.to} : null;
      if (before === null && this.moving) this.onChange();
    } else if (before && (at < before.from || at > before.to)) {
      const half = (before.to - before.from) / 2;
      this.moving = within({from: at - half, to: at + half}, this.whole);
      this.onChange();
    }
  }

  /** What is shown; null is all of it. */
  get window() {
    return this.range ?? (this.span ? this.moving : null);
  }

  wheel(event) {
    if (!this.whole || event.ctrlKey) return;
    event.preventDefault();
    const sideways = event.shiftKey ? event.deltaY : event.deltaX;
    if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) this.pan(sideways);
    else this.by(STEP ** Math.sign(event.deltaY), this.track.ts(event.offsetX));
  }

  key(event) {
    const factor = {"+": 1 / STEP, "=": 1 / STEP, "-": STEP}[event.key];
    if (!factor || !this.whole || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.by(factor, Math.min(this.shown.to, Math.max(this.shown.from, this.track.head.at)));
  }

  get shown() {
    return this.window ?? this.whole;
  }

  by(factor, at) {
    this.set(zoomed(this.shown, this.whole, at, factor));
  }

  pan(pixels) {
    if (!this.window) return;
    const {from, to} = this.window;
    const by = Math.round(((to - from) * pixels) / Math.max(1, this.track.size.width));
    this.set(within({from: from + by, to: to + by}, this.whole));
  }

  /** @param {Range|null} range */
  set(range) {
    const length = range ? range.to - range.from : 0;
    const isLast = range !== null && this.track.head.live && range.to >= this.whole.to - EDGE;
    this.range = isLast ? null : range && {from: Math.round(range.from), to: Math.round(range.to)};
    this.span = isLast ? length / Math.max(1, this.pace) : null;
    this.moving = null;
    this.follow();
    this.track.draw();
    this.onChange();
  }

  /** What to ask the server for. A part that moves on is asked for in stretches that do not: their marks stay. */
  get query() {
    const {stretches} = this.track;
    if (this.range) return `buckets=${stretches * PLACES}&from=${this.range.from}&to=${this.range.to}`;
    if (!this.window) return `buckets=${stretches * PLACES}`;
    const {from, to} = this.window;
    const length = Math.max(PLACES, Math.ceil((to - from) / stretches));
    const start = Math.floor(from / length);
    return `buckets=${(stretches + 1) * PLACES}&from=${start * length}&to=${(start + stretches + 1) * length - 1}`;
  }
}
