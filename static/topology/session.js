/**
 * One followed sandbox: the link, the state, its clocks, and the stage that shows it. The page round it
 * listens to events: `link` (status), `show` (a new state is on the stage), `frame` (a batch arrived),
 * `clock` (rate or pause changed), `placed` (a layout is done), `view` (the view was paused or runs again).
 *
 * @typedef {import("./reduce.js").State} State
 */
import {Clock, StageClock} from "./clock.js";
import {fold} from "./grouping.js";
import {Layouter} from "./layout.js";
import {Log} from "./log.js";
import {isStill, onSystemChange, recall} from "./motion.js";
import {PinBoard} from "./pinboard.js";
import {applyPins} from "./pinned.js";
import {Rates} from "./rates.js";
import {continuity, initial, reduce} from "./reduce.js";
import {Stage} from "./stage.js";
import {socketUrl, Stream} from "./stream.js";

recall();

export class Session extends EventTarget {
  /**
   * @param {{streamUrl:string,elk:string,dagre:string,sprite:string,map:HTMLElement,svg:SVGSVGElement,
   *   contents:HTMLCanvasElement,particles:HTMLCanvasElement,
   *   margin:(screen:{width:number,height:number})=>{top:number,right:number,bottom:number,left:number}}} options margin: what
   *   stands over the map's sides when it is fitted
   */
  constructor(options) {
    super();
    this.live = initial();
    /** What is on the stage, and the same with the groups that are collapsed in it: what the page shows. */
    this.full = this.live;
    this.shown = this.live;
    /** @type {Set<string>} keys of collapsed groups */
    this.collapsed = new Set();
    /** @type {import("./pinned.js").Pins} */
    this.pins = {};
    this.board = new PinBoard(this);
    this.paused = false;
    /** @type {State|null} a moment of the past that is shown instead of live, which goes on being folded */
    this.past = null;
    this.calls = new Map();
    this.rates = new Rates();
    this.log = new Log();
    this.clock = new Clock();
    this.stageClock = new StageClock(() => performance.now());
    this.layouter = new Layouter({elk: options.elk, dagre: options.dagre});
    /** @type {number|null} when the link was lost: what is shown is the state of that moment */
    this.lostAt = null;
    this.placedShape = -1;
    this.placing = false;
    this.stage = new Stage({
      ...options,
      stageNow: () => this.stageClock.now(),
      simNow: () => this.now(),
      still: isStill,
      facts: () => this.facts(),
      onQuality: () => this.tune(),
    });
    this.stream = new Stream({
      url: socketUrl(options.streamUrl),
      have: () => (this.live.epoch ? {epoch: this.live.epoch, q: this.live.q} : null),
      caps: () => this.caps(),
      measure: () => ({fps: Math.round(1000 / this.stage.governor.average)}),
      onFrame: (frame) => this.take(frame),
      onStatus: (status) => this.follow(status),
    });
    document.addEventListener("visibilitychange", () => this.onVisibility());
    window.addEventListener("online", () => this.stream.retry());
    onSystemChange(() => this.calm());
  }

  start() {
    this.stream.connect();
    this.layouter.prepare();
  }

  /** Sandbox time of the picture. */
  now() {
    return this.past ? this.past.ts : this.liveNow();
  }

  /** Sandbox time of the world. */
  liveNow() {
    const wall = this.stageClock.stopped ?? performance.now();
    return this.clock.now(this.lostAt === null ? wall : Math.min(wall, this.lostAt));
  }

  /** @param {import("./stream.js").LinkStatus} status */
  follow(status) {
    if (status.state === "live") this.lostAt = null;
    else if (status.state !== "connecting") this.lostAt ??= status.since;
    this.tell("link", status);
  }

  facts() {
    const now = this.now();
    return {now, calls: this.calls, rateOf: (edge) => this.rateOf(edge, now)};
  }

  /** Of an edge that stands for several: all of them. */
  rateOf(edge, now) {
    let sum = this.rates.of(edge, now);
    for (const [other, main] of this.shown.alias ?? []) if (main === edge) sum += this.rates.of(other, now);
    return sum;
  }

  caps() {
    const still = isStill() || document.hidden;
    return {hz: document.hidden ? 1 : 20, p: still ? 0 : this.stage.governor.particles, rm: isStill()};
  }

  tune() {
    this.stream.tune(this.caps());
  }

  take(frame) {
    if (frame.t === "b") {
      const place = continuity(this.live, frame);
      if (place === "old") return;
      if (place === "gap") return this.stream.hello();
    }
    if (frame.pins) this.board.follow(frame.pins);
    const before = this.live;
    this.live = reduce(before, frame);
    if (frame.t === "snap") this.restart();
    else if (this.live === before) return;
    this.log.append(frame, this.live, performance.now());
    this.keepTime(frame);
    if (frame.t === "b") this.takeBatch(frame);
    if (this.past) this.tell("past", {snap: frame.t === "snap"});
    else if (this.paused) this.tell("view", {behind: this.log.behind(this.shown.q)});
    else this.show();
  }

  /** Motion was switched off or on. */
  calm() {
    this.stage.particles.clear();
    this.stage.wake({contents: true, words: true});
    this.tune();
  }

  restart() {
    this.rates.clear();
    this.calls.clear();
    this.stage.particles.clear();
  }

  keepTime(frame) {
    if (frame.ts === undefined || frame.rate === undefined) return;
    const changed = !this.clock.known || this.clock.rate !== frame.rate;
    this.clock.sync(frame.ts, frame.rate, performance.now());
    if (changed || frame.t === "clock") this.tell("clock", {rate: frame.rate});
  }

  takeBatch(frame) {
    this.rates.add(frame);
    for (const [ts, actor, operation] of frame.req ?? []) this.calls.set(actor, {operation, ts});
    if (!this.past) this.stage.fly(frame);
    this.tell("frame", frame);
  }

  show() {
    this.full = this.past ?? this.live;
    this.present();
  }

  /** Collapse groups, and expand the others. @param {Iterable<string>} keys */
  collapse(keys) {
    this.collapsed = new Set(keys);
    if (this.full.epoch) this.present();
  }

  present() {
    this.shown = fold(this.full, this.collapsed);
    this.stage.show(this.shown);
    this.tell("show", this.shown);
    if (this.shown.shape !== this.placedShape) this.arrange();
  }

  /** Lay out the shape that is shown; changes that arrive meanwhile wait for one more turn. */
  async arrange() {
    if (this.placing) return;
    this.placing = true;
    const state = this.shown;
    this.placedShape = state.shape;
    const {layout, plan, engine} = await this.layouter.arrange(state).finally(() => {
      this.placing = false;
    });
    if (state.epoch === this.shown.epoch) this.stage.place(applyPins(layout, plan, state, this.pins), plan);
    this.tell("placed", {engine});
    if (this.shown.shape !== this.placedShape) this.arrange();
  }

  /** Lay the same shape out anew, as after a change of pins. */
  rearrange() {
    this.placedShape = -1;
    this.arrange();
  }

  /** Hold the view while the world runs on, or jump to live. @param {boolean} paused */
  pause(paused) {
    if (paused === this.paused) return;
    this.paused = paused;
    if (paused) this.stageClock.pause();
    else this.stageClock.resume();
    this.stage.pause(paused);
    if (!paused) {
      this.stage.particles.clear();
      this.show();
    }
    this.tell("view", {behind: 0});
  }

  /** Show a moment of the past, or live again. @param {State|null} past */
  visit(past) {
    // Pins are of today, whatever moment is shown.
    this.past = past && {...past, pinned: this.live.pinned};
    if (!past && this.paused) return this.pause(false);
    // Cards glide to where they stood, also while the view is paused.
    this.stageClock.resume();
    this.stage.pause(false);
    this.stage.particles.clear();
    this.show();
  }

  onVisibility() {
    this.tune();
    if (document.hidden) this.stage.particles.clear();
    else if (this.stream.status.state === "lost") this.stream.retry();
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, {detail}));
  }
}
