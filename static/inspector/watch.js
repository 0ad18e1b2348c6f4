/**
 * A sandbox that is followed without a picture: the link, its state, its clock, and a moment of the past. To the time
 * bar it is what the map's session is.
 *
 * @typedef {import("../topology/reduce.js").State} State
 */
import {Clock} from "../topology/clock.js";
import {continuity, initial, reduce} from "../topology/reduce.js";
import {socketUrl, Stream} from "../topology/stream.js";

const HZ = 4;
const HIDDEN_HZ = 1;

export class Watch extends EventTarget {
  /** @param {string} path of the stream */
  constructor(path) {
    super();
    this.live = initial();
    /** @type {State|null} */
    this.past = null;
    this.clock = new Clock();
    /** Nothing flies here. */
    this.stage = {fly() {}};
    this.stream = new Stream({
      url: socketUrl(path),
      have: () => (this.live.epoch ? {epoch: this.live.epoch, q: this.live.q} : null),
      caps: () => this.caps(),
      onFrame: (frame) => this.take(frame),
      onStatus: (status) => this.tell("link", status),
    });
    document.addEventListener("visibilitychange", () => this.stream.tune(this.caps()));
    window.addEventListener("online", () => this.stream.retry());
  }

  start() {
    this.stream.connect();
  }

  get shown() {
    return this.past ?? this.live;
  }

  /** Sandbox time of what is shown. */
  now() {
    return this.past ? this.past.ts : this.liveNow();
  }

  /** Sandbox time of the world. */
  liveNow() {
    return this.clock.now(performance.now());
  }

  caps() {
    return {hz: document.hidden ? HIDDEN_HZ : HZ, p: 0};
  }

  take(frame) {
    const place = frame.t === "b" ? continuity(this.live, frame) : "next";
    if (place === "old") return;
    if (place === "gap") return void this.stream.hello();
    this.live = reduce(this.live, frame);
    this.keepTime(frame);
    if (this.past) this.tell("past", {snap: frame.t === "snap"});
    this.tell("show", this.shown);
  }

  keepTime({t, ts, rate}) {
    if (ts === undefined || rate === undefined) return;
    const changed = !this.clock.known || this.clock.rate !== rate;
    this.clock.sync(ts, rate, performance.now());
    if (changed || t === "clock") this.tell("clock", {rate});
  }

  /** Show a moment of the past, or live again. @param {State|null} past */
  visit(past) {
    this.past = past;
    this.tell("show", this.shown);
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
