/**
 * The picture as a file: one SVG with every style written out and everything inside, or a PNG drawn from it.
 */
import {drawContents} from "./queuecanvas.js";
import {bounds} from "./view.js";
import {gettext} from "../shell/words.js";

const NS = "http://www.w3.org/2000/svg";
const MARGIN = 40;
const DENSITY = 2;
const PNG_MOST = 8_000;
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "letter-spacing", "paint-order", "text-anchor", "display", "color",
];

/**
 * @param {import("./session.js").Session} session
 * @param {string} sprite address of the glyphs
 * @returns {Promise<{text:string,width:number,height:number}|null>} null when there is nothing to draw
 */
export async function svgOf(session, sprite) {
  const {stage} = session;
  const box = bounds(stage.scene.boxes.values());
  if (!box) return null;
  const glyphs = new DOMParser().parseFromString(await (await fetch(sprite)).text(), "image/svg+xml");
  const frame = {x: box.x - MARGIN, y: box.y - MARGIN - 24, w: box.w + 2 * MARGIN, h: box.h + 2 * MARGIN + 24};
  const copy = dressed(session);
  copy.querySelector("g").setAttribute("transform", "");
  for (const [name, value] of Object.entries({
    xmlns: NS, viewBox: `${frame.x} ${frame.y} ${frame.w} ${frame.h}`, width: frame.w, height: frame.h,
  })) copy.setAttribute(name, String(value));
  copy.prepend(ground(frame));
  copy.append(contentsOf(session, frame));
  embed(copy, glyphs);
  return {text: new XMLSerializer().serializeToString(copy), width: frame.w, height: frame.h};
}

/** @param {{text:string,width:number,height:number}} picture @returns {Promise<Blob>} */
export async function pngOf({text, width, height}) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const scale = Math.min(DENSITY, PNG_MOST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(gettext("The picture is too large.")))), "image/png"),
  );
}

/** "order-pipeline 2026-11-21 14.03.21": the sandbox and the moment shown. @param {string} slug @param {number} ts */
export function nameOf(slug, ts) {
  return `${slug} ${new Date(ts).toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".")}`;
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A copy of the map with all cards in full detail, whatever the window shows, and its styles written out. */
function dressed(session) {
  const {stage} = session;
  const {svg} = stage.scene;
  const level = svg.getAttribute("data-lod");
  const away = [...svg.querySelectorAll(".away")];
  const cards = [...stage.scene.cards.values()];
  const seen = cards.map((card) => card.shown);
  svg.setAttribute("data-lod", "2");
  for (const root of away) root.classList.remove("away");
  for (const card of cards) card.shown = true;
  stage.scene.refresh(session.shown, session.facts());
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const pairs = [...svg.querySelectorAll("*")];
  [...copy.querySelectorAll("*")].forEach((element, at) => dress(pairs[at], element));
  svg.setAttribute("data-lod", level ?? "2");
  for (const root of away) root.classList.add("away");
  cards.forEach((card, at) => {
    card.shown = seen[at];
  });
  for (const extra of copy.querySelectorAll(".port,.pending,.ghost,.halo")) extra.remove();
  return copy;
}

function dress(from, to) {
  const style = getComputedStyle(from);
  for (const name of STYLES) {
    const value = style.getPropertyValue(name);
    if (value && !(name === "display" && value !== "none")) to.setAttribute(name, value);
  }
  for (const name of ["class", "tabindex", "role", "style", "aria-label", "aria-pressed", "aria-hidden"]) to.removeAttribute(name);
  for (const name of Object.keys(to.dataset)) delete to.dataset[name];
}

function ground(frame) {
  const rect = document.createElementNS(NS, "rect");
  const fill = getComputedStyle(document.body).backgroundColor;
  for (const [name, value] of Object.entries({...frame, width: frame.w, height: frame.h, fill})) {
    if (name !== "w" && name !== "h") rect.setAttribute(name, String(value));
  }
  return rect;
}

/** What lies in the queues, as it is on the canvas. */
function contentsOf(session, frame) {
  const canvas = document.createElement("canvas");
  const scale = Math.min(DENSITY, PNG_MOST / Math.max(frame.w, frame.h));
  canvas.width = Math.round(frame.w * scale);
  canvas.height = Math.round(frame.h * scale);
  const ctx = canvas.getContext("2d");
  ctx.setTransform(scale, 0, 0, scale, -frame.x * scale, -frame.y * scale);
  drawContents(ctx, {
    state: session.shown,
    boxes: session.stage.scene.boxes,
    view: {k: 1, x: -frame.x, y: -frame.y},
    screen: {width: frame.w, height: frame.h},
    now: session.now(),
    colours: session.stage.palette.colours,
    unlit: session.stage.scene.unlit,
  });
  const image = document.createElementNS(NS, "image");
  for (const [name, value] of Object.entries({
    x: frame.x, y: frame.y, width: frame.w, height: frame.h, href: canvas.toDataURL("image/png"),
  })) image.setAttribute(name, String(value));
  return image;
}

/** Put the glyphs that are used inside. */
function embed(copy, glyphs) {
  const defs = document.createElementNS(NS, "defs");
  const known = new Set();
  for (const use of copy.querySelectorAll("use")) {
    const name = use.getAttribute("href").split("#")[1];
    use.setAttribute("href", `#${name}`);
    const symbol = glyphs.getElementById(name);
    if (known.has(name) || !symbol) continue;
    known.add(name);
    defs.append(document.importNode(symbol, true));
  }
  copy.prepend(defs);
}
