/**
 * The edges in SVG: line, arrow, label with the exact rate; width in five steps says the rate without motion too.
 */
import {placeLabels, shortened} from "./labels.js";
import {roundedPath, track} from "./path.js";
import {step} from "./rates.js";
import {el, setAttribute, textAt, write} from "./svg.js";
import {count, rate} from "./text.js";
import {told} from "./told.js";

const ARROW = 8;

export class Lines {
  constructor() {
    this.layer = el("g", {class: "edges", "aria-hidden": "true"});
    /** @type {Map<number,{root:SVGElement,line:SVGElement,head:SVGElement,label:Text,words:SVGElement}>} */
    this.drawn = new Map();
    /** @type {Map<number,import("./path.js").Track>} */
    this.tracks = new Map();
  }

  /** @param {import("./reduce.js").State} state @param {import("./elkgraph.js").Layout} layout */
  place(state, layout) {
    this.tracks = new Map();
    for (const [i, parts] of this.drawn) if (!state.edges.has(i)) this.remove(i, parts);
    const places = placeLabels(layout.lines, layout.boxes.values(), (i) => told(state.edges.get(i)?.label));
    for (const edge of state.edges.values()) {
      const points = layout.lines.get(edge.i);
      if (!points) continue;
      if (!this.drawn.has(edge.i)) this.add(edge);
      this.bend(this.drawn.get(edge.i), points, places.get(edge.i));
      this.tracks.set(edge.i, track(points));
    }
  }

  /** Draw some lines anew. @param {number[]} edges @param {import("./elkgraph.js").Layout} layout */
  bendSome(edges, layout) {
    const lines = new Map(edges.map((i) => [i, layout.lines.get(i)]));
    const places = placeLabels(lines, []);
    for (const [i, points] of lines) {
      if (!this.drawn.has(i)) continue;
      this.bend(this.drawn.get(i), points, places.get(i));
      this.tracks.set(i, track(points));
    }
  }

  add(edge) {
    const {element, data} = textAt(0, 0, "lb");
    const parts = {
      root: el("g", {class: `line ${edge.kind}`}),
      line: el("path", {class: "e"}),
      head: el("path", {class: "ah"}),
      label: data,
      words: element,
    };
    parts.root.append(parts.line, parts.head, element);
    this.layer.append(parts.root);
    this.drawn.set(edge.i, parts);
  }

  remove(i, parts) {
    parts.root.remove();
    this.drawn.delete(i);
  }

  bend(parts, points, place) {
    const [from, tip] = points.slice(-2);
    const turn = (Math.atan2(tip.y - from.y, tip.x - from.x) * 180) / Math.PI;
    parts.line.setAttribute("d", roundedPath(points));
    parts.head.setAttribute("d", `M0 0L${-ARROW} ${-ARROW / 2}L${-ARROW} ${ARROW / 2}z`);
    parts.head.setAttribute("transform", `translate(${tip.x} ${tip.y}) rotate(${turn})`);
    setAttribute(parts.words, "x", String(place.x));
    setAttribute(parts.words, "y", String(place.y));
    setAttribute(parts.words, "text-anchor", place.anchor);
  }

  /**
   * @param {import("./reduce.js").State} state
   * @param {(edge:number)=>number} rateOf
   * @param {boolean} [exact] say how many messages have passed, too
   */
  refresh(state, rateOf, exact = false) {
    for (const [i, parts] of this.drawn) {
      const edge = state.edges.get(i);
      if (!edge) continue;
      const speed = rateOf(i);
      write(parts.label, [shortened(told(edge.label)), rate(speed), exact && state.totals.get(i) ? count(state.totals.get(i)) : ""].filter(Boolean).join(" · "));
      setAttribute(parts.line, "class", `e w${step(speed)}`);
    }
  }

  /**
   * @param {import("./reduce.js").State} state
   * @param {number|null} selected
   * @param {{nodes:Set<number>,hide:boolean}} unlit
   */
  mark(state, selected, unlit) {
    for (const [i, parts] of this.drawn) {
      const edge = state.edges.get(i);
      const hidden = unlit.hide && edge && (unlit.nodes.has(edge.s) || unlit.nodes.has(edge.t));
      setAttribute(parts.root, "data-hidden", String(Boolean(hidden)));
      const near = edge && (edge.s === selected || edge.t === selected);
      const lost = edge && (unlit.nodes.has(edge.s) || unlit.nodes.has(edge.t));
      setAttribute(parts.root, "data-mark", lost ? "lost" : selected === null ? "" : near ? "near" : "far");
    }
  }
}
