/**
 * Several nodes at once: Shift and click adds one or takes it away, Shift and drag on the ground draws a marquee.
 */
import {setAttribute} from "./svg.js";

export class Picks {
  /** @param {{session:import("./session.js").Session,selection:import("./selection.js").Selection,frame:HTMLElement}} options */
  constructor({session, selection, frame}) {
    this.session = session;
    this.selection = selection;
    this.frame = frame;
    /** @type {Set<string>} ids: they outlive a new snapshot */
    this.ids = new Set();
    session.addEventListener("placed", () => this.show());
    session.stage.scene.svg.addEventListener("click", (event) => this.onClick(event), true);
  }

  /** What a command acts on: what is picked, else what is selected, else where the keyboard stands. @returns {number[]} */
  targets() {
    const {nodes} = this.session.shown;
    const picked = [...nodes.values()].filter(({id}) => this.ids.has(id)).map(({i}) => i);
    if (picked.length) return picked;
    const focused = document.activeElement?.closest?.("#scene .node");
    const one = focused ? Number(focused.dataset.node) : this.selection.node;
    return one !== null && nodes.has(one) ? [one] : [];
  }

  /** @param {number} i */
  has(i) {
    return this.ids.has(this.session.shown.nodes.get(i)?.id ?? "");
  }

  clear() {
    if (!this.ids.size) return false;
    this.ids.clear();
    this.show();
    return true;
  }

  onClick(event) {
    const root = event.target.closest(".node");
    if (!root) return;
    if (!event.shiftKey) return void this.clear();
    event.stopPropagation();
    this.toggle(Number(root.dataset.node));
  }

  toggle(i) {
    const {nodes} = this.session.shown;
    const own = this.selection.id;
    if (!this.ids.size && own && this.selection.node !== i) this.ids.add(own);
    const {id} = nodes.get(i);
    if (!this.ids.delete(id)) this.ids.add(id);
    this.show();
  }

  show() {
    const {nodes} = this.session.shown;
    for (const [i, card] of this.session.stage.scene.cards) {
      setAttribute(card.root, "data-picked", String(this.ids.has(nodes.get(i)?.id ?? "")));
    }
  }

  /** Draw the marquee, in screen units. @param {{x:number,y:number}} a @param {{x:number,y:number}} b */
  stretch(a, b) {
    const [left, top] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
    const {style} = this.frame;
    this.frame.hidden = false;
    Object.assign(style, {left: `${left}px`, top: `${top}px`});
    Object.assign(style, {width: `${Math.abs(a.x - b.x)}px`, height: `${Math.abs(a.y - b.y)}px`});
  }

  /** Pick what the marquee touches. */
  catch(a, b) {
    this.frame.hidden = true;
    const {view, scene} = this.session.stage;
    const world = (point) => ({x: (point.x - view.x) / view.k, y: (point.y - view.y) / view.k});
    const [p, q] = [world({x: Math.min(a.x, b.x), y: Math.min(a.y, b.y)}), world({x: Math.max(a.x, b.x), y: Math.max(a.y, b.y)})];
    for (const [i, box] of scene.open) {
      const meets = box.x <= q.x && p.x <= box.x + box.w && box.y <= q.y && p.y <= box.y + box.h;
      if (meets) this.ids.add(this.session.shown.nodes.get(i).id);
    }
    this.show();
  }
}
