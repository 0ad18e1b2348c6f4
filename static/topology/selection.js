/**
 * Which node is selected, which one the keyboard stands on, and what the address says of it.
 */

export class Selection extends EventTarget {
  /** @param {{session:import("./session.js").Session,svg:SVGSVGElement}} options */
  constructor({session, svg}) {
    super();
    this.session = session;
    this.svg = svg;
    /** @type {number|null} */
    this.node = null;
    /** @type {string|null} its id, which stays when the node goes */
    this.kept = null;
    /** @type {number|null} the one tab stop of the map */
    this.stop = null;
    this.wanted = new URLSearchParams(location.search).get("select");
    svg.addEventListener("click", (event) => {
      const node = event.target.closest(".node");
      if (node) this.choose(Number(node.dataset.node));
    });
    // Not on the svg itself: Chromium makes an svg with a focus listener a tab stop.
    svg.parentElement.addEventListener("focusin", (event) => {
      const node = event.target.closest(".node");
      if (node) this.stand(Number(node.dataset.node));
    });
  }

  get id() {
    return this.session.shown.nodes.get(this.node)?.id ?? null;
  }

  /** @param {number|null} i */
  choose(i) {
    if (i !== null) this.stand(i);
    if (i === this.node) return;
    this.node = i;
    this.kept = this.id;
    this.remember();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {string} id of a node, or its name */
  chooseNamed(id) {
    const node = [...this.session.shown.nodes.values()].find((each) => each.id === id || each.label === id);
    if (node) this.choose(node.i);
    return Boolean(node);
  }

  /** Choose a node that may not be on the map yet: as soon as it is. @param {string} id */
  adopt(id) {
    this.wanted = this.chooseNamed(id) ? null : id;
  }

  /** Choose nothing, and nothing that was still to appear: somebody has turned to something else. */
  letGo() {
    this.wanted = null;
    this.choose(null);
  }

  /** After a change of shape: drop what is gone, take what the address asked for. */
  settle() {
    const {nodes} = this.session.shown;
    if (this.wanted && this.chooseNamed(this.wanted)) this.wanted = null;
    if (this.node !== null && !nodes.has(this.node)) this.drop();
    // A node that was just made may have no card yet: the next layout brings it.
    const first = this.session.stage.scene.cards.keys().next().value ?? null;
    this.stand(nodes.has(this.stop) ? this.stop : first);
  }

  /** The selected node is not shown any more: folded into a group, not there yet in the past, or deleted. */
  drop() {
    const id = this.kept;
    const {live, past} = this.session;
    this.choose(null);
    const isThere = [...live.nodes.values()].some((node) => node.id === id);
    if (id && !past && !isThere) this.dispatchEvent(new CustomEvent("gone", {detail: id}));
  }

  /** After a new snapshot the numbers mean other nodes: keep the selection by id. @param {string|null} id */
  renumber(id) {
    if (id === null) return;
    this.node = [...this.session.shown.nodes.values()].find((node) => node.id === id)?.i ?? null;
    this.dispatchEvent(new Event("change"));
  }

  stand(i) {
    const cards = this.session.stage.scene.cards;
    cards.get(this.stop)?.button.setAttribute("tabindex", "-1");
    this.stop = i;
    cards.get(i)?.button.setAttribute("tabindex", "0");
  }

  /** @param {number|null} i */
  focus(i) {
    const card = this.session.stage.scene.cards.get(i);
    if (!card) return;
    card.root.classList.remove("away");
    this.stand(i);
    card.button.focus({preventScroll: true});
    this.session.stage.reveal(i);
  }

  remember() {
    const url = new URL(location.href);
    if (this.id) url.searchParams.set("select", this.id);
    else url.searchParams.delete("select");
    history.replaceState(null, "", url);
  }
}
