/**
 * A canvas that fills its box at the screen's pixel density.
 */

const DENSEST = 2;

export class Surface {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d");
    this.density = 1;
  }

  /** @param {number} width @param {number} height in CSS pixels @param {number} [fineness] 0.5: half the pixels each way */
  resize(width, height, fineness = 1) {
    this.density = Math.min(DENSEST, window.devicePixelRatio || 1) * fineness;
    this.canvas.width = Math.round(width * this.density);
    this.canvas.height = Math.round(height * this.density);
  }

  /** Wipe, and draw in world units from here on. @param {import("./view.js").Transform} view */
  begin(view) {
    this.clear();
    const scale = view.k * this.density;
    this.ctx.setTransform(scale, 0, 0, scale, view.x * this.density, view.y * this.density);
    return this.ctx;
  }

  clear() {
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
