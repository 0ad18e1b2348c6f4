import assert from "node:assert/strict";
import {test} from "node:test";
import {changes, Announcer} from "../../static/topology/announce.js";
import {Clock, StageClock} from "../../static/topology/clock.js";
import {Governor} from "../../static/topology/governor.js";
import {slots} from "../../static/topology/kinds.js";
import {groupLanes, lane, looks, timeLeft} from "../../static/topology/lanes.js";
import {Log} from "../../static/topology/log.js";
import {Particles, shownFor} from "../../static/topology/particles.js";
import {track} from "../../static/topology/path.js";
import {Rates, step} from "../../static/topology/rates.js";
import {initial, reduce} from "../../static/topology/reduce.js";
import {find} from "../../static/topology/search.js";
import {rows, sorted} from "../../static/topology/table.js";
import {totals} from "../../static/topology/totals.js";
import {canonical} from "./canonical.mjs";
import {World} from "./harness/world.mjs";

const message = (m, state, rest = {}) => ({m, state, until: 0, receives: 0, group: null, since: 0, ...rest});

test("order in a lane: in flight by soonest expiry, visible oldest first, delayed by time", () => {
  const list = looks([
    message(9, "d", {until: 50}),
    message(4, "v"),
    message(2, "v"),
    message(8, "d", {until: 20}),
    message(5, "f", {until: 900}),
    message(6, "f", {until: 300}),
  ]);
  assert.deepEqual(
    lane(list, 6).shown.map((each) => each.m),
    [6, 5, 2, 4, 8, 9],
  );
});

test("a pinned message comes first in its lane, but not in that of a FIFO queue, whose order says who is next", () => {
  const list = [message(1, "v"), message(2, "f", {until: 300}), message(3, "v")];
  const pinned = new Set([3]);
  assert.deepEqual(lane(looks(list, {pinned}), 3).shown.map((each) => each.m), [3, 2, 1]);
  const {lanes} = groupLanes(looks(list, {fifo: true, pinned}));
  assert.deepEqual(lanes[0].shown.map((each) => each.m), [2, 1, 3]);
});

test("a lane shows twelve, one less beside a long number, and exactly how many more there are", () => {
  const list = looks(Array.from({length: 32}, (_, m) => message(m, "v")));
  const row = (total) => [lane(list, total).shown.length, lane(list, total).hidden];
  assert.deepEqual(row(40), [12, 28]);
  assert.deepEqual(row(1_000_000), [11, 999_989]);
});

test("a FIFO message is locked while another of its group is in flight, not in a standard queue", () => {
  const list = [message(1, "f", {group: "a", until: 9}), message(2, "v", {group: "a"}), message(3, "v", {group: "b"})];
  assert.deepEqual(
    looks(list, {fifo: true}).map((each) => each.look),
    ["flight", "locked", "visible"],
  );
  assert.deepEqual(
    looks(list).map((each) => each.look),
    ["flight", "visible", "visible"],
  );
});

test("what lies visible in a dead-letter queue is dead", () => {
  const list = [message(1, "v"), message(2, "f"), message(3, "d")];
  assert.deepEqual(
    looks(list, {dlq: true, fifo: true}).map((each) => each.look),
    ["dead", "flight", "delayed"],
  );
});

test("FIFO lanes: three groups, that with the oldest message first, locks told", () => {
  const list = looks(
    [
      message(5, "v", {group: "e"}),
      message(1, "f", {group: "b", until: 9}),
      message(4, "v", {group: "b"}),
      message(2, "v", {group: "c"}),
      message(3, "v", {group: "d"}),
    ],
    {fifo: true},
  );
  const {lanes, moreGroups} = groupLanes(list);
  assert.deepEqual(
    lanes.map((each) => [each.group, each.locked]),
    [
      ["b", true],
      ["c", false],
      ["d", false],
    ],
  );
  assert.equal(moreGroups, 1);
});

test("a ring runs from full to empty over the timeout", () => {
  const flying = message(1, "f", {since: 1000, until: 31_000});
  assert.deepEqual(
    [1000, 16_000, 31_000, 40_000].map((now) => timeLeft(flying, now)),
    [1, 0.5, 0, 0],
  );
  assert.equal(timeLeft({...flying, since: 21_000}, 21_000, 30_000), 1 / 3);
});

test("workers show at most eight slots, and a busy one is never shown idle", () => {
  assert.deepEqual(slots({slots: 3, busy: 2}), {all: 3, filled: 2});
  assert.deepEqual(slots({slots: 100, busy: 1}), {all: 8, filled: 1});
  assert.deepEqual(slots({}), {all: 0, filled: 0});
});

test("rates are messages per sandbox second over the last five", () => {
  const rates = new Rates();
  for (let ts = 50; ts <= 5000; ts += 50) rates.add({ts, dt: 50, e: [[1, 2]]});
  assert.equal(rates.of(1, 5000), 40);
  assert.equal(rates.of(1, 7500), 20);
  assert.equal(rates.of(1, 20_000), 0);
  assert.deepEqual([0, 0.9, 1, 9, 10, 99, 100, 5000].map(step), [0, 0, 1, 1, 2, 2, 3, 4]);
});

test("sandbox time runs on at its rate, stands when paused and does not stutter", () => {
  const clock = new Clock();
  clock.sync(10_000, 1, 0);
  assert.equal(clock.now(50), 10_050);
  clock.sync(10_040, 1, 50);
  assert.ok(clock.now(50) > 10_040, "a late frame does not turn time back");
  clock.sync(12_000, 0, 60);
  assert.equal(clock.now(9_999), 12_000);
  clock.sync(12_000, 1000, 70);
  assert.equal(clock.now(71), 13_000);
});

test("stage time stands still while the view is paused", () => {
  let wall = 100;
  const stage = new StageClock(() => wall);
  stage.pause();
  wall = 500;
  assert.equal(stage.now(), 100);
  stage.resume();
  wall = 600;
  assert.equal(stage.now(), 200);
});

test("particles: shown for their true transit but long enough to be seen, dropped on arrival", () => {
  assert.equal(shownFor(2, 40), 350);
  assert.equal(shownFor(0, 200), 640);
  assert.equal(shownFor(3_000, 100), 3_000);
  const particles = new Particles();
  particles.retrack(
    new Map([
      [
        1,
        track([
          {x: 0, y: 0},
          {x: 100, y: 0},
        ]),
      ],
    ]),
  );
  particles.spawn(
    {
      ts: 1000,
      dt: 50,
      rate: 1,
      p: [
        [1, 950, 0, "v", 3],
        [1, 1000, 0, "x", 1],
        [2, 950, 0, "v", 1],
      ],
    },
    0,
  );
  assert.deepEqual([particles.count, particles.start[0], particles.start[1], particles.weight], [2, 0, 50, 3]);
  const ctx = new Proxy({}, {get: () => () => {}, set: () => true});
  particles.draw(ctx, {now: 380, k: 1, colours: {}});
  assert.equal(particles.count, 1);
  particles.retrack(new Map());
  assert.equal(particles.count, 0);
});

test("particles: what a filter stops stands in the middle of its edge, and is thinned out like others", () => {
  const particles = new Particles();
  const ends = [{x: 0, y: 0}, {x: 100, y: 0}];
  particles.retrack(new Map([[1, track(ends)]]));
  particles.spawn({ts: 0, dt: 0, rate: 1, p: [[1, 0, 0, "s", 1]]}, 0);
  const lasts = particles.lasts[0];
  const shares = [0, 0.325, 0.65, 0.9].map((part) => particles.place(0, part * lasts));
  assert.deepEqual(shares.map((share) => Math.round(share * 100)), [0, 25, 50, 50]);
  particles.spawn({ts: 0, dt: 0, rate: 1, p: [[1, 0, 0, "s", 1], [1, 0, 0, "e", 1]]}, 0, 10);
  assert.equal(particles.count, 2);
});

test("particles: a failed call runs from the caller, against the arrow of a receive edge", () => {
  const particles = new Particles();
  const straight = track([
    {x: 0, y: 0},
    {x: 100, y: 0},
  ]);
  particles.retrack(new Map([1, -4].map((way) => [way, straight])));
  const p = ["e", "u"].map((kind) => [1, 950, 0, kind, 1]);
  particles.spawn({ts: 1000, dt: 50, rate: 1, p: [...p, [-4, 950, 0, "v", 1]]}, 0);
  const places = [0, 1, 2].map((at) => [particles.place(at, 0), particles.place(at, particles.lasts[at] / 4)]);
  assert.deepEqual(places, [
    [0, 0.25],
    [1, 0.75],
    [0, 0.25],
  ]);
});

test("the governor sheds particles when frames come slowly, and recovers later than it shed", () => {
  const governor = new Governor();
  let now = 0;
  const run = (interval, ms) => {
    for (const end = now + ms; now < end; now += interval) governor.note(interval, now);
  };
  run(16.7, 2_000);
  assert.equal(governor.particles, 5_000);
  assert.deepEqual([governor.tails, governor.density, governor.contentsEvery, governor.wordsEvery], [true, 1, 100, 250]);
  run(40, 2_500);
  assert.deepEqual([governor.tails, governor.density, governor.particles, governor.skipFrames], [false, 0.5, 5_000, false]);
  run(40, 10_000);
  assert.ok(governor.particles < 2_000 && governor.contentsEvery === 450 && governor.skipFrames);
  const slowest = governor.level;
  run(16.7, 4_000);
  assert.equal(governor.level, slowest);
  run(16.7, 60_000);
  assert.equal(governor.level, 0);
});

test("a few late frames count though the average is good, and who recovers in vain waits longer each time", () => {
  const governor = new Governor();
  let now = 0;
  const run = (ms, late) => {
    for (const end = now + ms; now < end; now += 16.7) governor.note(late && Math.round(now / 16.7) % 10 === 0 ? 33.4 : 16.7, now);
  };
  const untilLevel = (level, late) => {
    const start = now;
    while (governor.level !== level && now - start < 300_000) run(16.7, late);
    return now - start;
  };
  run(3_000, true);
  assert.ok(governor.average < 20 && governor.level > 0);
  const waits = [0, 0, 0].map(() => {
    const level = governor.level;
    const took = untilLevel(level - 1, false);
    untilLevel(level, true);
    return took;
  });
  assert.ok(waits[1] > waits[0] * 1.5 && waits[2] > waits[1] * 1.5, waits.join());
});

test("the log gives back any instant, and says how far a held view is behind", () => {
  const world = new World(5);
  const log = new Log();
  let state = reduce(initial(), world.snap());
  log.append(world.snap(), state, 0);
  const kept = [];
  for (let wall = 50; wall <= 20_000; wall += 50) {
    const frame = world.step(50);
    state = reduce(state, frame);
    log.append(frame, state, wall);
    kept.push(state);
  }
  for (const at of [0, 57, 213, 399]) assert.deepEqual(canonical(log.at(kept[at].ts)), canonical(kept[at]));
  assert.equal(log.at(world.ts - 3_600_000), null);
  assert.equal(log.behind(kept[300].q), state.q - kept[300].q);
});

test("the log keeps ten minutes and no more", () => {
  const log = new Log();
  let state = {...initial(), epoch: "a"};
  log.append({t: "snap"}, state, 0);
  for (let second = 1; second <= 900; second += 1) {
    state = {...state, ts: second * 1000, q: second};
    log.append(
      {t: "b", q: second, q0: second, ts: state.ts, dt: 1000, rate: 1, p: [[1, 0, 0, "v", 1]]},
      state,
      second * 1000,
    );
  }
  assert.ok(log.frames.length >= 600 && log.frames.length <= 610, `${log.frames.length}`);
  assert.equal(log.at(250_000), null);
  assert.equal(log.at(899_000).q, 899);
  assert.equal(log.frames[0].raw.p, undefined);
  assert.notEqual(log.frames.at(-1).raw.p, undefined);
  assert.deepEqual(log.frames.filter(({wall, raw}) => Boolean(raw.p) !== 900_000 - wall <= 60_000), []);
});

test("search finds by name, kind and number", () => {
  const world = new World(2);
  for (let at = 0; at < 400; at += 1) world.step(50);
  const state = reduce(initial(), world.snap());
  const names = (text) => [...(find(state, text) ?? [])].map((i) => state.nodes.get(i).label).sort();
  assert.deepEqual(names("ORDERS"), ["orders", "orders-dlq"]);
  assert.deepEqual(names("fifo dlq"), ["shipments-dlq.fifo"]);
  assert.ok(names("inflight > 0").includes("orders"));
  assert.deepEqual(names("visible >= 100000"), []);
  assert.equal(find(state, "   "), null);
});

test("the table has a row a node, sorted on demand, empty cells last", () => {
  const state = reduce(initial(), new World(2).snap());
  const list = rows(state, {now: state.ts, rateOf: () => 1});
  assert.equal(list.length, state.nodes.size);
  assert.equal(list.find((row) => row.name === "checkout-api").out, 2);
  const names = sorted(list, {key: "name", down: true}).map((row) => row.name);
  assert.deepEqual(
    names,
    names.toSorted((a, b) => b.localeCompare(a)),
  );
  assert.equal(sorted(list, {key: "visible", down: false}).at(-1).visible, null);
  assert.equal(sorted(list, {key: "visible", down: true}).at(-1).visible, null);
});

test("totals: dead are those visible in dead-letter queues, once", () => {
  const base = reduce(initial(), new World(2).snap());
  const ctr = new Map([
    [3, [5, 2, 1, 0]],
    [4, [7, 1, 0, 0]],
    [5, [10, 0, 0, 0]],
  ]);
  assert.deepEqual(totals({...base, ctr}), [15, 3, 1, 7]);
});

test("readers hear of the first dead letter at once, of the rest at most every ten seconds", () => {
  const base = reduce(initial(), new World(2).snap());
  const dead = (count) => ({...base, ctr: new Map([...base.ctr, [4, [count, 0, 0, 0]]])});
  assert.deepEqual(changes(base, dead(1)), [
    {text: "orders-dlq: 1 message moved to dead letters; depth 1.", urgent: true},
  ]);
  assert.equal(changes(dead(1), dead(4))[0].urgent, false);
  let now = 0;
  const [polite, urgent] = [{textContent: ""}, {textContent: ""}];
  const announcer = new Announcer(polite, urgent, () => now);
  announcer.observe(base);
  announcer.observe(dead(1));
  assert.match(urgent.textContent, /depth 1\./);
  now = 5_000;
  announcer.observe(dead(3));
  assert.equal(polite.textContent, "");
  now = 10_000;
  announcer.observe(dead(3));
  assert.match(polite.textContent, /2 messages moved to dead letters; depth 3\./);
});

test("particles: one message carries its receive count and its ring; a dot for several carries neither", () => {
  const particles = new Particles();
  const straight = track([
    {x: 0, y: 0},
    {x: 100, y: 0},
  ]);
  particles.retrack(new Map([[1, straight]]));
  const p = [
    [1, 1_000, 0, "f", 1, 3, 31_000],
    [1, 1_000, 0, "x", 1, 5, 0],
    [1, 1_000, 0, "v", 1, 0, 0],
    [1, 1_000, 0, "f", 4, 0, 0],
  ];
  particles.spawn({ts: 1_000, dt: 50, rate: 1, p}, 0);
  const written = [];
  const arcs = [];
  const record = {
    fillText: (text) => written.push(text),
    arc: (x, y, r, from, to) => arcs.push((to - from) / (2 * Math.PI)),
  };
  const ctx = new Proxy(record, {get: (known, name) => known[name] ?? (() => {}), set: () => true});
  particles.draw(ctx, {now: 60, sim: 16_000, k: 1, colours: {}});
  assert.deepEqual(written, ["3", "5"]);
  // Half of its thirty seconds is left.
  assert.ok(arcs.includes(0.5));
  // Where a glyph stands for several, it says nothing of one.
  particles.clear();
  particles.spawn({ts: 1_000, dt: 50, rate: 1, p}, 0, 2);
  particles.draw(ctx, {now: 60, sim: 16_000, k: 1, colours: {}});
  assert.deepEqual(written, ["3", "5", "5"].slice(0, 2));
});
