/**
 * The time bar: the past by scrubber, keys and markers, and the world's clock.
 */
import {byId} from "../topology/dom.js";
import {count, timeOfDay} from "../topology/text.js";
import {openFork} from "./fork.js";
import {bindTimeKeys} from "./keys.js";
import {Lock} from "./lock.js";
import {Track} from "./track.js";
import {Traveller} from "./traveller.js";
import {clientsLine, KINDS, lag} from "./words.js";
import {World} from "./world.js";
import {gettext, ngettext} from "../shell/words.js";

const RENEW_EVERY = 2_000;
const TICK = 250;
const ZOOM_RESTS = 120;
const STORE = "signalbox.markers.hidden";

export class TimePanel {
  /** @param {{session:import("../topology/session.js").Session,panel:import("../topology/panel.js").Panel,say:(text:string)=>void}} options */
  constructor({session, panel, say}) {
    this.session = session;
    this.panel = panel;
    this.say = say;
    this.host = byId("time");
    const {atUrl, markersUrl} = this.host.dataset;
    this.markersUrl = markersUrl;
    this.traveller = new Traveller({session, url: atUrl});
    this.track = new Track({
      canvas: byId("track"),
      onTime: (ts) => this.traveller.seekTime(ts),
      onEvent: (seq) => this.traveller.seek(seq),
      onZoom: () => this.renewSoon(),
      here: () => this.traveller.moment?.seq ?? null,
      onReturn: (seq) => (seq === null ? this.traveller.live() : this.traveller.seek(seq)),
    });
    this.world = new World(this.host);
    this.lock = new Lock();
    this.seen = {q: -1, at: -Infinity};
    this.hideKinds(JSON.parse(localStorage.getItem(STORE) ?? "[]"));
    this.listen();
    this.bind();
    window.setInterval(() => this.tick(), TICK);
  }

  listen() {
    this.traveller.addEventListener("change", () => this.follow());
    this.traveller.addEventListener("lost", () => this.say(gettext("That moment is not in the log any more.")));
    this.session.addEventListener("clock", ({detail}) => this.world.follow(detail.rate));
    this.session.addEventListener("show", () => this.start(), {once: true});
    byId("past-live").addEventListener("click", () => this.traveller.live());
    byId("past-fork").addEventListener("click", () => openFork(this.traveller.moment));
    byId("past-back").addEventListener("click", () => this.traveller.step("event", -1));
    for (const box of this.host.querySelectorAll("[data-marker]")) {
      box.addEventListener("change", () => this.keepKinds());
    }
  }

  bind() {
    const {traveller, world} = this;
    const live = () => traveller.live();
    bindTimeKeys({
      isPast: () => traveller.moment !== null,
      past: {Escape: live, l: live, f: () => openFork(traveller.moment)},
      always: {
        ArrowLeft: () => traveller.step("event", -1),
        ArrowRight: () => traveller.step("event", 1),
        "Shift+ArrowLeft": () => traveller.step("decision", -1),
        "Shift+ArrowRight": () => traveller.step("decision", 1),
        Home: () => traveller.first(),
        End: live,
      },
      letters: {
        ".": () => world.toggle(),
        ",": () => world.step(),
        ";": () => world.skip(),
        "[": () => world.faster(-1),
        "]": () => world.faster(1),
      },
    });
  }

  /** The address may name a moment. */
  start() {
    const seq = new URLSearchParams(location.search).get("at");
    if (/^\d+$/.test(seq ?? "")) this.traveller.seek(Number(seq));
    this.renew();
  }

  /** Show where we are. */
  follow() {
    const {moment} = this.traveller;
    const banner = byId("past");
    const wasPast = !banner.hidden;
    banner.hidden = !moment;
    document.body.toggleAttribute("data-past", Boolean(moment));
    this.lock.set(Boolean(moment));
    this.panel.travel(moment?.seq ?? null);
    if (moment) this.tellMoment(moment);
    else if (wasPast) this.say(gettext("Back to live."));
    this.remember(moment);
    this.tick();
  }

  tellMoment(moment) {
    const behind = this.session.live.q - moment.seq;
    byId("past-time").textContent = timeOfDay(moment.at);
    byId("past-what").textContent = moment.what;
    byId("past-lag").textContent =
      ngettext(
      "Live is %(lag)s and %(count)s event ahead.", "Live is %(lag)s and %(count)s events ahead.", behind,
      {lag: lag(this.session.liveNow() - moment.at), count: count(behind)},
    );
    const track = byId("track");
    track.setAttribute("aria-valuemin", String(moment.first));
    track.setAttribute("aria-valuemax", String(Math.max(moment.last, this.session.live.q)));
    track.setAttribute("aria-valuenow", String(moment.seq));
    track.setAttribute("aria-valuetext", `${timeOfDay(moment.at)}, ${moment.what}`);
  }

  remember(moment) {
    const url = new URL(location.href);
    if (moment) url.searchParams.set("at", String(moment.seq));
    else url.searchParams.delete("at");
    if (url.href !== location.href) history.replaceState(null, "", url);
  }

  tick() {
    if (document.hidden || !this.session.clock.known) return;
    const {moment} = this.traveller;
    this.track.zoom.pace = this.session.live.rate;
    if (this.track.data) this.track.stand(moment ? moment.at : this.session.liveNow(), !moment);
    if (this.track.data) byId("clock").style.left = `${this.track.hang(byId("clock").offsetWidth)}px`;
    if (!moment) this.tellLive();
    const waiting = [...this.session.live.polls.values()].reduce((sum, poll) => sum + poll.count, 0);
    const line = clientsLine(this.session.live.rate, waiting);
    if (byId("clients-line").textContent !== line) byId("clients-line").textContent = line;
    if (this.session.live.q !== this.seen.q && performance.now() - this.seen.at > RENEW_EVERY) this.renew();
  }

  tellLive() {
    const track = byId("track");
    const q = String(this.session.live.q);
    if (track.getAttribute("aria-valuetext") === gettext("live") && document.activeElement === track) return;
    track.setAttribute("aria-valuemax", q);
    track.setAttribute("aria-valuenow", q);
    track.setAttribute("aria-valuetext", gettext("live"));
  }

  /** The track shows another stretch of time: its markers follow when the wheel rests. */
  renewSoon() {
    clearTimeout(this.zooming);
    this.zooming = setTimeout(() => this.renew(), ZOOM_RESTS);
  }

  /** Ask for the markers again. */
  async renew() {
    this.seen = {q: this.session.live.q, at: performance.now()};
    try {
      const response = await fetch(`${this.markersUrl}?${this.track.zoom.query}`);
      if (response.ok) this.tellMarkers(await response.json());
    } catch {
      // Without a link there is nothing new to mark; the banner says that it is lost.
      this.seen.q = -1;
    }
  }

  tellMarkers(data) {
    this.traveller.earliest = data.first;
    this.track.show(data);
    for (const box of this.host.querySelectorAll("[data-marker]")) {
      const total = data.count[box.dataset.marker] ?? 0;
      box.closest("label").title = `${count(total)} × ${KINDS.find((each) => each.kind === box.dataset.marker).title}`;
    }
    this.tick();
  }

  hideKinds(hidden) {
    this.track.hidden = new Set(hidden);
    for (const box of this.host.querySelectorAll("[data-marker]")) box.checked = !hidden.includes(box.dataset.marker);
  }

  keepKinds() {
    const boxes = [...this.host.querySelectorAll("[data-marker]")];
    this.track.hidden = new Set(boxes.filter((box) => !box.checked).map((box) => box.dataset.marker));
    localStorage.setItem(STORE, JSON.stringify([...this.track.hidden]));
    this.track.draw();
  }
}
