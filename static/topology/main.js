/**
 * The sandbox page: puts the modules together. What each of them does is said in its own file.
 */
import {Announcer} from "./announce.js";
import {byId, onEach} from "./dom.js";
import {Editor} from "./editor.js";
import {Finder} from "./finder.js";
import {listen} from "./gestures.js";
import {bindKeys, lettersOn, setLetters} from "./keys.js";
import {Lifespans} from "./lifespans.js";
import {LinkBanner} from "./link.js";
import {Panel} from "./panel.js";
import {Requests} from "./requests.js";
import {Selection} from "./selection.js";
import {Session} from "./session.js";
import {TableView} from "./table.js";
import {count} from "./text.js";
import {forgetWidths} from "./cards.js";
import {TimeBar} from "./timebar.js";
import {TimePanel} from "../time/time.js";
import {Totals} from "./totals.js";
import {ViewTools} from "./viewtools.js";
import {next} from "./walk.js";
import {ask} from "../shell/behind.js";
import {gettext, ngettext} from "../shell/words.js";

const TICK = 100;
const NARROW = 720;

const stageHost = byId("stage");
const {streamUrl, elk, dagre, sprite, nodeUrl, createUrl} = stageHost.dataset;
const session = new Session({
  streamUrl,
  elk,
  dagre,
  sprite,
  map: byId("map"),
  svg: byId("scene"),
  contents: byId("contents"),
  particles: byId("particles"),
  margin: ({width}) =>
    width < NARROW ? {top: 96, right: 14, bottom: 64, left: 14} : {top: 112, right: 20, bottom: 64, left: 20},
});
const {stage} = session;
const selection = new Selection({session, svg: byId("scene")});
const announcer = new Announcer(byId("polite"), byId("urgent"), () => performance.now());
const timeBar = new TimeBar({
  clock: byId("clock"),
  word: byId("clock-word"),
  toggle: byId("world-toggle"),
  action: byId("world-action"),
  speed: byId("world-speed"),
});
const table = new TableView(byId("table"), {select: (i) => selection.choose(i)});
const requests = new Requests(byId("requests"), {
  selectLabel: (label) => selection.chooseNamed(label),
  isPerson: (label) => [...session.shown.nodes.values()].some((node) => node.kind === "client" && node.label === label),
});
const panel = new Panel(byId("panel"), {
  url: nodeUrl,
  rest: byId("panel-rest"),
  bones: byId("panel-bones"),
  now: () => session.now(),
  ajax: (url, options) => ask("GET", url, options),
  onClose: () => leave(),
  onFail: () => {
    selection.choose(null);
    panel.empty();
  },
  onShow: (id) => selection.adopt(id),
});
const banner = new LinkBanner(
  {banner: byId("link"), words: byId("link-words"), retry: byId("link-retry"), stage: stageHost},
  {
    retry: () => session.stream.retry(),
    lost: (text) => announcer.say({text, urgent: true}),
    back: () => announcer.say({text: gettext("Link is back."), urgent: false}),
  },
);
const finder = new Finder(
  {field: byId("find"), count: byId("find-count"), hide: byId("find-hide"), messages: byId("find-messages"), error: byId("find-error"), more: byId("find-more")},
  {session, onFind: () => mark(), onVisit: (i) => visit(i), onLeave: () => selection.focus(selection.stop)},
);
const say = (text, kind = "ok") => document.body.dispatchEvent(new CustomEvent("toast", {detail: {text, kind}}));
const slug = location.pathname.split("/")[2];
const view = new ViewTools({session, finder, selection, panel, table, sprite, slug, say, leave: () => leave()});
const editor = new Editor({session, selection, url: stageHost.dataset.doUrl, pins: JSON.parse(stageHost.dataset.pins), say});
const lifespans = new Lifespans({session, selection});
const totals = new Totals(byId("totals"), byId("weight"));
let before = {id: null, epoch: null};

session.addEventListener("link", ({detail}) => {
  banner.update(detail);
  timeBar.connect(detail.state);
});
session.addEventListener("clock", ({detail}) => timeBar.follow(detail.rate));
session.addEventListener("frame", ({detail}) => requests.add(detail));
session.addEventListener("view", ({detail}) => showPause(detail.behind));
session.addEventListener("placed", () => {
  selection.settle();
  stage.scene.rename(session.shown);
  mark();
});
session.addEventListener("show", ({detail: state}) => {
  if (before.epoch && before.epoch !== state.epoch) selection.renumber(before.id);
  before = {id: selection.id, epoch: state.epoch};
  stageHost.dataset.q = String(state.q);
  byId("empty").hidden = state.nodes.size > 0;
  if (!session.past) announcer.observe(session.full);
  panel.observe(state, selection.node);
});
selection.addEventListener("change", () => {
  mark();
  const node = session.shown.nodes.get(selection.node);
  if (node?.kind === "group") view.showGroup(node);
  else panel.select(selection.id);
});
selection.addEventListener("gone", ({detail: id}) => panel.part(id));

window.setInterval(() => tick(), TICK);
window.setInterval(() => session.shown.epoch && stage.scene.rename(session.shown), 5_000);
listen(byId("map"), {
  get: () => stage.view,
  onGround: () => selection.choose(null),
  set: (view) => {
    stage.moved = true;
    stage.setView(view);
  },
});
document.fonts.ready.then(() => {
  forgetWidths();
  stage.wake({words: true, contents: true});
});

function tick() {
  if (!session.clock.known || document.hidden) return;
  timeBar.tick(session.now());
  panel.tick();
  table.update(session.shown, session.facts(), {
    selected: selection.node,
    found: finder.found,
    wall: performance.now(),
  });
  if (finder.found) finder.update();
  totals.update(session.full, 1);
  view.tick();
}

function mark() {
  stage.mark(selection.node, finder.found, finder.hides, finder.messages?.by);
}

function visit(i) {
  selection.choose(i);
  if (stageHost.dataset.view !== "table") stage.reveal(i);
}

function leave() {
  selection.choose(null);
  panel.host.dataset.open = "false";
  panel.empty();
  selection.focus(selection.stop);
}

function pauseView(paused = !session.paused) {
  session.pause(paused);
  announcer.say({text: paused ? gettext("View paused. The world runs on.") : gettext("View is live."), urgent: false});
}

function showPause(behind) {
  stageHost.dataset.paused = String(session.paused);
  byId("held").hidden = !session.paused;
  byId("held-count").textContent = behind
    ? ngettext("%(count)s event behind.", "%(count)s events behind.", behind, {count: count(behind)})
    : gettext("View paused.");
  byId("view-toggle").setAttribute("aria-pressed", String(session.paused));
}

const commands = {
  fit: () => stage.fit({whole: true}),
  in: () => stage.zoom(1),
  out: () => stage.zoom(-1),
  pause: () => pauseView(),
  live: () => pauseView(false),
  actor: () => {
    selection.letGo();
    panel.visit(stageHost.dataset.actorUrl);
  },
  create: () => {
    selection.letGo();
    panel.visit(createUrl);
  },
  connect: () => editor.connect(),
  delete: () => editor.delete(),
  undo: () => editor.undo(),
  unpin: () => editor.unpin(),
  svg: () => view.export("svg"),
  png: () => view.export("png"),
  help: () => byId("help").showModal(),
  find: () => byId("find").focus(),
  map: () => view.show("map"),
  table: () => view.show("table"),
};
onEach("[data-command]", (button) => commands[button.dataset.command]());
onEach("[data-show]", (button) => view.show(button.dataset.show));
const walk = (event) => {
  if (!event.target.closest?.("#scene")) return;
  const to = next(session.shown, stage.scene.open, selection.stop, event.key);
  if (to !== null) selection.focus(to);
};
const choose = (event) => event.target.closest?.("#scene .node") && selection.choose(selection.stop);
bindKeys({
  0: commands.fit,
  "+": commands.in,
  "=": commands.in,
  "-": commands.out,
  "/": commands.find,
  "?": commands.help,
  n: commands.create,
  c: commands.connect,
  Delete: commands.delete,
  Backspace: commands.delete,
  a: commands.actor,
  e: () => view.toggleHere(),
  j: () => view.project(),
  t: () => view.show(stageHost.dataset.view === "table" ? "map" : "table"),
  l: commands.live,
  m: () => lifespans.toggle(),
  " ": (event) => (event.target.closest?.("#scene .node") ? choose(event) : commands.pause()),
  Enter: choose,
  Escape: () => editor.connector.leave({back: true}) || editor.picks.clear() || lifespans.close() || leave(),
  ArrowLeft: walk,
  ArrowRight: walk,
  ArrowUp: walk,
  ArrowDown: walk,
  Home: walk,
  End: walk,
});
byId("letters").checked = lettersOn();
byId("letters").addEventListener("change", (event) => setLetters(event.target.checked));

const asked = new URLSearchParams(location.search);
view.show(asked.get("view") ?? (window.innerWidth < NARROW ? "table" : "map"));
panel.empty();
if (asked.get("paused") === "1") session.addEventListener("placed", () => pauseView(true), {once: true});
const time = new TimePanel({session, panel, say: (text) => announcer.say({text, urgent: false})});
session.start();
window.signalbox = {session, selection, time};
