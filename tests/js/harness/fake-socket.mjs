/**
 * Stands in for the server in the harness: a WebSocket that plays the scripted world. The address says what
 * to play: `?warm=12` seconds of history first, `?hush=1` nothing after the snapshot, `?cut=3` cut the link
 * after that many seconds, `?crowd=500` a large world, `?blank=1` an empty one, `?rate=0` a paused one.
 */
import {crowd, World} from "./world.mjs";

const asked = new URLSearchParams(location.search);
const number = (name, or) => Number(asked.get(name) ?? or);
const BEAT = 50;

const demo = asked.has("blank") ? {nodes: [], edges: []} : asked.has("crowd") ? crowd(number("crowd", 60)) : undefined;
const world = new World(number("seed", 7), demo);
if (asked.has("blank") || asked.has("crowd")) world.act = () => {};
if (asked.has("crowd")) world.act = () => storm(world);
for (let at = 0; at < number("warm", 0) * 1000; at += BEAT) world.step(BEAT);
world.rate = number("rate", 1);
let openings = 0;

class FakeSocket {
  constructor() {
    this.readyState = 0;
    openings += 1;
    if (asked.has("cut") && openings > 1) setTimeout(() => this.onclose?.({code: 1006}), 30);
    else setTimeout(() => this.open(), 20);
  }

  open() {
    this.readyState = 1;
    this.onopen?.({});
  }

  send(text) {
    if (JSON.parse(text).t !== "hello" || this.timer) return;
    this.say(world.snap());
    if (asked.has("hush")) return;
    this.timer = setInterval(() => world.rate && this.beat(), BEAT);
    if (asked.has("cut")) setTimeout(() => this.close(), number("cut", 3) * 1000);
  }

  beat() {
    const before = world.waits;
    this.say(world.step(BEAT));
    if (world.waits !== before) this.say({t: "w", q: world.q, ts: world.ts, rate: world.rate, w: world.waiting()});
  }

  say(frame) {
    if (this.readyState === 1) this.onmessage?.({data: JSON.stringify(frame)});
  }

  close() {
    clearInterval(this.timer);
    this.readyState = 3;
    this.onclose?.({code: 1006});
  }
}

function storm(big) {
  for (const edge of big.demo.edges) if (big.chance() < 0.12) big.move(edge[0], edge[3] === "send" ? "v" : "f");
  for (const [node, list] of big.queues) {
    if (big.chance() > 0.25) continue;
    if (list.size > 20) big.remove(node, list.values().next().value);
    big.serial += 1;
    const state = big.chance() < 0.4 ? "f" : "v";
    const message = {
      m: big.serial,
      state,
      until: state === "f" ? big.ts + 30_000 : 0,
      receives: 1,
      group: null,
      sent: big.ts,
    };
    list.set(message.m, message);
    big.change(node, message);
  }
}

window.WebSocket = FakeSocket;
