/**
 * The clock of the world and its controls. The controls are forms that htmx posts; here only their look
 * follows the stream.
 */
import {timeOfDay} from "./text.js";
import {gettext} from "../shell/words.js";

const SPEEDS = [0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 60, 100, 1000];
const LINK_WORDS = {connecting: gettext("Connecting"), lost: gettext("Last known state"), closed: gettext("Last known state")};

export class TimeBar {
  /** @param {{clock:HTMLElement,word:HTMLElement,toggle:HTMLButtonElement,action:HTMLInputElement,speed:HTMLSelectElement}} parts */
  constructor(parts) {
    this.parts = parts;
    this.rate = 1;
    this.link = "connecting";
  }

  /** @param {number} now sandbox time */
  tick(now) {
    const text = timeOfDay(now);
    if (this.parts.clock.textContent !== text) this.parts.clock.textContent = text;
  }

  /** @param {string} link state of the link: without it nothing here is live */
  connect(link) {
    this.link = link;
    this.say();
  }

  /** @param {number} rate sandbox milliseconds per millisecond; 0 when the world is paused */
  follow(rate) {
    const paused = rate === 0;
    const {toggle, action, speed} = this.parts;
    this.rate = rate;
    toggle.dataset.state = paused ? "paused" : "running";
    toggle.setAttribute("aria-label", paused ? gettext("Run the world") : gettext("Pause the world"));
    toggle.title = paused ? gettext("Run the world (.)") : gettext("Pause the world (.). Pausing the view is another thing: Space.");
    action.value = paused ? "play" : "pause";
    if (!paused && document.activeElement !== speed) speed.value = String(nearest(rate));
    this.say();
  }

  say() {
    const {word} = this.parts;
    word.textContent = LINK_WORDS[this.link] ?? rateWord(this.rate);
    word.parentElement.dataset.state = this.link !== "live" ? "lost" : this.rate ? "running" : "paused";
  }
}

function rateWord(rate) {
  if (rate === 0) return gettext("World paused. Your code waits.");
  if (rate === 1) return gettext("Live, real time");
  if (rate < 1) return gettext("Live, slowed to %(rate)s×", {rate: Number(rate.toPrecision(2))});
  return gettext("Live, %(rate)s×", {rate: Math.round(rate * 10) / 10});
}

function nearest(rate) {
  return SPEEDS.reduce((best, speed) => (Math.abs(Math.log(speed / rate)) < Math.abs(Math.log(best / rate)) ? speed : best));
}
