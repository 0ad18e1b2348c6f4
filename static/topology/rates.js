/**
 * Messages per sandbox second on each edge, over a sliding window.
 */

const WINDOW = 5_000;

export class Rates {
  constructor() {
    /** @type {Map<number,[number,number][]>} edge → [time, count] */
    this.seen = new Map();
    this.span = WINDOW;
  }

  /**
   * @param {any} frame a batch
   */
  add(frame) {
    this.span = Math.max(WINDOW, 2 * (frame.dt ?? 0));
    for (const [edge, count] of frame.e ?? []) {
      if (!this.seen.has(edge)) this.seen.set(edge, []);
      this.seen.get(edge).push([frame.ts, count]);
    }
  }

  /**
   * @param {number} edge
   * @param {number} now sandbox time
   * @returns {number} messages a second
   */
  of(edge, now) {
    const rows = this.seen.get(edge);
    if (!rows) return 0;
    while (rows.length && rows[0][0] <= now - this.span) rows.shift();
    if (!rows.length) this.seen.delete(edge);
    return rows.reduce((sum, row) => sum + (row[0] <= now ? row[1] : 0), 0) / (this.span / 1000);
  }

  clear() {
    this.seen.clear();
  }
}

/** @param {number} rate @returns {0|1|2|3|4} the step of line width: under 1, 10, 100, 1,000 a second, and above */
export function step(rate) {
  if (rate < 1) return 0;
  return /** @type {any} */ (Math.min(4, 1 + Math.floor(Math.log10(rate))));
}
