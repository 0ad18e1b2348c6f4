/**
 * A living picture without controls, for the first page: the same stage, smaller.
 */
import {forgetWidths} from "./cards.js";
import {byId} from "./dom.js";
import {Session} from "./session.js";

const host = byId("living");
const {streamUrl, elk, dagre, sprite} = host.dataset;
const session = new Session({
  streamUrl,
  elk,
  dagre,
  sprite,
  map: byId("map"),
  svg: byId("scene"),
  contents: byId("contents"),
  particles: byId("particles"),
  margin: () => ({top: 48, right: 16, bottom: 20, left: 16}),
});
const toggle = byId("view-toggle");

session.addEventListener("link", ({detail}) => {
  host.dataset.link = detail.state;
});
session.addEventListener("show", ({detail: state}) => {
  byId("empty").hidden = state.nodes.size > 0;
});
session.addEventListener("placed", () => session.stage.scene.rename(session.shown));
toggle.addEventListener("click", () => {
  session.pause(!session.paused);
  toggle.setAttribute("aria-pressed", String(session.paused));
});
document.fonts.ready.then(() => {
  forgetWidths();
  session.stage.wake({words: true, contents: true});
});
session.start();
