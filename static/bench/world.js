/**
 * A made-up sandbox of any size: a snapshot and the batches after it, as the server would send them. The same size
 * gives the same world.
 *
 * @typedef {{nodes:number,edges:number}} Size
 */

export const BEAT = 50;
const START = 1_800_000_000_000;
const VISIBILITY = 30;
const SHOWN_MOST = 12;
const TRANSIT = 1_000;
const CHANGES_MOST = 120;
const ACTORS_A_BEAT = 4;
const OPERATIONS = {v: "SendMessage", f: "ReceiveMessage"};

export class World {
  /** @param {Size} size */
  constructor({nodes, edges}) {
    this.chance = dice(nodes * 7_919 + edges);
    this.ts = START;
    this.q = 1;
    this.lastMessage = 0;
    const dead = Math.round(nodes * 0.08);
    const queues = Math.max(1, Math.round(nodes * 0.42) - dead);
    const sources = Math.max(1, Math.round(nodes * 0.28));
    this.nodes = [];
    this.dead = this.some(dead, (n) => row("queue", `queue-${n}-dlq`, "queues", {dlq: true, meta: "1 h retention"}));
    this.queues = this.some(queues, (n) => queueRow(n));
    this.sources = this.some(sources, (n) => (n % 9 === 8 ? clientRow(n) : sourceRow(n)));
    this.workers = this.some(Math.max(1, nodes - dead - queues - sources), (n) => workerRow(n));
    this.edges = this.link(edges);
    /** What each queue holds: ids of messages, oldest first. @type {Map<number,{visible:number[],flight:number[]}>} */
    this.held = new Map([...this.queues, ...this.dead].map((i) => [i, {visible: [], flight: []}]));
  }

  some(count, make) {
    return Array.from({length: count}, (_, n) => {
      const i = this.nodes.length;
      this.nodes.push([i, ...make(n)]);
      return i;
    });
  }

  /** Everything is linked once; what is left goes between neighbours, so that lines have a way. */
  link(count) {
    const found = [];
    const known = new Set();
    const add = (s, t, kind, label = "") => {
      if (known.has(`${s}/${t}`) || found.length >= count) return;
      known.add(`${s}/${t}`);
      found.push([found.length, s, t, kind, label]);
    };
    const share = (list, at, of) => list[Math.min(list.length - 1, Math.floor((at / of) * list.length))];
    this.dead.forEach((i, at) => add(share(this.queues, at, this.dead.length), i, "dlq", "after 5 receives"));
    this.sources.forEach((i, at) => add(i, share(this.queues, at, this.sources.length), "send"));
    this.workers.forEach((i, at) => add(share(this.queues, at, this.workers.length), i, "receive"));
    for (let tries = 0; found.length < count && tries < count * 200; tries += 1) {
      const sends = this.chance() < 0.5;
      const list = sends ? this.sources : this.workers;
      const at = Math.floor(this.chance() * list.length);
      const near = share(this.queues, at + (this.chance() - 0.5) * Math.max(6, list.length * 0.08), list.length) ?? this.queues[0];
      if (sends) add(list[at], near, "send");
      else add(near, list[at], "receive");
    }
    return found;
  }

  /** The frame that begins it all. */
  snapshot() {
    const msgs = [];
    for (const [i, {visible, flight}] of this.held) {
      for (const m of flight.slice(-SHOWN_MOST)) msgs.push([i, m, "f", this.ts + VISIBILITY * 1_000, 1, null]);
      for (const m of visible.slice(0, SHOWN_MOST)) msgs.push([i, m, "v", 0, 0, null]);
    }
    const ctr = [...this.held.keys()].map((i) => this.counters(i));
    return {t: "snap", v: 1, epoch: "bench", q: this.q, ts: this.ts, rate: 1, nodes: this.nodes, edges: this.edges, ctr, msgs, w: []};
  }

  /**
   * Half a tenth of a second later.
   *
   * @param {number} moves messages that moved along an edge, each a dot
   */
  step(moves) {
    this.ts += BEAT;
    const batch = {n: new Set(), e: new Map(), p: [], m: [], req: []};
    for (let move = 0; move < moves; move += 1) this.move(batch);
    const q0 = this.q + 1;
    this.q += Math.max(1, moves);
    return {
      t: "b", q0, q: this.q, ts: this.ts, dt: BEAT, rate: 1,
      n: [...batch.n].map((i) => this.counters(i)),
      e: [...batch.e], p: batch.p, m: batch.m, x: this.actors(), req: batch.req.slice(-24),
    };
  }

  move(batch) {
    const [edge, s, t, kind] = this.edges[Math.floor(this.chance() * this.edges.length)];
    const colour = kind === "dlq" ? "x" : kind === "send" ? (this.chance() < 0.01 ? "e" : "v") : "f";
    batch.p.push([edge, this.ts - Math.floor(this.chance() * BEAT), TRANSIT, colour, 1]);
    if (colour === "e") return;
    batch.e.set(edge, (batch.e.get(edge) ?? 0) + 1);
    const told = batch.m.length < CHANGES_MOST;
    if (colour === "v") this.send(batch, t, told);
    else if (colour === "f") this.receive(batch, s, told);
    batch.n.add(colour === "v" ? t : s);
    const operation = OPERATIONS[colour];
    const [actor, queue] = colour === "v" ? [s, t] : [t, s];
    if (operation) batch.req.push([this.ts, this.nodes[actor][3], operation, this.nodes[queue][3], "200"]);
  }

  send(batch, queue, told) {
    const {visible} = this.held.get(queue);
    this.lastMessage += 1;
    visible.push(this.lastMessage);
    const group = this.nodes[queue][2] === "fifo" ? `c-0${this.lastMessage % 4}` : null;
    if (told && visible.length <= SHOWN_MOST) batch.m.push(["+", queue, this.lastMessage, "v", 0, 0, group]);
    if (visible.length > 40) batch.m.push(["-", queue, visible.shift()]);
  }

  /** The oldest message goes into flight, and the one that is longest in flight is deleted. */
  receive(batch, queue, told) {
    const {visible, flight} = this.held.get(queue);
    const m = visible.shift();
    if (m === undefined) return;
    flight.push(m);
    const group = this.nodes[queue][2] === "fifo" ? `c-0${m % 4}` : null;
    if (told) batch.m.push(["+", queue, m, "f", this.ts + VISIBILITY * 1_000, 1 + (m % 3), group]);
    else batch.m.push(["-", queue, m]);
    if (flight.length > 6) batch.m.push(["-", queue, flight.shift()]);
  }

  counters(i) {
    const {visible, flight} = this.held.get(i);
    return [i, visible.length, flight.length, 0, visible.length ? this.ts - 100 * visible.length : 0];
  }

  /** Each batch also says how busy a few workers are. */
  actors() {
    return Array.from({length: Math.min(ACTORS_A_BEAT, this.workers.length)}, () => {
      const node = this.nodes[this.workers[Math.floor(this.chance() * this.workers.length)]];
      const busy = Math.floor(this.chance() * 5);
      node[5] = {...node[5], busy, meta: `${busy} of 4 busy`};
      return ["~n", node[0], node[3], node[5]];
    });
  }
}

function row(kind, label, column, cfg) {
  return [`bench:${label}`, kind, label, column, {visibility: VISIBILITY, ...cfg}];
}

function queueRow(n) {
  return n % 4 === 3 ? row("fifo", `queue-${n}.fifo`, "queues", {meta: ""}) : row("queue", `queue-${n}`, "queues", {meta: ""});
}

function sourceRow(n) {
  return row("producer", `producer-${n}`, "sources", {state: "running", meta: "10 messages/s"});
}

function clientRow(n) {
  return row("client", `script-${n}`, "sources", {meta: "boto3"});
}

function workerRow(n) {
  return row("consumer", `worker-${n}`, "consumers", {state: "running", meta: "0 of 4 busy", busy: 0, slots: 4});
}

/** Chance with a seed (mulberry32). @param {number} seed @returns {() => number} from 0 to 1 */
function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
