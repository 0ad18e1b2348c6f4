/**
 * Where everything stands. ELK works in its own worker; when that is missing or slower than eight seconds,
 * dagre takes over on this thread. Only a change of shape asks for a new layout.
 *
 * @typedef {import("./elkgraph.js").Layout} Layout
 * @typedef {import("./blocks.js").Plan} Plan
 */
import {plan} from "./blocks.js";
import {boxesOf, fromElk, toElk} from "./elkgraph.js";
import {COLUMNS} from "./kinds.js";
import {completeLines} from "./router.js";

const PATIENCE = 8_000;
const ROW_GAP = 26;
const COLUMN_GAP = 84;

export class Layouter {
  /**
   * @param {{elk:string,dagre:string,makeWorker?:(url:string)=>Worker,load?:(url:string)=>Promise<any>}} options addresses of
   *   the two engines
   */
  constructor(options) {
    this.options = {makeWorker: (url) => new Worker(url), load: (url) => import(url), ...options};
    /** @type {Worker|null} */
    this.worker = null;
    this.broken = false;
    this.serial = 0;
    this.waiting = new Map();
  }

  /**
   * @param {import("./reduce.js").State} state
   * @returns {Promise<{layout:Layout,plan:Plan,engine:"elk"|"dagre"}>}
   */
  async arrange(state) {
    const todo = plan(state.nodes, state.edges);
    try {
      if (this.broken) throw new Error("the layout worker is gone");
      const layout = fromElk(await this.ask(toElk(todo)), todo);
      return {layout: completeLines(layout, todo, state.edges), plan: todo, engine: "elk"};
    } catch {
      const {default: dagre} = await this.options.load(this.options.dagre);
      return {layout: completeLines(withDagre(todo, dagre), todo, state.edges), plan: todo, engine: "dagre"};
    }
  }

  /** Let the worker begin to load, so that it is ready when there is something to lay out. */
  prepare() {
    try {
      this.start();
    } catch {
      // Without a worker the first layout takes the other engine.
    }
  }

  ask(graph) {
    const worker = this.start();
    this.serial += 1;
    const id = this.serial;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(), PATIENCE);
      this.waiting.set(id, {resolve, reject, timer});
      worker.postMessage({id, cmd: "layout", graph, layoutOptions: {}, options: {}});
    });
  }

  start() {
    if (this.worker) return this.worker;
    this.broken = true;
    const worker = this.options.makeWorker(this.options.elk);
    this.broken = false;
    worker.onmessage = ({data}) => this.settle(data);
    worker.onerror = () => this.giveUp();
    worker.postMessage({id: 0, cmd: "register", algorithms: ["layered"]});
    this.worker = worker;
    return worker;
  }

  settle(data) {
    const entry = this.waiting.get(data.id);
    if (!entry) return;
    this.waiting.delete(data.id);
    clearTimeout(entry.timer);
    if (data.error) entry.reject(new Error(String(data.error.text ?? data.error)));
    else entry.resolve(data.data);
  }

  giveUp() {
    this.broken = true;
    this.worker?.terminate();
    this.worker = null;
    for (const {reject, timer} of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Error("the layout worker is gone"));
    }
    this.waiting.clear();
  }
}

/**
 * dagre gives the order of the cards; columns and gaps are ours.
 *
 * @param {Plan} todo
 * @param {any} dagre
 * @returns {Layout}
 */
export function withDagre(todo, dagre) {
  const graph = new dagre.graphlib.Graph({multigraph: true});
  graph.setGraph({rankdir: "LR", nodesep: ROW_GAP, ranksep: COLUMN_GAP});
  graph.setDefaultEdgeLabel(() => ({}));
  for (const block of todo.blocks) graph.setNode(block.key, {width: block.w, height: block.h});
  for (const link of todo.links) graph.setEdge(link.from, link.to, {}, String(link.edge));
  dagre.layout(graph);
  const corners = new Map();
  let x = 0;
  for (let column = 0; column < COLUMNS.length; column += 1) {
    const stack = todo.blocks.filter((block) => block.column === column);
    if (stack.length) x += COLUMN_GAP + placeColumn(stack, graph, corners, x);
  }
  return {boxes: boxesOf(todo, (block) => corners.get(block.key)), lines: new Map()};
}

function placeColumn(stack, graph, corners, x) {
  let y = -Infinity;
  for (const block of stack.sort((a, b) => graph.node(a.key).y - graph.node(b.key).y)) {
    y = Math.max(y, graph.node(block.key).y - block.h / 2);
    corners.set(block.key, {x, y});
    y += block.h + ROW_GAP;
  }
  return Math.max(...stack.map((block) => block.w));
}
