"""What a person sees on the page of a sandbox, read from the page's own state and its canvases."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page

# Names instead of the numbers that are valid for one snapshot only.
STATE = """() => {
  const {shown, stream} = window.signalbox.session;
  const name = (i) => shown.nodes.get(i).label;
  return {
    q: shown.q, epoch: shown.epoch, link: stream.status.state,
    nodes: Object.fromEntries([...shown.nodes.values()].map((node) => [node.label, node.kind])),
    edges: [...shown.edges.values()].map((edge) => [name(edge.s), edge.kind, name(edge.t)]),
    counters: Object.fromEntries([...shown.ctr].map(([i, ctr]) => [name(i), ctr.slice(0, 3)])),
    messages: Object.fromEntries([...shown.msgs].map(([i, list]) =>
      [name(i), [...list.values()].map((message) => [message.state, message.receives])])),
  };
}"""

# Every particle that takes off, and whether the canvas had ink while one flew.
WATCH = """() => {
  const {session} = window.signalbox;
  const {particles} = session.stage;
  const name = (i) => session.shown.nodes.get(i)?.label;
  const canvas = document.getElementById("particles");
  window.flown = [];
  window.inked = false;
  const spawn = particles.spawn.bind(particles);
  particles.spawn = (frame, now) => {
    const before = particles.count;
    spawn(frame, now);
    for (let at = before; at < particles.count; at += 1) {
      const way = particles.edge[at];
      const edge = session.live.edges.get(way) ?? {t: -1 - way};
      window.flown.push([name(edge.s) ?? "", "vfxeus"[particles.kind[at]], name(edge.t)]);
    }
  };
  const look = () => {
    if (particles.count && !window.inked) {
      const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      window.inked = data.some((value) => value > 0);
    }
    requestAnimationFrame(look);
  };
  look();
}"""

# Pixels inside a node's card that have the colour of a state.
INK = """([label, state]) => {
  const {session} = window.signalbox;
  const {stage} = session;
  const node = [...session.shown.nodes.values()].find((each) => each.label === label);
  const box = node && stage.scene.boxes.get(node.i);
  if (!box) return 0;
  const {k, x, y} = stage.view;
  const {canvas, ctx, density} = stage.contents;
  const area = [box.x * k + x, box.y * k + y, box.w * k, box.h * k];
  const {data} = ctx.getImageData(...area.map((length) => Math.round(length * density)));
  const probe = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  probe.fillStyle = stage.palette.colours[state];
  probe.fillRect(0, 0, 1, 1);
  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const off = Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b);
    if (data[at + 3] > 200 && off < 24) count += 1;
  }
  return count;
}"""


@dataclass
class Sight:
    """One browser page and the server that it looks at."""

    page: Page
    url: str

    def open(self, slug: str, **query: str) -> "Sight":
        """Open a sandbox and wait until its picture is live and laid out."""
        asked = f"?{urlencode(query)}" if query else ""
        self.page.goto(f"{self.url}/s/{slug}/{asked}")
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the link is live and what is there has its place."""
        self.until("() => document.getElementById('stage')?.dataset.link === 'live'")
        self.until(
            "() => { const {session} = window.signalbox; return session.shown.epoch !== null"
            " && !session.placing && session.placedShape === session.shown.shape; }"
        )

    def pause(self) -> "Sight":
        """Pause the world, so that every event from here on is the test's."""
        if self.page.locator("#world-toggle").get_attribute("data-state") == "running":
            self.page.keyboard.press(".")
            self.until("() => document.getElementById('world-toggle').dataset.state === 'paused'")
        return self

    def until(self, script: str, argument: Any = None) -> Any:
        """Wait until a script in the page returns something truthy, and return it."""
        return self.page.wait_for_function(script, arg=argument, timeout=30_000).json_value()

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.page.evaluate(STATE))

    def wait_for(self, part: str, key: str, value: Any) -> None:
        """Wait until a part of the state (counters, messages, nodes) is ``value`` for ``key``."""
        self.until(
            "([part, key, value]) => JSON.stringify(("
            + STATE
            + ")()[part][key]) === JSON.stringify(value)",
            [part, key, value],
        )

    def wait_for_edge(self, *edge: str) -> None:
        self.until(
            "(edge) => (" + STATE + ")().edges.some((each) => each.join() === edge.join())",
            list(edge),
        )

    def watch(self) -> None:
        """Note each particle from here on."""
        self.page.evaluate(WATCH)

    def wait_for_particle(self, *flight: str) -> None:
        """Wait for a particle: from, class, to.

        v is sent, f received, x moved to dead letters, s stopped by a filter, e failed, u failed
        and runs against the edge; without an edge a particle comes from "".
        """
        self.until(
            "(flight) => window.flown.some((each) => each.join() === flight.join())", list(flight)
        )

    def wait_for_blank(self, label: str, state: str) -> None:
        """Wait until a card shows nothing of a state's colour: words and pictures change apart."""
        self.until(f"([label, state]) => ({INK})([label, state]) === 0", [label, state])

    def steady_ink(self, label: str, state: str) -> int:
        """Return the same once it stays the same for ten pictures: nothing is on its way in."""
        return int(
            self.until(
                "([label, state]) => { const count = ("
                + INK
                + ")([label, state]); const last = (window.inked ??= {count: 0, times: 0});"
                " last.times = count === last.count ? last.times + 1 : 0; last.count = count;"
                " return last.times >= 10 && count; }",
                [label, state],
            )
        )

    def wait_for_ink(self, label: str, state: str, *, least: int = 1, most: int = 10**6) -> int:
        return int(
            self.until(
                "([label, state, least, most]) => { const count = ("
                + INK
                + ")([label, state]); return count >= least && count <= most && count; }",
                [label, state, least, most],
            )
        )
