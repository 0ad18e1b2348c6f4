/**
 * Numbers for charts, fetched once a second while somebody can see them.
 */

const EVERY = 1_000;
const SLOW = 10_000;

export class Source {
  /** @param {string} url @param {(points:Record<string,any>)=>void} onPoints */
  constructor(url, onPoints) {
    this.url = url;
    this.onPoints = onPoints;
    this.held = false;
    this.timer = 0;
    this.wait = EVERY;
    this.ended = false;
    this.look = () => document.hidden || this.next(0);
    document.addEventListener("visibilitychange", this.look);
    this.next(0);
  }

  next(wait) {
    clearTimeout(this.timer);
    if (!this.ended) this.timer = window.setTimeout(() => this.fetch(), wait);
  }

  async fetch() {
    if (this.ended || this.held || document.hidden) return;
    try {
      const answer = await fetch(this.url, {cache: "no-store"});
      if (!answer.ok) throw new Error(String(answer.status));
      const points = await answer.json();
      this.wait = EVERY;
      if (!this.ended && !this.held) this.onPoints(points);
    } catch {
      // The last numbers stay; the server is asked again, ever more rarely.
      this.wait = Math.min(SLOW, this.wait * 2);
    }
    this.next(this.wait);
  }

  hold(held) {
    this.held = held;
    if (!held) this.next(0);
  }

  end() {
    this.ended = true;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.look);
  }
}
