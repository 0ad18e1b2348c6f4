/**
 * Places for the words beside the lines: on a level stretch, above or below, where they cover as little as possible.
 *
 * @typedef {{x:number,y:number}} Point
 * @typedef {{x:number,y:number,w:number,h:number}} Box
 * @typedef {{x:number,y:number,anchor:"start"|"middle"}} Place
 */

const LINE = 13;
const LETTER = 5.8;
const RATE_W = 34;
const WORDS_MOST = 26;
const SHARES = [0.5, 0.3, 0.7];
const ABOVE = -9;
const BELOW = 17;
const BESIDE = 12;
const ASIDE = 4;
const SHORTEST = 26;
const CAREFUL_MOST = 240;

/** As much of what an edge says as there is room for beside its rate. @param {string} words */
export function shortened(words) {
  const letters = [...words];
  return letters.length > WORDS_MOST ? `${letters.slice(0, WORDS_MOST - 1).join("")}…` : words;
}

/** The width that words and a rate take. @param {string} words */
export function widthOf(words) {
  return words ? RATE_W + Math.ceil(LETTER * [...shortened(words)].length) + 12 : RATE_W;
}

/**
 * @param {Map<number,Point[]>} lines by edge
 * @param {Iterable<Box>} boxes of the cards
 * @param {(edge:number)=>string} [wordsOf] what an edge says besides its rate
 * @returns {Map<number,Place>}
 */
export function placeLabels(lines, boxes, wordsOf = () => "") {
  const places = new Map();
  const careful = lines.size <= CAREFUL_MOST;
  const taken = careful ? [...boxes] : [];
  const legs = careful ? [...lines].flatMap(([edge, points]) => legsOf(edge, points)) : [];
  for (const [edge, points] of lines) {
    const upright = besideUpright(points);
    const width = widthOf(wordsOf(edge));
    const place =
      upright ??
      best(
        candidates(points, width),
        legs.filter((leg) => leg.edge !== edge),
        taken,
        width,
      );
    places.set(edge, place);
    if (!upright) taken.push(covers(place, width));
  }
  return places;
}

/** A line that only goes down carries its words at its right. */
function besideUpright(points) {
  const [first, last] = [points[0], points.at(-1)];
  if (points.some((point) => Math.abs(point.x - first.x) >= 1)) return null;
  return {x: first.x + BESIDE, y: (first.y + last.y) / 2 + 4, anchor: "start"};
}

function candidates(points, width) {
  const found = [];
  const parts = points.slice(1).map((b, at) => ({a: points[at], b}));
  const stretches = parts.filter(({a, b}) => Math.abs(a.y - b.y) < 1);
  stretches.sort((one, two) => Math.abs(two.a.x - two.b.x) - Math.abs(one.a.x - one.b.x));
  for (const {a, b} of stretches.filter(({a, b}, at) => at === 0 || Math.abs(a.x - b.x) >= SHORTEST)) {
    for (const share of SHARES) {
      for (const shift of [ABOVE, BELOW]) found.push({x: a.x + (b.x - a.x) * share, y: a.y + shift, anchor: "middle"});
    }
  }
  if (stretches.every(({a, b}) => Math.abs(a.x - b.x) < SHORTEST)) found.push(...besideParts(parts, width));
  return found.length ? found : [{...points[0], anchor: "middle"}];
}

/** A line between two cards of one column has no level stretch with room for words: they stand beside it. */
function besideParts(parts, width) {
  const upright = parts.filter(({a, b}) => Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) > LINE);
  return upright.flatMap(({a, b}) =>
    SHARES.flatMap((share) =>
      [-1, 1].map((side) => ({
        x: a.x + side * (width / 2 + ASIDE),
        y: a.y + (b.y - a.y) * share + 4,
        anchor: "middle",
      })),
    ),
  );
}

function best(options, legs, taken, width) {
  let [chosen, least] = [options[0], Infinity];
  for (const option of options) {
    const box = covers(option, width);
    const cost = legs.filter((leg) => meet(box, leg.box)).length + 2 * taken.filter((each) => meet(box, each)).length;
    if (cost < least) [chosen, least] = [option, cost];
    if (least === 0) break;
  }
  return chosen;
}

function covers({x, y}, w) {
  return {x: x - w / 2, y: y - LINE + 3, w, h: LINE};
}

function legsOf(edge, points) {
  return points.slice(1).map((b, at) => {
    const a = points[at];
    return {edge, box: {x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y)}};
  });
}

function meet(a, b) {
  return a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;
}
