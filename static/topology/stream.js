/**
 * The WebSocket: hello, resume, back-off, staleness, acknowledgement. It knows frames by their type only.
 *
 * @typedef {{state:"connecting"|"live"|"lost"|"closed",since:number,retryAt:number,reason:string}} LinkStatus
 * @typedef {{url:string,onFrame:(frame:any)=>void,onStatus:(status:LinkStatus)=>void,have:()=>{epoch:string,q:number}|null,
 *   caps?:()=>object,measure?:()=>object,open?:(url:string)=>WebSocket,now?:()=>number,chance?:()=>number,
 *   setTimer?:(run:()=>void,ms:number)=>any,clearTimer?:(timer:any)=>void}} StreamOptions
 */
import {gettext} from "../shell/words.js";

const FIRST_RETRY = 250;
const LONGEST_RETRY = 10_000;
const STALE_AFTER = 12_000;
const ACK_EVERY = 1_000;
const FINAL_CODES = {
  4401: gettext("Sign in again to follow this sandbox."),
  4403: gettext("This sandbox is not open to you."),
  4404: gettext("This sandbox was deleted."),
};
const NO_SOCKET = gettext(
  "This browser offers no WebSocket, so the picture cannot be live. Requests, charts and lifetimes work here; a current browser shows the map.",
);

/**
 * Milliseconds to wait before a retry: doubled each time, at most ten seconds, with full jitter above the
 * first quarter.
 *
 * @param {number} attempt 0 for the first
 * @param {number} chance from 0 to 1
 */
export function backoff(attempt, chance) {
  const cap = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** attempt);
  return Math.round(cap * (0.25 + 0.75 * chance));
}

/** The address of a stream. @param {string} path @returns {string} */
export function socketUrl(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

export class Stream {
  /** @param {StreamOptions} options */
  constructor(options) {
    this.options = {
      caps: () => ({}),
      measure: () => ({}),
      open: (url) => new WebSocket(url),
      now: () => performance.now(),
      chance: Math.random,
      setTimer: (run, ms) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer),
      ...options,
    };
    /** @type {WebSocket|null} */
    this.socket = null;
    this.attempt = 0;
    this.heard = 0;
    this.acked = -ACK_EVERY;
    this.timers = {};
    /** @type {LinkStatus} */
    this.status = {state: "closed", since: 0, retryAt: 0, reason: ""};
  }

  /** Open the link; harmless when it is open already. */
  connect() {
    if (this.socket) return;
    this.cancel("retry");
    if (this.status.state !== "lost") this.report("connecting");
    const socket = this.opened();
    if (!socket) return this.report("closed", 0, NO_SOCKET);
    this.socket = socket;
    this.heard = this.options.now();
    socket.onopen = () => socket === this.socket && this.hello();
    socket.onmessage = (event) => socket === this.socket && this.receive(event.data);
    socket.onclose = (event) => socket === this.socket && this.lose(event.code);
    this.later("stale", STALE_AFTER, () => this.watch());
  }

  /** A socket; nothing where the browser knows none, or is forbidden to open one. */
  opened() {
    try {
      return this.options.open(this.options.url);
    } catch {
      return null;
    }
  }

  /** Ask for the frames after what we have, or for a snapshot when that is nothing or too old. */
  hello() {
    const have = this.options.have();
    this.send({t: "hello", v: 1, ...(have ? {have} : {}), caps: this.options.caps()});
  }

  /** Tell the server how much we want to see. @param {object} wishes */
  tune(wishes) {
    this.send({t: "tune", ...wishes});
  }

  /** Try again at once: the person asked, or the network is back. */
  retry() {
    this.cancel("retry");
    this.attempt = 0;
    this.connect();
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    for (const name of Object.keys(this.timers)) this.cancel(name);
    this.report("closed");
    socket?.close(1000);
  }

  receive(data) {
    const frame = JSON.parse(data);
    this.heard = this.options.now();
    if (frame.t === "reset") return this.send({t: "hello", v: 1, caps: this.options.caps()});
    this.arrived();
    this.options.onFrame(frame);
    this.acknowledge();
  }

  arrived() {
    this.attempt = 0;
    if (this.status.state !== "live") this.report("live");
  }

  /** Once a second, also for what came last before a silence: the server counts what is on its way. */
  acknowledge() {
    const due = this.acked + ACK_EVERY - this.options.now();
    if (due > 0) {
      if (!("ack" in this.timers)) this.later("ack", due, () => this.acknowledge());
      return;
    }
    this.cancel("ack");
    const have = this.options.have();
    this.acked = this.options.now();
    if (have) this.send({t: "ack", q: have.q, ...this.options.measure()});
  }

  /** A link that says nothing for twelve seconds is lost, whatever the socket believes. */
  watch() {
    const silent = this.options.now() - this.heard;
    if (silent < STALE_AFTER) return this.later("stale", STALE_AFTER - silent, () => this.watch());
    const socket = this.socket;
    this.lose(4000);
    socket?.close(4000);
  }

  lose(code) {
    this.socket = null;
    this.cancel("stale");
    this.cancel("ack");
    if (FINAL_CODES[code]) return this.report("closed", 0, FINAL_CODES[code]);
    const wait = backoff(this.attempt, this.options.chance());
    this.attempt += 1;
    this.report("lost", this.options.now() + wait);
    this.later("retry", wait, () => this.connect());
  }

  report(state, retryAt = 0, reason = "") {
    const since = state === this.status.state ? this.status.since : state === "lost" ? this.heard : this.options.now();
    this.status = {state, since, retryAt, reason};
    this.options.onStatus(this.status);
  }

  send(message) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  later(name, ms, run) {
    this.cancel(name);
    this.timers[name] = this.options.setTimer(run, ms);
  }

  cancel(name) {
    if (name in this.timers) this.options.clearTimer(this.timers[name]);
    delete this.timers[name];
  }
}
