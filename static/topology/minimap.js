/**
 * The overview of a large map: every card as a mark, and the window on it as a frame that can be dragged.
 * The keyboard moves it too. Hidden where the map is small.
 */
import {bounds} from "./view.js";

const LEAST = 10;
const READABLE = 0.5;
const EDGE = 6;
const STEP = 0.2;
const KEYS = {ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

export class Minimap {
  /** @param {HTMLCanvasElement} canvas @param {import("./stage.js").Stage} stage */
  constructor(canvas, stage) {
    this.canvas = canvas;
    this.stage = stage;
    this.ctx = canvas.getContext("2d");
    this.k = 1;
    this.origin = {x: 0, y: 0};
    this.due = false;
    const drag = (event) => {
      if (event.type === "pointerdown") canvas.setPointerCapture(event.pointerId);
      if (canvas.hasPointerCapture(event.pointerId)) this.centre(event.offsetX, event.offsetY);
    };
    canvas.addEventListener("pointerdown", drag);
    canvas.addEventListener("pointermove", drag);
    canvas.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Draw soon; several calls make one picture. */
  wake() {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.draw();
    });
  }

  draw() {
    const {scene, screen, view, palette} = this.stage;
    this.canvas.hidden = scene.boxes.size < LEAST || !screen.width || this.isNeedless();
    if (this.canvas.hidden) return;
    const {clientWidth: width, clientHeight: height} = this.canvas;
    const density = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    const all = bounds(scene.boxes.values());
    this.k = Math.min((width - 2 * EDGE) / all.w, (height - 2 * EDGE) / all.h);
    this.origin = {x: (width - all.w * this.k) / 2 - all.x * this.k, y: (height - all.h * this.k) / 2 - all.y * this.k};
    const place = ({x, y, w, h}) => [x * this.k + this.origin.x, y * this.k + this.origin.y, w * this.k, h * this.k];
    const {ctx} = this;
    ctx.setTransform(density, 0, 0, density, 0, 0);
    for (const [i, box] of scene.boxes) {
      const [x, y, w, h] = place(box);
      ctx.fillStyle = scene.cards.get(i)?.root.classList.contains("dead") ? palette.colours.dead : palette.colours.edge;
      ctx.globalAlpha = scene.unlit.nodes.has(i) ? 0.3 : 1;
      ctx.fillRect(x, y, Math.max(2, w), Math.max(2, h));
    }
    ctx.globalAlpha = 1;
    ctx.strokeStyle = palette.colours.ink;
    ctx.lineWidth = 1.5;
    const window_ = {x: -view.x / view.k, y: -view.y / view.k, w: screen.width / view.k, h: screen.height / view.k};
    const [x, y, w, h] = place(window_);
    const [left, top] = [Math.max(1, x), Math.max(1, y)];
    ctx.strokeRect(left, top, Math.min(width - 1, x + w) - left, Math.min(height - 1, y + h) - top);
  }

  /** Whether all nodes are on screen, large enough to be read. */
  isNeedless() {
    const {scene, screen, view} = this.stage;
    if (view.k < READABLE) return false;
    const {x, y, w, h} = bounds(scene.boxes.values());
    const [left, top] = [x * view.k + view.x, y * view.k + view.y];
    return left >= 0 && top >= 0 && left + w * view.k <= screen.width && top + h * view.k <= screen.height;
  }

  /** Bring a point of the overview to the middle of the map. */
  centre(x, y) {
    const {screen, view} = this.stage;
    const at = {x: (x - this.origin.x) / this.k, y: (y - this.origin.y) / this.k};
    this.go({k: view.k, x: screen.width / 2 - at.x * view.k, y: screen.height / 2 - at.y * view.k});
  }

  onKey(event) {
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const {screen, view} = this.stage;
    this.go({k: view.k, x: view.x + way[0] * screen.width * STEP, y: view.y + way[1] * screen.height * STEP});
  }

  go(view) {
    this.stage.moved = true;
    this.stage.setView(view);
  }
}
