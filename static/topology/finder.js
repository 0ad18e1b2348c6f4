/**
 * The search field over the map: marks what matches, counts it, and goes from match to match with Enter.
 */
import {find} from "./search.js";
import {order} from "./walk.js";

export class Finder {
  /**
   * @param {{field:HTMLInputElement,count:HTMLElement}} parts
   * @param {{session:import("./session.js").Session,onFind:()=>void,onVisit:(i:number)=>void,onLeave:()=>void}} host
   */
  constructor(parts, host) {
    this.parts = parts;
    this.host = host;
    /** @type {Set<number>|null} */
    this.found = null;
    this.at = -1;
    parts.field.addEventListener("input", () => {
      this.at = -1;
      this.update();
    });
    parts.field.addEventListener("keydown", (event) => this.onKey(event));
  }

  update() {
    const {session, onFind} = this.host;
    this.found = find(session.shown, this.parts.field.value);
    this.parts.count.hidden = !this.found;
    const words = this.found ? `${this.found.size} ${this.found.size === 1 ? "match" : "matches"}` : "";
    if (this.parts.count.textContent !== words) this.parts.count.textContent = words;
    onFind();
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
