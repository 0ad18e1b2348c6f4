/**
 * What each kind of node looks like. A new kind is one line here and a glyph in the sprite.
 *
 * @typedef {import("./reduce.js").Node} Node
 * @typedef {{glyph:string,tile:""|"v"|"x"|"p",word:string,body:"queue"|"fifo"|"dlq"|"actor"|"client"|"plain",w:number,h:number}} Look
 */
import {gettext} from "../shell/words.js";

export const COLUMNS = ["sources", "routing", "filters", "queues", "consumers"];
export const COLUMN_TITLES = {
  sources: gettext("Sources"),
  routing: gettext("Routing"),
  filters: gettext("Filters and rules"),
  queues: gettext("Queues and streams"),
  consumers: gettext("Consumers"),
};

const QUEUE = {w: 226, h: 84};
const FIFO = {w: 226, h: 112};
const SIDING = {w: 226, h: 50};
const PLAIN = {w: 176, h: 54};
const ROUTE = {w: 190, h: 54};
const SOURCE = {w: 158, h: 54};
const WORKER = {w: 176, h: 84};
const CLIENT = {w: 176, h: 92};

const LOOKS = {
  queue: {glyph: "queue", tile: "v", word: gettext("standard queue"), body: "queue", ...QUEUE},
  fifo: {glyph: "fifo", tile: "v", word: gettext("FIFO queue"), body: "fifo", ...FIFO},
  producer: {glyph: "producer", tile: "", word: gettext("producer"), body: "plain", ...SOURCE},
  consumer: {glyph: "consumer", tile: "", word: gettext("consumer"), body: "actor", ...WORKER},
  function: {glyph: "function", tile: "", word: gettext("Lambda function"), body: "actor", ...WORKER},
  fleet: {glyph: "users", tile: "", word: gettext("fleet of consumers"), body: "actor", ...WORKER},
  topic: {glyph: "topic", tile: "v", word: gettext("SNS topic"), body: "plain", ...ROUTE},
  bus: {glyph: "bus", tile: "v", word: gettext("event bus"), body: "plain", ...ROUTE},
  rule: {glyph: "rule", tile: "", word: gettext("rule"), body: "plain", ...ROUTE},
  schedule: {glyph: "schedule", tile: "", word: gettext("schedule"), body: "plain", ...ROUTE},
  pipe: {glyph: "pipe", tile: "", word: gettext("pipe"), body: "plain", ...ROUTE},
  alarm: {glyph: "alarm", tile: "", word: gettext("CloudWatch alarm"), body: "plain", ...ROUTE},
  inbox: {glyph: "inbox", tile: "p", word: gettext("inbox"), body: "plain", ...ROUTE},
  group: {glyph: "grid", tile: "v", word: gettext("group of queues"), body: "queue", ...QUEUE},
  client: {glyph: "client", tile: "p", word: gettext("client"), body: "client", ...CLIENT},
};
const SLOTS_MOST = 8;

/**
 * @param {Node} node
 * @returns {Look}
 */
export function lookOf(node) {
  const look = LOOKS[node.kind];
  if (!look) return {glyph: "spark", tile: "", word: node.kind, body: "plain", ...PLAIN};
  if (look.body === "actor" && !node.cfg.slots) return {...look, ...PLAIN};
  if (!node.cfg.dlq) return look;
  return {...look, glyph: "dlq", tile: "", word: gettext("dead-letter queue, %(kind)s", {kind: look.word}), body: "dlq", ...SIDING};
}

/** @param {Node} node */
export function isQueue(node) {
  return node.kind === "queue" || node.kind === "fifo" || node.kind === "group";
}

/**
 * Slots of a worker as drawn: at most eight, and how many of them are filled.
 *
 * @param {Record<string, any>} cfg
 */
export function slots(cfg) {
  const all = Math.min(SLOTS_MOST, cfg.slots ?? 0);
  return {all, filled: Math.min(all, Math.ceil(((cfg.busy ?? 0) * all) / Math.max(1, cfg.slots ?? 1)))};
}
