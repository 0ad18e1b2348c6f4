/**
 * The inspector beside the map: a message that is clicked in its queue opens in the panel, which refreshes with care.
 */
import {ask} from "../shell/behind.js";
import {messageAt} from "../topology/queuecanvas.js";
import {keepCalm} from "./live.js";

const map = document.getElementById("map");
const panel = document.getElementById("panel");
const base = document.getElementById("stage").dataset.nodeUrl.replace(/node\/$/, "message/");
/** A message to show as soon as the panel of its queue has come. @type {number|null} */
let wanted = null;

keepCalm();

function show(m) {
  ask("GET", `${base}${m}/`, {target: "#panel", swap: "morph:innerHTML"});
}

/** The message under the pointer. @param {MouseEvent} event @param {Element} card */
function under(event, card) {
  const {session} = window.signalbox;
  const {stage} = session;
  const i = Number(card.dataset.node);
  const node = session.shown.nodes.get(i);
  const box = stage.scene.boxes.get(i);
  if (!node || !box) return null;
  const frame = map.getBoundingClientRect();
  const {k, x, y} = stage.view;
  const point = {x: (event.clientX - frame.left - x) / k, y: (event.clientY - frame.top - y) / k};
  return messageAt({state: session.shown, view: stage.view, now: session.now(), colours: {}}, node, box, point);
}

map.addEventListener(
  "click",
  (event) => {
    const card = event.target.closest?.(".node");
    wanted = card ? under(event, card) : null;
    if (wanted === null || !card.querySelector("[aria-pressed=true]")) return;
    // The queue is chosen already: its panel will not come again.
    show(wanted);
    wanted = null;
  },
  {capture: true},
);
panel.addEventListener("htmx:afterSettle", (event) => {
  if (wanted === null || event.target !== panel) return;
  const m = wanted;
  wanted = null;
  show(m);
});
