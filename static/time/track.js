/**
 * The track: a curve of traffic, a row of typed markers, times, and the play head. Dragging seeks; a click on a
 * marker goes to its event.
 */
import {choose, PLACES} from "./choose.js";
import {Colours} from "./colours.js";
import {mark} from "./shapes.js";
import {KINDS, tickText, ticks} from "./words.js";
import {Zoom} from "./zoom.js";

const PAD = 10;
const CURVE = 30;
const ROW = 46;
const MARK = 5;
const REACH = 9;
const TICK_WIDTH = 92;
const COLUMN = 13;
/** Presses that are so near to each other, in ms and pixels, may be one double click. */
const TWICE_WITHIN = 1_000;
const TWICE_NEAR = 8;

export class Track {
  /**
   * @param {{canvas:HTMLCanvasElement,onTime:(ts:number)=>void,onEvent:(seq:number)=>void,onZoom:()=>void,
   *   here:()=>any,onReturn:(place:any)=>void}} options here: where one is now, which onReturn leads back to
   */
  constructor({canvas, onTime, onEvent, onZoom, here, onReturn}) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
    this.onTime = onTime;
    this.onEvent = onEvent;
    this.here = here;
    this.data = null;
    this.hidden = new Set();
    /** @type {{at:number,live:boolean}} */
    this.head = {at: 0, live: true};
    this.size = {width: 0, height: 0};
    this.drawnMarks = [];
    this.held = false;
    this.dragged = false;
    /** Where the latest press was, and where one was before the click that it may be the second half of. */
    this.pressed = {at: -Infinity, x: 0, before: null};
    this.zoom = new Zoom(this, onZoom);
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.colours = new Colours(canvas.parentElement, () => this.draw());
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.release(event));
    // Its first click went somewhere: a double click means the axis only.
    canvas.addEventListener("dblclick", () => Number.isFinite(this.pressed.at) && onReturn(this.pressed.before));
  }

  resize() {
    // A projector's page is zoomed: layout and pointer count in its own pixels, the screen in more of them.
    const {clientWidth: width, clientHeight: height} = this.canvas;
    if (!width) return;
    const density = (window.devicePixelRatio || 1) * (this.canvas.getBoundingClientRect().width / width);
    this.size = {width, height};
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    this.ctx.setTransform(density, 0, 0, density, 0, 0);
    this.draw();
  }

  /** How many stretches of time fit, with a few markers each. */
  get stretches() {
    return Math.max(7, Math.floor((this.size.width - 2 * PAD) / (PLACES * COLUMN)));
  }

  /** @param {any} data what the server says of the markers */
  show(data) {
    this.data = data;
    this.zoom.know(data);
    this.draw();
  }

  /** @param {number} at @param {boolean} live */
  stand(at, live) {
    if (this.head.at === at && this.head.live === live) return;
    this.head = {at, live};
    this.zoom.follow();
    this.draw();
  }

  get from() {
    return this.zoom.window?.from ?? this.data.from;
  }

  get end() {
    return this.zoom.window?.to ?? Math.max(this.data.to, this.head.live ? this.head.at : this.data.to);
  }

  x(ts) {
    const {from} = this;
    const share = (ts - from) / Math.max(1, this.end - from);
    return PAD + Math.min(1, Math.max(0, share)) * (this.size.width - 2 * PAD);
  }

  ts(x) {
    const {from} = this;
    const share = Math.min(1, Math.max(0, (x - PAD) / (this.size.width - 2 * PAD)));
    return from + share * (this.end - from);
  }

  draw() {
    if (!this.data || !this.size.width) return;
    const {ctx, size} = this;
    const colour = (name) => this.colours.of(name);
    ctx.clearRect(0, 0, size.width, size.height);
    ctx.fillStyle = colour("sunken");
    ctx.fillRect(0, 2, size.width, CURVE);
    ctx.fillRect(0, ROW - 10, size.width, 20);
    this.drawCurve(colour);
    this.drawMarks(colour);
    this.drawTicks(colour);
    this.drawHead(colour);
  }

  /** A moment by its place among the columns of the answer. */
  moment(place) {
    const {from, to, buckets} = this.data;
    return from + (place * (to - from)) / buckets;
  }

  drawCurve(colour) {
    const {ctx, data, size} = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(PAD, 0, size.width - 2 * PAD, ROW);
    ctx.clip();
    const heights = new Array(data.buckets).fill(0);
    for (const rows of Object.values(data.kinds)) for (const [bucket, count] of rows) heights[bucket] += count;
    const most = Math.max(1, ...heights);
    // A column that has not ended yet would look as if traffic fell.
    const ended = heights.filter((_, column) => this.moment(column + 1) <= this.end);
    ctx.beginPath();
    ctx.moveTo(this.x(data.from), 2 + CURVE);
    ended.forEach((height, column) => ctx.lineTo(this.x(this.moment(column + 0.5)), 2 + CURVE - (height / most) * (CURVE - 5)));
    ctx.lineTo(this.x(this.moment(ended.length)), 2 + CURVE);
    ctx.closePath();
    ctx.fillStyle = colour("visible-soft");
    ctx.fill();
    ctx.strokeStyle = colour("visible");
    ctx.lineWidth = 1.4;
    ctx.stroke();
    ctx.restore();
  }

  drawMarks(colour) {
    const {data} = this;
    const shown = Object.fromEntries(Object.entries(data.kinds).filter(([kind]) => !this.hidden.has(kind)));
    const first = Math.floor(data.from / Math.max(1, ((data.to + 1 - data.from) / data.buckets) * PLACES));
    const placed = choose(shown, first).map((each) => {
      const at = this.moment(each.place);
      return {...each, at, x: this.x(at)};
    });
    this.drawnMarks = placed.filter(({at}) => at >= this.from && at <= this.end);
    for (const each of this.drawnMarks) {
      const {shape, colour: name} = KINDS.find(({kind}) => kind === each.kind);
      this.ctx.globalAlpha = this.head.live || each.at <= this.head.at ? 1 : 0.4;
      mark(this.ctx, shape, {x: each.x, y: ROW, r: MARK, colour: colour(name)});
    }
    this.ctx.globalAlpha = 1;
  }

  drawTicks(colour) {
    const {ctx, size} = this;
    ctx.font = `11px ${getComputedStyle(this.canvas).fontFamily}`;
    ctx.textBaseline = "top";
    ctx.textAlign = "center";
    const span = this.end - this.from;
    for (const at of ticks(this.from, this.end, size.width / TICK_WIDTH)) {
      const x = this.x(at);
      if (x < 30 || x > size.width - 30) continue;
      ctx.fillStyle = colour("line-2");
      ctx.fillRect(x, ROW + 10, 1, 4);
      ctx.fillStyle = colour("ink-3");
      ctx.fillText(tickText(at, span), x, ROW + 17);
    }
  }

  drawHead(colour) {
    const {ctx} = this;
    const x = this.head.live ? this.x(this.end) : this.x(this.head.at);
    ctx.fillStyle = colour("ink");
    ctx.fillRect(x - 1, 4, 2, ROW + 9);
    ctx.beginPath();
    ctx.arc(x, 6, 5.5, 0, 7);
    ctx.fill();
    ctx.beginPath();
    ctx.fillStyle = colour("surface");
    ctx.arc(x, 6, 2, 0, 7);
    ctx.fill();
  }

  /** Where the play head is, for what hangs on it: kept off the ends by half of its width. @param {number} width */
  hang(width) {
    const x = this.head.live ? this.x(this.end) : this.x(this.head.at);
    return Math.min(this.size.width - width / 2, Math.max(width / 2, x));
  }

  press(event) {
    if (!this.data || event.button !== 0) return;
    this.held = true;
    this.dragged = false;
    this.start = event.offsetX;
    const {at, x, before} = this.pressed;
    const again = event.timeStamp - at < TWICE_WITHIN && Math.abs(event.offsetX - x) < TWICE_NEAR;
    this.pressed = {at: event.timeStamp, x: event.offsetX, before: again ? before : this.here()};
    this.canvas.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (this.held && Math.abs(event.offsetX - this.start) > 3) this.dragged = true;
    if (this.held && this.dragged) this.onTime(this.ts(event.offsetX));
    else this.name(this.nearest(event));
  }

  release(event) {
    if (!this.held) return;
    this.held = false;
    const near = this.nearest(event);
    if (this.dragged || event.type === "pointercancel") return;
    if (near) this.onEvent(near.seq);
    else this.onTime(this.ts(event.offsetX));
  }

  /** The marker under the pointer. */
  nearest(event) {
    if (Math.abs(event.offsetY - ROW) > REACH + 2) return null;
    const far = (each) => Math.abs(each.x - event.offsetX);
    const found = this.drawnMarks.reduce((best, each) => (!best || far(each) < far(best) ? each : best), null);
    return found && far(found) <= REACH ? found : null;
  }

  name(near) {
    const {title = ""} = KINDS.find((each) => each.kind === near?.kind) ?? {};
    this.canvas.title = near ? `${near.count} × ${title}` : "";
    this.canvas.style.cursor = near ? "pointer" : "col-resize";
  }
}
