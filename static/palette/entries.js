/**
 * What the palette offers: everything that this page's own buttons do, places to go, nodes by name. Found anew
 * each time it opens, so that a button which comes later needs no second list.
 *
 * @typedef {{title:string,hint:string,key:string,run:()=>void}} Entry
 */
import {lookOf} from "../topology/kinds.js";
import {gettext} from "../shell/words.js";

const BUTTONS = [
  ["[data-command]", "command", ""],
  ["[data-show]", "show", gettext("view")],
  ["[data-opens]", "opens", ""],
  ["[data-theme-switch]", "themeSwitch", ""],
  [".timebar button[aria-label]", "", gettext("world")],
  ["#panel .panel-acts button", "", gettext("panel")],
  ["#panel [role=tab]", "tab", gettext("panel")],
];

/** @returns {Entry[]} */
export function entries(places) {
  return [...buttons(), ...links(places), ...nodes()];
}

function buttons() {
  const found = [];
  const seen = new Set();
  for (const [selector, mark, hint] of BUTTONS) {
    for (const button of document.querySelectorAll(selector)) {
      if (button.disabled || button.closest("dialog,[inert]")) continue;
      const what = mark && button.dataset[mark];
      const title = nameOf(button, mark);
      const id = what ? `${mark}/${what}` : title;
      if (!title || seen.has(id) || seen.has(title)) continue;
      seen.add(id).add(title);
      found.push({title, hint, key: button.dataset.key ?? "", run: () => press(button)});
    }
  }
  return found;
}

function nameOf(button, mark) {
  const name = (button.getAttribute("aria-label") || button.textContent).trim().replaceAll(/\s+/g, " ");
  if (mark === "show") return gettext("Show %(name)s", {name: name.toLowerCase()});
  return mark === "tab" ? gettext("Open the tab %(name)s", {name}) : name;
}

function press(button) {
  button.click();
  if (button.matches("[role=tab]")) button.focus();
}

function links(places) {
  return [...places.querySelectorAll("a")].map((link) => ({
    title: link.textContent.trim(),
    hint: gettext("page"),
    key: "",
    run: () => location.assign(link.href),
  }));
}

function nodes() {
  const {session, selection} = window.signalbox ?? {};
  if (!session || !selection) return [];
  return [...session.shown.nodes.values()].map((node) => ({
    title: gettext("Select %(name)s", {name: node.label}),
    hint: lookOf(node).word,
    key: "",
    run: () => {
      selection.choose(node.i);
      selection.focus(node.i);
    },
  }));
}

/** @returns {string[]} names of the queues on the map */
export function queueNames() {
  const shown = window.signalbox?.session?.shown;
  if (!shown) return [];
  return [...shown.nodes.values()].filter((node) => node.id.includes(":sqs:")).map((node) => node.label);
}

/** Whether the page shows the past, where nothing can be changed: the panel, which is of the present, rests then. */
export function inThePast() {
  return document.getElementById("panel")?.inert === true;
}
