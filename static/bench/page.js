/**
 * The performance page: the real session, stream, reducer and stage, fed with a made-up world. It shows what it
 * measures; `manage.py bench ui` drives it by `window.bench`.
 */
import {forgetWidths} from "../topology/cards.js";
import {byId} from "../topology/dom.js";
import {Session} from "../topology/session.js";
import {FrameMeter, percentile} from "./frames.js";
import {Wire} from "./wire.js";
import {BEAT} from "./world.js";

const LIFE = 1_030;
const CHUNK = 40;
const SHOWN_SECONDS = 2;

const host = byId("stage");
const asked = new URLSearchParams(location.search);
const number = (name, otherwise) => Math.max(1, Number(asked.get(name)) || otherwise);
const size = {nodes: number("nodes", 60), edges: number("edges", 100)};
const moves = Math.max(1, Math.round((number("particles", 500) * BEAT) / LIFE));
const meter = new FrameMeter();
const {elk, dagre, sprite, worker} = host.dataset;
const session = new Session({
  streamUrl: "/",
  elk,
  dagre,
  sprite,
  map: byId("map"),
  svg: byId("scene"),
  contents: byId("contents"),
  particles: byId("particles"),
  margin: () => ({top: 24, right: 20, bottom: 24, left: 20}),
});
const {stage} = session;
/** @type {Wire} */
let wire;
session.stream.options.open = () => {
  wire = new Wire({worker, size, moves});
  return /** @type {any} */ (wire);
};
// Each glyph is a message, however many: the hardest that the page can be asked for.
stage.meter.choice = "messages";

const placed = new Promise((resolve) => session.addEventListener("placed", resolve, {once: true}));
document.fonts.ready.then(forgetWidths);
placed.then(() => stage.scene.rename(session.shown));

/** Look at the map whole or as it is read. @param {"whole"|"read"} how */
function look(how) {
  stage.moved = false;
  stage.fit({whole: how === "whole"});
  // As the page does: below, the view is put back when the map is fitted anew.
  stage.moved = true;
}

/**
 * Measure for some seconds.
 *
 * @param {{seconds:number,view?:"whole"|"read",pan?:boolean}} options pan: move the map in every frame
 */
async function frames({seconds, view = "whole", pan = false}) {
  if (!stage.screen.width || !stage.scene.boxes.size) throw new Error("nothing is drawn, so nothing can be measured");
  look(view);
  const start = stage.view;
  let turns = 0;
  let particles = 0;
  const {intervals, work} = await meter.run(seconds, () => {
    turns += 1;
    particles += stage.particles.count;
    if (pan) stage.setView({...start, x: start.x - 300 * Math.sin(turns / 40), y: start.y - 200 * Math.sin(turns / 55)});
  });
  return {intervals, work, particles: Math.round(particles / turns), zoom: start.k, level: stage.governor.level};
}

/**
 * Let the world run faster than time: so many batches, the page's clock going with them.
 *
 * @param {number} batches
 * @returns {Promise<{events:number,frames:number}>} frames that the log keeps
 */
async function hurry(batches) {
  const before = session.live.q;
  for (let left = batches; left > 0; left -= CHUNK) {
    const texts = await wire.take(Math.max(2, Math.min(CHUNK, left)));
    for (const text of texts) {
      clock.lead += BEAT;
      session.stream.receive(text);
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return {events: session.live.q - before, frames: session.log.frames.length};
}

/** The page's clock can be put forward. */
const clock = {lead: 0, real: performance.now.bind(performance)};
performance.now = () => clock.real() + clock.lead;

/** Write what was measured, again and again, for whoever looks. */
async function tell() {
  const cells = byId("figures").querySelectorAll("dd");
  const {intervals, work} = await meter.run(SHOWN_SECONDS, () => {});
  const average = intervals.reduce((sum, each) => sum + each, 0) / Math.max(1, intervals.length);
  const texts = [
    (1_000 / average).toFixed(1),
    `${percentile(intervals, 50).toFixed(1)} · ${percentile(intervals, 95).toFixed(1)} ms`,
    `${percentile(work, 50).toFixed(1)} · ${percentile(work, 95).toFixed(1)} ms`,
    String(stage.particles.count),
    `${size.nodes} · ${size.edges}`,
  ];
  texts.forEach((text, at) => {
    cells[at].textContent = text;
  });
  if (!asked.has("driven")) tell();
}

window.bench = {ready: placed.then(() => look("whole")), frames, hurry, play: () => wire.play(), session};
session.start();
if (!asked.has("driven")) placed.then(tell);
