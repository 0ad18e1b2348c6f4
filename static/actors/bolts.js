/**
 * Faults from the tray onto the map: dragged onto a node, or by the keyboard, which asks for the node in a list.
 * What cannot happen to a node is said by the map while one drags.
 */
import {make, onEach} from "../topology/dom.js";
import {bindKeys} from "../topology/keys.js";
import {setAttribute} from "../topology/svg.js";
import {gettext} from "../shell/words.js";

const panel = document.getElementById("panel");
const map = document.getElementById("map");
/** The sign that is being dragged. @type {HTMLElement|null} */
let dragged = null;

/** Kinds of nodes as a fault knows them: both kinds of queues are queues. */
function possible(sign, node) {
  const kind = node?.kind === "fifo" ? "queue" : node?.kind;
  return sign.dataset.applies.split(" ").includes(kind);
}

function mark(sign) {
  const {session} = window.signalbox;
  for (const [i, card] of session.stage.scene.cards) {
    if (sign) setAttribute(card.root, "data-target", possible(sign, session.shown.nodes.get(i)) ? "ok" : "no");
    else card.root.removeAttribute("data-target");
  }
}

function nodeAt(event) {
  const root = document.elementFromPoint(event.clientX, event.clientY)?.closest?.("#scene .node");
  return root ? window.signalbox.session.shown.nodes.get(Number(root.dataset.node)) : undefined;
}

/** Put the fault on a node, with the settings that the tray's form has. @param {HTMLElement} sign @param {string} target */
function put(sign, target) {
  const form = panel.querySelector(".fault-form");
  const values = {...Object.fromEntries(new FormData(form)), kind: sign.dataset.fault, target, shown: form.elements.namedItem("target").value};
  window.htmx.ajax("POST", form.getAttribute("hx-post"), {source: form, target: "#chaos-tray", swap: "morph:outerHTML", values});
}

/** By keyboard: a list of the nodes that it can happen to. @param {HTMLElement} sign */
function ask(sign) {
  const place = panel.querySelector("[data-bolt-asks]");
  const nodes = [...window.signalbox.session.shown.nodes.values()].filter((node) => possible(sign, node));
  const list = make("select", {id: "bolt-target"}, nodes.map((node) => new Option(node.label, node.id)));
  const go = make("button", {type: "button", className: "btn s", textContent: gettext("Start"), onclick: () => put(sign, list.value)});
  const label = make("label", {htmlFor: list.id, textContent: gettext("%(fault)s on", {fault: sign.textContent.trim()})});
  place.replaceChildren(label, list, go);
  list.focus();
}

/** Go to the tray of what the panel shows. @returns {boolean} whether there is one */
function enter() {
  const tray = panel.querySelector("#chaos-tray");
  const page = tray?.closest("[role=tabpanel]");
  if (page) panel.querySelector(`[data-tab="${page.dataset.page}"]`)?.click();
  tray?.querySelector("[data-fault]")?.focus();
  return Boolean(tray);
}

/** The tray of the selected node, or of the one that the keyboard stands on. */
function open() {
  const {selection} = window.signalbox;
  if (selection.node !== null && enter()) return;
  if (selection.node !== null || selection.stop === null) return say();
  panel.addEventListener("htmx:afterSettle", () => enter() || say(), {once: true});
  selection.choose(selection.stop);
}

function say() {
  const text = gettext("Choose a queue or an actor first: faults happen to them, at live.");
  document.body.dispatchEvent(new CustomEvent("toast", {detail: {text, kind: "error"}}));
}

bindKeys({x: open});
onEach("[data-chaos]", open);
panel.addEventListener("click", (event) => {
  const sign = event.target.closest("[data-fault]");
  if (sign) ask(sign);
});
panel.addEventListener("dragstart", (event) => {
  const sign = event.target.closest?.("[data-fault]");
  if (!sign) return;
  dragged = sign;
  event.dataTransfer.effectAllowed = "copy";
  event.dataTransfer.setData("text/plain", sign.dataset.fault);
  mark(sign);
});
panel.addEventListener("dragend", () => {
  dragged = null;
  mark(null);
});
map.addEventListener("dragover", (event) => {
  if (dragged && possible(dragged, nodeAt(event))) event.preventDefault();
});
map.addEventListener("drop", (event) => {
  const node = dragged && nodeAt(event);
  if (!node || !possible(dragged, node)) return;
  event.preventDefault();
  put(dragged, node.id);
});
