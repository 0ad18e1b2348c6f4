/**
 * Goes to a moment of the past and back: fetches its snapshot and shows it through the session. Live frames are
 * folded meanwhile as always, so going back is only a matter of showing them.
 */
import {initial, reduce} from "../topology/reduce.js";
import {flight} from "./flight.js";
import {renumber, shapeOf} from "./renumber.js";

/** @typedef {{seq:number,at:number,first:number,last:number,kind:string|null,what:string,node:string,
 *   event:(number|null)[],decision:(number|null)[]}} Moment */

export class Traveller extends EventTarget {
  /** @param {{session:import("../topology/session.js").Session,url:string,fetch?:typeof fetch}} options */
  constructor({session, url, fetch = (...asked) => window.fetch(...asked)}) {
    super();
    this.session = session;
    this.url = url;
    this.fetch = fetch;
    /** @type {Moment|null} where we are; null is live */
    this.moment = null;
    this.wanted = null;
    this.busy = false;
    this.strangers = new Map();
    this.shapes = new Map();
    session.addEventListener("past", ({detail}) => this.follow(detail));
  }

  /** Show the state after an event. @param {number|null} seq */
  async seek(seq) {
    if (seq !== null) await this.look(`seq=${seq}`);
  }

  /** Show the state at a sandbox time. @param {number} ts */
  async seekTime(ts) {
    await this.look(`time=${Math.round(ts)}`);
  }

  /** One event, or one decision (receive, return, move, delete), back or forwards. @param {"event"|"decision"} what @param {-1|1} by */
  async step(what, by) {
    if (this.busy) return;
    const {moment} = this;
    if (moment && by > 0) return this.forwards(moment[what][1]);
    if (moment) return this.pass(moment[what][0], moment.seq);
    if (by > 0) return;
    const {q} = this.session.live;
    if (what === "event") return this.pass(q - 1, q);
    // From live, the last decision is before whatever comes after it.
    await this.seek(q);
    if (this.moment?.[what][0] !== null) await this.step(what, by);
  }

  /** Go on to an event. @param {number|null} seq null leads back to live */
  async forwards(seq) {
    if (seq === null) return this.live();
    await this.pass(seq, this.moment.seq);
  }

  /** Go to an event, and see what moved on the way; back, it moves backwards. @param {number|null} seq @param {number} from */
  async pass(seq, from) {
    if (seq !== null) await this.look(`seq=${seq}&from=${from}`);
  }

  async first() {
    await this.seek(this.moment?.first ?? this.earliest ?? 0);
  }

  live() {
    this.wanted = null;
    if (!this.moment) return;
    this.moment = null;
    this.session.visit(null);
    this.tell();
  }

  /** Ask for a moment; while an answer is on its way only the latest wish is kept. */
  async look(query) {
    this.wanted = query;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.wanted !== null) {
        const asked = this.wanted;
        const response = await this.fetch(`${this.url}?${asked}`, {headers: {Accept: "application/json"}});
        const frame = response.ok ? await response.json() : null;
        if (this.wanted === null) break;
        if (this.wanted === asked) this.wanted = null;
        if (frame) this.show(frame);
        else this.dispatchEvent(new CustomEvent("lost", {detail: response.status}));
      }
    } catch {
      this.wanted = null;
      this.dispatchEvent(new CustomEvent("lost", {detail: 0}));
    } finally {
      this.busy = false;
    }
  }

  show(frame) {
    const {live} = this.session;
    // The stream's epoch also names the server's run, which the log outlives.
    if (live.epoch && !live.epoch.startsWith(`${frame.epoch}.`)) return this.live();
    const state = renumber(reduce(initial(), frame), live, this.strangers);
    this.moment = frame.past;
    this.session.visit({...state, epoch: live.epoch, shape: this.shape(state, live)});
    this.tell();
    const flown = flight(frame, this.session.shown);
    if (flown) this.session.stage.fly(flown);
  }

  /** The number of a shape: that of the live one when it looks the same, so that nothing moves. */
  shape(state, live) {
    const name = shapeOf(state);
    if (name === shapeOf(live)) return live.shape;
    if (!this.shapes.has(name)) this.shapes.set(name, -2 - this.shapes.size);
    return this.shapes.get(name);
  }

  /** The world went on; after a new snapshot its numbers are others. */
  follow({snap}) {
    if (!this.moment) return;
    if (snap) this.seek(this.moment.seq);
    else this.tell();
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }
}
