/**
 * The banner over the last known picture while the link is lost.
 *
 * @typedef {import("./stream.js").LinkStatus} LinkStatus
 */
import {gettext} from "../shell/words.js";

const EVERY = 1_000;

/**
 * @param {LinkStatus} status
 * @param {number} now
 * @returns {string} what to say; empty when there is nothing to say
 */
export function sentence(status, now) {
  if (status.state === "closed") return status.reason;
  if (status.state !== "lost") return "";
  const lost = Math.max(0, Math.round((now - status.since) / 1000));
  const wait = Math.ceil((status.retryAt - now) / 1000);
  const next = wait > 0 ? gettext("Trying again in %(wait)s s.", {wait}) : gettext("Trying again now.");
  return gettext("Link lost %(lost)s s ago. This is the last known state. %(next)s", {lost, next});
}

export class LinkBanner {
  /**
   * @param {{banner:HTMLElement,words:HTMLElement,retry:HTMLElement,stage:HTMLElement}} parts
   * @param {{retry:()=>void,lost:(text:string)=>void,back:()=>void}} host
   */
  constructor(parts, host) {
    this.parts = parts;
    this.host = host;
    /** @type {LinkStatus|null} */
    this.status = null;
    this.timer = 0;
    parts.retry.addEventListener("click", () => host.retry());
  }

  /** @param {LinkStatus} status */
  update(status) {
    const before = this.status?.state;
    this.status = {...status};
    this.parts.stage.dataset.link = status.state;
    clearInterval(this.timer);
    this.write();
    if (status.state === "lost") this.timer = window.setInterval(() => this.write(), EVERY);
    if (status.state === "lost" && before === "live") this.host.lost(gettext("Link lost. This is the last known state."));
    if (status.state === "live" && before === "lost") this.host.back();
  }

  write() {
    const words = sentence(this.status, performance.now());
    this.parts.banner.hidden = !words;
    this.parts.retry.hidden = this.status.state !== "lost";
    if (words) this.parts.words.textContent = words;
  }
}
