/**
 * Message shapes on a canvas, in world units: dot, ring, square, hollow dot, cross, diamond. Shape first,
 * colour second.
 */

const TOP = -Math.PI / 2;
const ROUND = Math.PI * 2;

/** @typedef {CanvasRenderingContext2D} Ctx */

/** @param {Ctx} ctx */
export function dot(ctx, x, y, r, colour) {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, r, 0, ROUND);
  ctx.fill();
}

/** @param {Ctx} ctx @param {number} share of the time that is left, from 1 to 0; the arc starts at twelve o'clock */
export function ring(ctx, x, y, r, share, colour) {
  const width = r * 0.52;
  ctx.lineWidth = width;
  ctx.strokeStyle = colour;
  const whole = ctx.globalAlpha;
  ctx.globalAlpha = whole * 0.28;
  circle(ctx, x, y, r - width / 2, 1);
  ctx.globalAlpha = whole;
  circle(ctx, x, y, r - width / 2, share);
}

/** @param {Ctx} ctx */
export function square(ctx, x, y, r, colour) {
  const side = r * 1.6;
  ctx.lineWidth = r * 0.36;
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.roundRect(x - side / 2, y - side / 2, side, side, r * 0.3);
  ctx.stroke();
}

/** @param {Ctx} ctx */
export function hollow(ctx, x, y, r, colour) {
  ctx.lineWidth = r * 0.34;
  ctx.strokeStyle = colour;
  circle(ctx, x, y, r * 0.83, 1);
}

/** @param {Ctx} ctx */
export function cross(ctx, x, y, r, colour) {
  const arm = r * 0.8;
  ctx.lineWidth = r * 0.52;
  ctx.lineCap = "round";
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x - arm, y - arm);
  ctx.lineTo(x + arm, y + arm);
  ctx.moveTo(x + arm, y - arm);
  ctx.lineTo(x - arm, y + arm);
  ctx.stroke();
  ctx.lineCap = "butt";
}

/** A padlock at the end of a lane whose group waits. @param {Ctx} ctx */
export function lock(ctx, x, y, r, colour) {
  ctx.lineWidth = r * 0.3;
  ctx.strokeStyle = colour;
  ctx.beginPath();
  ctx.roundRect(x - r * 0.8, y - r * 0.15, r * 1.6, r * 1.1, r * 0.25);
  ctx.moveTo(x - r * 0.45, y - r * 0.15);
  ctx.arc(x, y - r * 0.35, r * 0.45, Math.PI, 0);
  ctx.lineTo(x + r * 0.45, y - r * 0.15);
  ctx.stroke();
}

/** Over a message that somebody has pinned: a pin whose tip is at the point. @param {Ctx} ctx */
export function pin(ctx, x, y, colour) {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x, y + 1.5);
  ctx.lineTo(x - 2.8, y - 3);
  ctx.lineTo(x + 2.8, y - 3);
  ctx.closePath();
  ctx.fill();
}

/** Round what a search found. @param {Ctx} ctx */
export function halo(ctx, x, y, r, colour) {
  ctx.lineWidth = 1.3;
  ctx.strokeStyle = colour;
  circle(ctx, x, y, r, 1);
}

function circle(ctx, x, y, r, share) {
  ctx.beginPath();
  ctx.arc(x, y, r, TOP, TOP + ROUND * share);
  ctx.stroke();
}
