/**
 * The stage: one loop that draws what changed and rests when nothing moves.
 *
 * @typedef {import("./reduce.js").State} State
 */
import {Meter} from "./detail.js";
import {Governor} from "./governor.js";
import {Palette} from "./palette.js";
import {Particles} from "./particles.js";
import {drawContents} from "./queuecanvas.js";
import {Scene} from "./scene.js";
import {Surface} from "./surface.js";
import {bounds, fitTo, reveal, zoomAt} from "./view.js";

const STILL_EVERY = 1_000;
const STEP = 1.25;
const READABLE = 0.55;
const PROJECTOR_SCALE = 1.8;
const PROJECTOR_MOST = 1.5;
const PROJECTED_PAGE = 1.3;

export class Stage {
  /**
   * @param {{map:HTMLElement,svg:SVGSVGElement,contents:HTMLCanvasElement,particles:HTMLCanvasElement,sprite:string,
   *   stageNow:()=>number,simNow:()=>number,still:()=>boolean,facts:()=>any,onQuality:(governor:Governor)=>void,
   *   margin:(screen:{width:number,height:number})=>{top:number,right:number,bottom:number,left:number}}} options
   */
  constructor(options) {
    this.options = options;
    this.scene = new Scene(options.svg, options.sprite);
    this.contents = new Surface(options.contents);
    this.flying = new Surface(options.particles);
    this.particles = new Particles();
    this.governor = new Governor();
    this.meter = new Meter();
    this.palette = new Palette(options.map, () => this.wake({contents: true}));
    this.view = {k: 1, x: 0, y: 0};
    this.screen = {width: 0, height: 0};
    /** @type {State|null} */
    this.state = null;
    /** @type {import("./blocks.js").Plan|null} */
    this.plan = null;
    /** @type {((view:import("./view.js").Transform)=>void)|null} told when the window on the map changed */
    this.onView = null;
    this.moved = false;
    this.dirty = {view: true, contents: true, words: true};
    this.drawn = {contents: 0, words: 0, frame: 0};
    this.odd = false;
    this.rings = false;
    this.frame = 0;
    this.timer = 0;
    this.paused = false;
    new ResizeObserver(() => this.resize()).observe(options.map);
    document.addEventListener("visibilitychange", () => this.wake({contents: true, words: true}));
  }

  resize() {
    const {width, height} = this.options.map.getBoundingClientRect();
    if (!width || !height) return;
    this.screen = {width, height};
    this.contents.resize(width, height);
    this.flying.resize(width, height, this.governor.density);
    if (this.moved) this.wake({view: true, contents: true});
    else this.fit();
  }

  /** Show a state; particles come apart. @param {State} state */
  show(state) {
    this.state = state;
    this.wake({contents: true, words: true});
  }

  /** @param {import("./elkgraph.js").Layout} layout @param {import("./blocks.js").Plan} plan */
  place(layout, plan) {
    this.plan = plan;
    this.scene.place(this.state, layout, plan, {
      now: this.options.stageNow(),
      still: this.options.still() || !this.drawn.frame,
    });
    this.particles.retrack(this.scene.flyable(this.state));
    this.drawn.words = 0;
    if (this.moved) this.wake({view: true, contents: true, words: true});
    else this.fit();
  }

  /** @param {any} frame a batch */
  fly(frame) {
    if (this.options.still() || document.hidden || this.paused) return;
    this.particles.limit = this.governor.particles;
    const now = this.options.stageNow();
    this.meter.note(now, frame);
    this.particles.spawn(frame, now, this.meter.sample);
    this.wake({});
  }

  /** Show the map: whole when asked for, else readable from its upper left corner. @param {{whole?:boolean}} [options] */
  fit({whole = false} = {}) {
    const box = bounds(this.scene.boxes.values());
    this.moved = whole;
    if (!box || !this.screen.width) return;
    this.setView(
      fitTo(
        box,
        this.screen,
        this.margin(),
        {
          most: isProjected() ? PROJECTOR_MOST : undefined,
          least: whole ? undefined : this.screen.width < 560 ? 0.36 : READABLE,
        },
      ),
    );
  }

  /** What stands over the map's sides; a projector's page is larger, its map is not. */
  margin() {
    const margin = this.options.margin(this.screen);
    if (!isProjected()) return margin;
    return {...margin, top: margin.top * PROJECTED_PAGE, bottom: margin.bottom * PROJECTED_PAGE};
  }

  /** @param {number} steps of zoom; negative to see more */
  zoom(steps) {
    this.moved = true;
    this.setView(zoomAt(this.view, {x: this.screen.width / 2, y: this.screen.height / 2}, STEP ** steps));
  }

  /** Light what a search found, nodes and messages, and what is related to the selection. @see Scene.mark */
  mark(selected, found, hide, lit) {
    if (!this.state) return;
    this.scene.mark(this.state, selected, found, hide, lit);
    this.particles.retrack(this.scene.flyable(this.state));
    this.wake({contents: true});
  }

  /** Put nodes somewhere else; their lines follow. @param {Map<number,{x:number,y:number}>} places */
  shift(places) {
    this.scene.shift(this.state, places);
    this.particles.retrack(this.scene.flyable(this.state));
    this.wake({view: true, contents: true});
  }

  /** @param {number} i bring a node into view */
  reveal(i) {
    const box = this.scene.boxes.get(i);
    if (!box) return;
    const view = reveal(this.view, box, this.screen);
    if (view !== this.view) this.moved = true;
    this.setView(view);
  }

  setView(view) {
    this.view = view;
    this.onView?.(view);
    this.wake({view: true, contents: true});
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused;
    this.wake({contents: true});
  }

  wake(dirty) {
    for (const name of Object.keys(dirty)) this.dirty[name] ||= dirty[name];
    if (document.hidden || this.frame) return;
    clearTimeout(this.timer);
    this.frame = requestAnimationFrame((time) => this.draw(time));
  }

  draw(time) {
    this.frame = 0;
    if (!this.state || !this.screen.width) return;
    const interval = time - this.drawn.frame;
    this.drawn.frame = time;
    if (this.particles.count && this.governor.note(interval, time)) this.suit();
    const gliding = this.scene.advance(this.options.stageNow());
    if (this.dirty.view || gliding) this.scene.look(this.view, this.screen);
    this.drawParticles();
    if (this.dirty.view || gliding || time - this.drawn.contents >= this.pace()) this.drawContents(time, gliding);
    if (this.dirty.words && this.wordsAreDue(time)) this.drawWords(time);
    this.dirty.view = false;
    this.rest(gliding);
  }

  /** The quality changed. */
  suit() {
    this.flying.resize(this.screen.width, this.screen.height, this.governor.density);
    this.options.onQuality(this.governor);
  }

  /** On a weak machine they wait for the next picture of the contents, so that fewer frames are long. */
  wordsAreDue(time) {
    const since = time - this.drawn.words;
    const {wordsEvery: every, contentsEvery} = this.governor;
    return since >= every && (every !== contentsEvery || this.drawn.contents === time || since >= 2 * every);
  }

  drawParticles() {
    this.odd = !this.odd;
    const projected = isProjected();
    if ((this.governor.skipFrames || projected) && this.odd) return;
    const ctx = this.flying.begin(this.view);
    const scale = projected ? PROJECTOR_SCALE : 1;
    if (this.particles.count) {
      const [now, sim] = [this.options.stageNow(), this.options.simNow()];
      const {k, x, y} = this.view;
      const window = {left: -x / k, top: -y / k, right: (this.screen.width - x) / k, bottom: (this.screen.height - y) / k};
      this.particles.draw(ctx, {now, sim, k, colours: this.palette.colours, scale, tailed: this.governor.tails, window});
    }
  }

  drawContents(time, gliding) {
    if (!this.dirty.contents && !this.rings && !gliding) return;
    this.drawn.contents = time;
    this.dirty.contents = false;
    this.rings = drawContents(this.contents.begin(this.view), {
      state: this.state,
      boxes: this.scene.boxes,
      view: this.view,
      screen: this.screen,
      now: this.options.simNow(),
      colours: this.palette.colours,
      unlit: this.scene.unlit,
    });
  }

  drawWords(time) {
    this.drawn.words = time;
    this.dirty.words = false;
    this.scene.refresh(this.state, {...this.options.facts(), exact: this.meter.mode === "rates"});
  }

  /** Milliseconds between two pictures of the queues' contents. */
  pace() {
    return this.options.still() ? STILL_EVERY : this.governor.contentsEvery;
  }

  /** Animate while something moves; otherwise look again when the next thing is due. */
  rest(gliding) {
    if ((this.particles.count && !this.paused) || gliding) return this.wake({});
    if (this.paused && !this.dirty.contents && !this.dirty.words) return;
    const due = this.dirty.contents || this.rings ? this.pace() : this.dirty.words ? this.governor.wordsEvery : STILL_EVERY;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(this.paused ? {} : {words: true}), due);
  }
}

function isProjected() {
  return document.documentElement.dataset.mode === "projector";
}
