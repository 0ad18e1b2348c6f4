/**
 * The lifetimes of the selected queue's messages under the map, bound to it both ways: a bar under the pointer or the
 * keyboard lights its message in the queue, a message under the pointer lights its bar.
 */
import {byId} from "./dom.js";
import {messageAt} from "./queuecanvas.js";
import {ask} from "../shell/behind.js";

const LIVE = "lifetimes-live";
const CLEAR = 24;

export class Lifespans {
  /** @param {{session:import("./session.js").Session,selection:import("./selection.js").Selection}} page */
  constructor({session, selection}) {
    this.session = session;
    this.selection = selection;
    this.host = byId("lifespans");
    this.map = byId("map");
    /** @type {number|null} the message that is lit in both */
    this.lit = null;
    this.fresh = false;
    const {host, map} = this;
    selection.addEventListener("change", () => !host.hidden && this.load());
    host.querySelector("[data-shuts]").addEventListener("click", () => this.close());
    for (const type of ["pointerover", "focusin"]) host.addEventListener(type, ({target}) => this.light(numberOf(target)));
    for (const type of ["pointerleave", "focusout"]) host.addEventListener(type, () => this.light(null));
    host.addEventListener("click", (event) => this.open(event));
    host.addEventListener("htmx:afterSettle", () => {
      this.markRow();
      this.uncover();
      if (this.fresh) this.toNewest();
      this.fresh = false;
    });
    map.addEventListener("pointermove", (event) => !host.hidden && this.light(this.under(event)));
  }

  /** What came last stands at the foot, and on a narrow screen at the right. */
  toNewest() {
    this.host.scrollTop = this.host.scrollHeight;
    byId(LIVE).scrollLeft = byId(LIVE).scrollWidth;
  }

  toggle() {
    if (!this.host.hidden) return void this.close();
    this.host.hidden = false;
    this.load();
  }

  /** @returns {boolean} whether there was something to close */
  close() {
    if (this.host.hidden) return false;
    this.light(null);
    this.host.hidden = true;
    // What is fetched every two seconds rests with it.
    byId(LIVE).replaceWith(Object.assign(document.createElement("section"), {id: LIVE}));
    return true;
  }

  load() {
    // What lies in the queue now is among the newest, and those come last.
    this.fresh = true;
    const {id} = this.selection;
    const query = id?.startsWith("arn:") ? `?queue=${encodeURIComponent(id)}` : "";
    byId("lifespans-whole").href = `${this.host.dataset.url}${query}`;
    ask("GET", `${this.host.dataset.url}${query}`, {target: `#${LIVE}`, swap: "outerHTML"});
  }

  /** Move the map up where the selected queue would lie under the bars. */
  uncover() {
    const {stage} = this.session;
    const box = stage.scene.boxes.get(this.selection.node);
    if (!box || this.host.hidden) return;
    const {k, x, y} = stage.view;
    const top = this.host.getBoundingClientRect().top - this.map.getBoundingClientRect().top;
    const over = (box.y + box.h) * k + y + CLEAR - top;
    if (over <= 0) return;
    stage.moved = true;
    stage.setView({k, x, y: y - over});
  }

  /** A bar that is clicked opens its message beside the map. */
  open(event) {
    const m = numberOf(event.target);
    if (m === null || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const base = byId("stage").dataset.nodeUrl.replace(/node\/$/, "message/");
    byId("panel").dataset.open = "true";
    ask("GET", `${base}${m}/`, {target: "#panel", swap: "morph:innerHTML"});
  }

  /** @param {number|null} m */
  light(m) {
    if (m === this.lit) return;
    this.lit = m;
    const {stage, shown} = this.session;
    const place = m === null ? undefined : [...shown.msgs].find(([, list]) => list.has(m));
    stage.scene.unlit = {...stage.scene.unlit, lit: place ? new Map([[place[0], new Set([m])]]) : null};
    stage.wake({contents: true});
    this.markRow();
  }

  markRow() {
    for (const row of this.host.querySelectorAll(".life-row.chosen")) row.classList.remove("chosen");
    const row = this.lit === null ? null : document.getElementById(`life-${this.lit}`);
    row?.classList.add("chosen");
    if (row && !row.matches(":hover,:focus")) row.scrollIntoView({block: "nearest"});
  }

  /** The message under the pointer on the map. */
  under({target, clientX, clientY}) {
    const card = target.closest?.("#scene .node");
    const {stage, shown} = this.session;
    const node = card && shown.nodes.get(Number(card.dataset.node));
    const box = node && stage.scene.boxes.get(node.i);
    if (!box) return null;
    const frame = this.map.getBoundingClientRect();
    const {k, x, y} = stage.view;
    const point = {x: (clientX - frame.left - x) / k, y: (clientY - frame.top - y) / k};
    return messageAt({state: shown, view: stage.view, now: this.session.now(), colours: {}}, node, box, point);
  }
}

function numberOf(target) {
  const row = target.closest?.(".life-row");
  return row ? Number(row.id.slice("life-".length)) : null;
}
