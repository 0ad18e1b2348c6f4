/**
 * A long poll from the form of ReceiveMessage: how long it is held at most, and how it is given up. It is given up,
 * too, when its form makes room for something else: a message must not be handed to nobody.
 */
import {gettext} from "../shell/words.js";

const TICK = 250;
const PLACES = "#bench,#panel";

export class HeldPoll {
  /** @param {HTMLElement} panel */
  constructor(panel) {
    /** @type {HTMLFormElement|null} */
    this.form = null;
    this.ends = 0;
    this.timer = 0;
    panel.addEventListener("htmx:beforeSend", (event) => this.begin(event.detail.elt));
    panel.addEventListener("htmx:afterRequest", (event) => event.detail.elt === this.form && this.end());
    panel.addEventListener("click", (event) => event.target.closest("[data-stop-poll]") && this.stop());
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      const {elt, shouldSwap, target} = event.detail;
      if (this.form && elt !== this.form && shouldSwap && target.matches(PLACES)) this.stop();
    });
  }

  /** @param {HTMLFormElement} form whose request is about to leave */
  begin(form) {
    if (!form.matches?.("form[data-polls]")) return;
    const seconds = Number(form.elements.namedItem("WaitTimeSeconds")?.value);
    if (!(seconds > 0)) return;
    this.form = form;
    this.ends = performance.now() + seconds * 1_000;
    this.timer = window.setInterval(() => this.say(), TICK);
    this.show(true);
    this.say();
  }

  say() {
    const left = Math.max(0, Math.ceil((this.ends - performance.now()) / 1_000));
    const words = gettext("The call is held. The first message answers it; without one it ends in %(left)s s.", {left});
    const place = this.form.querySelector("[data-held] span");
    if (place && place.textContent !== words) place.textContent = words;
  }

  stop() {
    if (this.form) window.htmx.trigger(this.form, "htmx:abort");
    this.end();
  }

  end() {
    if (!this.form) return;
    window.clearInterval(this.timer);
    this.show(false);
    this.form = null;
  }

  /** @param {boolean} held */
  show(held) {
    const note = this.form.querySelector("[data-held]");
    const button = this.form.querySelector("button:not([type])");
    if (note) note.hidden = !held;
    if (button) button.disabled = held;
    if (held) note?.querySelector("button").focus();
    else if (document.activeElement === document.body) button?.focus();
  }
}
