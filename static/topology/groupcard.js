/**
 * The panel of a collapsed group: its queues with their numbers, and the way to see them one by one.
 */
import {glyph, make} from "./dom.js";
import {count, visible} from "./text.js";
import {gettext} from "../shell/words.js";

/**
 * @param {import("./reduce.js").Node} group
 * @param {import("./reduce.js").State} full the state in which nothing is collapsed
 * @param {{sprite:string,expand:()=>void,close:()=>void,choose:(id:string)=>void}} actions
 */
export function groupCard(group, full, {sprite, expand, close, choose}) {
  const members = group.cfg.members.map((i) => full.nodes.get(i)).filter(Boolean);
  const title = make("div", {className: "titles"}, [
    make("h2", {}, [make("bdi", {textContent: visible(group.label)})]),
    make("p", {className: "q", textContent: gettext("Group of %(count)s queues", {count: members.length})}),
  ]);
  const leave = make("button", {type: "button", className: "btn bare i", title: gettext("Close (Esc)"), "aria-label": gettext("Close"), onclick: close}, [
    glyph(sprite, "x"),
  ]);
  const lines = members.map((node) => {
    const [shown, flight, delayed] = full.ctr.get(node.i) ?? [0, 0, 0];
    const name = make("button", {type: "button", className: "link", onclick: () => choose(node.id)}, [
      make("bdi", {textContent: visible(node.label)}),
    ]);
    return make("tr", {}, [
      make("th", {scope: "row"}, [name]),
      ...[shown, flight, delayed].map((value) => make("td", {className: "r", textContent: count(value)})),
    ]);
  });
  const heads = [gettext("Queue"), gettext("Visible"), gettext("In flight"), gettext("Delayed")].map((text, at) =>
    make("th", {scope: "col", className: at ? "r" : "", textContent: text}),
  );
  const table = make("table", {className: "grid twin"}, [
    make("thead", {}, [make("tr", {}, heads)]),
    make("tbody", {}, lines),
  ]);
  const open = make("button", {type: "button", className: "btn", onclick: expand}, [`${gettext("Expand group")} `, make("kbd", {textContent: "E"})]);
  return [
    make("header", {className: "panel-head"}, [make("span", {className: "tile v"}, [glyph(sprite, "grid")]), title, leave]),
    make("div", {className: "panel-acts"}, [open]),
    table,
  ];
}
