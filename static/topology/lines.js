/**
 * The edges in SVG: line, arrow, label with the exact rate; width in five steps says the rate without motion too.
 */
import {placeLabels} from "./labels.js";
import {roundedPath, track} from "./path.js";
import {step} from "./rates.js";
import {el, setAttribute, textAt, write} from "./svg.js";
import {rate} from "./text.js";

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
    const places = placeLabels(layout.lines, layout.boxes.values());
    for (const edge of state.edges.values()) {
      const points = layout.lines.get(edge.i);
      if (!points) continue;
      if (!this.drawn.has(edge.i)) this.add(edge);
      this.bend(this.drawn.get(edge.i), points, places.get(edge.i));
      this.tracks.set(edge.i, track(points));
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

  /** @param {import("./reduce.js").State} state @param {(edge:number)=>number} rateOf */
  refresh(state, rateOf) {
    for (const [i, parts] of this.drawn) {
      const edge = state.edges.get(i);
      if (!edge) continue;
      const speed = rateOf(i);
      write(parts.label, [edge.label, rate(speed)].filter(Boolean).join(" · "));
      setAttribute(parts.line, "class", `e w${step(speed)}`);
    }
  }

  /** @param {import("./reduce.js").State} state @param {number|null} selected */
  mark(state, selected) {
    for (const [i, parts] of this.drawn) {
      const edge = state.edges.get(i);
      const near = edge && (edge.s === selected || edge.t === selected);
      setAttribute(parts.root, "data-mark", selected === null ? "" : near ? "near" : "far");
    }
  }
}
