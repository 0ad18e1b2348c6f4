import assert from "node:assert/strict";
import {test} from "node:test";
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
