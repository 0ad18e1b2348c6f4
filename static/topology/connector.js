/**
 * Drawing a line from one node to another: by the pointer from a port, or by the keyboard: type a name or use the
 * arrows, Enter connects, Esc leaves. What cannot be a target is dim and says why.
 */
import {byId} from "./dom.js";
import {route} from "./pinned.js";
import {roundedPath} from "./path.js";
import {el, setAttribute} from "./svg.js";
import {canBegin, isRedrive, obstacle, obstacles} from "./targets.js";
import {visible} from "./text.js";
import {order} from "./walk.js";
import {gettext} from "../shell/words.js";

const PATIENCE = 8_000;

export class Connector {
  /**
   * @param {{session:import("./session.js").Session,selection:import("./selection.js").Selection,
   *   say:(text:string,kind?:string)=>void,receives:(from:string,to:string)=>Promise<number|null>,
   *   send:(op:string,args:any)=>Promise<import("./commands.js").Answer>}} page receives: asks how many, null when left
   */
  constructor(page) {
    this.page = page;
    /** @type {number|null} */
    this.from = null;
    /** @type {number|null} */
    this.aimed = null;
    this.reasons = new Map();
    this.parts = {banner: byId("joining"), words: byId("joining-words"), field: byId("joining-name"), tip: byId("tip")};
    this.layer = el("g", {class: "pendings", "aria-hidden": "true"});
    this.ghost = el("path", {class: "ghost", d: ""});
    page.session.stage.scene.world.append(this.layer);
    this.parts.field.addEventListener("input", () => this.type(this.parts.field.value));
    this.parts.field.addEventListener("keydown", (event) => this.onKey(event));
    byId("joining-leave").addEventListener("click", () => this.leave({back: true}));
    page.session.addEventListener("placed", () => this.on && this.begin(this.from, {again: true}));
  }

  get on() {
    return this.from !== null;
  }

  /** @param {number|null} from @param {{keys?:boolean,again?:boolean}} [how] keys: the name field takes the keyboard */
  begin(from, {keys = false, again = false} = {}) {
    const {session, say} = this.page;
    const node = session.shown.nodes.get(from);
    if (!canBegin(node)) {
      this.leave();
      return void say(node ? gettext("A line begins at a queue or at a producer.") : gettext("Select a queue or a producer first."));
    }
    this.from = from;
    this.reasons = obstacles(session.shown, from);
    for (const [i, card] of session.stage.scene.cards) {
      setAttribute(card.root, "data-target", i === from ? "from" : this.reasons.get(i) ? "no" : "ok");
    }
    if (again) return;
    const open = this.choices().length;
    this.parts.words.textContent = open
      ? gettext("Connect %(name)s with", {name: visible(node.label)})
      : gettext("Nothing here can be connected with %(name)s.", {name: visible(node.label)});
    this.parts.field.hidden = !open;
    this.parts.field.value = "";
    this.parts.banner.hidden = false;
    this.layer.append(this.ghost);
    if (keys && open) this.parts.field.focus();
  }

  /** The nodes that can be the target, in reading order. @returns {number[]} */
  choices() {
    const {shown, stage} = this.page.session;
    return order(shown, stage.scene.open).filter((i) => i !== this.from && !this.reasons.get(i));
  }

  /** Aim at a node, or at a point of the map when there is none. @param {number|null} i @param {{x:number,y:number}} [point] */
  aim(i, point) {
    const {scene} = this.page.session.stage;
    const box = scene.boxes.get(this.from);
    const target = scene.boxes.get(i) ?? (point && {...point, w: 0, h: 0});
    if (this.aimed !== i) {
      scene.cards.get(this.aimed)?.root.removeAttribute("data-aimed");
      scene.cards.get(i)?.root.setAttribute("data-aimed", "true");
    }
    this.aimed = i;
    this.ghost.setAttribute("d", box && target && i !== this.from ? roundedPath(route(box, target)) : "");
    this.explain(i);
  }

  /** Say beside a node why it cannot be the target. */
  explain(i) {
    const reason = i === null || i === this.from ? "" : (this.reasons.get(i) ?? "");
    const {tip} = this.parts;
    tip.hidden = !reason;
    if (!reason) return;
    tip.textContent = reason;
    const {view, scene} = this.page.session.stage;
    const box = scene.boxes.get(i);
    Object.assign(tip.style, {left: `${box.x * view.k + view.x}px`, top: `${(box.y + box.h) * view.k + view.y + 8}px`});
  }

  type(text) {
    const wanted = text.trim().toLowerCase();
    const {nodes} = this.page.session.shown;
    const named = (test) => this.choices().find((i) => test(nodes.get(i).label.toLowerCase()));
    const hit = wanted && (named((label) => label.startsWith(wanted)) ?? named((label) => label.includes(wanted)));
    this.goTo(hit || hit === 0 ? hit : null);
  }

  goTo(i) {
    this.aim(i);
    if (i !== null) this.page.session.stage.reveal(i);
    const name = this.page.session.shown.nodes.get(i)?.label;
    this.parts.field.setAttribute("aria-description", i === null ? gettext("No such target") : gettext("%(name)s. Enter connects.", {name}));
  }

  onKey(event) {
    event.stopPropagation();
    const way = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
    if (way) {
      event.preventDefault();
      const all = this.choices();
      const at = all.indexOf(this.aimed);
      const i = all[(at + way + all.length + (at < 0 && way < 0 ? 1 : 0)) % all.length];
      this.parts.field.value = this.page.session.shown.nodes.get(i).label;
      this.goTo(i);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.aimed !== null) this.finish(this.aimed);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.leave({back: true});
    }
  }

  /** @param {number|null} to where the line was dropped, or what was chosen */
  async finish(to) {
    const {session, say, send, receives} = this.page;
    const from = this.from;
    if (to === null || to === from) return this.leave();
    const {shown} = session;
    const reason = obstacle(shown, from, to);
    if (reason) return void (this.explain(to), say(gettext("Not connected. %(reason)s", {reason}), "error"));
    const [a, b] = [shown.nodes.get(from), shown.nodes.get(to)];
    this.leave({back: true});
    const args = {source: a.id, target: b.id};
    if (isRedrive(shown, from, to)) {
      args.receives = await receives(visible(a.label), visible(b.label));
      if (args.receives === null) return;
    }
    const settle = this.expect(a.id, b.id);
    const answer = await send("connect", args);
    if (!answer.ok) settle();
  }

  /** A dashed line until the stream shows the real one. @returns {()=>void} takes it away */
  expect(source, target) {
    const {session} = this.page;
    const find = (id) => [...session.shown.nodes.values()].find((node) => node.id === id)?.i;
    const path = el("path", {class: "pending"});
    const draw = () => {
      const [a, b] = [find(source), find(target)].map((i) => session.stage.scene.boxes.get(i));
      if (a && b) path.setAttribute("d", roundedPath(route(a, b)));
    };
    const look = () => {
      const [s, t] = [find(source), find(target)];
      if ([...session.shown.edges.values()].some((edge) => edge.s === s && edge.t === t)) settle();
      else draw();
    };
    const settle = () => {
      clearTimeout(timer);
      path.remove();
      session.removeEventListener("placed", look);
    };
    const timer = setTimeout(() => settle(), PATIENCE);
    session.addEventListener("placed", look);
    draw();
    this.layer.append(path);
    return settle;
  }

  /** @param {{back?:boolean}} [how] back: the keyboard goes back to the node the line began at */
  leave({back = false} = {}) {
    if (!this.on) return false;
    const from = this.from;
    this.aim(null);
    this.from = null;
    this.ghost.remove();
    this.parts.banner.hidden = true;
    for (const card of this.page.session.stage.scene.cards.values()) card.root.removeAttribute("data-target");
    if (back) this.page.selection.focus(from);
    return true;
  }
}
