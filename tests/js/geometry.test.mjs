import assert from "node:assert/strict";
import {test} from "node:test";
import {plan} from "../../static/topology/blocks.js";
import {fromElk, headings, toElk} from "../../static/topology/elkgraph.js";
import {placeLabels, shortened, widthOf} from "../../static/topology/labels.js";
import {Layouter, withDagre} from "../../static/topology/layout.js";
import {along, roundedPath, track} from "../../static/topology/path.js";
import {initial, reduce} from "../../static/topology/reduce.js";
import {completeLines} from "../../static/topology/router.js";
import {bounds, fitTo, inView, lod, reveal, zoomAt} from "../../static/topology/view.js";
import {next, order} from "../../static/topology/walk.js";
import dagre from "../../static/vendor/dagre@3.1.3/dagre.esm.js";
import {World} from "./harness/world.mjs";

const state = reduce(initial(), new World().snap());
const todo = plan(state.nodes, state.edges);
const layout = completeLines(withDagre(todo, dagre), todo, state.edges);
const near = (a, b, slack = 0.6) => Math.abs(a - b) <= slack;

test("a track has points at equal distances, from end to end", () => {
  const points = [
    {x: 0, y: 0},
    {x: 100, y: 0},
    {x: 100, y: 80},
    {x: 200, y: 80},
  ];
  const line = track(points);
  assert.deepEqual([line.xs[0], line.ys[0], line.xs.at(-1), line.ys.at(-1)], [0, 0, 200, 80]);
  const steps = [...line.xs.keys()]
    .slice(1)
    .map((i) => Math.hypot(line.xs[i] - line.xs[i - 1], line.ys[i] - line.ys[i - 1]));
  for (const step of steps) assert.ok(near(step, line.length / 47, 0.25), `${step}`);
  assert.ok(line.length < 280 && line.length > 265, "corners are cut, and only they");
});

test("along: half of a straight line is its middle; beyond its ends are its ends", () => {
  const line = track([
    {x: 0, y: 10},
    {x: 50, y: 10},
  ]);
  assert.ok(near(along(line, 0.5, {x: 0, y: 0}).x, 25, 0.01));
  assert.equal(along(line, -3, {x: 0, y: 0}).x, 0);
  assert.equal(along(line, 7, {x: 0, y: 0}).x, 50);
});

test("a corner is never cut by more than half of its shorter leg", () => {
  assert.equal(
    roundedPath([
      {x: 0, y: 0},
      {x: 4, y: 0},
      {x: 4, y: 100},
    ]),
    "M0 0L2 0Q4 0 4 2L4 100",
  );
});

test("level of detail steps at 0.12, 0.35 and 1.2", () => {
  assert.deepEqual([0.05, 0.12, 0.34, 0.35, 1.19, 1.2].map(lod), [0, 1, 1, 2, 2, 3]);
});

test("zooming keeps the point under the pointer and stays within its limits", () => {
  const view = {k: 1, x: 30, y: -20};
  const at = {x: 400, y: 300};
  const world = (each) => [(at.x - each.x) / each.k, (at.y - each.y) / each.k];
  assert.ok(world(zoomAt(view, at, 1.7)).every((value, i) => near(value, world(view)[i], 1e-9)));
  assert.equal(zoomAt(view, at, 1e6).k, 2.5);
  assert.equal(zoomAt(view, at, 1e-6).k, 0.04);
});

test("fit shows everything and does not magnify much", () => {
  const screen = {width: 1000, height: 600};
  const margin = {top: 100, right: 20, bottom: 40, left: 20};
  const box = {x: -500, y: 200, w: 4000, h: 300};
  const view = fitTo(box, screen, margin);
  assert.ok(box.x * view.k + view.x >= 20 - 1e-9 && (box.x + box.w) * view.k + view.x <= 980 + 1e-9);
  assert.equal(fitTo({x: 0, y: 0, w: 10, h: 10}, screen, margin).k, 1.15);
  assert.deepEqual(fitTo({x: 0, y: 0, w: 400, h: 9000}, screen, margin, {least: 0.5}), {k: 0.5, x: 400, y: 100});
});

test("reveal moves no more than it must; what is far outside is culled", () => {
  const screen = {width: 800, height: 600};
  const view = {k: 1, x: 0, y: 0};
  assert.equal(reveal(view, {x: 100, y: 100, w: 50, h: 50}, screen), view);
  assert.deepEqual(reveal(view, {x: 900, y: 100, w: 50, h: 50}, screen), {k: 1, x: -198, y: 0});
  assert.equal(inView(view, {x: 820, y: 0, w: 10, h: 10}, screen), true);
  assert.equal(inView(view, {x: 900, y: 0, w: 10, h: 10}, screen), false);
});

test("a dead-letter queue hangs under its queue, and they are placed as one", () => {
  const block = todo.blocks.find((each) => each.members.some((member) => member.i === 3));
  assert.deepEqual(
    block.members.map((member) => member.i),
    [3, 4],
  );
  const [queue, dead] = [layout.boxes.get(3), layout.boxes.get(4)];
  assert.equal(queue.x, dead.x);
  assert.equal(dead.y, queue.y + queue.h + 34);
  assert.deepEqual(
    layout.lines.get(4).map((point) => point.x),
    [queue.x + 42, queue.x + 42],
  );
});

test("queues that are each other's dead-letter queue do not hang the layout", () => {
  const nodes = new Map(
    [1, 2, 3].map((i) => [i, {i, id: `q${i}`, kind: "queue", label: `q${i}`, column: "queues", cfg: {dlq: true}}]),
  );
  const edge = (i, s, t) => [i, {i, s, t, kind: "dlq", label: ""}];
  const circle = plan(nodes, new Map([edge(1, 1, 2), edge(2, 2, 1), edge(3, 3, 2)]));
  assert.deepEqual(circle.blocks.flatMap((block) => block.members.map((member) => member.i)).sort(), [1, 2, 3]);
  assert.deepEqual([...circle.sidings, ...circle.gutters].sort(), [1, 2, 3]);
});

test("every edge gets a line that begins and ends at its cards", () => {
  for (const edge of state.edges.values()) {
    const points = layout.lines.get(edge.i);
    for (const [i, point] of [
      [edge.s, points[0]],
      [edge.t, points.at(-1)],
    ]) {
      const box = layout.boxes.get(i);
      assert.ok(
        point.x >= box.x - 1 && point.x <= box.x + box.w + 1 && point.y >= box.y - 1 && point.y <= box.y + box.h + 1,
      );
    }
  }
});

test("no two cards overlap, columns stand left to right", () => {
  const boxes = [...layout.boxes.values()];
  for (const a of boxes) {
    for (const b of boxes) {
      if (a === b) continue;
      assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y);
    }
  }
  assert.deepEqual(
    headings(todo, layout).map((heading) => heading.name),
    ["sources", "queues", "consumers"],
  );
  assert.ok(bounds(boxes).w > 400);
});

test("ELK's graph: one partition a column, an edge from right to left is laid out the other way and turned back", () => {
  const edges = new Map([[1, {i: 1, s: 10, t: 3, kind: "send", label: ""}]]);
  const turned = plan(state.nodes, edges);
  const graph = toElk(turned);
  assert.equal(turned.links[0].turned, true);
  assert.equal(graph.children.find((child) => child.id === "b3").layoutOptions["elk.partitioning.partition"], "3");
  const answer = {
    children: graph.children.map((child, at) => ({id: child.id, x: at, y: 0})),
    edges: [{id: "e1", sections: [{startPoint: {x: 1, y: 1}, endPoint: {x: 9, y: 9}}]}],
  };
  assert.deepEqual(fromElk(answer, turned).lines.get(1), [
    {x: 9, y: 9},
    {x: 1, y: 1},
  ]);
});

test("without a worker dagre takes over, for good", async () => {
  let asked = 0;
  const layouter = new Layouter({
    elk: "x",
    dagre: "y",
    load: async () => ({default: dagre}),
    makeWorker: () => {
      asked += 1;
      throw new Error("no workers here");
    },
  });
  assert.equal((await layouter.arrange(state)).engine, "dagre");
  assert.equal((await layouter.arrange(state)).engine, "dagre");
  assert.equal(asked, 1);
});

test("labels keep off other lines, cards and each other where there is room", () => {
  const lines = new Map([
    [
      1,
      [
        {x: 0, y: 0},
        {x: 200, y: 0},
      ],
    ],
    [
      2,
      [
        {x: 0, y: 12},
        {x: 200, y: 12},
      ],
    ],
  ]);
  const places = placeLabels(lines, []);
  assert.ok(places.get(1).y < 0);
  assert.ok(places.get(2).y > 12);
  assert.deepEqual(
    placeLabels(
      new Map([
        [
          1,
          [
            {x: 5, y: 0},
            {x: 5, y: 40},
          ],
        ],
      ]),
      [],
    ).get(1),
    {x: 17, y: 24, anchor: "start"},
  );
});

test("the longest words on an arrow have room between two columns, up to a limit", () => {
  const gap = (label) => {
    const nodes = [
      {i: 1, kind: "topic", column: "routing", label: "a", cfg: {}},
      {i: 2, kind: "queue", column: "queues", label: "b", cfg: {}},
    ];
    const edges = [{i: 9, s: 1, t: 2, kind: "subscription", label}];
    const graph = toElk(plan(new Map(nodes.map((each) => [each.i, each])), new Map(edges.map((each) => [each.i, each]))));
    return Number(graph.layoutOptions["elk.layered.spacing.nodeNodeBetweenLayers"]);
  };
  assert.equal(gap(""), 96);
  assert.ok(gap("total >= 150") >= widthOf("total >= 150") + 40);
  assert.ok(gap("x".repeat(80)) <= 240);
  assert.equal([...shortened("x".repeat(80))].length, 26);
  assert.equal(shortened("tier = gold"), "tier = gold");
});

test("words take the side where they cover no card", () => {
  const line = [
    {x: 0, y: 50},
    {x: 200, y: 50},
  ];
  const card = {x: 0, y: 20, w: 200, h: 25};
  const place = placeLabels(new Map([[1, line]]), [card], () => "tier = gold").get(1);
  assert.ok(place.y > 50);
});

test("words on a line between two cards of one column stand beside it, and cover none of them", () => {
  const line = [
    {x: 200, y: 120},
    {x: 186, y: 120},
    {x: 186, y: 20},
    {x: 200, y: 20},
  ];
  const cards = [
    {x: 200, y: 0, w: 176, h: 54},
    {x: 200, y: 90, w: 176, h: 54},
  ];
  const words = "enriched by";
  const place = placeLabels(new Map([[1, line]]), cards, () => words).get(1);
  assert.ok(place.x + widthOf(words) / 2 <= 186);
});

test("arrows follow edges and columns; Home and End go to the ends", () => {
  assert.equal(next(state, layout.boxes, 1, "ArrowLeft"), null);
  assert.ok([3, 5].includes(next(state, layout.boxes, 1, "ArrowRight")));
  assert.ok([7, 8].includes(next(state, layout.boxes, 3, "ArrowRight")));
  assert.equal(next(state, layout.boxes, 3, "ArrowDown"), 4);
  assert.equal(next(state, layout.boxes, 4, "ArrowUp"), 3);
  const all = order(state, layout.boxes);
  assert.deepEqual([next(state, layout.boxes, 4, "Home"), next(state, layout.boxes, 4, "End")], [all[0], all.at(-1)]);
  assert.equal(all.length, state.nodes.size);
});
