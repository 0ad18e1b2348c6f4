import assert from "node:assert/strict";
import {test} from "node:test";
import {choose} from "../../static/time/choose.js";
import {flight} from "../../static/time/flight.js";
import {renumber, shapeOf} from "../../static/time/renumber.js";
import {within, zoomed} from "../../static/time/zoom.js";
import {Particles} from "../../static/topology/particles.js";
import {track} from "../../static/topology/path.js";
import {clientsLine, lag, tickText, ticks} from "../../static/time/words.js";
import {initial, reduce} from "../../static/topology/reduce.js";

const snap = (nodes, edges, msgs = []) =>
  reduce(initial(), {t: "snap", epoch: "e", q: 1, ts: 5, rate: 0, nodes, edges, ctr: nodes.map(([i]) => [i, 1, 0, 0, 0]), msgs});
const node = (i, id) => [i, id, "queue", id, "queues", {}];

test("a node of the past has the index that it has live, and one of its own when it is gone", () => {
  const live = snap([node(4, "a"), node(7, "b")], [[2, 4, 7, "dlq", ""]]);
  const past = snap([node(0, "gone"), node(1, "b"), node(2, "a")], [[0, 2, 1, "dlq", ""], [1, 0, 2, "dlq", ""]], [[1, 9, "v", 0, 0, null]]);
  const strangers = new Map();
  const state = renumber(past, live, strangers);
  assert.deepEqual([...state.nodes.keys()].sort((a, b) => a - b).slice(0, 2), [4, 7]);
  assert.deepEqual([state.edges.get(2).s, state.edges.get(2).t], [4, 7]);
  assert.equal(state.msgs.get(7).size, 1);
  const gone = [...state.nodes.values()].find((each) => each.id === "gone");
  assert.ok(gone.i >= 1_000_000 && state.ctr.has(gone.i));
  const again = renumber(past, live, strangers);
  assert.equal([...again.nodes.values()].find((each) => each.id === "gone").i, gone.i);
});

test("what looks the same has the same shape", () => {
  const live = snap([node(4, "a"), node(7, "b")], []);
  const past = renumber(snap([node(0, "b"), node(1, "a")], []), live, new Map());
  assert.equal(shapeOf(past), shapeOf(live));
  assert.notEqual(shapeOf(renumber(snap([node(0, "b")], []), live, new Map())), shapeOf(live));
});

test("what waiting clients go through is said", () => {
  assert.equal(clientsLine(0, 3), "3 clients wait in a long poll; they are answered empty when their own time is up.");
  assert.equal(clientsLine(0, 1), "1 client waits in a long poll; it is answered empty when its own time is up.");
  assert.equal(clientsLine(60, 1), "1 client waits in a long poll; the wait ends 60 times sooner.");
  assert.equal(clientsLine(0.01, 0), "For your code, timers run 100 times later.");
  assert.equal(clientsLine(1, 0), "");
  assert.match(clientsLine(0, 0), /timers stand still/);
});

test("ticks are round times, and few", () => {
  const from = Date.UTC(2026, 0, 1, 14, 3, 21);
  const found = ticks(from, from + 60_000, 3);
  assert.deepEqual(found.map((ts) => tickText(ts, 60_000)), ["14:03:30", "14:04:00"]);
  assert.ok(ticks(from, from + 90 * 864e5, 6).length <= 14);
  assert.equal(lag(48_000), "00:48");
  assert.equal(lag(3_723_000), "1:02:03");
});

test("what moved in the events stepped over flies along the lines that there are", () => {
  const state = {
    nodes: new Map([[1, {i: 1, id: "arn:q"}], [2, {i: 2, id: "actor:c"}], [3, {i: 3, id: "actor:p"}]]),
    edges: new Map([[7, {i: 7, s: 1, t: 2, kind: "receive"}], [8, {i: 8, s: 3, t: 1, kind: "send"}]]),
  };
  const moved = [
    ["actor:p", "arn:q", "send", "v", 1_000, 0, 0],
    ["arn:q", "actor:c", "receive", "f", 4_000, 2, 34_000],
    ["actor:c", "arn:q", "send", "e", 4_000, 0, 0],
    ["console", "arn:q", "send", "v", 4_000, 0, 0],
    ["arn:q", "arn:gone", "dlq", "x", 4_000, 3, 0],
  ];
  const {p, rate} = flight({ts: 4_000, moved}, state);
  assert.deepEqual(p.map(([edge, , , kind]) => [edge, kind]), [[8, "v"], [7, "f"], [7, "u"], [-2, "v"]]);
  assert.deepEqual(p[1].slice(4), [1, 2, 34_000]);
  // Three seconds of the sandbox are shown in three tenths.
  assert.equal(rate, 10);
  assert.equal(flight({ts: 4_000}, state), null);
});

test("what a step back undoes goes back to where it came from, the last first", () => {
  const state = {
    nodes: new Map([[1, {i: 1, id: "arn:q"}], [2, {i: 2, id: "actor:c"}], [3, {i: 3, id: "actor:p"}]]),
    edges: new Map([[7, {i: 7, s: 1, t: 2, kind: "receive"}], [8, {i: 8, s: 3, t: 1, kind: "send"}]]),
  };
  const moved = [
    ["actor:p", "arn:q", "send", "v", 1_000, 0, 0],
    ["arn:q", "actor:c", "receive", "f", 4_000, 2, 34_000],
  ];
  const batch = flight({ts: 900, back: true, moved}, state);
  assert.deepEqual(batch.p.map(([edge, at]) => [edge, at - (batch.ts - batch.dt)]), [[7, 0], [8, 3_000]]);
  const particles = new Particles();
  particles.retrack(new Map([[7, track([{x: 0, y: 0}, {x: 100, y: 0}])], [8, track([{x: 0, y: 0}, {x: 100, y: 0}])]]));
  particles.spawn(batch, 0);
  assert.equal(particles.count, 2);
  const quarter = particles.lasts[0] / 4;
  assert.equal(particles.place(0, particles.start[0] + quarter), 0.75);
  particles.clear();
  particles.spawn(flight({ts: 4_000, moved}, state), 0);
  assert.equal(particles.place(0, particles.start[0] + quarter), 0.25);
});

test("the time axis zooms about a moment, stays inside the log, and is whole again", () => {
  const whole = {from: 0, to: 100_000};
  assert.deepEqual(zoomed(whole, whole, 50_000, 0.5), {from: 25_000, to: 75_000});
  assert.deepEqual(zoomed(whole, whole, 0, 0.5), {from: 0, to: 50_000});
  assert.deepEqual(zoomed({from: 0, to: 1_000}, whole, 500, 0.5), {from: 0, to: 1_000});
  assert.equal(zoomed({from: 0, to: 80_000}, whole, 40_000, 1.6), null);
  assert.deepEqual(within({from: -500, to: 500}, whole), {from: 0, to: 1_000});
  assert.deepEqual(within({from: 99_500, to: 100_500}, whole), {from: 99_000, to: 100_000});
});

test("the marks of a stretch are its kinds in proportion, and a rare one is never lost", () => {
  const every = (count, from) => Array.from({length: 120}, (_, column) => [column, count, from + column * 100]);
  const kinds = {sent: every(6, 1), deleted: every(3, 7), received: every(3, 10), dead: [[50, 1, 5_090]], config: [[50, 2, 5_091]]};
  const marks = choose(kinds, 1_000);
  const number = (kind) => marks.filter((each) => each.kind === kind).length;
  assert.deepEqual(marks.filter(({kind}) => kind === "dead").map(({seq, count}) => [seq, count]), [[5_090, 1]]);
  assert.equal(number("config"), 1);
  assert.ok(Math.abs(number("sent") / marks.length - 0.5) < 0.1, `${number("sent")} of ${marks.length}`);
  assert.ok(number("deleted") > 15 && number("received") > 15);
  const held = new Map();
  for (const {place} of marks) held.set(Math.floor(place / 3), (held.get(Math.floor(place / 3)) ?? 0) + 1);
  assert.ok([...held.values()].every((number) => number <= 3));
  const places = marks.map(({place}) => place);
  assert.deepEqual(places, [...new Set(places)].sort((a, b) => a - b));
});

test("a stretch keeps its marks while the window moves on", () => {
  const row = (column, at) => [column, 2, (at + column) * 10];
  const of = (at) => ({sent: Array.from({length: 60}, (_, c) => row(c, at)), failed: Array.from({length: 60}, (_, c) => row(c, at + 0.5))});
  const before = choose(of(0), 7).filter(({seq}) => seq >= 300);
  const after = choose(of(30), 17).filter(({seq}) => seq < 600);
  assert.deepEqual(after.map(({kind, seq}) => [kind, seq]), before.map(({kind, seq}) => [kind, seq]));
});

test("five rare kinds in one stretch all have their mark", () => {
  const kinds = Object.fromEntries(["dead", "failed", "returned", "config", "sent"].map((kind, nth) => [kind, [[1, 1, nth + 1]]]));
  assert.deepEqual(choose(kinds, 0).map(({kind}) => kind), ["dead", "failed", "returned", "config", "sent"]);
});

test("a kind that is everywhere, but never much, is not left out", () => {
  const columns = (count, from) => Array.from({length: 30}, (_, column) => [column, count, from + column * 100]);
  const marks = choose({sent: columns(200, 1), received: columns(200, 30), returned: columns(1, 60)}, 3);
  assert.ok(marks.some(({kind}) => kind === "returned"));
});
