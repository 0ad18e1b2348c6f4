/**
 * The search field over the map: marks what matches, counts it, and goes from match to match with Enter.
 */
import {matches, parse} from "./search.js";
import {order} from "./walk.js";

export class Finder {
  /**
   * @param {{field:HTMLInputElement,count:HTMLElement,hide?:HTMLInputElement,error?:HTMLElement,more?:HTMLElement}} parts
   * @param {{session:import("./session.js").Session,onFind:()=>void,onVisit:(i:number)=>void,onLeave:()=>void}} host
   */
  constructor(parts, host) {
    this.parts = parts;
    this.host = host;
    /** @type {Set<number>|null} */
    this.found = null;
    this.at = -1;
    /** Whether what does not match is hidden, rather than dimmed. */
    this.hides = false;
    parts.hide?.addEventListener("change", () => this.setHide(parts.hide.checked));
    parts.field.addEventListener("input", () => {
      this.at = -1;
      this.update();
    });
    parts.field.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** @param {string} text */
  ask(text) {
    this.parts.field.value = text;
    this.at = -1;
    this.update();
  }

  /** @param {boolean} hides */
  setHide(hides) {
    this.hides = hides;
    if (this.parts.hide) this.parts.hide.checked = hides;
    this.update();
  }

  update() {
    const {session, onFind} = this.host;
    const parsed = parse(this.parts.field.value);
    this.found = session.shown.epoch ? matches(session.shown, parsed) : null;
    if (this.parts.more) this.parts.more.hidden = !this.parts.field.value.trim() && !this.hides;
    this.complain(parsed.error);
    this.parts.count.hidden = !this.found;
    const words = this.found ? `${this.found.size} ${this.found.size === 1 ? "match" : "matches"}` : "";
    if (this.parts.count.textContent !== words) this.parts.count.textContent = words;
    onFind();
  }

  complain(error) {
    const {field, error: place} = this.parts;
    if (!place || place.textContent === error) return;
    place.textContent = error;
    place.hidden = !error;
    field.setAttribute("aria-invalid", String(Boolean(error)));
  }

  onKey(event) {
    if (event.key === "Enter" && this.found?.size) {
      event.preventDefault();
      const {session} = this.host;
      const hits = order(session.shown, session.stage.scene.boxes).filter((i) => this.found.has(i));
      this.at = (this.at + 1) % hits.length;
      this.host.onVisit(hits[this.at]);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.parts.field.value = "";
      this.update();
      this.host.onLeave();
    }
  }
}
