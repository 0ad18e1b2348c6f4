/**
 * The first steps on a sandbox's page: three or four sentences, each beside what it speaks of. Whoever has seen or
 * dismissed them is not shown them again, unless they ask.
 */

const STORE = "signalbox.hints";
const DONE = "done";
const GAP = 12;
const EDGE = 12;
const MARK = "hinted";

/** Forget that they were seen. */
export function replay() {
  localStorage.removeItem(STORE);
}

class Hints {
  /** @param {HTMLElement} card */
  constructor(card) {
    this.card = card;
    /** @type {HTMLElement[]} */
    this.steps = [];
    this.at = 0;
    card.addEventListener("click", (event) => {
      const button = event.target.closest("[data-hint]");
      if (button) this.go(button.dataset.hint === "end" ? this.steps.length : this.at + 1);
    });
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.go(this.steps.length);
    });
    window.addEventListener("resize", () => this.card.hidden || this.place());
  }

  /** @param {HTMLElement} step @returns {HTMLElement|null} what it speaks of, when it is on screen */
  beside(step) {
    const found = document.querySelector(step.dataset.beside);
    return found?.getClientRects().length ? found : null;
  }

  /** Of what is on screen by now: the map or the table. */
  start() {
    this.steps = [...this.card.querySelectorAll("li")].filter((step) => this.beside(step));
    if (!this.steps.length) return;
    this.card.hidden = false;
    this.go(0);
  }

  /** @param {number} at */
  go(at) {
    document.querySelector(`.${MARK}`)?.classList.remove(MARK);
    this.at = at;
    if (at >= this.steps.length) {
      this.card.hidden = true;
      localStorage.setItem(STORE, DONE);
      return;
    }
    for (const step of this.card.querySelectorAll("li")) step.hidden = step !== this.steps[at];
    const words = this.card.dataset.of.replace("{n}", String(at + 1)).replace("{all}", String(this.steps.length));
    this.card.querySelector("#hint-place").textContent = words;
    const next = this.card.querySelector("[data-hint=next]");
    if (at === this.steps.length - 1) next.textContent = next.dataset.last;
    this.place();
  }

  /** Beside a small thing, inside a large one, and always on screen. */
  place() {
    const anchor = this.beside(this.steps[this.at]);
    if (!anchor) return;
    anchor.classList.add(MARK);
    const box = anchor.getBoundingClientRect();
    const {offsetWidth: width, offsetHeight: height} = this.card;
    const isLarge = box.height > innerHeight / 2;
    const above = box.top > innerHeight / 2;
    const top = isLarge ? box.bottom - height - 72 : above ? box.top - height - GAP : box.bottom + GAP;
    const left = isLarge ? box.left + EDGE : box.left;
    this.card.style.setProperty("top", `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`);
    this.card.style.setProperty("left", `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`);
  }
}

const card = document.getElementById("hints");
const stage = document.getElementById("stage");

if (card && stage && localStorage.getItem(STORE) !== DONE) {
  const hints = new Hints(card);
  const begin = () => stage.dataset.link === "live" && (watch.disconnect(), hints.start());
  const watch = new MutationObserver(begin);
  watch.observe(stage, {attributes: true, attributeFilter: ["data-link"]});
  begin();
}
for (const button of document.querySelectorAll("#help [data-replays-hints]")) {
  button.addEventListener("click", () => {
    button.closest("dialog").close();
    replay();
    new Hints(card).start();
  });
}
