/**
 * The marks of the time bar: a shape for each kind, beside its colour.
 */

const DRAW = {
  up: (c, r) => polygon(c, [[0, -r], [r, r * 0.8], [-r, r * 0.8]], "fill"),
  down: (c, r) => polygon(c, [[0, r * 0.8], [r, -r * 0.8], [-r, -r * 0.8]], "stroke"),
  diamond: (c, r) => polygon(c, [[0, -r * 1.1], [r * 1.1, 0], [0, r * 1.1], [-r * 1.1, 0]], "fill"),
  square: (c, r) => c.fillRect(-r * 0.8, -r * 0.8, r * 1.6, r * 1.6),
  ring: (c, r) => {
    c.beginPath();
    c.arc(0, 0, r * 0.9, -Math.PI / 2, Math.PI);
    c.stroke();
  },
  cross: (c, r) => {
    line(c, [[-r * 0.8, -r * 0.8], [r * 0.8, r * 0.8]]);
    line(c, [[r * 0.8, -r * 0.8], [-r * 0.8, r * 0.8]]);
  },
  check: (c, r) => line(c, [[-r, 0], [-r * 0.25, r * 0.8], [r, -r * 0.8]]),
};

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} shape
 * @param {{x:number,y:number,r:number,colour:string}} place
 */
export function mark(ctx, shape, {x, y, r, colour}) {
  ctx.save();
  ctx.translate(x, y);
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.8;
  ctx.lineCap = "round";
  ctx.lineJoin = "round";
  DRAW[shape](ctx, r);
  ctx.restore();
}

function line(ctx, points) {
  ctx.beginPath();
  for (const [x, y] of points) ctx.lineTo(x, y);
  ctx.stroke();
}

function polygon(ctx, points, how) {
  ctx.beginPath();
  for (const [x, y] of points) ctx.lineTo(x, y);
  ctx.closePath();
  ctx[how]();
}
