/**
 * Which marks stand for a stretch of time that holds more events than fit. Pure, and the same whenever it is asked
 * for the same stretch, so that marks stand still while the window moves on.
 */

/** Columns of the answer of the server that make one stretch, and the marks that it has room for. */
export const PLACES = 3;
const GOLDEN = 0.618034;
/** A kind is rare when it occurs in no more than this share of the stretches that hold anything. */
const RARE = 1 / 4;

/** @typedef {[column:number,count:number,seq:number]} Row */
/** @typedef {{kind:string,place:number,count:number,seq:number}} Mark place: in columns, its middle */

/**
 * @param {Record<string,Row[]>} kinds what is shown, by kind: columns that are not empty
 * @param {number} first number of the first stretch, counted from a fixed moment
 * @returns {Mark[]} each rare kind of a stretch has a mark; what room is left belongs to the kinds in proportion,
 *   and none is left out altogether
 */
export function choose(kinds, first) {
  const stretches = gather(kinds);
  const often = {};
  for (const found of stretches.values()) for (const kind of found.keys()) often[kind] = (often[kind] ?? 0) + 1;
  const rare = new Set(Object.keys(often).filter((kind) => often[kind] <= Math.max(1, stretches.size * RARE)));
  const shares = new Map();
  for (const [at, found] of stretches) shares.set(at, share(found, rare, (((first + at) * GOLDEN) % 1 + 1) % 1));
  for (const kind of Object.keys(often)) keep(kind, stretches, shares);
  const order = [...stretches].sort(([a], [b]) => a - b);
  return order.flatMap(([at, found]) => {
    const marks = [...shares.get(at)].flatMap(([kind, number]) => split(kind, found.get(kind), number));
    return spread(marks, at * PLACES);
  });
}

/** A kind that no stretch had room for has a mark where most of it is. */
function keep(kind, stretches, shares) {
  if ([...shares.values()].some((each) => each.has(kind))) return;
  const count = ([, found]) => (found.has(kind) ? total(found.get(kind)) : 0);
  const [fullest] = [...stretches].reduce((best, each) => (count(each) > count(best) ? each : best));
  shares.get(fullest).set(kind, 1);
}

/** @returns {Map<number,Map<string,Row[]>>} by stretch and kind */
function gather(kinds) {
  const stretches = new Map();
  for (const [kind, rows] of Object.entries(kinds)) {
    for (const row of rows) {
      const at = Math.floor(row[0] / PLACES);
      if (!stretches.has(at)) stretches.set(at, new Map());
      const found = stretches.get(at);
      if (found.has(kind)) found.get(kind).push(row);
      else found.set(kind, [row]);
    }
  }
  return stretches;
}

/** How many marks each kind of a stretch gets. @param {number} start where the sample begins, between 0 and 1 */
function share(found, rare, start) {
  const shares = new Map();
  for (const kind of found.keys()) if (rare.has(kind)) shares.set(kind, 1);
  const common = [...found].filter(([kind]) => !rare.has(kind)).map(([kind, rows]) => ({kind, most: rows.length, count: total(rows)}));
  const all = common.reduce((sum, {count}) => sum + count, 0);
  const room = Math.min(Math.max(1, PLACES - shares.size), all);
  for (let taken = 0; taken < room; taken += 1) {
    let left = ((taken + start) / room) * all;
    const {kind, most} = common.find(({count}) => (left -= count) < 0) ?? common.at(-1);
    shares.set(kind, Math.min(most, (shares.get(kind) ?? 0) + 1));
  }
  return shares;
}

/** The columns of one kind as so many marks. */
function split(kind, rows, number) {
  return Array.from({length: number}, (_, nth) => {
    const part = rows.slice(Math.floor((nth * rows.length) / number), Math.floor(((nth + 1) * rows.length) / number));
    return {kind, column: part[0][0], count: total(part), seq: part[0][2]};
  });
}

/** Beside each other, in the order of time, as near to their columns as there is room. */
function spread(marks, start) {
  const places = Math.max(PLACES, marks.length);
  let last = -1;
  return marks.sort((a, b) => a.seq - b.seq).map(({kind, column, count, seq}, nth) => {
    last = Math.max(last + 1, Math.min(column - start, places - (marks.length - nth)));
    return {kind, count, seq, place: start + ((last + 0.5) * PLACES) / places};
  });
}

function total(rows) {
  return rows.reduce((sum, [, count]) => sum + count, 0);
}
