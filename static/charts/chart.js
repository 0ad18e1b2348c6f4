/**
 * One uPlot chart in the colours of the page. Colours are read from the tokens, so light and dark follow the theme.
 */
import {timeOfDay} from "../topology/text.js";
import {gettext} from "../shell/words.js";

// Distances of the time axis' marks, in seconds.
const TICKS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800];

// The legend's swatches, by the place of their line: told apart without colour, as the lines are.
const MARKERS = ["solid", "solid", "dashed", "dotted", "double"];

const LINES = {
  depth: [
    ["visible", gettext("visible"), "visible", []],
    ["flight", gettext("in flight"), "flight", [6, 3]],
    ["delayed", gettext("delayed"), "delayed", [2, 3]],
  ],
  age: [["age", gettext("oldest, s"), "ink", []]],
  rates: [
    ["sent", gettext("sent"), "visible", []],
    ["received", gettext("received"), "flight", [6, 3]],
    ["deleted", gettext("deleted"), "go", [2, 3]],
    ["moved", gettext("moved"), "dead", [8, 3, 2, 3]],
  ],
};

/** The library, fetched when the first chart is shown. */
async function library() {
  const {default: UPlot} = await import("../vendor/uplot@1.6.32/uPlot.esm.js");
  return UPlot;
}

export class Chart {
  /** @param {HTMLElement} host @param {"depth"|"age"|"rates"} kind @param {{height:number,small?:boolean}} options */
  constructor(host, kind, options) {
    this.host = host;
    this.lines = LINES[kind];
    this.options = options;
    this.points = null;
    this.plot = null;
    this.making = false;
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(host);
    this.theme = new MutationObserver(() => this.remake());
    this.theme.observe(document.documentElement, {attributeFilter: ["data-theme", "data-mode"]});
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.onDark = () => this.remake();
    this.dark.addEventListener("change", this.onDark);
  }

  /** @param {Record<string,any>} points what the server sent */
  async show(points) {
    this.points = points;
    if (this.plot) this.plot.setData(this.data());
    else if (!this.making) await this.make();
  }

  async make() {
    this.making = true;
    const UPlot = await library();
    this.making = false;
    if (!this.host.isConnected || !this.points) return;
    this.plot = new UPlot(this.settings(), this.data(), this.host);
  }

  data() {
    return [this.points.t, ...this.lines.map(([name]) => this.points[name])];
  }

  settings() {
    const {height, small} = this.options;
    const [ink, line] = [this.colour("ink-3"), this.colour("line")];
    const axis = {stroke: ink, grid: {stroke: line, width: 1}, ticks: {stroke: line, width: 1, size: 4}, font: "11px Inter, sans-serif"};
    const time = (_, values) => values.map((at) => timeOfDay(at * 1_000).slice(0, small ? 5 : 8));
    return {
      width: Math.max(120, this.host.clientWidth),
      height,
      tzDate: (at) => new Date(at * 1_000),
      cursor: {points: {size: 6}, y: false, drag: {x: false, y: false}},
      legend: {show: !small, live: true, markers: {dash: (_, i) => MARKERS[i] ?? "solid"}},
      scales: {x: {time: false}, y: {range: (_, __, most) => [0, Math.max(1, most * 1.1)]}},
      axes: [{...axis, size: 28, space: 70, incrs: TICKS, values: time}, {...axis, size: small ? 34 : 52, space: small ? 24 : 36}],
      series: [{label: gettext("time"), value: (plot, at) => timeOfDay((at ?? plot.data[0].at(-1)) * 1_000).slice(0, 8)}, ...this.lines.map((each) => this.series(each))],
    };
  }

  series([, label, token, dash]) {
    return {label, stroke: this.colour(token), width: 1.5, dash, points: {show: false}, value: (plot, value, i) => (value ?? plot.data[i].at(-1)).toLocaleString("en")};
  }

  colour(token) {
    const probe = document.createElement("i");
    probe.hidden = true;
    probe.style.color = `var(--${token})`;
    this.host.append(probe);
    const {color} = getComputedStyle(probe);
    probe.remove();
    return color;
  }

  fit() {
    if (this.plot && this.host.clientWidth) this.plot.setSize({width: this.host.clientWidth, height: this.options.height});
  }

  remake() {
    if (!this.plot) return;
    this.plot.destroy();
    this.plot = null;
    this.make();
  }

  end() {
    this.sizes.disconnect();
    this.theme.disconnect();
    this.dark.removeEventListener("change", this.onDark);
    this.plot?.destroy();
    this.plot = null;
  }
}
