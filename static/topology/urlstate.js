/**
 * What the address says of the picture: view, window, selection, find expression, collapsed groups, detail.
 * Pure: parameters in, parameters out; those of other parts of the page stay.
 *
 * @typedef {{view:"map"|"table",window:{x:number,y:number,k:number}|null,find:string,hide:boolean,groups:string[],
 *   detail:"auto"|"messages"|"rates"}} Look `window`: the world point in the middle of the map, and the zoom
 */

const DETAILS = ["messages", "rates"];
const ZOOM = {least: 0.04, most: 2.5};

/** @param {URLSearchParams} asked @param {"map"|"table"} usual @returns {Look} */
export function read(asked, usual = "map") {
  const detail = asked.get("detail") ?? "";
  const view = asked.get("view") ?? "";
  return {
    view: view === "map" || view === "table" ? view : usual,
    window: readWindow(asked.get("at")),
    find: asked.get("find") ?? "",
    hide: asked.get("hide") === "1",
    groups: (asked.get("groups") ?? "").split(",").filter((key) => /^[pr]:./.test(key)),
    detail: /** @type {any} */ (DETAILS.includes(detail) ? detail : "auto"),
  };
}

/**
 * @param {URLSearchParams} before
 * @param {Partial<Look>} look what changed
 * @returns {URLSearchParams}
 */
export function write(before, look) {
  const after = new URLSearchParams(before);
  const put = (name, value) => (value ? after.set(name, value) : after.delete(name));
  if ("view" in look) put("view", look.view);
  if ("window" in look) put("at", look.window && writeWindow(look.window));
  if ("find" in look) put("find", look.find.trim());
  if ("hide" in look) put("hide", look.hide ? "1" : "");
  if ("groups" in look) put("groups", look.groups.join(","));
  if ("detail" in look) put("detail", look.detail === "auto" ? "" : look.detail);
  return after;
}

/** The point in the middle of a view. @param {{k:number,x:number,y:number}} view @param {{width:number,height:number}} screen */
export function windowOf(view, screen) {
  return {x: (screen.width / 2 - view.x) / view.k, y: (screen.height / 2 - view.y) / view.k, k: view.k};
}

/** The view that has a point in its middle. @param {{x:number,y:number,k:number}} at @param {{width:number,height:number}} screen */
export function viewAt({x, y, k}, screen) {
  return {k, x: screen.width / 2 - x * k, y: screen.height / 2 - y * k};
}

function writeWindow({x, y, k}) {
  return `${Math.round(x)},${Math.round(y)},${Number(k.toFixed(3))}`;
}

function readWindow(text) {
  const numbers = (text ?? "").split(",").map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite) || numbers[2] <= 0) return null;
  const [x, y, k] = numbers;
  return {x, y, k: Math.min(ZOOM.most, Math.max(ZOOM.least, k))};
}
