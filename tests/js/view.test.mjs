import assert from "node:assert/strict";
import {test} from "node:test";
import {modeOf, sampleOf, wordsOf} from "../../static/topology/detail.js";
import {fold, groupAt, groupsOf, stem} from "../../static/topology/grouping.js";
import {initial, reduce} from "../../static/topology/reduce.js";
import {find, matches, matchingMessages, parse} from "../../static/topology/search.js";
import {read, viewAt, windowOf, write} from "../../static/topology/urlstate.js";
import {World} from "./harness/world.mjs";

const queue = (i, label, cfg = {}) => [i, `arn:${label}`, label.endsWith(".fifo") ? "fifo" : "queue", label, "queues", cfg];

function small() {
  return reduce(initial(), {
    t: "snap",
    epoch: "e",
    q: 1,
    ts: 100_000,
    rate: 1,
    nodes: [
      queue(1, "orders", {region: "eu-central-1", account: "1"}),
      queue(2, "orders-dlq", {dlq: true, region: "eu-central-1", account: "1"}),
      queue(3, "mail", {region: "us-east-1", account: "1"}),
      [4, "actor:shop", "producer", "shop", "sources", {state: "running"}],
      [5, "actor:worker", "consumer", "worker", "consumers", {state: "stopped"}],
    ],
    edges: [
      [1, 4, 1, "send", ""],
      [2, 1, 2, "dlq", "after 3 receives"],
      [3, 1, 5, "receive", ""],
      [4, 2, 5, "receive", ""],
    ],
    ctr: [
      [1, 3, 1, 0, 60_000],
      [2, 2, 0, 0, 40_000],
      [3, 0, 0, 1, 99_000],
    ],
    msgs: [
      [1, 10, "v", 0, 0, "A", 60_000],
      [1, 11, "f", 130_000, 2, "B", 90_000],
      [2, 12, "v", 0, 4, null, 40_000],
      [3, 13, "d", 101_000, 0, null, 99_000],
    ],
  });
}

const names = (text) => [...(find(small(), text) ?? [])].map((i) => small().nodes.get(i).label).sort();

test("expressions find by age with units, receives, groups and words", () => {
  assert.deepEqual(names("age > 30s"), ["orders", "orders-dlq"]);
  assert.deepEqual(names("age > 30 s"), ["orders", "orders-dlq"]);
  assert.deepEqual(names("age>50"), ["orders-dlq"]);
  assert.deepEqual(names("age > 1min"), []);
  assert.deepEqual(names("age >= 500ms depth = 1"), ["mail"]);
  assert.deepEqual(names("receives >= 2"), ["orders", "orders-dlq"]);
  assert.deepEqual(names("dead > 0"), ["orders-dlq"]);
  assert.deepEqual(names("group = a"), ["orders"]);
  assert.deepEqual(names('group = "B" inflight > 0'), ["orders"]);
  assert.deepEqual(names("group != A queue"), ["mail", "orders-dlq"]);
  assert.deepEqual(names("region = us-*"), ["mail"]);
  assert.deepEqual(names("orders -dlq"), ["orders"]);
  assert.deepEqual(names("orders*"), ["orders", "orders-dlq"]);
  assert.deepEqual(names("state = stopped"), ["worker"]);
});

test("an expression about messages finds the single ones", () => {
  const lit = (text) => {
    const state = small();
    const parsed = parse(text);
    return matchingMessages(state, parsed, matches(state, parsed), state.ts);
  };
  const numbers = (text) => [...lit(text).by.values()].flatMap((hits) => [...hits]).sort();
  assert.deepEqual(numbers("age > 30s"), [10, 12]);
  assert.deepEqual(numbers("receives >= 2"), [11, 12]);
  assert.deepEqual(numbers("group = A"), [10]);
  assert.deepEqual(numbers("orders receives >= 2 -dlq"), [11]);
  assert.equal(lit("orders"), null);
  assert.equal(lit("inflight > 0"), null);
  // Four lie in orders, two are known: there may be more.
  assert.deepEqual([lit("group = A").count, lit("group = A").exact], [1, false]);
  assert.deepEqual([lit("orders-dlq receives > 3").count, lit("orders-dlq receives > 3").exact], [1, false]);
  assert.deepEqual([lit("mail age >= 1s").count, lit("mail age >= 1s").exact], [1, true]);
});

test("what cannot be understood is said, and nothing is dimmed", () => {
  assert.match(parse("colour = red").error, /There is no field colour\. Use visible/);
  assert.match(parse("age > soon").error, /After age > comes a number, as in 30s/);
  assert.match(parse("age > 3 weeks").error, /^$|unit/);
  assert.match(parse("age > 3w").error, /w is no unit of time/);
  assert.match(parse("receives >= 2s").error, /plain number/);
  assert.match(parse("receives >=").error, /comes a number/);
  assert.match(parse("group > A").error, /compared with = or !=/);
  assert.match(parse("group =").error, /comes a text/);
  assert.match(parse("> 3").error, /Write a field before >/);
  assert.equal(find(small(), "colour = red"), null);
  assert.equal(parse("orders [a+").error, "");
});

test("groups: by the first part of the name, and by place when there are two", () => {
  assert.deepEqual(["orders", "orders-dlq", "orders.fifo", "orders_eu"].map(stem), Array(4).fill("orders"));
  const groups = groupsOf(small());
  assert.deepEqual(
    groups.map(({key, label, members}) => [key, label, members]),
    [
      ["r:1/eu-central-1", "1 · eu-central-1", [1, 2]],
      ["p:orders", "orders-*", [1, 2]],
    ],
  );
  assert.equal(groupAt(small(), 2).key, "p:orders");
  assert.equal(groupAt(small(), 3), null);
});

test("a collapsed group is one node with summed counters and joined edges", () => {
  const state = small();
  assert.equal(fold(state, new Set()), state);
  assert.equal(fold(state, new Set(["p:mail"])), state);
  const folded = fold(state, new Set(["p:orders"]));
  const group = [...folded.nodes.values()].find((node) => node.kind === "group");
  assert.deepEqual([group.label, group.cfg.meta, folded.nodes.size], ["orders-*", "2 queues", 4]);
  assert.deepEqual(folded.ctr.get(group.i), [5, 1, 0, 40_000]);
  assert.deepEqual([...folded.msgs.get(group.i).values()].map((each) => Boolean(each.dead)), [false, false, true]);
  assert.deepEqual(
    [...folded.edges.values()].map(({i, s, t}) => [i, s, t]),
    [
      [1, 4, group.i],
      [3, group.i, 5],
    ],
  );
  assert.deepEqual([...folded.alias], [[4, 3]]);
  assert.notEqual(folded.shape, state.shape);
  assert.equal(folded.home.get(2), group.i);
  assert.equal(state.nodes.size, 5);
});

test("folding keeps every message of a busy world", () => {
  const world = new World(3);
  for (let at = 0; at < 200; at += 1) world.step(50);
  const state = reduce(initial(), world.snap());
  const folded = fold(state, new Set(groupsOf(state).map(({key}) => key)));
  const sum = (each) => [...each.ctr.values()].reduce((total, [v, f, d]) => total + v + f + d, 0);
  assert.equal(sum(folded), sum(state));
});

test("the address keeps what other parts wrote, and gives back what was put in", () => {
  const before = new URLSearchParams("select=arn:x&theme=dark");
  const look = {
    view: "table",
    window: {x: 120, y: -40, k: 0.75},
    find: "age > 30s",
    hide: true,
    groups: ["p:orders", "r:1/eu-central-1"],
    detail: "rates",
  };
  const after = write(before, look);
  assert.deepEqual(read(new URLSearchParams(after.toString())), look);
  assert.equal(after.get("select"), "arn:x");
  const bare = write(after, {window: null, find: " ", hide: false, groups: [], detail: "auto", view: "map"});
  assert.equal(bare.toString(), "select=arn%3Ax&theme=dark&view=map");
  assert.deepEqual(read(new URLSearchParams("at=1,2&view=moon&detail=x&groups=,x,p:"), "table"), {
    view: "table", window: null, find: "", hide: false, groups: [], detail: "auto",
  });
  assert.equal(read(new URLSearchParams("at=1,2,99")).window.k, 2.5);
});

test("a window of one screen shows the same middle on another", () => {
  const at = windowOf({k: 0.5, x: 10, y: 20}, {width: 800, height: 600});
  assert.deepEqual(viewAt(at, {width: 800, height: 600}), {k: 0.5, x: 10, y: 20});
  const other = viewAt(at, {width: 400, height: 300});
  assert.deepEqual(windowOf(other, {width: 400, height: 300}), at);
});

test("glyphs are messages below two hundred, rates above, and a choice holds", () => {
  const facts = {moving: 0, before: "messages", choice: "auto", still: false};
  assert.equal(modeOf(facts), "messages");
  assert.equal(modeOf({...facts, moving: 200}), "messages");
  assert.equal(modeOf({...facts, moving: 201}), "rates");
  assert.equal(modeOf({...facts, moving: 150, before: "rates"}), "rates");
  assert.equal(modeOf({...facts, moving: 139, before: "rates"}), "messages");
  assert.equal(modeOf({...facts, moving: 9_000, choice: "messages"}), "messages");
  assert.equal(modeOf({...facts, choice: "rates"}), "rates");
  assert.equal(modeOf({...facts, choice: "rates", still: true}), "steps");
  assert.deepEqual([0, 150, 151, 700, 4_000, 150_000].map(sampleOf), [1, 1, 2, 5, 50, 1000]);
  assert.equal(wordsOf("messages", {sample: 1, choice: "auto"}), "Each glyph is a message with its receive count");
  assert.match(wordsOf("rates", {sample: 1000, choice: "rates"}), /1 glyph stands for 1,000, chosen by hand/);
});
