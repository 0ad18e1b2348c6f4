/**
 * The sign of a fault: a bolt on the upper right corner of a card while one is on, and its words.
 *
 * @typedef {{look:{w:number},root:SVGGElement,facts:SVGGElement,bolt?:SVGGElement}} Card
 */
import {el} from "../topology/svg.js";
import {gettext} from "../shell/words.js";

const WORDS = {
  crash: gettext("crash"),
  drop: gettext("dropped deletes"),
  latency: gettext("latency"),
  poison: gettext("poison"),
  throttle: gettext("throttle"),
};
const SIGN = {r: 10, glyph: 12, out: 4};

/**
 * Put the sign on a card, or take it off.
 *
 * @param {Card} card
 * @param {string[]|undefined} faults the kinds that are on
 */
export function writeFaults(card, faults) {
  if (Boolean(faults?.length) === Boolean(card.bolt)) return;
  if (card.bolt) {
    card.bolt.remove();
    delete card.bolt;
    return;
  }
  const [sprite] = card.root.querySelector(".glyph use").getAttribute("href").split("#");
  const half = SIGN.glyph / 2;
  card.bolt = el("g", {class: "fault", transform: `translate(${card.look.w - SIGN.out} ${SIGN.out})`}, [
    el("circle", {r: SIGN.r}),
    el("use", {href: `${sprite}#bolt`, x: -half, y: -half, width: SIGN.glyph, height: SIGN.glyph}),
  ]);
  card.facts.append(card.bolt);
}

/** Say which faults are on. @param {string[]|undefined} faults */
export function spokenFaults(faults) {
  return faults?.length ? gettext("fault: %(names)s", {names: faults.map((kind) => WORDS[kind] ?? kind).join(", ")}) : "";
}
