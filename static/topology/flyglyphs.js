/**
 * Messages on their way, one by one: the shape is what happens to them, the number how often they were received, the
 * ring what is left of their timeout. Drawn below about 200 of them; above, particles are plain dots.
 */
import {cross, ring} from "./glyphs.js";

/** From this zoom on the number can be read. */
const READABLE = 0.6;
const RECEIVED_RADIUS = 6.6;
const DEAD_RADIUS = 5.2;

/** Whether a particle is one message that says more than a dot does. */
export function isTold(kind, receives) {
  return receives > 0 && (kind === "f" || kind === "x");
}

/**
 * @param {CanvasRenderingContext2D} ctx in world units
 * @param {{kind:string,receives:number,share:number}} message share: what is left of its timeout, from 1 to 0
 * @param {{x:number,y:number}} place
 * @param {{k:number,scale:number,colours:Record<string,string>}} look
 */
export function drawTold(ctx, {kind, receives, share}, {x, y}, {k, scale, colours}) {
  if (kind === "f") {
    const r = RECEIVED_RADIUS * scale;
    ctx.fillStyle = colours.node;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, Math.PI * 2);
    ctx.fill();
    slimRing(ctx, x, y, r, share, colours.flight);
    if (k * scale >= READABLE) number(ctx, receives, x, y + 2.7 * scale, {size: 7.6 * scale, align: "center", colours});
  } else {
    const r = DEAD_RADIUS * scale;
    cross(ctx, x, y, r, colours.dead);
    const at = {size: 8.4 * scale, align: "left", colours};
    if (k * scale >= READABLE) number(ctx, receives, x + r + 2, y - 2 * scale, /** @type {any} */ (at));
  }
}

/** Thinner than the ring of a message that lies: the number needs the room. */
function slimRing(ctx, x, y, r, share, colour) {
  ctx.save();
  ctx.translate(x, y);
  ctx.beginPath();
  ctx.arc(0, 0, r, 0, Math.PI * 2);
  ctx.arc(0, 0, r * 0.74, 0, Math.PI * 2, true);
  ctx.clip("evenodd");
  ring(ctx, 0, 0, r, share, colour);
  ctx.restore();
}

function number(ctx, receives, x, y, {size, align, colours}) {
  ctx.font = `600 ${size}px Inter, sans-serif`;
  ctx.textAlign = align;
  ctx.fillStyle = colours.ink;
  ctx.fillText(receives > 99 ? "99" : String(receives), x, y);
}
