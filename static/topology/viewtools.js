/**
 * How the map is looked at: groups, glyphs or rates, projector, motion, overview, export; and the address that
 * keeps it all.
 */
import {wordsOf} from "./detail.js";
import {byId, make} from "./dom.js";
import {groupAt, groupsOf} from "./grouping.js";
import {groupCard} from "./groupcard.js";
import {Minimap} from "./minimap.js";
import {isStill, setStill, systemIsStill} from "./motion.js";
import {read, viewAt, windowOf, write} from "./urlstate.js";
import {gettext} from "../shell/words.js";

const SOON = 300;
const STORE = "signalbox.detail";

export class ViewTools {
  /**
   * @param {{session:import("./session.js").Session,finder:import("./finder.js").Finder,
   *   selection:import("./selection.js").Selection,panel:import("./panel.js").Panel,
   *   table:import("./table.js").TableView,sprite:string,slug:string,
   *   say:(text:string,kind?:string)=>void,leave:()=>void}} page
   */
  constructor(page) {
    this.page = page;
    this.stage = page.session.stage;
    this.asked = read(new URLSearchParams(location.search));
    this.overview = new Minimap(byId("overview"), this.stage);
    this.timer = 0;
    /** @type {string|null} a node to go to as soon as it has a card */
    this.goal = null;
    this.stage.onView = () => this.later();
    page.session.addEventListener("placed", () => this.onPlaced());
    page.finder.parts.field.addEventListener("input", () => this.later());
    byId("find-hide").addEventListener("change", () => this.later());
    byId("projector").addEventListener("change", (event) => this.project(event.target.checked));
    byId("still").addEventListener("change", (event) => this.calm(event.target.checked));
    byId("detail-choice").addEventListener("change", (event) => this.choose(event.target.value));
    this.bindMenu(byId("view-menu"));
    this.restore();
  }

  /** Take up what the address says, and what was chosen before. */
  restore() {
    const {session, finder} = this.page;
    const stored = localStorage.getItem(STORE);
    const known = stored === "messages" || stored === "rates" ? stored : "auto";
    this.stage.meter.choice = this.asked.detail === "auto" ? known : this.asked.detail;
    byId("detail-choice").querySelector(`[value=${this.stage.meter.choice}]`).checked = true;
    byId("projector").checked = document.documentElement.dataset.mode === "projector";
    byId("still").checked = isStill();
    byId("still").disabled = systemIsStill();
    session.collapse(this.asked.groups);
    if (this.asked.hide) finder.setHide(true);
    if (this.asked.find) finder.ask(this.asked.find);
  }

  onPlaced() {
    this.openWindow();
    this.listGroups();
    this.overview.wake();
    const node = this.goal && [...this.page.session.shown.nodes.values()].find(({id}) => id === this.goal);
    if (!node || !this.stage.scene.cards.has(node.i)) return;
    this.goal = null;
    this.page.selection.focus(node.i);
  }

  /** Show what the address asked for, as soon as there is a screen to show it on. */
  openWindow() {
    const {window: at} = this.asked;
    if (!at || !this.stage.screen.width) return;
    this.asked.window = null;
    this.stage.moved = true;
    this.stage.setView(viewAt(at, this.stage.screen));
  }

  /** Ten times a second: the manner of the picture, and what waits. */
  tick() {
    const {meter, particles, options} = this.stage;
    if (this.asked.window) this.openWindow();
    const {finder} = this.page;
    // What the address asks for is found as soon as there is a picture.
    if (!finder.found && finder.parts.field.value.trim()) finder.update();
    if (meter.look(options.stageNow(), isStill())) this.stage.wake({words: true});
    const sample = meter.mode === "messages" ? particles.weight : meter.sample;
    const words = wordsOf(meter.mode, {sample, choice: meter.choice});
    for (const place of document.querySelectorAll("[data-manner-words]")) {
      if (place.textContent !== words) place.textContent = words;
    }
    this.stage.scene.svg.dataset.manner = meter.mode;
  }

  /** Write the address a moment after the last change. */
  later() {
    this.overview.wake();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.remember(), SOON);
  }

  remember() {
    const {session, finder} = this.page;
    const url = new URL(location.href);
    const look = {
      find: finder.parts.field.value,
      hide: finder.hides,
      groups: [...session.collapsed].sort(),
      detail: this.asked.detail,
    };
    if (!this.asked.window && this.stage.screen.width) {
      look.window = this.stage.moved ? windowOf(this.stage.view, this.stage.screen) : null;
    }
    url.search = write(url.searchParams, look).toString();
    if (url.href !== location.href) history.replaceState(null, "", url);
  }

  /** @param {"auto"|"messages"|"rates"} choice */
  choose(choice) {
    this.stage.meter.choice = choice;
    this.asked.detail = choice;
    localStorage.setItem(STORE, choice);
    this.tick();
    this.later();
  }

  /** @param {"map"|"table"} view */
  show(view) {
    const stage = byId("stage");
    stage.dataset.view = view;
    byId("table").hidden = view !== "table";
    byId("map").hidden = view === "table";
    for (const button of document.querySelectorAll("[data-show]")) {
      button.setAttribute("aria-pressed", String(button.dataset.show === view));
    }
    const url = new URL(location.href);
    url.search = write(url.searchParams, {view}).toString();
    history.replaceState(null, "", url);
    this.page.table.drawnAt = -Infinity;
  }

  project(on = document.documentElement.dataset.mode !== "projector") {
    if (on) document.documentElement.dataset.mode = "projector";
    else delete document.documentElement.dataset.mode;
    byId("projector").checked = on;
    const url = new URL(location.href);
    if (on) url.searchParams.set("mode", "projector");
    else url.searchParams.delete("mode");
    history.replaceState(null, "", url);
  }

  calm(still) {
    setStill(still);
    this.page.session.calm();
    this.tick();
  }

  listGroups() {
    const {session} = this.page;
    const groups = groupsOf(session.full);
    byId("group-none").hidden = groups.length > 0;
    const mark = groups.map(({key, members}) => `${key} ${members.length} ${session.collapsed.has(key)}`).join();
    const list = byId("group-list");
    if (list.dataset.shown === mark) return;
    list.dataset.shown = mark;
    const rows = groups.map(({key, label, members}) => {
      const box = make("input", {type: "checkbox", checked: session.collapsed.has(key), onchange: () => this.toggle(key)});
      const size = make("span", {className: "q sp num", textContent: gettext("%(count)s queues", {count: members.length})});
      return make("label", {className: "tick"}, [box, make("bdi", {textContent: label}), size]);
    });
    list.replaceChildren(...rows);
  }

  /** @param {string} key of a group: collapse it, or expand it again */
  toggle(key) {
    const {session, finder} = this.page;
    const keys = new Set(session.collapsed);
    if (!keys.delete(key)) keys.add(key);
    session.collapse(keys);
    finder.update();
    this.later();
  }

  /** Collapse the group of the node that the keyboard stands on, or expand it. */
  toggleHere() {
    const {session, selection, say} = this.page;
    const node = session.shown.nodes.get(selection.stop);
    if (node?.kind === "group") return this.expand(node);
    const group = node && groupAt(session.full, node.i);
    if (!group) return say(gettext("No other queue's name begins like this one's, so there is nothing to collapse."));
    this.goal = `group:${group.key}`;
    selection.choose(null);
    this.toggle(group.key);
  }

  expand(node) {
    const {session, selection} = this.page;
    this.goal = session.full.nodes.get(node.cfg.members[0])?.id ?? null;
    selection.choose(null);
    this.toggle(node.cfg.key);
  }

  /** Show what a collapsed group holds. @param {import("./reduce.js").Node} node */
  showGroup(node) {
    const {session, selection, panel, sprite, leave} = this.page;
    const choose = (id) => {
      this.expand(node);
      selection.adopt(id);
    };
    panel.put(node.id, groupCard(node, session.full, {sprite, close: leave, choose, expand: () => this.expand(node)}));
  }

  /** @param {"svg"|"png"} kind */
  async export(kind) {
    const {session, sprite, slug, say} = this.page;
    try {
      const {nameOf, pngOf, save, svgOf} = await import("./picture.js");
      const picture = await svgOf(session, sprite);
      if (!picture) return say(gettext("There is nothing to save yet."));
      const blob = kind === "svg" ? new Blob([picture.text], {type: "image/svg+xml"}) : await pngOf(picture);
      save(blob, `${nameOf(slug, session.now())}.${kind}`);
    } catch (error) {
      say(gettext("The picture was not saved. %(why)s", {why: error.message}), "error");
    }
  }

  bindMenu(menu) {
    document.addEventListener("pointerdown", (event) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      event.stopPropagation();
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
}
