/**
 * The card of one node: what stands in SVG. What lies in the queue is drawn on the canvas above it.
 *
 * @typedef {import("./reduce.js").Node} Node
 * @typedef {{node:Node,counters:import("./reduce.js").Counters,now:number,call:{operation:string,ts:number}|undefined,
 *   poll:{until:number,count:number}}} Facts
 */
import {spokenFaults, writeFaults} from "../actors/faults.js";
import {lookOf, slots} from "./kinds.js";
import {GROUP_LANE, LANE} from "./queuecanvas.js";
import {el, setAttribute, sign, textAt, write} from "./svg.js";
import {canBegin} from "./targets.js";
import {age, brief, clip, count, span, visible} from "./text.js";
import {told} from "./told.js";
import {gettext, ngettext} from "../shell/words.js";

const NAME_FONT = "600 13px Inter, sans-serif";
const META_FONT = "400 11px Inter, sans-serif";
const DIGIT = 6.9;
const COUNTER_LEAST = 34;
const SLOT = {w: 13, h: 10, gap: 3};
const CALL = {idle: 20, waiting: 38};
const CHANGES_SOON = 1_000;
const CROSSED = 2;
const COUNTED = ["queue", "fifo", "dlq"];

/**
 * Make a card: a face, which is a button named by the node and its numbers, and the facts on it, which change
 * too often to be part of what is read aloud.
 *
 * @param {string} sprite address of the glyph sprite
 * @param {Node} node
 */
export function makeCard(sprite, node) {
  const look = lookOf(node);
  const root = el("g", {class: `node ${look.body}`, "data-node": node.i});
  const button = el("g", {class: "face", role: "button", tabindex: "-1", "aria-pressed": "false"});
  const facts = el("g", {"aria-hidden": "true"});
  const card = {look, root, button, facts, parts: {}};
  const tileY = look.body === "plain" || look.body === "dlq" ? (look.h - 28) / 2 : 12;
  const glyph = el("use", {href: `${sprite}#${look.glyph}`, x: 17, y: tileY + 5, width: 18, height: 18});
  if (node.kind === "group") root.append(el("rect", {class: "stack", x: 6, y: 6, width: look.w, height: look.h, rx: 10}));
  root.append(button, facts);
  button.append(
    el("rect", {class: "shade", y: 1.5, width: look.w, height: look.h, rx: 10}),
    el("rect", {class: "halo", x: -3, y: -3, width: look.w + 6, height: look.h + 6, rx: 13}),
    el("rect", {class: "box", width: look.w, height: look.h, rx: 10}),
    el("rect", {class: `tile ${look.tile}`, x: 12, y: tileY, width: 28, height: 28, rx: 7}),
    el("g", {class: `glyph ${look.tile}`}, [glyph]),
  );
  const name = textAt(48, tileY + 11, "nm");
  card.parts.name = name.data;
  button.append(name.element);
  BUILD[look.body](card, tileY);
  if (canBegin(node)) {
    const port = [el("circle", {class: "reach", r: 12}), el("circle", {class: "knob", r: 5})];
    root.append(el("g", {class: "port", transform: `translate(${look.w} ${look.h / 2})`, "aria-hidden": "true"}, port));
  }
  return card;
}

const BUILD = {
  queue: (card) => {
    addCounters(card, 41);
    addText(card, "side", card.look.w - 12, 24, "mt", "end");
    addLane(card, LANE.top, LANE.height);
  },
  fifo: (card) => {
    addCounters(card, 38);
    addText(card, "side", card.look.w - 12, 24, "mt", "end");
    for (let row = 0; row < 3; row += 1) addLane(card, GROUP_LANE.top + row * GROUP_LANE.step, GROUP_LANE.height);
  },
  dlq: (card, tileY) => addText(card, "meta", 48, tileY + 26, "mt"),
  plain: (card, tileY) => addText(card, "meta", 48, tileY + 26, "mt"),
  actor: (card, tileY) => {
    addText(card, "meta", 48, tileY + 26, "mt");
    card.parts.slots = el("g", {class: "slots", transform: "translate(48 60)"});
    card.facts.append(card.parts.slots);
  },
  client: (card, tileY) => {
    addText(card, "meta", 48, tileY + 26, "mt");
    addLane(card, 50, 34);
    addText(card, "call", CALL.idle, 64, "mo");
    addText(card, "wait", CALL.idle, 77, "mo");
  },
};

function addText(card, name, x, y, className, anchor) {
  const {element, data} = textAt(x, y, className, anchor);
  card.parts[name] = data;
  card.facts.append(element);
}

function addCounters(card, y) {
  ["v", "f", "d"].forEach((state) => {
    const {element, data} = textAt(60, y, "ct");
    const group = el("g", {class: "counter"}, [sign(state, 52, y - 4), element]);
    card.parts[state] = data;
    card.parts[`${state}Group`] = group;
    card.facts.append(group);
  });
}

function addLane(card, y, height) {
  card.facts.append(el("rect", {class: "lane", x: LANE.left, y, width: card.look.w - 2 * LANE.left, height, rx: 6}));
}

/**
 * Write what changes: counters, age, words. Names are clipped to the card.
 *
 * @param {ReturnType<typeof makeCard>} card
 * @param {Facts} facts
 */
export function writeCard(card, facts) {
  const {parts, look} = card;
  const room = look.w - 48 - (parts.side ? 52 : look.body === "dlq" ? 58 : 10);
  write(parts.name, fitted(facts.node.label, room, NAME_FONT));
  if (parts.v) writeCounters(card, facts);
  if (parts.meta) write(parts.meta, fitted(metaOf(look, facts), room, META_FONT));
  if (parts.slots) writeSlots(parts.slots, facts.node.cfg);
  if (parts.call) writeCall(parts, facts);
  writeFaults(card, facts.node.cfg.faults);
  const dead = look.body === "dlq" && facts.counters[0] + facts.counters[1] > 0;
  setAttribute(
    card.root,
    "class",
    [
      `node ${look.body}`,
      (dead || facts.node.cfg.alarm === "ALARM") && "dead",
      look.tile === "p" && "people",
      facts.node.cfg.state === "stopped" && "stopped",
    ]
      .filter(Boolean)
      .join(" "),
  );
}

function writeCounters({parts}, {counters, now}) {
  let x = 0;
  ["v", "f", "d"].forEach((state, at) => {
    const text = brief(counters[at]);
    write(parts[state], text);
    setAttribute(parts[`${state}Group`], "transform", `translate(${x} 0)`);
    x += Math.max(COUNTER_LEAST, 22 + text.length * DIGIT);
  });
  write(parts.side, counters[3] ? age(now - counters[3]) : "");
}

function metaOf(look, {node, counters}) {
  if (node.cfg.state === "stopped") return gettext("stopped");
  if (look.body !== "dlq") return told(node.cfg.meta);
  const [dead, flight, delayed] = counters;
  const parts = [
    dead && gettext("%(count)s dead", {count: count(dead)}),
    flight && gettext("%(count)s in flight", {count: count(flight)}),
    delayed && gettext("%(count)s delayed", {count: count(delayed)}),
  ];
  // Beside a row of crosses there is no room for more.
  const rest = dead > CROSSED ? "" : told(node.cfg.meta);
  return [...(parts.filter(Boolean).length ? parts : [gettext("empty")]), rest].filter(Boolean).join(" · ");
}

function writeSlots(group, cfg) {
  const {all, filled} = slots(cfg);
  while (group.childElementCount < all) {
    group.append(el("rect", {x: group.childElementCount * (SLOT.w + SLOT.gap), width: SLOT.w, height: SLOT.h, rx: 3}));
  }
  while (group.childElementCount > all) group.lastChild.remove();
  [...group.children].forEach((slot, at) => setAttribute(slot, "class", at < filled ? "busy" : "free"));
}

function writeCall(parts, {now, call, poll}) {
  const left = poll.until - now;
  for (const text of [parts.call, parts.wait])
    setAttribute(text.parentElement, "x", String(left > 0 ? CALL.waiting : CALL.idle));
  if (left > 0) {
    write(parts.call, "ReceiveMessage");
    write(parts.wait, `${poll.count > 1 ? gettext("%(count)s polls", {count: brief(poll.count)}) : gettext("long poll")} · ${span(left)}`);
    return;
  }
  const ago = call ? now - call.ts : 0;
  write(parts.call, call ? call.operation : "");
  write(parts.wait, call ? (ago < CHANGES_SOON ? gettext("now") : gettext("%(age)s ago", {age: age(ago)})) : "");
}

/**
 * The accessible name: the visible name first, then numbers with their words, then the kind and its links.
 *
 * @param {Facts} facts
 * @param {number} degree number of edges
 */
export function spokenName({node, counters, now, poll}, degree) {
  const look = lookOf(node);
  const [visibleNow, flight, delayed] = counters;
  const numbers =
    COUNTED.includes(look.body)
      ? gettext("%(visible)s visible, %(flight)s in flight, %(delayed)s delayed", {
          visible: count(visibleNow), flight: count(flight), delayed: count(delayed),
        })
      : metaOf(look, {node, counters});
  const waits = poll.until > now ? ngettext("waits in a long poll", "waits in %(count)s long polls", poll.count, {count: count(poll.count)}) : "";
  return [visible(node.label), numbers, waits, spokenFaults(node.cfg.faults), look.word, ngettext("%(count)s link", "%(count)s links", degree)]
    .filter(Boolean)
    .join(", ");
}

const memory = new Map();
/** @type {CanvasRenderingContext2D|null} */
let ruler = null;

function fitted(text, room, font) {
  const key = `${font}|${room}|${text}`;
  if (!memory.has(key)) {
    if (memory.size > 2_000) memory.clear();
    memory.set(
      key,
      clip(visible(text), room, (part) => measure(part, font)),
    );
  }
  return memory.get(key);
}

function measure(text, font) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** Forget measured texts: the typeface has arrived. */
export function forgetWidths() {
  memory.clear();
}
