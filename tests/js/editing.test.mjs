import assert from "node:assert/strict";
import {test} from "node:test";
import {plan} from "../../static/topology/blocks.js";
import {Commands} from "../../static/topology/commands.js";
import {canDelete, lossOf} from "../../static/topology/losses.js";
import {applyPins, route, withHanging} from "../../static/topology/pinned.js";
import {initial, reduce} from "../../static/topology/reduce.js";
import {canBegin, isRedrive, obstacle, obstacles} from "../../static/topology/targets.js";
import {UndoStack} from "../../static/topology/undo.js";

const cfg = {region: "eu-central-1", account: "1"};
const state = reduce(initial(), {
  t: "snap",
  epoch: "e",
  q: 1,
  ts: 1,
  rate: 1,
  nodes: [
    [1, "arn:a", "queue", "orders", "queues", cfg],
    [2, "arn:b", "queue", "dead", "queues", cfg],
    [3, "arn:c", "fifo", "ship.fifo", "queues", cfg],
    [4, "actor:shop", "producer", "shop", "sources", {}],
    [5, "actor:worker", "consumer", "worker", "consumers", {}],
    [6, "client:x", "client", "boto3", "consumers", {}],
    [7, "arn:d", "queue", "far", "queues", {...cfg, region: "us-east-1"}],
  ],
  edges: [[1, 1, 2, "dlq", ""]],
  ctr: [],
  msgs: [],
});

test("what can be connected, and why not", () => {
  assert.equal(obstacle(state, 2, 1), "");
  assert.equal(obstacle(state, 4, 1), "");
  assert.equal(obstacle(state, 1, 5), "");
  assert.equal(obstacle(state, 3, 1), "A FIFO queue needs a FIFO dead-letter queue.");
  assert.equal(obstacle(state, 1, 3), "A standard queue needs a standard dead-letter queue.");
  assert.equal(obstacle(state, 1, 1), "A queue cannot be its own dead-letter queue.");
  assert.equal(obstacle(state, 1, 2), "These two are connected already.");
  assert.match(obstacle(state, 1, 7), /same region/);
  assert.match(obstacle(state, 4, 5), /sends to a queue/);
  assert.match(obstacle(state, 5, 1), /only receives/);
  assert.match(obstacle(state, 1, 6), /own code/);
  assert.match(obstacle(state, 1, 99), /gone/);
  assert.deepEqual([...obstacles(state, 4)].filter(([, reason]) => !reason).map(([i]) => i), [1, 2, 3, 7]);
  assert.deepEqual([1, 4, 5, 6, 99].map((i) => canBegin(state.nodes.get(i))), [true, true, false, false, false]);
  assert.deepEqual([isRedrive(state, 1, 2), isRedrive(state, 4, 1)], [true, false]);
});

/** A server that holds one number and answers with the inverse. */
function counter() {
  const server = {value: 0, refuses: false};
  server.send = async ({args}) => {
    if (server.refuses) return {ok: false, text: "no", undo: null};
    const before = server.value;
    server.value = args;
    return {ok: true, text: "set", undo: {op: "set", args: before}};
  };
  return server;
}

test("undo and redo go back and forth by inverse commands", async () => {
  const server = counter();
  const stack = new UndoStack(server.send);
  for (const value of [1, 2]) stack.note(`set ${value}`, (await server.send({op: "set", args: value})).undo);
  assert.equal((await stack.undo()).entry.text, "set 2");
  assert.equal(server.value, 1);
  await stack.undo();
  assert.equal(server.value, 0);
  assert.equal(await stack.undo(), null);
  await stack.redo();
  await stack.redo();
  assert.equal(server.value, 2);
  assert.equal(await stack.redo(), null);
  await stack.undo();
  stack.note("set 9", (await server.send({op: "set", args: 9})).undo);
  assert.equal(await stack.redo(), null);
  stack.note("cannot be undone", null);
  assert.equal(stack.done.length, 2);
});

test("what is refused can be tried again, and only one is under way", async () => {
  const server = counter();
  const stack = new UndoStack(server.send);
  stack.note("set 1", (await server.send({op: "set", args: 1})).undo);
  server.refuses = true;
  assert.equal((await stack.undo()).answer.ok, false);
  server.refuses = false;
  const [first, second] = await Promise.all([stack.undo(), stack.undo()]);
  assert.equal(first.answer.ok, true);
  assert.equal(second, null);
  assert.equal(server.value, 0);
});

test("what deleting loses is said before", () => {
  const full = {...state, ctr: new Map([[1, [13, 1, 0, 5]]])};
  assert.deepEqual(lossOf(full, [1]), {
    title: "Delete orders?",
    text: "14 messages are lost. This cannot be undone.",
    yes: "Delete with 14 messages",
  });
  assert.match(lossOf(full, [2]).text, /It is empty\. Undo brings it back when 60 s have passed\. orders loses its dead-letter queue\./);
  assert.equal(lossOf(full, [1, 2]).title, "Delete 2 nodes?");
  assert.doesNotMatch(lossOf(full, [1, 2]).text, /loses its/);
  const nodes = new Map([[8, {i: 8, id: "arn:e", kind: "topic", label: "news", column: "routes", cfg}]]);
  assert.equal(lossOf({...state, nodes}, [8]).text, "This cannot be undone.");
  assert.match(lossOf(full, [5]).text, /comes back when its visibility timeout ends/);
  assert.deepEqual([1, 4, 6].map((i) => canDelete(state.nodes.get(i))), [true, true, false]);
});

test("pinned nodes stay where they were put, with what hangs under them", () => {
  const todo = plan(state.nodes, state.edges);
  const boxes = new Map(todo.blocks.flatMap(({members}) => members.map(({i, w, h, dy}) => [i, {x: 0, y: 100 * i + dy, w, h}])));
  const gap = boxes.get(2).y - boxes.get(1).y;
  applyPins({boxes, lines: new Map()}, todo, state, {"arn:a": [500, 40]});
  assert.deepEqual([boxes.get(1).x, boxes.get(1).y, boxes.get(2).x, boxes.get(2).y], [500, 40, 500, 40 + gap]);
  assert.deepEqual([...withHanging(todo, [1])].sort(), [1, 2]);
  assert.deepEqual(route({x: 0, y: 0, w: 100, h: 50}, {x: 200, y: 0, w: 100, h: 50}), [{x: 100, y: 25}, {x: 200, y: 25}]);
  assert.deepEqual(route({x: 200, y: 0, w: 100, h: 50}, {x: 0, y: 0, w: 100, h: 50}), [{x: 200, y: 25}, {x: 100, y: 25}]);
  assert.deepEqual(route({x: 0, y: 0, w: 100, h: 50}, {x: 0, y: 90, w: 100, h: 50}), [{x: 50, y: 50}, {x: 50, y: 90}]);
});

test("what would lie on a pinned node gives way, and what it then meets does too", () => {
  const free = {blocks: [1, 2, 3].map((i) => ({members: [{i}]})), links: [], sidings: [], gutters: []};
  const three = {nodes: new Map([1, 2, 3].map((i) => [i, {i, id: `n${i}`}])), edges: new Map()};
  const boxes = new Map([1, 2, 3].map((i) => [i, {x: 0, y: (i - 1) * 70, w: 100, h: 50}]));
  applyPins({boxes, lines: new Map()}, free, three, {n3: [10, 10]});
  assert.deepEqual([boxes.get(3).x, boxes.get(3).y], [10, 10]);
  assert.deepEqual([1, 2].map((i) => [boxes.get(i).x, boxes.get(i).y]), [[0, 80], [0, 150]]);
  // Beside it there is room.
  const apart = new Map([1, 2, 3].map((i) => [i, {x: (i - 1) * 200, y: 0, w: 100, h: 50}]));
  applyPins({boxes: apart, lines: new Map()}, free, three, {n3: [400, 10]});
  assert.deepEqual([1, 2].map((i) => apart.get(i).y), [0, 0]);
});

test("a command is sent again under the same id, and a failure is an answer", async () => {
  const seen = [];
  const answer = (body) => ({headers: new Headers({"Content-Type": "application/json"}), json: async () => body});
  const commands = new Commands({
    url: "/do/",
    token: () => "t",
    fetch: async (url, {body, headers}) => {
      seen.push(JSON.parse(body));
      assert.equal(headers["X-CSRFToken"], "t");
      if (seen.length === 1) throw new TypeError("lost");
      return answer({ok: true, text: "done", undo: null});
    },
  });
  assert.equal((await commands.send({op: "delete", args: {id: "x"}})).ok, true);
  assert.equal(seen[0].id, seen[1].id);
  await commands.send({op: "delete", args: {id: "x"}});
  assert.notEqual(seen[2].id, seen[1].id);
  const dead = new Commands({url: "/do/", token: () => "", fetch: async () => Promise.reject(new TypeError("lost"))});
  assert.match((await dead.send({op: "x", args: {}})).text, /does not answer/);
});
