/**
 * The places that people chose, as the stream tells them: somebody in another window may have moved a node.
 *
 * @typedef {import("./pinned.js").Pins} Pins
 */
import {samePins} from "./pinned.js";

export class PinBoard {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    this.busy = 0;
    /** @type {Pins|null} what was told while a change of our own was on its way */
    this.late = null;
  }

  /** @param {Pins} pins all of them */
  follow(pins) {
    const {session} = this;
    if (this.busy) this.late = pins;
    if (this.busy || samePins(session.pins, pins)) return;
    session.pins = pins;
    if (session.placedShape !== -1) session.rearrange();
    session.tell("pins");
  }

  /** Make a change; what the stream tells meanwhile comes after its answer. @template T @param {()=>Promise<T>} change */
  async during(change) {
    this.busy += 1;
    try {
      return await change();
    } finally {
      this.busy -= 1;
      setTimeout(() => this.catchUp());
    }
  }

  catchUp() {
    const {late} = this;
    if (this.busy || !late) return;
    this.late = null;
    this.follow(late);
  }
}
