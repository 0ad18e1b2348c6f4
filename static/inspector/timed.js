/**
 * The page of a message with its time: the bar at its foot, sentences that lead to their moments, and the pin.
 */
import {TimePanel} from "../time/time.js";
import {Commands} from "../topology/commands.js";
import {byId} from "../topology/dom.js";
import {TimeBar} from "../topology/timebar.js";
import {Travel} from "./travel.js";
import {Watch} from "./watch.js";

const TICK = 100;

const foot = byId("moment");
const {streamUrl, messageUrl, doUrl} = foot.dataset;
const session = new Watch(streamUrl);
const travel = new Travel({url: messageUrl, by: () => new URLSearchParams(location.search).get("by")});
const bar = new TimeBar({
  clock: byId("clock"),
  word: byId("clock-word"),
  toggle: byId("world-toggle"),
  action: byId("world-action"),
  speed: byId("world-speed"),
});
const time = new TimePanel({session, panel: travel, say: (text) => (byId("polite").textContent = text)});
const commands = new Commands({
  url: doUrl,
  token: () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"],
});
const say = (text, kind = "ok") => document.body.dispatchEvent(new CustomEvent("toast", {detail: {text, kind}}));

session.addEventListener("link", ({detail}) => bar.connect(detail.state));
session.addEventListener("clock", ({detail}) => bar.follow(detail.rate));
session.addEventListener("show", showPin);
window.setInterval(() => session.clock.known && !document.hidden && bar.tick(session.now()), TICK);

document.addEventListener("click", (event) => {
  const seek = event.target.closest?.("a[data-seek]");
  if (seek && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    time.traveller.seek(Number(seek.dataset.seek));
  }
  const button = event.target.closest?.("[data-pin]");
  if (button) pin(button);
});

/** What the stream knows of it: somebody in another window may have pinned it. */
function showPin() {
  const button = document.querySelector("[data-pin]");
  const pressed = String(session.live.pinned.has(Number(button?.dataset.pin)));
  if (button && session.live.epoch && button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
}

async function pin(button) {
  const wanted = button.getAttribute("aria-pressed") !== "true";
  const answer = await commands.send({op: "pin", args: {messages: {[button.dataset.pin]: wanted}}});
  say(answer.text, answer.ok ? "ok" : "error");
  if (answer.ok) document.querySelector("[data-pin]")?.setAttribute("aria-pressed", String(wanted));
}

/** Where the picture is wider than the screen: move it so far that the moment is in sight, once for each. */
let inSight = "none";
function keepInSight() {
  const head = document.querySelector(".life .pill");
  const moment = document.getElementById("message-live").dataset.moment ?? "";
  if (!head || moment === inSight) return;
  inSight = moment;
  const frame = head.closest(".life");
  const [own, whole] = [head.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (own.left < whole.left || own.right > whole.right) frame.scrollLeft += (own.left + own.right - whole.left - whole.right) / 2;
}

document.body.addEventListener("htmx:afterSettle", keepInSight);
keepInSight();
session.start();
window.signalbox = {session, time, travel};
