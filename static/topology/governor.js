/**
 * Keeps the picture fluent on a weak machine. First the tails go, then the moving canvas gets coarser, then what lies
 * in queues is drawn less often; last come fewer particles, and half the frames.
 */

const SLOW = 20;
const QUICK = 17.5;
const LATE_MANY = 0.04;
const LATE_FEW = 0.015;
const PATIENCE = 1_000;
const RECOVERY = 5_000;
const LONGEST_RECOVERY = 160_000;
const FULL = 5_000;
const LOWEST = 8;

export class Governor {
  constructor() {
    this.average = 16.7;
    /** The share of late frames, lately: a few long ones are felt though the average is good. */
    this.late = 0;
    this.since = 0;
    this.level = 0;
    this.recovery = RECOVERY;
    this.recovered = -Infinity;
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
    this.late += ((interval > SLOW ? 1 : 0) - this.late) * 0.02;
    const drift = this.drift();
    if (drift === 0) {
      this.since = now;
      return false;
    }
    if (now - this.since < (drift > 0 ? PATIENCE : this.recovery)) return false;
    this.since = now;
    const before = this.level;
    this.level = Math.min(LOWEST, Math.max(0, this.level + drift));
    this.learn(this.level - before, now);
    return this.level !== before;
  }

  drift() {
    if (this.average > SLOW || this.late > LATE_MANY) return 1;
    return this.level > 0 && this.average < QUICK && this.late < LATE_FEW ? -1 : 0;
  }

  /** Who recovers and soon has to shed again waits twice as long the next time. */
  learn(step, now) {
    if (step < 0) this.recovered = now;
    else if (step > 0) {
      const soon = now - this.recovered < 2 * RECOVERY;
      this.recovery = soon ? Math.min(LONGEST_RECOVERY, this.recovery * 2) : RECOVERY;
    }
    if (step > 0) this.late = 0;
  }

  get particles() {
    return Math.round(FULL * 0.7 ** Math.min(5, Math.max(0, this.level - 2)));
  }

  /** Whether moving messages have tails. */
  get tails() {
    return this.level < 1;
  }

  /** Pixels of the moving canvas for one of the screen's. */
  get density() {
    return this.level < 2 ? 1 : 0.5;
  }

  /** Milliseconds between two pictures of what lies in the queues, and between two writings of the words. */
  get contentsEvery() {
    return this.level < 3 ? 100 : this.level < 5 ? 200 : 450;
  }

  get wordsEvery() {
    return this.level < 3 ? 250 : 450;
  }

  get skipFrames() {
    return this.level >= LOWEST;
  }
}
