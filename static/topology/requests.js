/**
 * The requests strip: what was called, newest first. A click selects the target.
 */
import {make} from "./dom.js";
import {timeOfDay, visible} from "./text.js";

const KEEP = 40;
const SHOWN = 14;
const EVERY = 250;

export class Requests {
  /**
   * @param {HTMLElement} host a list
   * @param {{selectLabel:(label:string)=>void,isPerson:(label:string)=>boolean}} actions
   */
  constructor(host, actions) {
    this.host = host;
    this.actions = actions;
    /** @type {any[][]} */
    this.list = [];
    this.timer = 0;
  }

  /** @param {any} frame a batch */
  add(frame) {
    if (!frame.req?.length) return;
    this.list = [...frame.req.toReversed(), ...this.list].slice(0, KEEP);
    this.timer ||= window.setTimeout(() => this.draw(), EVERY);
  }

  draw() {
    this.timer = 0;
    if (this.host.contains(document.activeElement)) return;
    this.host.replaceChildren(...this.list.slice(0, SHOWN).map((row) => make("li", {}, [this.entry(row)])));
  }

  entry([ts, actor, operation, target, result]) {
    const good = result === "" || /^2\d\d$/.test(String(result)) || result === "ok";
    const waits = result === "waiting";
    return make("button", {type: "button", onclick: () => this.actions.selectLabel(target)}, [
      make("span", {className: "q", textContent: timeOfDay(ts)}),
      make("bdi", {className: this.actions.isPerson(actor) ? "c-p" : "b5", textContent: visible(actor)}),
      make("span", {textContent: operation}),
      make("bdi", {className: "q2", textContent: visible(target ?? "")}),
      make("span", {
        className: waits ? "q" : good ? "c-g" : "c-x",
        textContent: good || waits ? String(result) : `✕ ${result}`,
      }),
    ]);
  }
}
