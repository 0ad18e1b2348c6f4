/**
 * The message of a page at the moment that the time bar shows: fetched again for each, the latest wish only, and
 * never replaced by an answer that belongs to another moment.
 */
import {ask} from "../shell/behind.js";

const PART = "message-live";

/** The moment that an address names; null is live. @param {string} path @returns {number|null} */
export function momentOf(path) {
  const at = new URL(path, "http://localhost").searchParams.get("at") ?? "";
  return /^\d+$/.test(at) ? Number(at) : null;
}

export class Travel {
  /** @param {{url:string,by:()=>string|null}} options by: among whom the message is shown, as the page's address says */
  constructor({url, by}) {
    this.url = url;
    this.by = by;
    /** @type {number|null} */
    this.moment = Number(document.getElementById(PART).dataset.moment) || null;
    this.shown = this.moment;
    this.busy = false;
    document.body.addEventListener("htmx:beforeRequest", (event) => {
      const {elt, requestConfig} = event.detail;
      if (elt.id === PART && momentOf(requestConfig.path) !== this.moment) event.preventDefault();
    });
    document.body.addEventListener("htmx:beforeSwap", (event) => {
      const {target, requestConfig} = event.detail;
      if (target.id === PART && momentOf(requestConfig.path) !== this.moment) event.detail.shouldSwap = false;
    });
  }

  /** @param {number|null} seq the event after which the message is shown; null is live */
  async travel(seq) {
    this.moment = seq;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.shown !== this.moment) {
        this.shown = this.moment;
        await ask("GET", this.address(this.shown), {target: `#${PART}`, swap: "morph:outerHTML"});
      }
    } finally {
      this.busy = false;
    }
  }

  address(seq) {
    const asked = new URLSearchParams();
    const by = this.by();
    if (by) asked.set("by", by);
    if (seq !== null) asked.set("at", String(seq));
    return asked.size ? `${this.url}?${asked}` : this.url;
  }
}
