/**
 * The search field over the map: marks what matches, counts it, and goes from match to match with Enter.
 */
import {gettext, ngettext} from "../shell/words.js";
import {matches, matchingMessages, parse} from "./search.js";
import {count} from "./text.js";
import {order} from "./walk.js";

export class Finder {
  /**
   * @param {{field:HTMLInputElement,count:HTMLElement,hide?:HTMLInputElement,messages?:HTMLElement,error?:HTMLElement,more?:HTMLElement}} parts
   * @param {{session:import("./session.js").Session,onFind:()=>void,onVisit:(i:number)=>void,onLeave:()=>void}} host
   */
  constructor(parts, host) {
    this.parts = parts;
    this.host = host;
    /** @type {Set<number>|null} */
    this.found = null;
    /** @type {ReturnType<typeof matchingMessages>} the single messages, where the expression is about them */
    this.messages = null;
    this.at = -1;
    /** Whether what does not match is hidden, rather than dimmed. */
    this.hides = false;
    parts.hide?.addEventListener("change", () => this.setHide(parts.hide.checked));
    parts.field.addEventListener("input", () => {
      this.at = -1;
      this.update();
    });
    parts.field.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** @param {string} text */
  ask(text) {
    this.parts.field.value = text;
    this.at = -1;
    this.update();
  }

  /** @param {boolean} hides */
  setHide(hides) {
    this.hides = hides;
    if (this.parts.hide) this.parts.hide.checked = hides;
    this.update();
  }

  update() {
    const {session, onFind} = this.host;
    const parsed = parse(this.parts.field.value);
    this.found = session.shown.epoch ? matches(session.shown, parsed) : null;
    if (this.parts.more) this.parts.more.hidden = !this.parts.field.value.trim() && !this.hides;
    this.complain(parsed.error);
    this.parts.count.hidden = !this.found;
    this.messages = session.shown.epoch ? matchingMessages(session.shown, parsed, this.found, session.now()) : null;
    say(this.parts.count, nodesFound(this.found));
    if (this.parts.messages) say(this.parts.messages, messagesFound(this.messages));
    onFind();
  }

  complain(error) {
    const {field, error: place} = this.parts;
    if (!place || place.textContent === error) return;
    place.textContent = error;
    place.hidden = !error;
    field.setAttribute("aria-invalid", String(Boolean(error)));
  }

  onKey(event) {
    if (event.key === "Enter" && this.found?.size) {
      event.preventDefault();
      const {session} = this.host;
      const hits = order(session.shown, session.stage.scene.boxes).filter((i) => this.found.has(i));
      this.at = (this.at + 1) % hits.length;
      this.host.onVisit(hits[this.at]);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.parts.field.value = "";
      this.update();
      this.host.onLeave();
    }
  }
}

function nodesFound(found) {
  return found ? ngettext("%(count)s match", "%(count)s matches", found.size, {count: count(found.size)}) : "";
}

/** The single messages that are lit, and in how many nodes they lie. */
function messagesFound(messages) {
  if (!messages) return "";
  const many = messages.exact ? count(messages.count) : gettext("%(count)s or more", {count: count(messages.count)});
  const what = ngettext("%(many)s message", "%(many)s messages", messages.count, {many});
  const nodes = [...messages.by.values()].filter((hits) => hits.size).length;
  const where = ngettext("%(count)s node", "%(count)s nodes", nodes, {count: count(nodes)});
  return gettext("%(what)s in %(where)s", {what, where});
}

function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}
