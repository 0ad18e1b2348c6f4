import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {test} from "node:test";
import {continuity, initial, pollOf, reduce} from "../../static/topology/reduce.js";
import {canonical} from "./canonical.mjs";
import {World} from "./harness/world.mjs";

const SNAP = {
  t: "snap",
  v: 1,
  epoch: "a",
  q: 10,
  ts: 1000,
  rate: 1,
  nodes: [
    [1, "arn:q", "queue", "q", "queues", {dlq: false}],
    [2, "arn:d", "queue", "d", "queues", {dlq: true}],
    [3, "actor:p", "producer", "p", "sources", {}],
  ],
  edges: [
    [1, 3, 1, "send"],
    [2, 1, 2, "dlq", "after 3 receives"],
  ],
  ctr: [
    [1, 1, 1, 0, 900],
    [2, 0, 0, 0, 0],
  ],
  msgs: [
    [1, 7, "v", 0, 0, null],
    [1, 8, "f", 5000, 1, null],
  ],
  more: {},
};
const start = () => reduce(initial(), SNAP);
const batch = (rest) => ({
  t: "b",
  q0: 11,
  q: 12,
  ts: 1050,
  dt: 50,
  rate: 1,
  n: [],
  e: [],
  p: [],
  m: [],
  x: [],
  req: [],
  ...rest,
});

test("a snapshot replaces everything", () => {
  const other = reduce(start(), {...SNAP, epoch: "b", q: 3, nodes: [], edges: [], ctr: [], msgs: []});
  assert.deepEqual([other.epoch, other.q, other.nodes.size, other.msgs.size], ["b", 3, 0, 0]);
});

test("who waits is told whole, ahead of a node too, and only by frames that carry it", () => {
  const waits = reduce(start(), {t: "w", q: 10, ts: 1010, rate: 1, w: [[3, 9000, 2], [4, 7000, 1]]});
  assert.deepEqual(canonical(waits).polls, {"actor:p": [9000, 2]});
  const later = reduce(waits, batch({x: [["+n", [4, "client:c", "client", "c", "consumers", {}]]]}));
  assert.deepEqual(pollOf(later, later.nodes.get(4)), {until: 7000, count: 1});
  assert.deepEqual(pollOf(later, {i: 9, cfg: {waitUntil: 5}}), {until: 5, count: 1});
  assert.equal(later.q, 12);
  assert.equal(reduce(later, {t: "clock", q: 12, ts: 1060, rate: 1, w: []}).polls.size, 0);
  assert.equal(reduce(waits, SNAP).polls.size, 0);
});

test("pinned messages are told all together, and stay until they are told anew", () => {
  const pinned = reduce(reduce(initial(), SNAP), {t: "pins", q: 10, ts: 1000, rate: 1, pins: {}, pinned: [7, 9]});
  assert.deepEqual([...pinned.pinned], [7, 9]);
  assert.deepEqual([...reduce(pinned, {t: "hb", q: 10, ts: 1100, rate: 1}).pinned], [7, 9]);
  assert.deepEqual([...reduce(pinned, {...SNAP, pinned: []}).pinned], []);
});

test("the reducer changes no state it was given", () => {
  const before = start();
  const copy = structuredClone(before);
  reduce(
    before,
    batch({
      n: [[1, 5, 5, 5, 5]],
      e: [[1, 2]],
      m: [
        ["+", 1, 9, "v", 0, 0, "g"],
        ["-", 1, 7],
      ],
      x: [
        ["-n", 2],
        ["+n", [4, "arn:e", "fifo", "e", "queues", {}]],
        ["~n", 1, "renamed", {}],
      ],
    }),
  );
  assert.deepEqual(before, copy);
});

test("counters are absolute, totals add up", () => {
  let state = reduce(start(), batch({n: [[1, 40, 2, 1, 800]], e: [[1, 3]]}));
  state = reduce(state, {...batch({n: [[1, 41, 2, 1, 800]], e: [[1, 4]]}), q0: 13, q: 14});
  assert.deepEqual(state.ctr.get(1), [41, 2, 1, 800]);
  assert.equal(state.totals.get(1), 7);
});

test("messages: put, change, take away, replace the list", () => {
  const put = reduce(
    start(),
    batch({
      m: [
        ["+", 1, 9, "d", 4000, 0, "g", 800],
        ["+", 1, 7, "f", 6000, 1, null, 700],
        ["-", 1, 8],
      ],
    }),
  );
  assert.deepEqual(canonical(put).msgs["arn:q"], [
    [7, "f", 6000, 1, null, 700],
    [9, "d", 4000, 0, "g", 800],
  ]);
  const replaced = reduce(put, batch({m: [["=", 1, [[20, "v", 0, 0, null, 900]]]]}));
  assert.deepEqual(canonical(replaced).msgs, {"arn:q": [[20, "v", 0, 0, null, 900]]});
  assert.deepEqual(canonical(reduce(replaced, batch({m: [["=", 1, []]]}))).msgs, {});
});

test("a ring keeps its start when it is told again, and starts anew when it does", () => {
  const first = reduce(start(), batch({m: [["+", 1, 9, "f", 9000, 1, null]], ts: 1050}));
  const again = reduce(first, batch({m: [["+", 1, 9, "f", 9000, 1, null]], ts: 2000}));
  const anew = reduce(again, batch({m: [["+", 1, 9, "f", 12000, 2, null]], ts: 3000}));
  assert.deepEqual(
    [first, again, anew].map((state) => state.msgs.get(1).get(9).since),
    [1050, 1050, 3000],
  );
});

test("nodes and edges: add, change, remove with all that hangs on them", () => {
  const grown = reduce(
    start(),
    batch({
      x: [
        ["+n", [4, "arn:e", "fifo", "e.fifo", "queues", {}]],
        ["+e", [3, 3, 4, "send", ""]],
        ["~n", 1, "renamed", {dlq: true}],
        ["~e", 2, "after 5 receives"],
      ],
      m: [["+", 4, 1, "v", 0, 0, "g"]],
    }),
  );
  assert.equal(grown.nodes.get(1).label, "renamed");
  assert.equal(grown.edges.get(2).label, "after 5 receives");
  const shrunk = reduce(
    grown,
    batch({
      x: [
        ["-n", 4],
        ["-e", 2],
      ],
    }),
  );
  assert.deepEqual([...shrunk.nodes.keys()], [1, 2, 3]);
  assert.deepEqual([...shrunk.edges.keys()], [1]);
  assert.equal(shrunk.msgs.has(4), false);
});

test("what a batch says of a node that is gone is dropped", () => {
  const state = reduce(
    start(),
    batch({x: [["-n", 1]], n: [[1, 9, 9, 9, 9]], m: [["+", 1, 9, "v", 0, 0, null]], e: [[1, 5]]}),
  );
  assert.deepEqual([state.ctr.has(1), state.msgs.has(1), state.totals.size], [false, false, 0]);
});

test("unknown operations and frames leave the picture as it is", () => {
  const state = start();
  assert.equal(reduce(state, {t: "later"}), state);
  const next = reduce(state, batch({x: [["?n", 1]], m: [["?", 1, 2]]}));
  assert.deepEqual(canonical(next), canonical(state));
});

test("clock frames and heartbeats move the time only", () => {
  const held = reduce(start(), {t: "clock", ts: 2000, rate: 0});
  assert.deepEqual([held.ts, held.rate, held.q], [2000, 0, 10]);
  assert.equal(reduce(held, {t: "hb", q: 10, ts: 2500}).ts, 2500);
});

test("the shape grows with nodes and edges only", () => {
  const state = start();
  assert.equal(reduce(state, batch({n: [[1, 2, 0, 0, 0]], m: [["-", 1, 7]]})).shape, state.shape);
  assert.ok(reduce(state, batch({x: [["-e", 1]]})).shape > state.shape);
});

test("a node that says something else keeps the shape, one that looks different does not", () => {
  const state = start();
  const [node] = [...state.nodes.values()].filter(({kind}) => kind === "queue");
  const said = reduce(state, batch({x: [["~n", node.i, node.label, {...node.cfg, meta: "new words"}]]}));
  assert.deepEqual([said.shape, said.nodes.get(node.i).cfg.meta], [state.shape, "new words"]);
  assert.equal(state.nodes.get(node.i), node);
  assert.ok(reduce(state, batch({x: [["~n", node.i, node.label, {...node.cfg, dlq: !node.cfg.dlq}]]})).shape > state.shape);
});

test("continuity: the next batch, an old one, a gap", () => {
  const state = start();
  assert.equal(continuity(state, {q0: 11, q: 12}), "next");
  assert.equal(continuity(state, {q0: 5, q: 10}), "old");
  assert.equal(continuity(state, {q0: 9, q: 14}), "gap");
  assert.equal(continuity(state, {q0: 13, q: 14}), "gap");
});

test("snapshot + frames = snapshot, over a minute of a whole sandbox", () => {
  const world = new World(3);
  let state = reduce(initial(), world.snap());
  const kinds = new Set();
  for (let at = 0; at < 1200; at += 1) {
    const frame = world.step(50);
    assert.equal(continuity(state, frame), "next");
    for (const [, , , kind] of frame.p) kinds.add(kind);
    state = reduce(state, frame);
  }
  assert.deepEqual([...kinds].sort(), ["f", "v", "x"]);
  const whole = canonical(state);
  const fresh = world.snap();
  assert.deepEqual(whole.ctr, canonical(reduce(initial(), fresh)).ctr);
  for (const [i, list] of world.queues) assert.equal(state.msgs.get(i)?.size ?? 0, list.size);
});

test("the command folds what it is given and refuses a gap", () => {
  const run = (frames) =>
    spawnSync(process.execPath, [new URL("fold.mjs", import.meta.url).pathname], {
      input: JSON.stringify({snapshot: SNAP, frames}),
      encoding: "utf8",
    });
  const good = run([batch({m: [["-", 1, 7]], n: [[1, 0, 1, 0, 900]]})]);
  assert.equal(good.status, 0);
  const state = JSON.parse(good.stdout);
  assert.deepEqual(state.msgs, {"arn:q": [[8, "f", 5000, 1, null, 0]]});
  assert.deepEqual(state.edges[0], {kind: "send", label: "", source: "actor:p", target: "arn:q"});
  const bad = run([{...batch({}), q0: 15, q: 16}]);
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /have 10, next begins at 15/);
});
