import assert from "node:assert/strict";
import {test} from "node:test";
import {sentence} from "../../static/topology/link.js";
import {backoff, Stream} from "../../static/topology/stream.js";

/** A bench: sockets by hand, timers by hand. */
function bench(have = null) {
  const world = {now: 0, sockets: [], timers: new Map(), serial: 0, frames: [], states: [], have};
  world.stream = new Stream({
    url: "ws://here/stream/x/",
    have: () => world.have,
    onFrame: (frame) => world.frames.push(frame),
    onStatus: (status) => world.states.push({...status}),
    now: () => world.now,
    chance: () => 1,
    caps: () => ({hz: 20}),
    measure: () => ({fps: 60}),
    open: (url) => {
      const socket = {
        url,
        sent: [],
        readyState: 0,
        closed: null,
        send: (text) => socket.sent.push(JSON.parse(text)),
        close: (code) => {
          socket.closed = code;
        },
      };
      world.sockets.push(socket);
      return socket;
    },
    setTimer: (run, ms) => {
      world.serial += 1;
      world.timers.set(world.serial, {run, at: world.now + ms});
      return world.serial;
    },
    clearTimer: (timer) => world.timers.delete(timer),
  });
  world.pass = (ms) => {
    const end = world.now + ms;
    for (;;) {
      const due = [...world.timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      world.timers.delete(due[0]);
      world.now = Math.max(world.now, due[1].at);
      due[1].run();
    }
    world.now = end;
  };
  world.open = () => {
    const socket = world.sockets.at(-1);
    socket.readyState = 1;
    socket.onopen();
    return socket;
  };
  world.hear = (frame) => world.sockets.at(-1).onmessage({data: JSON.stringify(frame)});
  return world;
}

test("the wait doubles up to ten seconds, with jitter that never falls to nothing", () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((attempt) => backoff(attempt, 1)),
    [250, 500, 1000, 2000],
  );
  assert.equal(backoff(30, 1), 10_000);
  for (let attempt = 0; attempt < 12; attempt += 1) assert.ok(backoff(attempt, 0) >= 60);
});

test("hello asks for a snapshot first and resumes afterwards", () => {
  const world = bench();
  world.stream.connect();
  assert.deepEqual(world.open().sent, [{t: "hello", v: 1, caps: {hz: 20}}]);
  world.hear({t: "snap", q: 5});
  world.have = {epoch: "e", q: 5};
  world.sockets[0].onclose({code: 1006});
  world.pass(250);
  assert.deepEqual(world.open().sent[0], {t: "hello", v: 1, have: {epoch: "e", q: 5}, caps: {hz: 20}});
});

test("a lost link is tried again, later and later, until a frame arrives", () => {
  const world = bench();
  world.stream.connect();
  for (const wait of [250, 500, 1000, 2000]) {
    world.sockets.at(-1).onclose({code: 1006});
    const count = world.sockets.length;
    world.pass(wait - 1);
    assert.equal(world.sockets.length, count);
    world.pass(1);
    assert.equal(world.sockets.length, count + 1);
  }
  world.open();
  world.hear({t: "snap", q: 1});
  assert.equal(world.states.at(-1).state, "live");
  world.sockets.at(-1).onclose({code: 1006});
  assert.equal(world.stream.status.retryAt - world.now, 250);
});

test("twelve silent seconds are a lost link, counted from the last frame", () => {
  const world = bench();
  world.stream.connect();
  world.open();
  world.pass(3000);
  world.hear({t: "snap", q: 1});
  world.pass(11_999);
  assert.equal(world.states.at(-1).state, "live");
  world.pass(1);
  assert.deepEqual([world.states.at(-1).state, world.states.at(-1).since], ["lost", 3000]);
  assert.equal(world.sockets[0].closed, 4000);
});

test("heartbeats keep an idle link alive", () => {
  const world = bench();
  world.stream.connect();
  world.open();
  for (let at = 0; at < 10; at += 1) {
    world.pass(5000);
    world.hear({t: "hb", q: 1, ts: 1});
  }
  assert.equal(world.sockets.length, 1);
});

test("a refusal ends it and says why; a reset asks for a snapshot", () => {
  const world = bench({epoch: "old", q: 7});
  world.stream.connect();
  const socket = world.open();
  world.hear({t: "reset", why: "epoch"});
  assert.deepEqual(socket.sent.at(-1), {t: "hello", v: 1, caps: {hz: 20}});
  assert.deepEqual(world.frames, []);
  socket.onclose({code: 4404});
  world.pass(60_000);
  assert.equal(world.sockets.length, 1);
  assert.deepEqual([world.states.at(-1).state, world.states.at(-1).reason], ["closed", "This sandbox was deleted."]);
});

test("what came is acknowledged once a second, the last of it too", () => {
  const world = bench({epoch: "e", q: 1});
  world.stream.connect();
  const socket = world.open();
  const acks = () => socket.sent.filter((message) => message.t === "ack").map((message) => message.q);
  world.hear({t: "b", q: 1});
  world.have = {epoch: "e", q: 2};
  world.hear({t: "b", q: 2});
  world.hear({t: "b", q: 2});
  assert.deepEqual(acks(), [1]);
  world.pass(1000);
  assert.deepEqual(acks(), [1, 2]);
  world.pass(5000);
  assert.deepEqual(acks(), [1, 2]);
});

test("frames of a socket that was given up are ignored", () => {
  const world = bench();
  world.stream.connect();
  const old = world.sockets[0];
  old.onclose({code: 1006});
  world.pass(250);
  old.onmessage({data: '{"t":"snap"}'});
  old.onclose({code: 1006});
  assert.deepEqual([world.frames.length, world.sockets.length], [0, 2]);
});

test("the banner says how long the link is lost and when it is tried again", () => {
  const status = {state: "lost", since: 2000, retryAt: 12_000, reason: ""};
  assert.equal(sentence(status, 10_000), "Link lost 8 s ago. This is the last known state. Trying again in 2 s.");
  assert.match(sentence(status, 12_500), /Trying again now\.$/);
  assert.equal(sentence({...status, state: "live"}, 10_000), "");
});

test("who comes back and has missed nothing is live at the first frame, not at the next heartbeat", () => {
  const world = bench({epoch: "a", q: 7});
  world.stream.connect();
  world.open();
  world.hear({t: "reset", why: "x"});
  assert.equal(world.stream.status.state, "connecting");
  world.hear({t: "clock", q: 7, ts: 1, rate: 1, w: []});
  assert.equal(world.stream.status.state, "live");
});
