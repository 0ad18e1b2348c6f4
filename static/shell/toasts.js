/**
 * Toasts: bottom left, one at a time, six seconds, longer while someone looks at them. An error stays until
 * it is closed or another toast follows.
 */

const STAY = 6_000;
const FADE = 240;

export class Toasts {
  /** @param {HTMLElement} host a live region with the templates of both kinds */
  constructor(host) {
    this.host = host;
    this.waiting = [];
    /** @type {HTMLElement|null} */
    this.shown = null;
    this.timer = 0;
    for (const template of host.querySelectorAll("template[data-message]")) {
      this.show({text: template.content.textContent.trim(), kind: template.dataset.message});
    }
  }

  /** @param {{text:string,kind?:"ok"|"error"}} toast */
  show(toast) {
    this.waiting.push(toast);
    if (!this.shown) this.next();
    else this.leave();
  }

  next() {
    const toast = this.waiting.shift();
    if (!toast) return;
    const kind = toast.kind === "error" ? "error" : "ok";
    const card = this.host.querySelector(`template[data-kind=${kind}]`).content.firstElementChild.cloneNode(true);
    card.querySelector("p").textContent = toast.text;
    card.querySelector("button").addEventListener("click", () => this.leave());
    card.addEventListener("pointerenter", () => clearTimeout(this.timer));
    card.addEventListener("pointerleave", () => this.count());
    card.addEventListener("focusin", () => clearTimeout(this.timer));
    card.addEventListener("focusout", () => this.count());
    this.host.append(card);
    this.shown = card;
    this.count();
  }

  count() {
    clearTimeout(this.timer);
    if (this.shown && !this.shown.classList.contains("error")) this.timer = window.setTimeout(() => this.leave(), STAY);
  }

  leave() {
    const card = this.shown;
    if (!card || card.classList.contains("leave")) return;
    clearTimeout(this.timer);
    card.classList.add("leave");
    window.setTimeout(() => {
      card.remove();
      this.shown = null;
      this.next();
    }, FADE);
  }
}
