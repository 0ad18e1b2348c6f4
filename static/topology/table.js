/**
 * The table twin: the same data as the map, for readers, for many nodes and for phones.
 *
 * @typedef {import("./reduce.js").State} State
 * @typedef {{i:number,name:string,kind:string,visible:number|null,flight:number|null,delayed:number|null,
 *   oldest:number|null,into:number,out:number}} Row
 */
import {make} from "./dom.js";
import {isQueue, lookOf} from "./kinds.js";
import {age, count, rate, visible} from "./text.js";
import {gettext} from "../shell/words.js";

const EVERY = 500;
export const COLUMNS = [
  {key: "name", title: gettext("Name")},
  {key: "kind", title: gettext("Kind")},
  {key: "visible", title: gettext("Visible"), number: true},
  {key: "flight", title: gettext("In flight"), number: true},
  {key: "delayed", title: gettext("Delayed"), number: true},
  {key: "oldest", title: gettext("Oldest"), number: true},
  {key: "into", title: gettext("In"), number: true},
  {key: "out", title: gettext("Out"), number: true},
];

/**
 * @param {State} state
 * @param {{now:number,rateOf:(edge:number)=>number}} facts
 * @returns {Row[]}
 */
export function rows(state, {now, rateOf}) {
  const flow = new Map([...state.nodes.keys()].map((i) => [i, {into: 0, out: 0}]));
  for (const {i, s, t} of state.edges.values()) {
    flow.get(s).out += rateOf(i);
    flow.get(t).into += rateOf(i);
  }
  return [...state.nodes.values()].map((node) => {
    const [shown, flight, delayed, oldest] = isQueue(node)
      ? (state.ctr.get(node.i) ?? [0, 0, 0, 0])
      : [null, null, null, null];
    return {
      i: node.i,
      name: visible(node.label),
      kind: lookOf(node).word,
      visible: shown,
      flight,
      delayed,
      oldest: oldest ? now - oldest : null,
      ...flow.get(node.i),
    };
  });
}

/**
 * @param {Row[]} list
 * @param {{key:string,down:boolean}} order
 * @returns {Row[]} a sorted copy; what has no value comes last
 */
export function sorted(list, {key, down}) {
  const sign = down ? -1 : 1;
  return [...list].sort((a, b) => {
    if (a[key] === null || b[key] === null) return Number(a[key] === null) - Number(b[key] === null);
    const order = typeof a[key] === "string" ? a[key].localeCompare(b[key]) : a[key] - b[key];
    return order * sign || a.i - b.i;
  });
}

export class TableView {
  /** @param {HTMLElement} host @param {{select:(i:number)=>void}} actions */
  constructor(host, actions) {
    this.host = host;
    this.actions = actions;
    this.order = {key: "name", down: false};
    this.drawnAt = -EVERY;
    this.lines = new Map();
    this.heads = COLUMNS.map((column) => this.head(column));
    this.body = make("tbody");
    const caption = make("caption", {className: "hush", textContent: gettext("Nodes of this sandbox")});
    host.replaceChildren(
      make("table", {className: "grid twin"}, [caption, make("thead", {}, [make("tr", {}, this.heads)]), this.body]),
    );
  }

  head(column) {
    const button = make("button", {type: "button", textContent: column.title, onclick: () => this.sort(column.key)});
    return make("th", {scope: "col", className: column.number ? "r" : "", "data-key": column.key}, [button]);
  }

  sort(key) {
    this.order = {key, down: this.order.key === key ? !this.order.down : false};
    this.drawnAt = -EVERY;
    if (this.last) this.update(...this.last);
  }

  /**
   * @param {State} state
   * @param {any} facts
   * @param {{selected:number|null,found:Set<number>|null,wall:number}} view
   */
  update(state, facts, view) {
    this.last = [state, facts, view];
    if (this.host.hidden || view.wall - this.drawnAt < EVERY) return;
    this.drawnAt = view.wall;
    for (const head of this.heads) {
      const mine = head.dataset.key === this.order.key;
      head.ariaSort = mine ? (this.order.down ? "descending" : "ascending") : "none";
    }
    const list = sorted(
      rows(state, facts).filter((row) => !view.found || view.found.has(row.i)),
      this.order,
    );
    const wanted = list.map((row) => this.line(row, row.i === view.selected));
    if (wanted.some((line, at) => this.body.children[at] !== line) || this.body.childElementCount !== wanted.length) {
      this.body.replaceChildren(...wanted);
    }
    for (const i of this.lines.keys()) if (!state.nodes.has(i)) this.lines.delete(i);
  }

  /** The line of a node, kept from one update to the next so that focus stays where it is. */
  line(row, selected) {
    if (!this.lines.has(row.i)) {
      const name = make("button", {type: "button", className: "link", onclick: () => this.actions.select(row.i)});
      const cells = COLUMNS.slice(1).map((column) => make("td", {className: column.number ? "r" : ""}));
      this.lines.set(row.i, make("tr", {}, [make("th", {scope: "row"}, [make("bdi", {}, [name])]), ...cells]));
    }
    const line = this.lines.get(row.i);
    const texts = [
      row.name,
      row.kind,
      ...[row.visible, row.flight, row.delayed].map((value) => (value === null ? "" : count(value))),
      row.oldest === null ? "" : age(row.oldest),
      rate(row.into),
      rate(row.out),
    ];
    texts.forEach((text, at) => {
      const cell = at ? line.children[at] : line.querySelector("button");
      if (cell.textContent !== text) cell.textContent = text;
    });
    line.toggleAttribute("data-selected", selected);
    return line;
  }
}
