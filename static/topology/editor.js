/**
 * Changing the map: connect, move, duplicate, delete, undo and redo. Every change is a command to the server; the
 * picture follows the stream.
 */
import {Commands} from "./commands.js";
import {Connector} from "./connector.js";
import {byId} from "./dom.js";
import {listenToNodes} from "./dragging.js";
import {canDelete, lossOf} from "./losses.js";
import {Picks} from "./picks.js";
import {UndoStack} from "./undo.js";
import {gettext} from "../shell/words.js";

const STEP = 24;
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
const CREATED = "/sqs/create/";

export class Editor {
  /**
   * @param {{session:import("./session.js").Session,selection:import("./selection.js").Selection,url:string,
   *   pins:import("./pinned.js").Pins,say:(text:string,kind?:string)=>void}} page
   */
  constructor(page) {
    this.page = page;
    const {session, selection, say} = page;
    session.pins = page.pins;
    session.addEventListener("pins", () => this.showState());
    const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    this.commands = new Commands({url: page.url, token});
    this.history = new UndoStack((command) => this.carryOut(command));
    this.picks = new Picks({session, selection, frame: byId("marquee")});
    const send = (op, args) => this.send(op, args);
    this.connector = new Connector({session, selection, say, send, receives: askReceives});
    listenToNodes(byId("map"), {
      session,
      picks: this.picks,
      connector: this.connector,
      locked: () => this.locked,
      moved: (places) => this.move(places),
    });
    document.addEventListener("keydown", (event) => this.onKey(event));
    document.body.addEventListener("htmx:afterRequest", ({detail}) => this.noteCreated(detail));
    document.body.addEventListener("undoable", ({detail}) => {
      this.history.note(detail.text, detail.undo);
      this.showState();
    });
    this.showState();
  }

  /** In the past nothing is changed. */
  get locked() {
    return document.body.hasAttribute("data-past");
  }

  /** Carry out a command, remember how to undo it, and say what was done. */
  async send(op, args) {
    const answer = await this.carryOut({op, args});
    if (answer.ok) this.history.note(answer.text, answer.undo);
    if (!answer.ok) this.page.say(answer.text, "error");
    else if (op !== "pin") this.page.say(answer.undo ? answer.text : gettext("%(text)s This cannot be undone.", {text: answer.text}));
    this.showState();
    return answer;
  }

  async carryOut(command) {
    if (this.locked) return {ok: false, text: gettext("This is the past: nothing can be changed here."), undo: null};
    if (command.op !== "pin") return this.commands.send(command);
    // What the stream tells of pins meanwhile comes after our own answer.
    const answer = await this.page.session.board.during(() => this.commands.send(command));
    if (answer.ok) this.pin(command.args.places);
    return answer;
  }

  pin(places) {
    const {session} = this.page;
    const pins = {...session.pins};
    for (const [id, place] of Object.entries(places)) {
      if (place) pins[id] = place;
      else delete pins[id];
    }
    session.pins = pins;
    session.rearrange();
    this.showState();
  }

  /** @param {Record<string,[number,number]>} places by node id */
  async move(places) {
    // From here on the window stays where it is.
    this.page.session.stage.moved = true;
    const answer = await this.send("pin", {places});
    if (!answer.ok) this.page.session.rearrange();
  }

  unpin() {
    const {session} = this.page;
    const ids = Object.keys(session.pins);
    if (ids.length) this.send("pin", {places: Object.fromEntries(ids.map((id) => [id, null]))});
  }

  /** Move what is chosen by one step, for the keyboard. */
  nudge([dx, dy]) {
    const {session} = this.page;
    const places = this.picks.targets().map((i) => {
      const {x, y} = session.stage.scene.boxes.get(i);
      return [session.shown.nodes.get(i).id, [Math.round(x + dx * STEP), Math.round(y + dy * STEP)]];
    });
    if (places.length) this.move(Object.fromEntries(places));
  }

  connect() {
    // The button takes the focus away from the node, and on a phone the panel is closed first: the last one counts.
    const [from] = this.picks.targets();
    this.connector.begin(from ?? this.page.selection.stop, {keys: matchMedia("(pointer: fine)").matches});
  }

  async duplicate() {
    const {session, selection} = this.page;
    const {nodes} = session.shown;
    for (const id of this.picks.targets().filter((i) => canDelete(nodes.get(i))).map((i) => nodes.get(i).id)) {
      const answer = await this.send("duplicate", {id});
      if (answer.made) selection.adopt(answer.made);
    }
  }

  async delete() {
    const {session, selection, say} = this.page;
    const {shown} = session;
    const nodes = this.picks.targets().filter((i) => canDelete(shown.nodes.get(i)));
    if (!nodes.length) return void say(gettext("Nothing is selected that can be deleted here: select a resource or a simulated actor."));
    const ids = nodes.map((i) => shown.nodes.get(i).id);
    if (!(await confirm(lossOf(shown, nodes)))) return void selection.focus(nodes[0]);
    this.picks.clear();
    for (const id of ids) await this.send("delete", {id});
  }

  async undo() {
    this.tell(await this.history.undo(), gettext("Undone"), gettext("Nothing to undo."));
  }

  async redo() {
    this.tell(await this.history.redo(), gettext("Done again"), gettext("Nothing to redo."));
  }

  tell(outcome, word, nothing) {
    if (!outcome) return void (this.history.busy || this.page.say(nothing));
    const {entry, answer} = outcome;
    if (answer.ok) this.page.say(`${word}: ${entry.text}`);
    else this.page.say(answer.text, "error");
    this.showState();
  }

  /** A queue that was created by the form can be undone like one that was made here. */
  noteCreated({successful, requestConfig, xhr}) {
    if (!successful || requestConfig?.verb !== "post" || !requestConfig.path.endsWith(CREATED)) return;
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const id = page.querySelector("[data-shows]")?.dataset.shows;
    if (id) this.history.note(gettext("Queue %(name)s created.", {name: id.split(":").pop()}), {op: "delete", args: {id}});
    this.showState();
  }

  showState() {
    byId("undo").disabled = !this.history.done.length;
    byId("unpin-all").disabled = !Object.keys(this.page.session.pins).length;
  }

  onKey(event) {
    if (event.defaultPrevented || event.target.closest?.("input,textarea,select,[contenteditable=true],dialog")) return;
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const held = event.ctrlKey || event.metaKey;
    const act = held ? this.heldKey(key, event.shiftKey) : event.altKey ? this.altKey(event) : null;
    if (!act) return;
    event.preventDefault();
    act();
  }

  heldKey(key, shift) {
    if (key === "z") return () => (shift ? this.redo() : this.undo());
    if (key === "y") return () => this.redo();
    return key === "d" && this.picks.targets().length ? () => this.duplicate() : null;
  }

  altKey(event) {
    const way = ARROWS[event.key];
    return way && event.target.closest?.("#scene .node") ? () => this.nudge(way) : null;
  }
}

/** @param {{title:string,text:string,yes:string}} question @returns {Promise<boolean>} */
function confirm({title, text, yes}) {
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-yes").textContent = yes;
  return ask(byId("confirm"), byId("confirm-no")).then((value) => value === "yes");
}

/** @returns {Promise<number|null>} after how many receives a message moves on */
async function askReceives(from, to) {
  byId("redrive-text").textContent = gettext("Messages of %(from)s move to %(to)s when they have been received more than this.", {from, to});
  const field = byId("redrive-receives");
  return (await ask(byId("redrive"), field)) === "yes" ? Number(field.value) : null;
}

function ask(dialog, first) {
  dialog.returnValue = "no";
  dialog.showModal();
  first.focus();
  first.select?.();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), {once: true}));
}
