/**
 * The pages of the inspector: countdowns that run, a picture that can be held, arrow keys from bar to bar.
 */
import {openFork} from "../time/fork.js";
import {age, span, visible} from "../topology/text.js";
import {keepCalm} from "./live.js";
import {gettext} from "../shell/words.js";

const TICK = 100;
const STEPS = {ArrowDown: 1, ArrowUp: -1};
let held = false;
let anchor = {now: 0, rate: 0, wall: 0};

keepCalm({held: () => held});

/** Take the time that the server wrote, and dress what it sent. */
function dress() {
  const part = document.getElementById("message-live");
  if (part) anchor = {now: Number(part.dataset.now), rate: Number(part.dataset.rate), wall: performance.now()};
  for (const element of document.querySelectorAll("main [data-untrusted]")) {
    const text = visible(element.textContent);
    if (text !== element.textContent) element.textContent = text;
  }
  rove();
  tick();
}

function tick() {
  const passed = (performance.now() - anchor.wall) * anchor.rate;
  for (const element of document.querySelectorAll("#message-live [data-until]")) {
    const left = Number(element.dataset.until) - anchor.now - passed;
    say(element, left > 0 ? span(left) : gettext("now"));
  }
  for (const element of document.querySelectorAll("#message-live [data-age]")) {
    say(element, age(Number(element.dataset.age) * 1_000 + passed));
  }
}

function say(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** One bar of a picture is the tab stop: that which had the keyboard, else the chosen one, else the first. */
function rove(stop) {
  const rows = [...document.querySelectorAll(".life-row")];
  const one = stop ?? rows.find((row) => row === document.activeElement) ?? document.querySelector(".life-row.chosen") ?? rows[0];
  for (const row of rows) row.setAttribute("tabindex", row === one ? "0" : "-1");
}

function walk(event) {
  const row = event.target.closest?.(".life-row");
  if (!row) return;
  const rows = [...document.querySelectorAll(".life-row")];
  const ends = {Home: 0, End: rows.length - 1};
  const to = ends[event.key] ?? (STEPS[event.key] ? rows.indexOf(row) + STEPS[event.key] : -1);
  if (!rows[to]) return;
  event.preventDefault();
  rove(rows[to]);
  rows[to].focus();
}

document.addEventListener("keydown", walk);
document.addEventListener("click", (event) => {
  const fork = event.target.closest("[data-fork-seq]");
  if (fork) openFork({seq: Number(fork.dataset.forkSeq), at: Number(fork.dataset.forkAt), what: fork.dataset.forkWhat});
  const button = event.target.closest("[data-hold-lifetimes]");
  if (!button) return;
  held = !held;
  button.setAttribute("aria-pressed", String(held));
});
document.body.addEventListener("htmx:afterSettle", dress);
window.setInterval(tick, TICK);
dress();
