/**
 * The world's controls. They are forms that htmx posts, so that they work by mouse and keyboard alike; the keys
 * press them.
 */
import {byId} from "../topology/dom.js";
import {gettext} from "../shell/words.js";

export class World {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.speed = byId("world-speed");
    const what = byId("until-what");
    what.addEventListener("change", () => this.dress());
    byId("until-form").addEventListener("htmx:beforeRequest", () => this.run(true));
    byId("until-form").addEventListener("htmx:afterRequest", (event) => this.run(false, event.detail.successful));
    byId("until").addEventListener("toggle", (event) => event.newState === "open" && this.fill());
    this.dress();
  }

  /** @param {number} rate */
  follow(rate) {
    this.host.dataset.world = rate === 0 ? "paused" : "running";
  }

  toggle() {
    byId("world-toggle").click();
  }

  step() {
    byId("world-step").click();
  }

  skip() {
    byId("world-skip").click();
  }

  /** @param {-1|1} by one speed faster or slower */
  faster(by) {
    const to = Math.min(this.speed.options.length - 1, Math.max(0, this.speed.selectedIndex + by));
    if (to === this.speed.selectedIndex) return;
    this.speed.selectedIndex = to;
    this.speed.dispatchEvent(new Event("change", {bubbles: true}));
  }

  /** Only what the condition needs. */
  dress() {
    const what = byId("until-what").value;
    byId("until-queue").closest(".field").hidden = what !== "empty";
    byId("until-number").closest(".field").hidden = what !== "events" && what !== "time";
    byId("until-unit").textContent = what === "time" ? gettext("seconds of sandbox time") : gettext("events");
  }

  /** The queues that there are now. */
  fill() {
    const {nodes} = window.signalbox.session.live;
    const queues = [...nodes.values()].filter((node) => node.column === "queues");
    const chosen = byId("until-queue").value;
    byId("until-queue").replaceChildren(...queues.map((node) => new Option(node.label, node.id, false, node.id === chosen)));
  }

  run(on, well = false) {
    byId("until-go").disabled = on;
    byId("until-go").textContent = on ? gettext("Running…") : gettext("Run");
    if (!on && well) byId("until").hidePopover();
  }
}
