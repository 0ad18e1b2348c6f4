/**
 * The SVG part of the map: cards, lines, headings. It holds DOM and places, and decides nothing.
 *
 * @typedef {import("./reduce.js").State} State
 * @typedef {import("./elkgraph.js").Layout} Layout
 */
import {makeCard, spokenName, writeCard} from "./cards.js";
import {headings} from "./elkgraph.js";
import {COLUMN_TITLES, lookOf} from "./kinds.js";
import {Lines} from "./lines.js";
import {track} from "./path.js";
import {reroute} from "./pinned.js";
import {pollOf} from "./reduce.js";
import {el, setAttribute} from "./svg.js";
import {inView, lod} from "./view.js";

const GLIDE = 250;
/** How far before a node that has no edge for it a particle appears. */
const PORT_WAY = 64;

export class Scene {
  /** @param {SVGSVGElement} svg @param {string} sprite */
  constructor(svg, sprite) {
    this.svg = svg;
    this.sprite = sprite;
    this.world = el("g");
    this.heads = el("g", {class: "heads", "aria-hidden": "true"});
    this.cardLayer = el("g", {class: "nodes"});
    this.lines = new Lines();
    this.world.append(this.heads, this.lines.layer, this.cardLayer);
    svg.append(this.world);
    /** @type {Map<number,ReturnType<typeof makeCard> & {x:number,y:number,shown:boolean,key:string}>} */
    this.cards = new Map();
    /** @type {Map<number,{x:number,y:number,w:number,h:number}>} */
    this.boxes = new Map();
    /** @type {Map<number,import("./path.js").Track>} by edge, and by −1 − node for what comes in at a node's left port */
    this.tracks = new Map();
    /** @type {{box:{x:number,y:number},card:any,from:{x:number,y:number},to:{x:number,y:number}}[]} */
    this.moves = [];
    this.movedAt = 0;
    /** @type {import("./elkgraph.js").Layout} */
    this.layout = {boxes: this.boxes, lines: new Map()};
    /** @type {{nodes:Set<number>,hide:boolean,lit:Map<number,Set<number|string>>|null}} what a search did not find */
    this.unlit = {nodes: new Set(), hide: false, lit: null};
  }

  /**
   * Take a new layout: make and remove cards and lines, put headings; cards that stay glide to their new place.
   *
   * @param {State} state
   * @param {Layout} layout
   * @param {import("./blocks.js").Plan} plan
   * @param {{now:number,still:boolean}} motion
   */
  place(state, layout, plan, {now, still}) {
    this.advance(Infinity);
    this.boxes = layout.boxes;
    this.movedAt = now;
    // A layout may be of the shape before this one: who is not in it waits for the next.
    const stays = (i, card) => this.boxes.has(i) && cardKey(state.nodes.get(i)) === card.key;
    for (const [i, card] of this.cards) if (!stays(i, card)) this.remove(i, card);
    for (const [i, card] of this.cards) this.glide(card, this.boxes.get(i));
    for (const node of state.nodes.values()) if (!this.cards.has(node.i) && this.boxes.has(node.i)) this.add(node);
    if (still) this.advance(Infinity);
    this.lines.place(state, layout);
    this.layout = layout;
    this.track(state);
    const titles = headings(plan, layout).map(({name, x, y}) =>
      el("text", {x: x + 1, y, class: "hd"}, [COLUMN_TITLES[name]]),
    );
    this.heads.replaceChildren(...titles);
  }

  /** Where particles run; those of a collapsed group's members run where the group's do. */
  track(state) {
    this.tracks = new Map([...this.lines.tracks, ...ports(this.boxes)]);
    for (const [edge, main] of state.alias ?? []) if (this.tracks.has(main)) this.tracks.set(edge, this.tracks.get(main));
    for (const [i, group] of state.home ?? []) this.tracks.set(-1 - i, this.tracks.get(-1 - group));
  }

  /** Where particles may be seen: not on the edges of what is hidden. @param {State} state */
  flyable(state) {
    const {nodes, hide} = this.unlit;
    if (!hide || !nodes.size) return this.tracks;
    const unseen = (edge) => nodes.has(edge?.s) || nodes.has(edge?.t);
    return new Map([...this.tracks].filter(([i]) => (i < 0 ? !nodes.has(-1 - i) : !unseen(state.edges.get(i)))));
  }

  /** The boxes of the cards that the keyboard can go to. */
  get open() {
    const {nodes, hide} = this.unlit;
    return hide ? new Map([...this.boxes].filter(([i]) => !nodes.has(i))) : this.boxes;
  }

  /** Put cards somewhere else at once. @param {State} state @param {Map<number,{x:number,y:number}>} places */
  shift(state, places) {
    this.advance(Infinity);
    for (const [i, {x, y}] of places) {
      const [box, card] = [this.boxes.get(i), this.cards.get(i)];
      if (!box || !card) continue;
      [box.x, box.y] = [x, y];
      this.move(card, x, y);
    }
    const edges = reroute(this.layout.lines, this.boxes, state, new Set(places.keys()));
    this.lines.bendSome(edges, this.layout);
    this.track(state);
  }

  add(node) {
    const box = this.boxes.get(node.i);
    const card = {...makeCard(this.sprite, node), x: box.x, y: box.y, shown: true, key: cardKey(node)};
    this.cards.set(node.i, card);
    this.cardLayer.append(card.root);
    this.move(card, box.x, box.y);
  }

  remove(i, card) {
    card.root.remove();
    this.cards.delete(i);
  }

  glide(card, box) {
    const to = {x: box.x, y: box.y};
    if (card.x === to.x && card.y === to.y) return;
    this.moves.push({box, card, from: {x: card.x, y: card.y}, to});
  }

  /**
   * Carry on the cards that glide.
   *
   * @param {number} now stage time
   * @returns {boolean} whether some still do
   */
  advance(now) {
    if (!this.moves.length) return false;
    const share = Math.min(1, (now - this.movedAt) / GLIDE);
    const eased = share < 1 ? share * share * (3 - 2 * share) : 1;
    for (const {box, card, from, to} of this.moves) {
      box.x = from.x + (to.x - from.x) * eased;
      box.y = from.y + (to.y - from.y) * eased;
      this.move(card, box.x, box.y);
    }
    this.lines.layer.classList.toggle("moving", share < 1);
    if (share === 1) this.moves = [];
    return share < 1;
  }

  move(card, x, y) {
    card.x = x;
    card.y = y;
    setAttribute(card.root, "transform", `translate(${x} ${y})`);
  }

  /**
   * Write counters and words of the cards that can be seen.
   *
   * @param {State} state
   * @param {{now:number,calls:Map<string,{operation:string,ts:number}>,rateOf:(edge:number)=>number,exact?:boolean}} facts
   *   exact: edges carry how many messages they have seen
   */
  refresh(state, {now, calls, rateOf, exact = false}) {
    for (const [i, card] of this.cards) {
      const node = state.nodes.get(i);
      if (!node || !card.shown) continue;
      const poll = pollOf(state, node);
      writeCard(card, {node, counters: countersOf(state, i), now, call: calls.get(node.label), poll});
    }
    this.lines.refresh(state, rateOf, exact);
  }

  /** Renew the accessible names, except the one that is being read. @param {State} state */
  rename(state) {
    const degrees = new Map();
    for (const {s, t} of state.edges.values()) for (const i of [s, t]) degrees.set(i, (degrees.get(i) ?? 0) + 1);
    for (const [i, card] of this.cards) {
      const node = state.nodes.get(i);
      if (!node || (card.button === document.activeElement && card.button.hasAttribute("aria-label"))) continue;
      setAttribute(
        card.button,
        "aria-label",
        spokenName(
          {node, counters: countersOf(state, i), now: state.ts, call: undefined, poll: pollOf(state, node)},
          degrees.get(i) ?? 0,
        ),
      );
    }
  }

  /**
   * Show the world through a window: move it, choose the level of detail, hide what is outside.
   *
   * @param {import("./view.js").Transform} view
   * @param {{width:number,height:number}} screen
   */
  look(view, screen) {
    this.world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    setAttribute(this.svg, "data-lod", String(lod(view.k)));
    for (const [i, card] of this.cards) {
      const shown = inView(view, this.boxes.get(i), screen) || card.button === document.activeElement;
      if (shown !== card.shown) card.root.classList.toggle("away", !shown);
      card.shown = shown;
    }
  }

  /**
   * Mark the selected node and what is related to it; dim the rest.
   *
   * @param {State} state
   * @param {number|null} selected
   * @param {Set<number>|null} found nodes that a search found, or null when nothing is searched
   * @param {boolean} [hide] hide the others instead of dimming them
   * @param {Map<number,Set<number|string>>|null} [lit] by node, the messages that were found
   */
  mark(state, selected, found, hide = false, lit = null) {
    const lost = found ? [...this.cards.keys()].filter((i) => !found.has(i)) : [];
    this.unlit = {nodes: new Set(lost), hide, lit};
    const near = new Set(selected === null ? [] : [selected]);
    for (const edge of state.edges.values()) {
      if (edge.s === selected) near.add(edge.t);
      if (edge.t === selected) near.add(edge.s);
    }
    for (const [i, card] of this.cards) {
      setAttribute(card.button, "aria-pressed", String(i === selected));
      setAttribute(card.root, "data-mark", !found ? "" : found.has(i) ? "found" : hide ? "hidden" : "lost");
    }
    this.lines.mark(state, selected, this.unlit);
  }
}

export function countersOf(state, i) {
  return state.ctr.get(i) ?? [0, 0, 0, 0];
}

/** @returns {[number,import("./path.js").Track][]} */
function ports(boxes) {
  return [...boxes].map(([i, {x, y, h}]) => {
    const middle = y + h / 2;
    return [-1 - i, track([{x: x - PORT_WAY, y: middle}, {x, y: middle}])];
  });
}

/** A card is made anew when what it is changes, not when its words do. */
function cardKey(node) {
  if (!node) return "";
  const {glyph, body} = lookOf(node);
  return `${glyph}/${body}`;
}
