/**
 * A scripted sandbox for the browser's tests and the harness: an order pipeline that speaks the stream
 * protocol. It is a toy with the engine's frames, seeded, so that the same seed gives the same frames.
 */

const START = Date.UTC(2026, 0, 15, 14, 3, 0);
const DEMO = {
  nodes: [
    [1, "actor:checkout", "producer", "checkout-api", "sources", {meta: "6 messages/s", state: "running"}],
    [2, "actor:mobile", "producer", "mobile-app", "sources", {meta: "2 messages/s", state: "running"}],
    [3, "arn:aws:sqs:eu-central-1:123456789012:orders", "queue", "orders", "queues", {visibility: 8}],
    [
      4,
      "arn:aws:sqs:eu-central-1:123456789012:orders-dlq",
      "queue",
      "orders-dlq",
      "queues",
      {dlq: true, meta: "4 d retention", visibility: 8},
    ],
    [5, "arn:aws:sqs:eu-central-1:123456789012:shipments.fifo", "fifo", "shipments.fifo", "queues", {visibility: 6}],
    [
      6,
      "arn:aws:sqs:eu-central-1:123456789012:shipments-dlq.fifo",
      "fifo",
      "shipments-dlq.fifo",
      "queues",
      {dlq: true, visibility: 6},
    ],
    [
      7,
      "actor:billing",
      "consumer",
      "billing",
      "consumers",
      {meta: "2 of 4 busy", state: "running", busy: 2, slots: 4},
    ],
    [
      8,
      "actor:flaky",
      "consumer",
      "flaky-mailer",
      "consumers",
      {meta: "fails on poison", state: "running", busy: 1, slots: 2},
    ],
    [
      9,
      "actor:packer",
      "consumer",
      "packer",
      "consumers",
      {meta: "3 message groups", state: "running", busy: 2, slots: 2},
    ],
    [10, "client:boto3-python", "client", "boto3 · python", "consumers", {meta: "your laptop"}],
  ],
  edges: [
    [1, 1, 3, "send", ""],
    [2, 2, 3, "send", ""],
    [3, 1, 5, "send", ""],
    [4, 3, 4, "dlq", "after 3 receives"],
    [5, 5, 6, "dlq", "after 5 receives"],
    [6, 3, 7, "receive", ""],
    [7, 3, 8, "receive", ""],
    [8, 5, 9, "receive", ""],
    [9, 4, 10, "receive", ""],
  ],
};
const GROUPS = ["c-17", "c-04", "c-31", "c-52"];

export class World {
  constructor(seed = 7, demo = DEMO) {
    this.seed = seed;
    this.demo = demo;
    this.q = 100;
    this.ts = START;
    this.rate = 1;
    this.serial = 900;
    this.waits = 0;
    this.queues = new Map(
      demo.nodes.filter((row) => row[2] === "queue" || row[2] === "fifo").map((row) => [row[0], new Map()]),
    );
    this.begin();
  }

  chance() {
    this.seed = (this.seed * 1664525 + 1013904223) % 4294967296;
    return this.seed / 4294967296;
  }

  begin() {
    this.batch = {n: new Set(), e: new Map(), p: [], m: [], x: [], req: []};
    this.first = this.q + 1;
  }

  snap() {
    const msgs = [...this.queues].flatMap(([node, list]) =>
      [...list.values()].slice(0, 32).map((message) => [node, ...row(message)]),
    );
    return {
      t: "snap",
      v: 1,
      epoch: "harness",
      q: this.q,
      ts: this.ts,
      rate: this.rate,
      nodes: this.demo.nodes,
      edges: this.demo.edges,
      ctr: [...this.queues.keys()].map((node) => [node, ...this.counters(node)]),
      msgs,
      more: {},
      w: this.waiting(),
    };
  }

  counters(node) {
    const list = [...this.queues.get(node).values()];
    const of = (state) => list.filter((message) => message.state === state).length;
    return [of("v"), of("f"), of("d"), Math.min(...list.map((message) => message.sent), Infinity) % Infinity || 0];
  }

  send(edge, {node, actor, group = null, delay = 0}) {
    this.serial += 1;
    const message = {
      m: this.serial,
      state: delay ? "d" : "v",
      until: delay ? this.ts + delay : 0,
      receives: 0,
      group,
      sent: this.ts,
    };
    this.queues.get(node).set(message.m, message);
    this.change(node, message);
    this.move(edge, "v");
    this.batch.req.push([this.ts, actor, "SendMessage", this.label(node), "200"]);
  }

  receive(edge, {node, actor, timeout, most = 3, dlq = null, dlqEdge = 0}) {
    const busy = new Set(
      [...this.queues.get(node).values()].filter((each) => each.state === "f").map((each) => each.group),
    );
    const message = [...this.queues.get(node).values()].find(
      (each) => each.state === "v" && !(each.group && busy.has(each.group)),
    );
    if (!message) return null;
    if (dlq && message.receives >= most) {
      this.remove(node, message);
      const dead = {...message, state: "v", receives: message.receives};
      this.queues.get(dlq).set(dead.m, dead);
      this.change(dlq, dead);
      this.move(dlqEdge, "x");
      return null;
    }
    Object.assign(message, {state: "f", until: this.ts + timeout, receives: message.receives + 1});
    this.change(node, message);
    this.move(edge, "f");
    this.batch.req.push([this.ts, actor, "ReceiveMessage", this.label(node), "200"]);
    return message;
  }

  remove(node, message) {
    if (!this.queues.get(node).delete(message.m)) return;
    this.q += 1;
    this.batch.n.add(node);
    this.batch.m.push(["-", node, message.m]);
  }

  change(node, message) {
    this.q += 1;
    this.batch.n.add(node);
    this.batch.m.push(["+", node, ...row(message)]);
  }

  move(edge, kind) {
    this.batch.e.set(edge, (this.batch.e.get(edge) ?? 0) + 1);
    this.batch.p.push([edge, this.ts, 20, kind, 1]);
  }

  label(node) {
    return this.demo.nodes.find((each) => each[0] === node)[3];
  }

  /** Let time pass: return what is due, then act by chance. @param {number} ms @returns {any} a batch */
  step(ms) {
    this.ts += ms;
    for (const [node, list] of this.queues) {
      for (const message of list.values()) {
        if (message.until && message.until <= this.ts) {
          Object.assign(message, {state: "v", until: 0});
          this.change(node, message);
        }
      }
    }
    this.act(ms / 1000);
    return this.flush(ms);
  }

  act(seconds) {
    if (this.chance() < 6 * seconds)
      this.send(1, {node: 3, actor: "checkout-api", delay: this.chance() < 0.12 ? 5000 : 0});
    if (this.chance() < 2 * seconds) this.send(2, {node: 3, actor: "mobile-app"});
    if (this.chance() < 2.4 * seconds) {
      this.send(3, {node: 5, actor: "checkout-api", group: GROUPS[Math.floor(this.chance() * GROUPS.length)]});
    }
    const orders = {node: 3, timeout: 8000, dlq: 4, dlqEdge: 4};
    if (this.chance() < 4 * seconds) this.work(this.receive(6, {...orders, actor: "billing"}), 3, 0.93);
    if (this.chance() < 3 * seconds) this.work(this.receive(7, {...orders, actor: "flaky-mailer"}), 3, 0.2);
    if (this.chance() < 2 * seconds)
      this.work(this.receive(8, {node: 5, actor: "packer", timeout: 6000, dlq: 6, dlqEdge: 5}), 5, 0.9);
    for (const [node, list] of this.queues) {
      for (const message of list.values()) if (message.done && message.done <= this.ts) this.remove(node, message);
    }
    this.poll();
  }

  poll() {
    if (this.waits > this.ts || !this.demo.nodes.some((each) => each[0] === 10)) return;
    this.waits = this.ts + 20_000;
    this.batch.req.push([this.ts, "boto3 · python", "ReceiveMessage", "orders-dlq", "200"]);
  }

  /** Who waits in a long poll: (node, latest end, polls). */
  waiting() {
    return this.waits ? [[10, this.waits, 1]] : [];
  }

  work(message, _node, skill) {
    if (message && this.chance() < skill) message.done = this.ts + 1500 + this.chance() * 3000;
  }

  flush(ms) {
    const {n, e, p, m, x, req} = this.batch;
    const frame = {
      t: "b",
      q: Math.max(this.q, this.first),
      q0: this.first,
      ts: this.ts,
      dt: ms,
      rate: this.rate,
      n: [...n].map((node) => [node, ...this.counters(node)]),
      e: [...e],
      p,
      m,
      x,
      req,
    };
    this.q = frame.q;
    this.begin();
    return frame;
  }
}

/** A large world for speed: queues between producers and consumers, without messages of their own. */
export function crowd(count) {
  const nodes = [];
  const edges = [];
  for (let i = 0; i < count / 3; i += 1) {
    const [a, b, c] = [3 * i + 1, 3 * i + 2, 3 * i + 3];
    nodes.push(
      [a, `actor:p${i}`, "producer", `producer-${i}`, "sources", {meta: "1 message/s", state: "running"}],
      [b, `arn:aws:sqs:eu-central-1:123456789012:q${i}`, "queue", `queue-${i}`, "queues", {visibility: 30}],
      [
        c,
        `actor:c${i}`,
        "consumer",
        `consumer-${i}`,
        "consumers",
        {meta: "1 of 2 busy", state: "running", busy: 1, slots: 2},
      ],
    );
    edges.push([2 * i + 1, a, b, "send", ""], [2 * i + 2, b, c, "receive", ""]);
  }
  return {nodes, edges};
}

function row(message) {
  return [message.m, message.state, message.until, message.receives, message.group];
}
