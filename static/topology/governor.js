/**
 * Keeps the picture fluent on a weak machine: fewer particles first, then slower queue contents, then half
 * the frames.
 */

const SLOW = 20;
const QUICK = 17.5;
const PATIENCE = 1_000;
const RECOVERY = 5_000;
const FULL = 5_000;

export class Governor {
  constructor() {
    this.average = 16.7;
    this.since = 0;
    this.level = 0;
  }

  /**
   * Note the time between two animation frames.
   *
   * @param {number} interval milliseconds
   * @param {number} now
   * @returns {boolean} whether the quality changed
   */
  note(interval, now) {
    if (interval > 250) return false;
    this.average += (interval - this.average) * 0.08;
    const drift = this.average > SLOW ? 1 : this.average < QUICK && this.level > 0 ? -1 : 0;
    if (drift === 0) {
      this.since = now;
      return false;
    }
    if (now - this.since < (drift > 0 ? PATIENCE : RECOVERY)) return false;
    this.since = now;
    const before = this.level;
    this.level = Math.min(7, Math.max(0, this.level + drift));
    return this.level !== before;
  }

  get particles() {
    return Math.round(FULL * 0.7 ** Math.min(5, this.level));
  }

  get contentsEvery() {
    return this.level >= 6 ? 200 : 100;
  }

  get skipFrames() {
    return this.level >= 7;
  }
}
