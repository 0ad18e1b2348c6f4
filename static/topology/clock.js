/**
 * Sandbox time as the page sees it: the last frame's time, carried on at its rate. All times in milliseconds.
 */

export class Clock {
  constructor() {
    this.anchorTs = 0;
    this.anchorWall = 0;
    this.rate = 0;
    this.known = false;
  }

  /**
   * Take the time of a frame. A small difference is a late frame, not a leap: time never runs back while it plays.
   *
   * @param {number} ts sandbox time of the frame
   * @param {number} rate sandbox milliseconds per millisecond here; 0 when the world is paused
   * @param {number} wall monotonic time of its arrival
   */
  sync(ts, rate, wall) {
    const shown = this.now(wall);
    const late = shown - ts;
    const keep = this.known && rate > 0 && this.rate === rate && late > 0 && late < 400 * rate;
    this.anchorTs = keep ? shown - late * 0.1 : ts;
    this.anchorWall = wall;
    this.rate = rate;
    this.known = true;
  }

  /** @param {number} wall @returns {number} sandbox time */
  now(wall) {
    return this.anchorTs + (wall - this.anchorWall) * this.rate;
  }
}

/**
 * Time for drawing: the browser's clock, which stands still while the view is paused.
 */
export class StageClock {
  /** @param {() => number} wall */
  constructor(wall) {
    this.wall = wall;
    this.lost = 0;
    /** @type {number|null} */
    this.stopped = null;
  }

  now() {
    return (this.stopped ?? this.wall()) - this.lost;
  }

  pause() {
    this.stopped ??= this.wall();
  }

  resume() {
    if (this.stopped === null) return;
    this.lost += this.wall() - this.stopped;
    this.stopped = null;
  }
}
