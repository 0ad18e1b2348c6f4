/**
 * How evenly frames come, and how much work is in each: from the first callback of a frame until the browser has
 * done style, layout and the list of what to paint. Filling pixels happens on other threads; it shows in the intervals.
 */

/** Call `each` for every animation frame and note what it costs, for some seconds. */
export class FrameMeter {
  constructor() {
    this.began = 0;
    this.last = 0;
    this.on = false;
    /** @type {number[]} */
    this.intervals = [];
    /** @type {number[]} */
    this.work = [];
    this.after = new MessageChannel();
    this.after.port1.onmessage = () => this.end();
    this.watch();
  }

  /** Every callback of a frame begins here, so that the first one is known. */
  watch() {
    const ask = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (run) =>
      ask((time) => {
        this.begin(time);
        run(time);
      });
  }

  begin(time) {
    if (!this.on || time === this.last) return;
    if (this.last) this.intervals.push(time - this.last);
    this.last = time;
    this.began = performance.now();
    this.after.port2.postMessage(0);
  }

  end() {
    if (this.on) this.work.push(performance.now() - this.began);
  }

  /**
   * @param {number} seconds
   * @param {(time:number)=>void} each
   * @returns {Promise<{intervals:number[],work:number[]}>} in milliseconds
   */
  async run(seconds, each) {
    Object.assign(this, {on: true, last: 0, intervals: [], work: []});
    const until = performance.now() + seconds * 1_000;
    await new Promise((resolve) => {
      const turn = (time) => {
        each(time);
        if (performance.now() < until) requestAnimationFrame(turn);
        else resolve(null);
      };
      requestAnimationFrame(turn);
    });
    this.on = false;
    return {intervals: this.intervals, work: this.work};
  }
}

/** The value below which a share of the numbers lies, by nearest rank. @param {number[]} numbers @param {number} rank */
export function percentile(numbers, rank) {
  const ordered = [...numbers].sort((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil((ordered.length * rank) / 100) - 1)] ?? 0;
}
