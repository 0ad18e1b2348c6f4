/**
 * The stretch of time that the track shows: all of it, or a part, which the wheel and + and − make smaller or larger.
 */

const LEAST = 1_000;
const STEP = 1.6;

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
    /** @type {Range|null} */
    this.range = null;
    /** @type {Range|null} */
    this.whole = null;
    const {canvas} = track;
    canvas.addEventListener("wheel", (event) => this.wheel(event), {passive: false});
    canvas.addEventListener("dblclick", () => this.set(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /** Learn from an answer of the server how far the log goes. @param {any} data */
  know({began, from, to}) {
    this.whole = {from: Math.min(began, from), to: Math.max(to, this.track.head.live ? this.track.head.at : to, this.whole?.to ?? 0)};
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
    return this.range ?? this.whole;
  }

  by(factor, at) {
    this.set(zoomed(this.shown, this.whole, at, factor));
  }

  pan(pixels) {
    if (!this.range) return;
    const by = Math.round(((this.range.to - this.range.from) * pixels) / Math.max(1, this.track.size.width));
    this.set(within({from: this.range.from + by, to: this.range.to + by}, this.whole));
  }

  /** @param {Range|null} range */
  set(range) {
    if (!range && !this.range) return;
    this.range = range;
    this.track.draw();
    this.onChange();
  }

  /** What to ask the server for. */
  get query() {
    return this.range ? `&from=${this.range.from}&to=${this.range.to}` : "";
  }
}
