/**
 * In the past nothing can be changed: what would change the present is refused and said.
 */
import {byId} from "../topology/dom.js";

const WORLD = "/clock/";
const EDITS = new Set(["a", "c", "d", "n", "u", "x", "Delete", "Backspace"]);
const TOOLS = ["actor", "connect", "undo", "unpin"].map((name) => `[data-command=${name}]`).join();

export class Lock {
  constructor() {
    this.on = false;
    document.body.addEventListener("htmx:confirm", (event) => this.check(event));
    document.addEventListener("keydown", (event) => this.stop(event), true);
  }

  /** @param {boolean} on */
  set(on) {
    if (this.on === on) return;
    this.on = on;
    for (const button of document.querySelectorAll("[data-command=create]")) button.disabled = on;
    for (const button of document.querySelectorAll(TOOLS)) button.inert = on;
  }

  /** Posts change the present; the world's own controls may go on. */
  check(event) {
    const {verb, path = ""} = event.detail;
    if (!this.on || verb === "get" || path.endsWith(WORLD)) return;
    event.preventDefault();
    this.shake();
  }

  /** Single letters that begin an edit. */
  stop(event) {
    if (!this.on || !EDITS.has(event.key)) return;
    if (event.ctrlKey || event.metaKey || event.target.closest?.("input,textarea,select,dialog")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.shake();
  }

  shake() {
    byId("past-note").dataset.asked = "true";
    setTimeout(() => delete byId("past-note").dataset.asked, 1_200);
  }
}
