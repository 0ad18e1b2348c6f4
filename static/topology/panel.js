/**
 * The details panel: fetched by htmx when a node is selected, fetched again when that node changed, at most
 * once a second and never under someone's hands.
 *
 * @typedef {import("./reduce.js").State} State
 */
import {isField} from "./dom.js";
import {countersOf} from "./scene.js";
import {Tabs} from "./tabs.js";
import {age, span, visible} from "./text.js";
import {gettext} from "../shell/words.js";

const EVERY = 1_000;
const BONES_AFTER = 300;
const LIVE = "#panel-live";

export class Panel {
  /**
   * @param {HTMLElement} host
   * @param {{url:string,rest:HTMLTemplateElement,bones:HTMLTemplateElement,now:()=>number,
   *   ajax:(url:string,options:object)=>Promise<void>,onClose:()=>void,onFail:()=>void,onShow:(id:string)=>void}} options rest: what to show when nothing is selected; onShow: an answer
   *   brought the panel of another node, as after creating a queue
   */
  constructor(host, options) {
    this.host = host;
    this.options = options;
    this.tabs = new Tabs(host);
    this.id = "";
    this.seen = "";
    this.fetchedAt = -EVERY;
    this.timer = 0;
    this.held = false;
    this.dressedAt = 0;
    this.arrived = false;
    /** @type {number|null} the event of the past that the page shows */
    this.moment = null;
    this.wanted = "";
    /** @type {Promise<void>|null} */
    this.loading = null;
    this.travelling = false;
    /* How often the panel has turned to something else: an answer to what stood here before does not take its place. */
    this.turns = 0;
    this.swapped = 0;
    /** @type {WeakMap<XMLHttpRequest,number>} */
    this.sent = new WeakMap();
    host.addEventListener("htmx:beforeSend", ({detail}) => {
      if (detail.requestConfig.verb === "post") this.sent.set(detail.xhr, this.turns);
    });
    // After what the page says of it: also a form that comes back with its errors is too late then.
    host.ownerDocument.addEventListener("htmx:beforeSwap", ({detail}) => {
      if ((this.sent.get(detail.xhr) ?? this.turns) !== this.turns) detail.shouldSwap = false;
    });
    host.addEventListener("htmx:afterSwap", () => {
      this.arrived = true;
      this.swapped = this.turns;
      this.dress();
    });
    host.addEventListener("htmx:afterSettle", (event) => {
      this.dress();
      // Between swap and settling a key can have opened something else: its form is not given up.
      if (event.detail.requestConfig?.verb === "post" && this.swapped === this.turns) this.answer();
    });
    host.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) options.onClose();
      const hold = event.target.closest("[data-hold]");
      if (hold) this.hold(!this.held);
    });
  }

  /** @param {string|null} id of the selected node */
  select(id) {
    if (id === this.id) return;
    this.id = id ?? "";
    this.seen = "";
    this.held = false;
    this.host.dataset.open = String(Boolean(id));
    if (id) this.load(this.address());
    else this.empty();
  }

  /** What stood here was deleted, perhaps in another window: say so in its place. @param {string} id */
  part(id) {
    if (this.id) return;
    this.host.dataset.open = "true";
    this.load(`${this.options.url}?id=${encodeURIComponent(id)}`);
  }

  /** Show what was made here, as for a collapsed group. @param {string} id @param {Node[]} content */
  put(id, content) {
    this.turns += 1;
    this.id = id;
    this.seen = "";
    this.host.dataset.open = "true";
    this.host.replaceChildren(...content);
  }

  /** Show a form that is fetched, as for a new queue, and go to its first field. @param {string} url */
  async visit(url) {
    this.id = "";
    this.host.dataset.open = "true";
    await this.load(url);
    this.host.querySelector("form :is(input:not([type=hidden]),textarea,select)")?.focus();
  }

  /** Fill the whole panel, one answer after the other; of what is asked meanwhile only the latest counts. */
  async load(url) {
    this.turns += 1;
    this.wanted = url;
    while (this.loading) await this.loading;
    if (this.wanted !== url) return;
    this.loading = this.fill(url).finally(() => {
      this.loading = null;
    });
    await this.loading;
  }

  /** When it takes long, bones stand in its place, and never over what belongs to another node. */
  async fill(url) {
    this.fetchedAt = performance.now();
    const {ajax, bones} = this.options;
    const timer = setTimeout(() => this.host.replaceChildren(bones.content.cloneNode(true)), BONES_AFTER);
    try {
      this.arrived = false;
      await ajax(url, {target: `#${this.host.id}`, swap: "morph:innerHTML"});
    } finally {
      clearTimeout(timer);
      if (!this.arrived) this.options.onFail();
    }
  }

  empty() {
    this.turns += 1;
    clearTimeout(this.timer);
    this.timer = 0;
    this.host.replaceChildren(this.options.rest.content.cloneNode(true));
  }

  /** Fetch the changing part again when the selected node changed. @param {State} state @param {number|null} i */
  observe(state, i) {
    if (i === null || !this.id || this.held) return;
    const mark = `${countersOf(state, i)}/${fingerprint(state.msgs.get(i))}`;
    if (mark === this.seen) return;
    const first = this.seen === "";
    this.seen = mark;
    if (!first) this.later();
  }

  later() {
    if (this.timer) return;
    const wait = Math.max(0, this.fetchedAt + EVERY - performance.now());
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      if (this.held || this.busy()) return this.later();
      this.refresh();
    }, wait || EVERY);
  }

  /** Whether a person is typing in the part that would be replaced, or waits for the answer to one of its buttons. */
  busy() {
    const focus = document.activeElement;
    return Boolean((isField(focus) && focus.closest(LIVE)) || this.host.querySelector("form.htmx-request"));
  }

  /** Fetch the part that follows the node. */
  refresh() {
    if (!this.host.querySelector(LIVE)) return;
    this.fetchedAt = performance.now();
    this.options.ajax(this.address(), {target: LIVE, select: LIVE, swap: "morph:outerHTML"});
  }

  address() {
    const moment = this.moment === null ? "" : `&seq=${this.moment}`;
    return `${this.options.url}?id=${encodeURIComponent(this.id)}${moment}`;
  }

  /** Show the node as it was at a moment of the past, or as it is. @param {number|null} seq */
  async travel(seq) {
    if (seq === this.moment) return;
    this.moment = seq;
    if (this.travelling) return;
    this.travelling = true;
    // While an answer is on its way only the latest moment is kept.
    for (let shown; shown !== this.moment; ) {
      shown = this.moment;
      if (this.id.startsWith("group:")) continue;
      if (this.id) await this.load(this.address());
      else if (seq !== null) this.empty();
    }
    this.travelling = false;
  }

  hold(held) {
    this.held = held;
    const button = this.host.querySelector("[data-hold]");
    button?.setAttribute("aria-pressed", String(held));
    if (!held && this.id && button) this.later();
  }

  /** After each swap: tabs, safe texts, times. */
  dress() {
    this.dressedAt = this.options.now();
    this.tabs.restore();
    this.host.querySelector("[data-hold]")?.setAttribute("aria-pressed", String(this.held));
    for (const element of this.host.querySelectorAll("[data-untrusted]")) {
      const text = visible(element.textContent, {lines: element.tagName === "PRE"});
      if (text !== element.textContent) element.textContent = text;
    }
    this.tick();
  }

  /** After an action: what had the focus may be gone, and the keyboard goes on at the head of the panel. */
  answer() {
    this.adopt();
    if (document.activeElement !== document.body) return;
    const head = this.host.querySelector("h2");
    head?.setAttribute("tabindex", "-1");
    head?.focus({preventScroll: true});
  }

  /** An action may answer with the panel of another node: follow it. */
  adopt() {
    const shows = this.host.querySelector("[data-shows]")?.dataset.shows ?? this.id;
    if (shows === this.id) return;
    this.id = shows;
    this.seen = "";
    this.options.onShow(shows);
  }

  /** Carry on the countdowns and ages that stand in the panel. */
  tick() {
    const now = this.options.now();
    for (const element of this.host.querySelectorAll("[data-age]")) {
      const words = age(Number(element.dataset.age) * 1_000 + now - this.dressedAt);
      if (element.textContent !== words) element.textContent = words;
    }
    for (const element of this.host.querySelectorAll("[data-until]")) {
      const left = Number(element.dataset.until) - now;
      const words = left > 0 ? `${element.dataset.before ?? ""}${span(left)}` : gettext("now");
      if (element.textContent !== words) element.textContent = words;
    }
  }
}

function fingerprint(messages) {
  if (!messages) return "";
  return [...messages.values()].map((message) => `${message.m}${message.state}${message.receives}`).join();
}
